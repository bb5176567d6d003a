"""Feeds generated floods to a command, and measures it.

    flood.py KIND COUNT COMMAND...

KIND is `syn` (a SYN from another address each time), `syn6` (the same in IPv6), `scan` (one host
tries every port of one host after the other), `scan-net` (every SYN of a scan of a whole network
is answered), `midstream` (one packet from the middle of each conversation, always between two other hosts; it tells
little about which end is the client) or `chains` (fragments of datagrams that are full of what looks like an IPv6 header with
many extensions, to whoever looks for one at every byte). The command reads the capture from its standard input. Printed are its exit status, its
largest resident size in kB and its processor time in seconds.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import resource
import struct
import subprocess
import sys

SYN, ACK, RST_ACK, SYN_ACK = 0x02, 0x10, 0x14, 0x12


def tcp(source, destination, sequence, flags):
    return struct.pack(">HHIIBBHHH", source, destination, sequence & 0xFFFFFFFF, 1, 0x50, flags, 1024, 0, 0)


def ipv4(source, destination, segment):
    head = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0, source, destination)
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + head + segment


def ipv6(source, destination, segment):
    head = struct.pack(">IHBB", 0x60000000, len(segment), 6, 64) + source + destination
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x86\xdd" + head + segment


def chains(length):
    """Of 80 bytes, five could each start an IPv6 header whose extensions are the rest."""
    data = bytearray(length)
    for at in range(0, length - 8, 8):
        place = at % 80
        if place < 40:
            data[at], data[at + 6] = 0x60, 60
        else:
            data[at], data[at + 1] = 60, 5 if place == 72 else 0
    return bytes(data)


def fragments(count):
    datagram = tcp(40000, 80, 1, 0x10) + chains(64000)
    size = 1480
    parts = [datagram[at : at + size] for at in range(0, len(datagram), size)]
    for number in range(count):
        identification, index = divmod(number, len(parts))
        packet = bytearray(ipv4(0x0A000000, 0xC6336401, parts[index]))
        more = 0x2000 if index + 1 < len(parts) else 0
        packet[18:22] = struct.pack(">HH", identification & 0xFFFF, more | index * size // 8)
        yield bytes(packet)


def packets(kind, count):
    if kind == "chains":
        yield from fragments(count)
        return
    attacker, victim = 0x0A000000, 0xC6336401
    for number in range(count):
        port = 1024 + number * 7919 % 64000
        if kind == "syn":
            yield ipv4(attacker + number, victim, tcp(port, 80, number, SYN))
        elif kind == "syn6":
            source = b"\x20\x01\x0d\xb8" + struct.pack(">QI", number * 0x9E3779B97F4A7C15 % 2**64, number)
            yield ipv6(source, b"\x20\x01\x0d\xb8" + b"\0" * 12, tcp(port, 80, number, SYN))
        elif kind == "midstream":
            yield ipv4(attacker + number, 0x0B000000 + number, tcp(1025, 2000, number, ACK))
        elif kind == "scan":
            there = number // 2 % 65535 + 1
            if number % 2 == 0:
                yield ipv4(attacker, victim, tcp(40000, there, number, SYN))
            else:
                yield ipv4(victim, attacker, tcp(there, 40000, 0, RST_ACK))
        else:
            host = 0x0B000000 + number // 2
            if number % 2 == 0:
                yield ipv4(attacker, host, tcp(40000, 80, number, SYN))
            else:
                yield ipv4(host, attacker, tcp(80, 40000, number, SYN_ACK))


def main(kind, count, command):
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        with child.stdin as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 65535, 1))
            batch = []
            for number, packet in enumerate(packets(kind, count)):
                batch.append(struct.pack("<IIII", number // 1000000, number % 1000000, len(packet), len(packet)) + packet)
                if len(batch) == 10000:
                    out.write(b"".join(batch))
                    batch.clear()
            out.write(b"".join(batch))
    except BrokenPipeError:
        pass
    status = child.wait()
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    print(status, used.ru_maxrss, round(used.ru_utime + used.ru_stime, 2))


main(sys.argv[1], int(sys.argv[2]), sys.argv[3:])
