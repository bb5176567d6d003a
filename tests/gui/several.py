# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A capture of several clients and services: two connections of one client to one service, another client of that service,
UDP, IPv6.
"""

import ipaddress
import struct

ETHERNET = bytes.fromhex("020000000002 020000000001")
ICMP, TCP, UDP = 1, 6, 17
FIN, SYN, PUSH, ACK = 1, 2, 8, 16
REQUEST = b"GET / HTTP/1.1\r\nHost: www.example.org\r\n\r\n"
RESPONSE = b"HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello"
QUESTION = b"\3www\7example\3org\0\0\1\0\1"
QUERY = bytes.fromhex("1234 0100 0001 0000 0000 0000") + QUESTION
ANSWER = bytes.fromhex("1234 8180 0001 0001 0000 0000") + QUESTION + bytes.fromhex("c00c 0001 0001 0000003c 0004 c633640a")

# A packet without ports.
ARP = bytes.fromhex(
    "ffffffffffff 020000000001 0806 0001 0800 06 04 0001 020000000001 c0a80117 000000000000 c0a80118"
)

# The rows of this capture in our tab of Conversations: the client, the service, packets, packets of the client.
CONVERSATIONS = [
    ("192.168.1.23", "198.51.100.10:80 (http)", 16, 10),
    ("192.168.1.23", "198.51.100.53:53 (domain)", 2, 1),
    ("192.168.1.24", "198.51.100.10:80 (http)", 8, 5),
    ("2001:db8::23", "[2001:db8::10]:80 (http)", 8, 5),
    ("2001:db8::23", "[2001:db8::53]:53 (domain)", 2, 1),
]
# And those of Endpoints: the end, packets, packets that it sent.
ENDPOINTS = [
    ("192.168.1.23", 18, 11),
    ("192.168.1.24", 8, 5),
    ("198.51.100.10:80 (http)", 24, 9),
    ("198.51.100.53:53 (domain)", 2, 1),
    ("2001:db8::23", 10, 6),
    ("[2001:db8::10]:80 (http)", 8, 3),
    ("[2001:db8::53]:53 (domain)", 2, 1),
]


def checksum(data):
    total = sum(struct.unpack(f"!{(len(data) + 1) // 2}H", data + bytes(len(data) % 2)))
    return 0xFFFF - (total % 0xFFFF)


def packet(source, destination, protocol, header, payload):
    """An Ethernet frame. `header` makes the transport header for a checksum."""
    (source, _), (destination, _) = source, destination
    length = len(header(0)) + len(payload)
    ends = source.packed + destination.packed
    sum_of_all = checksum(ends + struct.pack("!HH", protocol, length) + header(0) + payload)
    if source.version == 6:
        ip = b"\x86\xdd" + struct.pack("!IHBB", 6 << 28, length, protocol, 64) + ends
    else:
        parts = [0x45, 0, 20 + length, 0, 0, 64, protocol]
        bare = struct.pack("!BBHHHBB", *parts)
        ip = b"\x08\x00" + bare + struct.pack("!H", checksum(bare + ends)) + ends
    return ETHERNET + ip + header(sum_of_all) + payload


class Connection:
    """One TCP connection, as packets."""

    def __init__(self, client, server):
        self.ends = {True: client, False: server}
        self.next = {True: 1000, False: 5000}
        self.packets = []

    def say(self, by_client, flags, payload=b""):
        source, destination = self.ends[by_client], self.ends[not by_client]
        sequence, acknowledged = self.next[by_client], self.next[not by_client] if flags & ACK else 0

        def header(sum_of_all):
            numbers = source[1], destination[1], sequence, acknowledged, 5 << 4, flags, 64240, sum_of_all, 0
            return struct.pack("!HHIIBBHHH", *numbers)

        self.packets.append(packet(source, destination, TCP, header, payload))
        self.next[by_client] += len(payload) + (flags & (SYN | FIN) != 0)

    def whole(self):
        self.say(True, SYN)
        self.say(False, SYN | ACK)
        self.say(True, ACK)
        self.say(True, PUSH | ACK, REQUEST)
        self.say(False, PUSH | ACK, RESPONSE)
        self.say(True, FIN | ACK)
        self.say(False, FIN | ACK)
        self.say(True, ACK)
        return self.packets


def datagram(source, destination, payload):
    def header(sum_of_all):
        return struct.pack("!HHHH", source[1], destination[1], 8 + len(payload), sum_of_all)

    return packet(source, destination, UDP, header, payload)


def icmp(source, destination, kind, code, payload):
    """A message between two IPv4 addresses."""
    rest = bytes(4) + payload
    sum_of_all = checksum(bytes([kind, code, 0, 0]) + rest)
    header = lambda _: struct.pack("!BBH", kind, code, sum_of_all)
    return packet((source, None), (destination, None), ICMP, header, rest)


def end(address, port):
    return ipaddress.ip_address(address), port


def packets():
    """The frames, in the order of their times."""
    client, other, v6 = "192.168.1.23", "192.168.1.24", "2001:db8::23"
    web, web6 = end("198.51.100.10", 80), end("2001:db8::10", 80)
    names, names6 = end("198.51.100.53", 53), end("2001:db8::53", 53)
    queries = [(end(client, 1155), names), (end(v6, 1156), names6)]
    exchanged = [(datagram(asks, answers, QUERY), datagram(answers, asks, ANSWER)) for asks, answers in queries]
    connections = [(end(client, 1140), web), (end(client, 1141), web), (end(other, 1142), web), (end(v6, 1143), web6)]
    said = [Connection(*ends).whole() for ends in connections]
    return [frame for group in exchanged + said + [undecided()] for frame in group] + [ARP]


def undecided():
    """The middle of a connection: one port looks a little more like a service's than the other."""
    connection = Connection(end("192.168.1.25", 1001), end("198.51.100.20", 5002))
    connection.say(True, PUSH | ACK, b"\xee\xee")
    return connection.packets


def several_capture():
    """The capture file's bytes."""
    return capture_of(packets())


def capture_of(frames):
    """A capture file's bytes."""
    file = struct.pack("<IHHiIII", 0xA1B2C3D4, 2, 4, 0, 0, 0x40000, 1)
    for at, frame in enumerate(frames):
        file += struct.pack("<IIII", 1_600_000_000, at * 1000, len(frame), len(frame)) + frame
    return file
