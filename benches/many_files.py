#!/usr/bin/env python3
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
"""Counts how many verdicts differ between a capture judged as one file and the same capture in pieces, with and without
the table of services.

    benches/many_files.py CAPTURE [--pieces 50] [--tshark TSHARK] [--jobs 2] [--show 10]

The pieces are cut with `editcap -c`, and judged as docs/many-files.md says: pass one writes each piece's services, `sort -u`
merges them, pass two has them as the table of a profile. tshark must have the plugin; the profile is made in a folder
of its own (WIRESHARK_CONFIG_DIR). Prints, of the packets that have a verdict in the whole file, how many have
another client and server, or none.
"""

import argparse
import collections
import os
import pathlib
import subprocess
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor

FIELDS = ["ephemeral.client", "ephemeral.client_port", "ephemeral.server", "ephemeral.server_port"]
PROFILE = "learned"


def verdicts(options, capture, profile=()):
    """Returns client and server, evidence and confidence of each packet: those of its last header, as in the packet list."""
    fields = [argument for field in FIELDS for argument in ("-e", field)]
    command = [options.tshark, "-n", *profile, "-r", str(capture), "-T", "fields", *fields, "-e", "ephemeral.evidence",
               "-e", "ephemeral.confidence"]
    printed = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    return [tuple(field.split(",")[-1] for field in line.split("\t")) for line in printed.splitlines()]


def pass_one(options, piece, table):
    """Writes the services that a piece shows."""
    subprocess.run([options.tshark, "-q", "-z", f"ephemeral,services,{table}", "-r", str(piece)], check=True)


def merge(tables, merged):
    """Merges tables of services by the rule of docs/many-files.md."""
    lines = {line for table in tables for line in table.read_bytes().splitlines(keepends=True)}
    merged.write_bytes(b"".join(line for line in sorted(lines) if not line.startswith(b"#")))


def group(verdict):
    """Returns the kind of a verdict about the whole file."""
    how_sure = "sure" if verdict[5][:1] in ("2", "3") else "weak"
    return f"{how_sure}, both ends on the same port" if verdict[1] == verdict[3] else how_sure


def compare(name, whole, pieces, show):
    """Prints how the pieces' verdicts differ from the whole file's."""
    if len(whole) != len(pieces):
        sys.exit(f"{name}: {len(pieces)} packets, but {len(whole)} in the whole file")
    groups, examples, added = collections.defaultdict(collections.Counter), [], 0
    for number, (one, other) in enumerate(zip(whole, pieces), 1):
        if not one[0]:
            added += bool(other[0])
            continue
        kind = "same" if one[:4] == other[:4] else "other" if other[0] else "lost"
        groups[group(one)][kind] += 1
        if kind != "same" and group(one) == "sure":
            examples.append((number, one, other))
    print(f"{name} ({added} packets have a verdict in their piece alone):")
    for what, kinds in sorted(groups.items()):
        judged, other, lost = kinds.total(), kinds["other"], kinds["lost"]
        print(f"    {what}: {judged} packets, {other} have another verdict, {lost} none: {100 * (other + lost) / judged:.3f} %")
    for number, one, other in examples[:: max(1, len(examples) // show)][:show] if show else []:
        print(f"    packet {number}: {one} in the whole file, {other} in its piece")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("capture", type=pathlib.Path)
    parser.add_argument("--pieces", type=int, default=50)
    parser.add_argument("--tshark", default="tshark")
    parser.add_argument("--jobs", type=int, default=os.cpu_count())
    parser.add_argument("--show", type=int, default=0, help="so many sure verdicts that differ")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        scratch = pathlib.Path(scratch)
        os.chmod(scratch, 0o777)
        os.environ["WIRESHARK_CONFIG_DIR"] = str(scratch / "configuration")
        whole = verdicts(options, options.capture)
        size = -(-len(whole) // options.pieces)
        subprocess.run(["editcap", "-c", str(size), str(options.capture), str(scratch / "piece.pcap")], check=True)
        pieces = sorted(scratch.glob("piece_*"))
        tables = [piece.with_suffix(".services") for piece in pieces]
        with ThreadPoolExecutor(options.jobs) as pool:
            apart = [row for rows in pool.map(lambda piece: verdicts(options, piece), pieces) for row in rows]
            list(pool.map(lambda pair: pass_one(options, *pair), zip(pieces, tables)))
            profile = scratch / "configuration/profiles" / PROFILE
            profile.mkdir(parents=True)
            merge(tables, profile / "ephemeral_services")
            rows = len((profile / "ephemeral_services").read_bytes().splitlines())
            table = [row for rows in pool.map(lambda piece: verdicts(options, piece, ["-C", PROFILE]), pieces)
                     for row in rows]
        print(f"{len(pieces)} pieces, {rows} rows")
        compare("Pieces apart", whole, apart, options.show)
        compare("Pieces with the table", whole, table, options.show)


if __name__ == "__main__":
    main()
