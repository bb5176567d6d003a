#!/usr/bin/env python3
"""Counts how often each piece of evidence is right, on captures with known clients, and computes weights from that.

    weights.py CORPUS... [--mode nosyn,half] [--udp FOLDER]... [--sharkd CMD] [--save FILE] [--from FILE]...
               [--plot FILE.svg] [--wrong N]

CORPUS is a folder with truth.tsv (a heading, then capture, client, its port, server, its port, by tabs) and a folder
for each mode with CAPTURE.pcap, from which the handshakes were removed. --udp FOLDER has any captures: the dissectors' own
fields show the client of a conversation over UDP (REQUESTS, weights_captures.py). These fields and the payloads are nearly
the same fact, so the counts for payloads mean little there. sharkd must load the plugin.

A capture's source is its name without a leading number, up to the first `_`. Everything is counted by source: at most a
hundred conversations of a source count for one piece of evidence, so that no source decides alone. Half an observation
is added to each count.

The output has the verdicts; the present weight of each piece of evidence and the weight by the counts; and, for two halves
of the sources, how good the weights are that were counted on the other half. --save keeps what was read from the
captures, --from reads it again. --plot draws the verdicts against the counts.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import collections
import json
import math
import re
import shlex
import sys

from weights_captures import Conversation, Sharkd, Verdict, of_captures, of_corpus
from weights_plot import ENOUGH, STRONG, decibans, plot

MOST_BY_PORTS = 39  # the maximum weight of two port numbers
MOST_OF_A_SOURCE = 100
FEWEST = 5  # observations; evidence with fewer keeps its weight when halves are compared


# ---- what a piece of evidence is ----


def crowd(number):
    """Returns the group of a number of peers, as in src/roles/evidence/peers.rs."""
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
    "COOKIE ECHO",
    "COOKIE ACK",
    " lists ",
    "had asked",
]


def kind_of(words, transport, weight):
    """Returns the kind of a piece of evidence, the same for all conversations; None for that of the ports' kinds. Payload
    signs with the same weight are counted together, because each sign alone is too rare."""
    if re.match(r"port \d+ is .*, \d+ is ", words):
        return None
    for pattern, name in OTHERS:
        if match := re.match(pattern, words):
            return f"{name(match)} ({transport}, weighs {abs(weight)})"
    said = next((said for said in SAID if re.search(said, words)), "payload").replace("[0-9]+", "many")
    return f"{said} ({transport}, weighs {abs(weight)})"


def port_kinds(words):
    """Returns the kinds of two ports, by port."""
    match = re.match(r"port (\d+) is (.*), (\d+) is (.*)", words)
    return {port: kind_of_port(port, kind) for port, kind in ((int(match[1]), match[2]), (int(match[3]), match[4]))}


def kind_of_port(port, words):
    """Returns the kind of a port. The text for a server's port in the range of older systems does not name that range."""
    is_old = port <= 5000 and words in ("a registered port", "an unregistered port")
    return "in the ephemeral range of older systems" if is_old else words


def kinds_of_same(it):
    """Returns the kinds of two ports of the same kind, which are no piece of evidence. Only the most frequent kind is
    recognized, by the port numbers."""
    has_piece = any(kind_of(words, it.transport, weight) is None for weight, words in it.pieces)
    both = not has_piece and min(it.client[1], it.server[1]) >= 32768
    return {port: "in the ephemeral range" for port in (it.client[1], it.server[1])} if both else None


# ---- counting ----


def limited(by_source):
    """Sums the counts of right and wrong over the sources, with a limit for each source."""
    total = [0.0, 0.0]
    for counts in by_source.values():
        share = min(1, MOST_OF_A_SOURCE / sum(counts))
        total = [total[at] + share * counts[at] for at in (0, 1)]
    return total


class Counts:
    """Counts by source: how often each piece of evidence was right and wrong, and how often each kind of port was a
    server's and a client's."""

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
