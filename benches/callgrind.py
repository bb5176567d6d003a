"""Adds up callgrind's files: what the plugin's own functions cost, and what their calls cost.

    python3 callgrind.py LONG SHORT PACKETS [TOP]

LONG and SHORT are the callgrind.out files of two runs, PACKETS is how many packets more the first
one read: the difference leaves out what start-up costs. Prints instructions per packet of the
plugin's own functions, then of the host's and the C library's on its behalf, then the TOP functions
and, if the files have them, the TOP source lines.

SPDX-License-Identifier: GPL-2.0-or-later
"""

import collections
import re
import sys

OURS = "libephemeral"
NAME = re.compile(r"\((\d+)\)(?: (.*))?")


class Costs:
    def __init__(self):
        self.own = collections.Counter()  # by function of ours
        self.lines = collections.Counter()  # by (file, line) of ours
        self.called = collections.Counter()  # by function of others that one of ours calls


def read(path):
    costs = Costs()
    names = {}  # callgrind gives each name once, then its number

    def name(kind, text):
        number, spelled = NAME.match(text).groups()
        if spelled is not None:
            names[kind, number] = spelled
        return names[kind, number]

    kinds = {"ob": "ob", "cob": "ob", "fl": "fl", "fi": "fl", "fe": "fl", "cfi": "fl", "cfl": "fl", "fn": "fn", "cfn": "fn"}
    now = {"ob": "", "fl": "", "fn": "", "cob": None, "cfn": ""}
    line = 0
    is_call = False
    with open(path, encoding="utf-8", errors="replace") as file:
        for text in file:
            text = text.rstrip("\n")
            key, equals, value = text.partition("=")
            if equals and key in kinds:
                named = name(kinds[key], value)
                if key in ("fi", "fe"):
                    now["fl"] = named
                elif key in ("cfi", "cfl"):
                    pass
                else:
                    now[key] = named
                continue
            if equals and key == "calls":
                is_call = True
                continue
            first = text[:1]
            if first not in "+-*0123456789" or not first:
                continue
            parts = text.split()
            where = parts[0]
            line = line if where == "*" else line + int(where) if where[0] in "+-" else int(where)
            cost = int(parts[1]) if len(parts) > 1 else 0
            ours = OURS in now["ob"]
            if is_call:
                callee = now["cob"] if now["cob"] is not None else now["ob"]
                if ours and OURS not in callee:
                    costs.called[now["cfn"]] += cost
                now["cob"] = None
                is_call = False
            elif ours:
                costs.own[now["fn"]] += cost
                costs.lines[now["fl"], line] += cost
    return costs


def difference(long, short):
    return collections.Counter({key: long[key] - short[key] for key in long.keys() | short.keys()})


def main(long, short, packets, top=0):
    long, short, packets = read(long), read(short), int(packets)
    own, called = difference(long.own, short.own), difference(long.called, short.called)
    print(f"own {sum(own.values()) / packets:.1f}")
    print(f"called {sum(called.values()) / packets:.1f}")
    tables = [("own functions", own), ("called functions, with what they call", called)]
    tables.append(("source lines", difference(long.lines, short.lines)))
    for title, table in tables:
        if int(top):
            print(f"\n{title}: instructions per packet")
        for key, cost in table.most_common(int(top)):
            label = key if isinstance(key, str) else f"{key[0]}:{key[1]}"
            print(f"{cost / packets:9.1f}  {label}")


if __name__ == "__main__":
    main(*sys.argv[1:])
