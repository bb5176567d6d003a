"""Adds up callgrind's counts of the plugin's own functions; instructions.sh calls it.

The difference between two runs, one of them on a capture without packets, excludes the start-up. "Own"
functions are those in the plugin's file, without their callees. Callees in the host and in the C library
are counted separately.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import collections
import re
import subprocess

OURS = "libephemeral"
NAMED = re.compile(r"(c?ob|c?fn|fl|f[ie]|cf[il])=\((\d+)\)(?: (.*))?")


class Counts:
    """The instructions of one run, by function or by address."""

    def __init__(self, path):
        self.own = collections.Counter()
        self.addresses = collections.Counter()
        self.called = collections.Counter()
        with open(path, encoding="utf-8", errors="replace") as file:
            self.read(file)

    def read(self, file):
        names = {}  # the format spells a name once, then refers to it by number
        now = collections.Counter()
        address = 0
        callee = None
        for line in file:
            named = NAMED.match(line)
            if named:
                kind, number, name = named.groups()
                key = kind[-2:], number
                if name is not None:
                    names[key] = name
                now[kind] = names.get(key)
            elif line.startswith("calls="):
                callee = now["cfn"], now["cob"] or now["ob"]
                now["cob"] = None
            elif line[0] in "+-*0123456789":
                where, _, *cost = line.split()
                address = moved(address, where)
                cost = int(cost[0]) if cost else 0
                if OURS in now["ob"]:
                    self.add(now["fn"], address, callee, cost)
                callee = None

    def add(self, function, address, callee, cost):
        if callee is None:
            self.own[function] += cost
            self.addresses[address] += cost
        elif OURS not in callee[1]:
            self.called[callee[0]] += cost


def moved(address, where):
    """Returns the next address: the format has an absolute one, or the distance from the last one."""
    if where == "*":
        return address
    return address + int(where, 0) if where[0] in "+-" else int(where, 0)


def less(long, short):
    return collections.Counter({key: long[key] - short[key] for key in long.keys() | short.keys()})


def by_line(addresses, library):
    """Undoes inlining: counts by the innermost line of the project's own source."""
    asked = "\n".join(hex(address) for address in addresses)
    answer = subprocess.run(
        ["addr2line", "-a", "-i", "-f", "-C", "-e", library], input=asked, capture_output=True, text=True, check=True
    ).stdout.splitlines()
    lines = collections.Counter()
    address, found = 0, True
    at = 0
    while at < len(answer):
        if answer[at].startswith("0x"):
            address, found = int(answer[at], 16), False
            at += 1
            continue
        source = re.search(r"/((?:src|plugin)/[a-z_/]+\.(?:rs|c):(?:\d+|\?))", answer[at + 1])
        if source and not found and "/rustc/" not in answer[at + 1] and "/registry/" not in answer[at + 1]:
            lines[source.group(1)] += addresses[address]
            found = True
        at += 2
    return lines


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("long", help="callgrind's file of the run that read the packets")
    parser.add_argument("short", help="and of one that read none")
    parser.add_argument("--packets", type=int, required=True)
    parser.add_argument("--top", type=int, default=0, help="so many functions")
    parser.add_argument("--library", help="and source lines, of this file with its debug information")
    arguments = parser.parse_args()
    long, short = Counts(arguments.long), Counts(arguments.short)
    own, called = less(long.own, short.own), less(long.called, short.called)
    print(f"own functions: {sum(own.values()) / arguments.packets:.1f}")
    print(f"what they call in the host and the C library: {sum(called.values()) / arguments.packets:.1f}")
    tables = [("Own functions", own), ("Called", called)]
    if arguments.library:
        tables.append(("Source lines", by_line(less(long.addresses, short.addresses), arguments.library)))
    for title, table in tables if arguments.top else []:
        print(f"\n{title}")
        for name, cost in table.most_common(arguments.top):
            print(f"{cost / arguments.packets:9.1f}  {name}")


if __name__ == "__main__":
    main()
