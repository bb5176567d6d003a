#!/usr/bin/env python3
"""How often each piece of evidence is right, on captures whose clients are known, and what it should weigh by that.

    weights.py CORPUS... [--mode nosyn,half] [--udp FOLDER]... [--sharkd CMD] [--save FILE] [--from FILE]...
               [--plot FILE.svg] [--wrong N]

CORPUS is a folder with truth.tsv (a heading, then capture, client, its port, server, its port, by tabs) and a folder
for each mode with CAPTURE.pcap, from which the handshakes were taken out. --udp FOLDER has any captures: who is the
client of a conversation over UDP is told by the dissectors' own fields (REQUESTS, below). What payloads say by
themselves is much the same fact then, so its counts show little.
The plugin must be where sharkd loads it.

A capture's source is its name without a number in front, up to the first `_`. All is counted by source: of each, at
most a hundred conversations count for one piece of evidence, so that no source decides alone. Half an observation is
added to each count.

Printed: what the verdicts are; what each piece of evidence weighs now and would weigh by the counts; and, of two halves
of the sources, how well the weights do that were counted on the other half. --save keeps what was read from the
captures, --from takes it from there. --plot draws what was said against what was found.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import collections
import json
import math
import os
import re
import shlex
import subprocess
import sys

STRONG, ENOUGH = 20, 3  # decibans: as in src/roles/weights.rs
MOST_BY_PORTS = 39  # what two ports' numbers say at most, as there
MOST_OF_A_SOURCE = 100
FEWEST = 5  # observations; what has fewer keeps its weight when halves are compared

ENDS = ["ip.src", "ipv6.src", "ip.dst", "ipv6.dst", "tcp.srcport", "udp.srcport", "tcp.dstport", "udp.dstport"]
OURS = ["ephemeral.client", "ephemeral.client_port", "ephemeral.confidence"]
# Over UDP: what dissectors say of packets that the client sends, and the server.
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
# Those of which every occurrence counts.
ALL = ["ephemeral.client_port", "ephemeral.evidence.piece"]

Conversation = collections.namedtuple("Conversation", "source capture mode transport client server verdict pieces")
# `right` is None where there is no verdict.
Verdict = collections.namedtuple("Verdict", "right confidence")


class Sharkd:
    """One process for all captures, as each start of the host takes longer than most captures."""

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
        # A file that it cannot read to its end, it does not answer for: so it is asked something else as well.
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
        """A dictionary of fields for each packet; None if the capture cannot be read."""
        last = [*ENDS, *OURS, "frame.protocols"]
        names = [*last, *(f"all {field}" for field in ALL)]
        columns = [f"{field}:-1" for field in last] + [f"{field}:0" for field in ALL]
        columns = {f"column{number}": column for number, column in enumerate(columns)}
        if (self.ask("load", file=os.path.abspath(capture)) or {}).get("status") != "OK":
            return None
        packets = self.ask("frames", **columns)
        return None if packets is None else [dict(zip(names, packet["c"]), number=packet["num"]) for packet in packets]

    def numbers(self, filters):
        """The numbers of the packets of the loaded capture that any of the filters takes."""
        of = " || ".join(f"({one})" for one in filters)
        # It keeps what the same filter took in an earlier capture.
        self.asked += 1
        other_words = f"frame.number < {2**31 + self.asked}"
        packets = self.ask("frames", filter=f"udp && !icmp && !icmpv6 && !mdns && ({of}) && {other_words}")
        return {packet["num"] for packet in packets or []}


def source_of(name):
    return re.sub(r"^\d+_", "", name).split("_")[0]


def ends_of(packet):
    """The packet's source and destination, as addresses and ports, and its transport; None if it has no ports."""
    transport = "tcp" if packet["tcp.srcport"] else "udp"
    ports = packet[f"{transport}.srcport"], packet[f"{transport}.dstport"]
    if not ports[0] or not ports[1]:
        return None
    source = (packet["ipv6.src"] or packet["ip.src"], int(ports[0]))
    return source, (packet["ipv6.dst"] or packet["ip.dst"], int(ports[1])), transport


def pieces_of(packet):
    """The pieces of evidence: weight for the server that the verdict names, and words. Of a packet with several
    headers it cannot be said whose they are."""
    if "," in packet["all ephemeral.client_port"]:
        return []
    pieces = re.split(r",(?=[+-]\d+ )", packet["all ephemeral.evidence.piece"])
    return [(int(weight), words) for weight, _, words in (piece.partition(" ") for piece in pieces) if weight]


def conversation(name, mode, transport, client, server, packet):
    """What the plugin says of a conversation in its last packet; weights are for the true server."""
    verdict, pieces = Verdict(None, 0), []
    if packet["ephemeral.client_port"]:
        said = packet["ephemeral.client"], int(packet["ephemeral.client_port"])
        # An option of IPv6 may name another address: ports decide, where they differ.
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
    """Conversations over UDP whose client a dissector tells. Of tunnels, and of ends with the same port, it is not asked."""
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


