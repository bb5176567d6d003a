"""Runs whole processes of the host as an ordinary user, and counts their instructions for the packets of a capture, less
those for a capture without packets. measure.py imports this; instructions.sh --ratio runs it as a program.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import collections
import functools
import os
import re
import subprocess
import sys

Variant = collections.namedtuple("Variant", "name home options")

NOBODY = 65534
COUNTING = ["valgrind", "--tool=cachegrind", "--cache-sim=no", "--cachegrind-out-file=/dev/null"]


def command(variant, capture):
    return ["tshark", "-r", capture, *variant.options]


def start(variant, capture, output, homes, under=(), errors=subprocess.DEVNULL):
    """Starts the host as an ordinary user, because it ignores root's personal plugin folder."""
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("XDG_", "WIRESHARK_"))}
    environment["HOME"] = os.path.join(homes, variant.home)
    user = {"user": NOBODY, "group": NOBODY, "extra_groups": []} if os.getuid() == 0 else {}
    return subprocess.Popen(
        [*under, *command(variant, capture)],
        stdin=subprocess.DEVNULL,
        stdout=output,
        stderr=errors,
        env=environment,
        **user,
    )


@functools.cache
def counted(home, options, capture, homes):
    """Returns the instructions from start to end, and the number of printed lines."""
    variant = Variant("", home, options)
    process = start(variant, capture, subprocess.PIPE, homes, COUNTING, subprocess.PIPE)
    printed, said = process.communicate()
    found = re.search(r"I *refs: *([0-9,]+)", said.decode(errors="replace"))
    if process.returncode != 0 or found is None:
        sys.exit(f"failed under valgrind: {' '.join(command(variant, capture))}")
    return int(found[1].replace(",", "")), printed.count(b"\n")


def after_start(variant, capture, nothing, homes):
    """Returns the instructions for the packets of a capture, and the number of printed lines; `nothing` has no packets."""
    options = tuple(variant.options)
    (all_of_it, lines), (at_start, _) = (counted(variant.home, options, path, homes) for path in (capture, nothing))
    return all_of_it - at_start, lines


def main():
    parser = argparse.ArgumentParser(description="Instructions for a packet, as ratios to no plugin.")
    for name in ("homes", "nothing", "capture"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--home", action="append", required=True, help="one of those in homes, but none")
    parser.add_argument("options", nargs="*", help="of tshark, after --")
    arguments = parser.parse_args()
    taken = {}
    for home in ("none", *arguments.home):
        variant = Variant(home, home, arguments.options)
        taken[home], packets = after_start(variant, arguments.capture, arguments.nothing, arguments.homes)
    none = taken["none"]
    line = f"{packets} packets of {none // packets} instructions without a plugin"
    for home in arguments.home:
        line += f"; {home} {taken[home] / none:.4f} ({(taken[home] - none) / packets:.0f} more a packet)"
    print(line)


if __name__ == "__main__":
    main()
