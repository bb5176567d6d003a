"""Reads conversations with a known client from captures, with the plugin's verdicts about them: for weights.py.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import json
import os
import re
import subprocess
import sys

ENDS = ["ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "udp.srcport", "tcp.dstport", "udp.dstport"]
OURS = ["ephemeral.client", "ephemeral.client_port", "ephemeral.confidence"]
# Over UDP: filters on dissectors' fields for packets from the client, and from the server.
REQUESTS = [
    "dns.flags.response == 0 || nbns.flags.response == 0 || snmp.data in {0, 1, 3, 5} || ntp.flags.mode == 3",
    "dhcp.type == 1 || dhcpv6.msgtype in {1, 3, 4, 5, 6, 8, 9, 11} || radius.code in {1, 4} || kerberos.msg_type in {10, 12}",
    "dtls.handshake.type == 1 || (quic && tls.handshake.type == 1) || wg.type == 1 || tftp.opcode in {1, 2}",
    'rpc.msgtyp == 0 || http.request.method == "M-SEARCH"',
]
ANSWERS = [
    "dns.flags.response == 1 || nbns.flags.response == 1 || snmp.data == 2 || ntp.flags.mode == 4",
    "dhcp.type == 2 || dhcpv6.msgtype in {2, 7} || radius.code in {2, 3, 5, 11} || kerberos.msg_type in {11, 13, 30}",
    "dtls.handshake.type == 2 || (quic && tls.handshake.type == 2) || wg.type == 2 || rpc.msgtyp == 1",
]
# Fields of which every occurrence counts.
ALL = ["ephemeral.client_port", "ephemeral.evidence.piece"]

Conversation = collections.namedtuple("Conversation", "source capture mode transport client server verdict pieces")
# `right` is None if there is no verdict.
Verdict = collections.namedtuple("Verdict", "right confidence")


class Sharkd:
    """One process for all captures, because a start of the host takes longer than most captures."""

    def __init__(self, command):
        self.command = command
        self.process = None
        self.asked = 0

    def ask(self, method, **parameters):
        if self.process is None:
            self.process = subprocess.Popen(
                [*self.command, "-"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                text=True,
                errors="replace",
            )
        # sharkd does not answer for a file that it cannot read to its end. The answer to a second request shows that.
        requests = [(1, method, parameters), (2, "status", {})]
        answer = None
        try:
            for number, method, parameters in requests:
                request = {"jsonrpc": "2.0", "id": number, "method": method, "params": parameters}
                self.process.stdin.write(json.dumps(request) + "\n")
            self.process.stdin.flush()
            for line in self.process.stdout:
                if line.startswith("{"):
                    said = json.loads(line, strict=False)
                    if said.get("id") == 2:
                        return answer
                    answer = said.get("result")
        except (BrokenPipeError, json.JSONDecodeError):
            pass
        self.process.kill()
        self.process.wait()
        self.process = None
        return None

    def packets(self, capture):
        """Returns a dictionary of fields for each packet; None if the capture cannot be read."""
        last = [*ENDS, *OURS, "frame.protocols"]
        names = [*last, *(f"all {field}" for field in ALL)]
        columns = [f"{field}:-1" for field in last] + [f"{field}:0" for field in ALL]
        columns = {f"column{number}": column for number, column in enumerate(columns)}
        if (self.ask("load", file=os.path.abspath(capture)) or {}).get("status") != "OK":
            return None
        packets = self.ask("frames", **columns)
        return None if packets is None else [dict(zip(names, packet["c"]), number=packet["num"]) for packet in packets]

    def numbers(self, filters):
        """Returns the numbers of the packets of the loaded capture that match any of the filters."""
        of = " || ".join(f"({one})" for one in filters)
        # sharkd caches the result of a filter, even from an earlier capture, so each filter gets different words.
        self.asked += 1
        other_words = f"frame.number < {2**31 + self.asked}"
        packets = self.ask("frames", filter=f"udp && !icmp && !icmpv6 && !mdns && ({of}) && {other_words}")
        return {packet["num"] for packet in packets or []}


def source_of(name):
    return re.sub(r"^\d+_", "", name).split("_")[0]


def ends_of(packet):
    """Returns the packet's source and destination, as addresses and ports, and its transport; None if it has no ports."""
    transport = "tcp" if packet["tcp.srcport"] else "udp"
    ports = packet[f"{transport}.srcport"], packet[f"{transport}.dstport"]
    if not ports[0] or not ports[1]:
        return None
    source = (packet["ipv6.src"] or packet["ip.src"], int(ports[0]))
    return source, (packet["ipv6.dst"] or packet["ip.dst"], int(ports[1])), transport