# ---- what a piece of evidence is ----


def crowd(number):
    """As src/roles/evidence/peers.rs tells crowds apart."""
    for most, name in ((2, "2"), (3, "3"), (5, "4 to 5"), (9, "6 to 9")):
        if number <= most:
            return name
    return "10 or more"


OTHERS = [
    (r"\S+ asks the same port of (\d+) servers", lambda match: f"asks the same port of {crowd(int(match[1]))} servers"),
    (r"\S+ answers (\d+) other clients", lambda match: f"answers {crowd(int(match[1]) + 1)} clients"),
    (r"\S+ answers another client", lambda match: "answers 2 clients"),
]
# The end, host or port that evidence is about; it is left out.
SAID = [
    "accepted another connection",
    "opened another connection",
    "offers services in other conversations",
    "was agreed on as listening",
    "asked for this data",
    "connects from ports",
    "ports one after another",
    "is used in [0-9]+ conversations",
    "dissected by port",
    "payload looks like",
    "first packet",
    "SYN-ACK",
    "had asked",
]


def kind_of(words, transport, weight):
    """What a piece of evidence is, the same for all conversations; None for that of the ports' kinds. What payloads say
    is counted together where it weighs the same: each sign by itself is too rare."""
    if re.match(r"port \d+ is .*, \d+ is ", words):
        return None
    for pattern, name in OTHERS:
        if match := re.match(pattern, words):
            return f"{name(match)} ({transport}, weighs {abs(weight)})"
    said = next((said for said in SAID if re.search(said, words)), "payload").replace("[0-9]+", "many")
    return f"{said} ({transport}, weighs {abs(weight)})"


def port_kinds(words):
    """The kinds of two ports, by port."""
    match = re.match(r"port (\d+) is (.*), (\d+) is (.*)", words)
    return {port: kind_of_port(port, kind) for port, kind in ((int(match[1]), match[2]), (int(match[3]), match[4]))}


def kind_of_port(port, words):
    """The words for a server's port in the range of older systems do not say that it is in there."""
    is_old = port <= 5000 and words in ("a registered port", "an unregistered port")
    return "in the ephemeral range of older systems" if is_old else words


def kinds_of_same(it):
    """Two ports of the same kind are no piece of evidence. Those of the kind that is by far the most frequent are known
    by their numbers."""
    has_piece = any(kind_of(words, it.transport, weight) is None for weight, words in it.pieces)
    both = not has_piece and min(it.client[1], it.server[1]) >= 32768
    return {port: "in the ephemeral range" for port in (it.client[1], it.server[1])} if both else None


# ---- counting ----


def limited(by_source):
    """Counts of right and wrong by source, as sums in which no source has too many."""
    total = [0.0, 0.0]
    for counts in by_source.values():
        share = min(1, MOST_OF_A_SOURCE / sum(counts))
        total = [total[at] + share * counts[at] for at in (0, 1)]
    return total


def decibans(right, wrong):
    return 10 * math.log10((right + 0.5) / (wrong + 0.5))


class Counts:
    """How often each piece of evidence was right and wrong, and how often each kind of port was a server's and a
    client's, by source."""

    def __init__(self, conversations):
        new = lambda: collections.defaultdict(lambda: [0, 0])
        self.pieces = collections.defaultdict(new)
        self.ports = collections.defaultdict(new)
        self.signs = collections.defaultdict(new)
        for it in conversations:
            kinds = kinds_of_same(it)
            for weight, words in it.pieces:
                kind = kind_of(words, it.transport, weight)
                if kind is None:
                    kinds = port_kinds(words)
                    continue
                if kind.startswith("payload"):
                    self.signs[re.sub(" in frame.*", "", words)][it.source][weight < 0] += 1
                self.pieces[kind][it.source][weight < 0] += 1
            for at, end in enumerate((it.server, it.client) if kinds else ()):
                self.ports[kinds[end[1]], it.transport][it.source][at] += 1
        self.pieces = {kind: limited(by_source) for kind, by_source in self.pieces.items()}
        self.ports = {kind: limited(by_source) for kind, by_source in self.ports.items()}
        self.signs = {kind: limited(by_source) for kind, by_source in self.signs.items()}

    def weight(self, it, weight, words):
        """What a piece should weigh for the true server; as now where too little was counted."""
        kind = kind_of(words, it.transport, weight)
        if kind is not None:
            counts = self.pieces.get(kind, (0, 0))
            return math.copysign(max(0, decibans(*counts)), weight) if sum(counts) >= FEWEST else weight
        kinds = port_kinds(words)
        likeness = [self.ports.get((kinds[end[1]], it.transport), (0, 0)) for end in (it.server, it.client)]
        if min(map(sum, likeness)) < FEWEST:
            return weight
        difference = decibans(*likeness[0]) - decibans(*likeness[1])
        return max(-MOST_BY_PORTS, min(MOST_BY_PORTS, difference))

    def table(self):
        heading = f"{'right':>7} {'wrong':>7} {'by count':>9}"
        print(f"\nEach piece of evidence (weights in decibans)\n{heading}")
        for kind, counts in sorted(self.pieces.items(), key=lambda entry: -sum(entry[1])):
            print(f"{counts[0]:7.1f} {counts[1]:7.1f} {decibans(*counts):9.1f}  {kind}")
        signs = sorted(self.signs.items(), key=lambda entry: (-entry[1][1], -entry[1][0]))
        print("\nWhat payloads say, right : wrong")
        print("; ".join(f"{sign} {counts[0]:.0f} : {counts[1]:.0f}" for sign, counts in signs))
        print(f"\nEach kind of port: only differences count\n{'servers':>7} {'clients':>7} {'by count':>9}")
        for (kind, transport), counts in sorted(self.ports.items(), key=lambda entry: -sum(entry[1])):
            print(f"{counts[0]:7.1f} {counts[1]:7.1f} {decibans(*counts):9.1f}  {kind} ({transport})")


