"""Feeds generated floods to a command, and measures it.

    flood.py KIND COUNT COMMAND...

The kinds are the functions in `KINDS`; the docstring of each says what it makes. The command reads the capture from its
standard input; use a COUNT of 0 for a command that reads something else. The script prints the command's exit status, its
largest resident size in kB and its processor time in seconds.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import gzip
import os
import resource
import struct
import subprocess
import sys

# Looks like the start of an IPv6 header with an extension.
CHAIN = b"\x60\0\0\0\0\0\x3c\0"
HOSTS = [b"\x20\x01\x0d\xb8" + b"\0" * 11 + bytes([number]) for number in (1, 2)]
SYN, ACK, RST_ACK, SYN_ACK = 0x02, 0x10, 0x14, 0x12


def tcp(source, destination, sequence, flags):
    return struct.pack(">HHIIBBHHH", source, destination, sequence & 0xFFFFFFFF, 1, 0x50, flags, 1024, 0, 0)


def ipv4(source, destination, segment):
    head = struct.pack(">BBHHHBBHII", 0x45, 0, 20 + len(segment), 0, 0, 64, 6, 0, source, destination)
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x08\0" + head + segment


def ipv6(source, destination, segment):
    head = struct.pack(">IHBB", 0x60000000, len(segment), 6, 64) + source + destination
    return b"\x02\0\0\0\0\1\x02\0\0\0\0\2\x86\xdd" + head + segment


def full_of_headers(length):
    """In each 80 bytes, an IPv6 header could start at five places, with the rest as its extension headers."""
    data = bytearray(length)
    for at in range(0, length - 8, 8):
        place = at % 80
        if place < 40:
            data[at], data[at + 6] = 0x60, 60
        else:
            data[at], data[at + 1] = 60, 5 if place == 72 else 0
    return bytes(data)


def chains(count):
    """Fragments of datagrams. To a search at every byte, they are full of IPv6 headers with many extension headers."""
    datagram = tcp(40000, 80, 1, 0x10) + full_of_headers(64000)
    size = 1480
    parts = [datagram[at : at + size] for at in range(0, len(datagram), size)]
    for number in range(count):
        identification, index = divmod(number, len(parts))
        packet = bytearray(ipv4(0x0A000000, 0xC6336401, parts[index]))
        more = 0x2000 if index + 1 < len(parts) else 0
        packet[18:22] = struct.pack(">HH", identification & 0xFFFF, more | index * size // 8)
        yield bytes(packet)


ATTACKER, VICTIM = 0x0A000000, 0xC6336401
# Of a pcap file (https://www.tcpdump.org/linktypes.html).
ETHERNET, WLAN = 1, 105


def datagram(source, destination, payload):
    return struct.pack(">HHHH", source, destination, 8 + len(payload), 0) + payload


def udp(source, destination, data):
    packet = bytearray(ipv4(source, destination, data))
    packet[23] = 17
    return bytes(packet)


def port_of(number):
    return 1024 + number * 7919 % 64000


def syn(count):
    """A SYN from another address each time."""
    for number in range(count):
        yield ipv4(ATTACKER + number, VICTIM, tcp(port_of(number), 80, number, SYN))


def syn6(count):
    """The same in IPv6."""
    for number in range(count):
        source = b"\x20\x01\x0d\xb8" + struct.pack(">QI", number * 0x9E3779B97F4A7C15 % 2**64, number)
        yield ipv6(source, b"\x20\x01\x0d\xb8" + b"\0" * 12, tcp(port_of(number), 80, number, SYN))


def midstream(count):
    """One packet from the middle of each conversation, always between two other hosts: a weak verdict."""
    for number in range(count):
        yield ipv4(ATTACKER + number, 0x0B000000 + number, tcp(1025, 2000, number, ACK))


def scan(count):
    """One host scans all ports of one other host."""
    for number in range(count):
        there = number // 2 % 65535 + 1
        if number % 2 == 0:
            yield ipv4(ATTACKER, VICTIM, tcp(40000, there, number, SYN))
        else:
            yield ipv4(VICTIM, ATTACKER, tcp(there, 40000, 0, RST_ACK))


def scan_net(count):
    """A scan of a whole network, in which every SYN is answered."""
    for number in range(count):
        host = 0x0B000000 + number // 2
        if number % 2 == 0:
            yield ipv4(ATTACKER, host, tcp(40000, 80, number, SYN))
        else:
            yield ipv4(host, ATTACKER, tcp(80, 40000, number, SYN_ACK))


def reused(count):
    """SYN after SYN from one port to one other, each of a new connection."""
    for number in range(count):
        yield ipv4(ATTACKER, VICTIM, tcp(1140, 80, number * 99991, SYN))


def reused_answered(count):
    """The same, and each is answered."""
    for number in range(count):
        if number % 2 == 0:
            yield ipv4(ATTACKER, VICTIM, tcp(1140, 80, number * 99991, SYN))
        else:
            yield ipv4(VICTIM, ATTACKER, tcp(80, 1140, number * 99991, SYN_ACK))


def fan_in(count):
    """Data from the middle of conversations of one end with many."""
    for number in range(count):
        yield ipv4(ATTACKER + number, VICTIM, tcp(port_of(number), 8081, number, ACK) + b"something")


def fan_out(count):
    """The same the other way round, over UDP."""
    for number in range(count):
        yield udp(VICTIM, ATTACKER + number, datagram(40000, port_of(number), b"something"))


def agreed(count):
    """Lines of FTP, each of which names another listener."""
    for number in range(count):
        host = ATTACKER + number
        where = [host >> 24, host >> 16 & 255, host >> 8 & 255, host & 255, 4 + number % 200, number & 255]
        line = "PORT " + ",".join(map(str, where)) + "\r\n"
        yield ipv4(ATTACKER, VICTIM, tcp(1140, 21, number * 40, ACK) + line.encode())


def asked(count):
    """Requests of TFTP that nobody answers."""
    for number in range(count):
        yield udp(ATTACKER + number, VICTIM, datagram(port_of(number), 69, b"\0\x01file\0octet\0"))


def inflated(number):
    """An HTTP segment whose compressed body inflates to 2 MB. Every eight bytes, it looks like the start of an IPv6
    header."""
    body = gzip.compress(CHAIN * (2 << 17))
    head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body)
    return ipv6(*HOSTS, tcp(80, 1140 + number, 1, ACK) + head + body)


def tunnels(count):
    """Eight nested headers of IPv4 and UDP. None has the right checksum, so the plugin searches the whole frame for each,
    and the body that the host inflates."""
    for number in range(count):
        packet = inflated(number)
        for _ in range(8):
            outer = bytearray(udp(ATTACKER, VICTIM, datagram(4789, 4789, b"\x08\0\0\0\0\0\1\0" + packet)))
            outer[24:26] = b"\x12\x34"
            packet = bytes(outer)
        yield packet


def payloads(count):
    """The payloads in the file that EPHEMERAL_DEAREST names, each after its length, each in a new conversation."""
    with open(os.environ["EPHEMERAL_DEAREST"], "rb") as file:
        kept = []
        while length := file.read(4):
            kept.append(file.read(struct.unpack(">I", length)[0])[:65000])
    for number in range(count):
        payload = kept[number // 2 % len(kept)]
        if number % 2 == 0:
            yield ipv4(ATTACKER + number, VICTIM, tcp(port_of(number), 2000, number, ACK) + payload)
        else:
            yield udp(ATTACKER + number, VICTIM, datagram(port_of(number), 2000, payload))


def amsdu(count):
    """A-MSDU frames (802.11) of 58 kB with sixteen IPv6 packets each. All but the last have no next header; the last has a
    body that inflates to 2 MB. Every eight bytes, all of it looks like the start of an IPv6 header."""
    empty = struct.pack(">IHBB", 0x60000000, 3600, 59, 64) + b"".join(HOSTS) + CHAIN * 450
    for number in range(count):
        last = inflated(number)[14:]
        frame = b"\x88\1\0\0" + b"\2\0\0\0\0\1" * 3 + struct.pack("<HH", number << 4 & 0xFFFF, 0x80)
        for packet in [empty] * 15 + [last]:
            part = b"\xaa\xaa\3\0\0\0\x86\xdd" + packet
            part = b"\2\0\0\0\0\1\2\0\0\0\0\2" + struct.pack(">H", len(part)) + part
            frame += part + b"\0" * (-len(part) % 4)
        yield frame


KINDS = [
    syn, syn6, midstream, scan, scan_net, reused, reused_answered, fan_in, fan_out, agreed, asked, chains, tunnels,
    payloads, amsdu,
]


def main(kind, count, command):
    make = next(make for make in KINDS if make.__name__.replace("_", "-") == kind)
    child = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
    try:
        with child.stdin as out:
            out.write(struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 1 << 18, WLAN if kind == "amsdu" else ETHERNET))
            batch = []
            for number, packet in enumerate(make(count)):
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