def pieces_of(packet):
    """Returns the pieces of evidence: the weight for the server of the verdict, and the text. Returns none for a packet
    with several headers, because the fields do not say to which header a piece belongs."""
    if "," in packet["all ephemeral.client_port"]:
        return []
    pieces = re.split(r",(?=[+-]\d+ )", packet["all ephemeral.evidence.piece"])
    return [(int(weight), words) for weight, _, words in (piece.partition(" ") for piece in pieces) if weight]


def conversation(name, mode, transport, client, server, packet):
    """Returns the plugin's verdict about a conversation in its last packet; weights are for the true server."""
    verdict, pieces = Verdict(None, 0), []
    if packet["ephemeral.client_port"]:
        said = packet["ephemeral.client"], int(packet["ephemeral.client_port"])
        # An option of IPv6 may name another address, so the ports decide if they differ.
        right = said[1] == client[1] if client[1] != server[1] else said == client
        # Releases differ in whether they show the value or its name.
        names = {"weak": 1, "strong": 2, "handshake": 3}
        confidence = packet["ephemeral.confidence"]
        verdict = Verdict(right, names.get(confidence) or int(confidence))
        pieces = [(weight if right else -weight, words) for weight, words in pieces_of(packet)]
    return Conversation(source_of(name), name, mode, transport, client, server, verdict, pieces)


def of_corpus(sharkd, corpus, mode):
    truth = collections.defaultdict(dict)
    with open(os.path.join(corpus, "truth.tsv")) as rows:
        next(rows)
        for row in rows:
            capture, client, client_port, server, server_port = row.rstrip("\n").split("\t")[:5]
            ends = (client, int(client_port)), (server, int(server_port))
            truth[capture][frozenset(ends)] = ends
    for capture in sorted(truth):
        path = os.path.join(corpus, mode, capture + ".pcap")
        packets = sharkd.packets(path) if os.path.exists(path) else []
        if packets is None:
            print(f"not read: {path}", file=sys.stderr)
            continue
        last = {}
        for packet in packets:
            ends = ends_of(packet)
            if ends and ends[2] == "tcp" and ":icmp" not in packet["frame.protocols"]:
                last[frozenset(ends[:2])] = packet
        for key, (client, server) in truth[capture].items():
            if key in last:
                yield conversation(capture, mode, "tcp", client, server, last[key])


def of_captures(sharkd, folder):
    """Yields conversations over UDP whose client a dissector shows, except for tunnels and ends with the same port."""
    for name in sorted(os.listdir(folder)):
        packets = sharkd.packets(os.path.join(folder, name))
        if packets is None:
            print(f"not read: {name}", file=sys.stderr)
            continue
        if not any(packet["udp.srcport"] for packet in packets):
            continue
        requests, answers = sharkd.numbers(REQUESTS), sharkd.numbers(ANSWERS)
        truth, last = {}, {}
        for packet in packets:
            ends = ends_of(packet)
            if not ends or ends[2] != "udp" or ends[0][1] == ends[1][1] or ":tcp" in packet["frame.protocols"]:
                continue
            key = frozenset(ends[:2])
            if ":icmp" not in packet["frame.protocols"]:
                last[key] = packet
            if packet["number"] in requests:
                truth.setdefault(key, ends[:2])
            elif packet["number"] in answers:
                truth.setdefault(key, ends[1::-1])
        for key, (client, server) in truth.items():
            if key in last:
                yield conversation(name, "udp", "udp", client, server, last[key])