def halves(conversations):
    """The sources, the greatest first, dealt out to two halves."""
    sizes = collections.Counter(it.source for it in conversations)
    ordered = [source for source, _ in sizes.most_common()]
    first = {source for at, source in enumerate(ordered) if at % 4 in (0, 3)}
    return [[it for it in conversations if (it.source in first) is is_in] for is_in in (True, False)]


def judge(it, total):
    if abs(total) < ENOUGH:
        return Verdict(None, 0)
    return Verdict(total > 0, 2 if abs(total) >= STRONG else 1)


def print_score(title, judged):
    """`judged`: conversations with a verdict each."""
    count = collections.Counter(verdict for _, verdict in judged)
    total = max(1, len(judged))
    right = sum(number for verdict, number in count.items() if verdict.right)
    wrong = sum(number for verdict, number in count.items() if verdict.right is False)
    line = f"{title}: {len(judged)}, right {100 * right / total:.2f} %, wrong {100 * wrong / total:.2f} %"
    for confidence, name in ((2, "strong"), (1, "weak")):
        by_source = collections.defaultdict(lambda: [0, 0])
        for it, verdict in judged:
            if verdict.confidence == confidence:
                by_source[it.source][not verdict.right] += 1
        counts = [sum(counts[at] for counts in by_source.values()) for at in (0, 1)]
        if sum(counts):
            even = limited(by_source)
            line += f"; {name} {counts[0]} of {sum(counts)} ({100 * counts[0] / sum(counts):.2f} %"
            line += f", {100 * even[0] / sum(even):.2f} % by source)"
    print(line)


# ---- the plot ----

BUCKETS = [3, 6, 10, 15, 20, 25, 30, 35, 40, 50, 200]
SHARES = [0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999]


def found(totals):
    """Of sums of weights for the true server, by source: for each bucket of what was said its mean, and how many were
    right and wrong."""
    for low, high in zip(BUCKETS, BUCKETS[1:]):
        inside = [(source, total) for source, total in totals if low <= abs(total) < high]
        if inside:
            wrong = sum(total < 0 for _, total in inside)
            yield sum(abs(total) for _, total in inside) / len(inside), len(inside) - wrong, wrong


def plot(path, totals, others):
    """What was said against what was found, both as odds; with the weights as they are, and with those that were
    counted on the other half of the sources."""
    left, right, top, bottom, most_found = 90, 640, 30, 400, 42
    lines = []

    def x(said):
        return left + min(said, 55) * (right - left) / 55

    def y(odds):
        return bottom - min(max(odds, 0), most_found) * (bottom - top) / most_found

    def odds(share):
        return 10 * math.log10(share / (1 - share))

    def path_of(way, color, more=""):
        lines.append(f'<path d="{way}" stroke="{color}" {more}/>')

    def text(at_x, at_y, words, more=""):
        lines.append(f'<text x="{at_x:.1f}" y="{at_y:.1f}" {more}>{words}</text>')

    def dot(at_x, at_y, color):
        lines.append(f'<circle cx="{at_x:.1f}" cy="{at_y:.1f}" r="4" fill="{color}"/>')

    for share in SHARES:
        path_of(f"M{left} {y(odds(share)):.1f}H{right}", "#ddd")
        text(left - 6, y(odds(share)) + 4, f"{100 * share:.6g} %", 'text-anchor="end"')
    for said in range(0, 60, 10):
        text(x(said), bottom + 18, said, 'text-anchor="middle"')
    path_of(f"M{x(STRONG)} {bottom}V{top}", "#999", 'stroke-dasharray="2 3"')
    text(x(ENOUGH) + 4, top - 8, "weak")
    text(x(STRONG) + 4, top - 8, "strong")
    path_of(f"M{x(0)} {y(0)}L{x(most_found):.1f} {y(most_found):.1f}", "#999")
    path_of(f"M{x(ENOUGH)} {y(odds(0.85)):.1f}H{x(STRONG)}", "#c00")
    path_of(f"M{x(STRONG)} {y(odds(0.995)):.1f}H{right}", "#c00")
    drawn = [("#06c", "the weights as they are", totals), ("#e80", "counted on the other half of the sources", others)]
    for row, (color, title, series) in enumerate(drawn):
        for said, hits, misses in found(series):
            # With half an observation added to each: of few, not much can be found out.
            at = decibans(hits, misses)
            spread = 10 / math.log(10) * math.sqrt(1 / (hits + 0.5) + 1 / (misses + 0.5))
            path_of(f"M{x(said):.1f} {y(at - spread):.1f}V{y(at + spread):.1f}", color)
            dot(x(said), y(at), color)
            if row == 0:
                text(x(said) + 6, y(at) + 14, f"{hits}:{misses}", f'font-size="10" fill="{color}"')
        dot(x(30), bottom - 38 + 16 * row, color)
        text(x(30) + 10, bottom - 34 + 16 * row, title)
    text(x(27), bottom + 44, "said: sum of the weights, in decibans", 'text-anchor="middle"')
    turned = f'transform="translate(20 {(top + bottom) / 2}) rotate(-90)" text-anchor="middle"'
    text(0, 0, "found: right", turned)
    with open(path, "w") as file:
        view = f'viewBox="0 0 {right + 60} {bottom + 60}" font-family="sans-serif" font-size="12"'
        file.write(f'<svg xmlns="http://www.w3.org/2000/svg" {view}>\n')
        file.write(f'<rect width="{right + 60}" height="{bottom + 60}" fill="white"/>\n')
        file.writelines(line + "\n" for line in [*lines, "</svg>"])


def load(path):
    with open(path) as file:
        for line in file:
            it = Conversation(*json.loads(line))
            yield it._replace(client=tuple(it.client), server=tuple(it.server), verdict=Verdict(*it.verdict))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", nargs="*")
    parser.add_argument("--mode", default="nosyn,half")
    parser.add_argument("--udp", action="append", default=[], metavar="FOLDER")
    parser.add_argument("--sharkd", default="sharkd")
    parser.add_argument("--save")
    parser.add_argument("--from", dest="saved", action="append", default=[])
    parser.add_argument("--plot")
    parser.add_argument("--wrong", type=int, default=0, help="so many conversations that are not judged right")
    options = parser.parse_args()

    conversations = [it for path in options.saved for it in load(path)]
    sharkd = Sharkd(shlex.split(options.sharkd))
    for corpus in options.corpus:
        for mode in options.mode.split(","):
            conversations += of_corpus(sharkd, corpus, mode)
    for folder in options.udp:
        conversations += of_captures(sharkd, folder)
    if options.save:
        with open(options.save, "w") as file:
            file.writelines(json.dumps(it) + "\n" for it in conversations)
    if not any(it.pieces for it in conversations):
        sys.exit("no piece of evidence anywhere: is the plugin where sharkd loads it from?")

    for mode in sorted({it.mode for it in conversations}):
        print_score(mode, [(it, it.verdict) for it in conversations if it.mode == mode])
    for it in [it for it in conversations if not it.verdict.right][: options.wrong]:
        said = {None: "none", True: "right", False: "wrong"}[it.verdict.right]
        print(f"  {said} {it.mode} {it.capture}: {it.client} {it.server} {it.verdict.confidence} {it.pieces}")
    Counts(conversations).table()

    print("\nThe weights as they are, and those counted on one half of the sources, measured on the other")
    weighed = [it for it in conversations if it.pieces]
    totals, others = [], []
    for name, measured, counted in zip("AB", halves(weighed), reversed(halves(weighed))):
        print(f"half {name}: {', '.join(sorted({it.source for it in measured}))}")
        counts = Counts(counted)
        now = [(it, sum(weight for weight, _ in it.pieces)) for it in measured]
        then = [(it, sum(counts.weight(it, *piece) for piece in it.pieces)) for it in measured]
        print_score("  as they are", [(it, judge(it, total)) for it, total in now])
        print_score("  counted on the other half", [(it, judge(it, total)) for it, total in then])
        totals += [(it.source, total) for it, total in now]
        others += [(it.source, total) for it, total in then]
    if options.plot:
        plot(options.plot, totals, others)


main()
