"""Times whole tshark processes side by side, and counts their instructions; run.sh, which sets up what this needs,
calls it.

In each round each variant runs once, every second round in reverse order, so that a machine that gets
faster or slower affects all variants. A ratio is the median over the rounds of a variant's time divided by that of its
baseline in the same round. Time is processor time (user and system), which other programs affect less than
wall-clock time; the ratio of the latter is printed beside it.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import argparse
import collections
import os
import shutil
import statistics
import subprocess
import sys
import time

from whole import Variant, after_start, command, start

Run = collections.namedtuple("Run", "cpu clock rss")

EVERYTHING = [
    option
    for preference in ("label_in_info:TRUE", "note_service:TRUE", "note_confidence:weak", "note:every")
    for option in ("-o", f"ephemeral.{preference}")
]
TRANSUM = ["--enable-protocol", "transum"]


def run(variant, capture, homes):
    begun = time.monotonic()
    process = start(variant, capture, subprocess.DEVNULL, homes)
    _, status, usage = os.wait4(process.pid, 0)
    clock = time.monotonic() - begun
    process.returncode = os.waitstatus_to_exitcode(status)
    if process.returncode != 0:
        sys.exit(f"failed with status {process.returncode}: {' '.join(command(variant, capture))}")
    return Run(usage.ru_utime + usage.ru_stime, clock, usage.ru_maxrss)


def bytes_out(variant, capture, homes):
    process = start(variant, capture, subprocess.PIPE, homes)
    count = 0
    while chunk := process.stdout.read(1 << 20):
        count += len(chunk)
    process.wait()
    return count


def measure(variants, capture, rounds, homes):
    """Returns the runs of each variant, by its name."""
    runs = {variant.name: [] for variant in variants}
    for number in range(rounds):
        for variant in variants if number % 2 == 0 else reversed(variants):
            runs[variant.name].append(run(variant, capture, homes))
        print(".", end="", file=sys.stderr, flush=True)
    print(file=sys.stderr)
    return runs


def ratios(runs, baseline, what):
    return [getattr(one, what) / getattr(base, what) for one, base in zip(runs, baseline)]


def median(runs, what):
    return statistics.median(getattr(one, what) for one in runs)


def load():
    return os.getloadavg()[0]


def table(title, variants, runs):
    """Prints a table against the first variant; returns the ratios by name."""
    baseline = runs[variants[0].name]
    print(f"\n{title} (load average {load():.2f})\n")
    print("| variant | time, s | ratio | lowest to highest | by the clock | memory, MB |")
    print("|---|---:|---:|---:|---:|---:|")
    result = {}
    for variant in variants:
        mine = runs[variant.name]
        cpu = ratios(mine, baseline, "cpu")
        result[variant.name] = statistics.median(cpu)
        print(
            f"| {variant.name} | {median(mine, 'cpu'):.3f} | {statistics.median(cpu):.3f} | {min(cpu):.3f} to {max(cpu):.3f} "
            f"| {statistics.median(ratios(mine, baseline, 'clock')):.3f} | {median(mine, 'rss') / 1024:.1f} |"
        )
    return result


def one_line(arguments):
    lua = ["-X", f"lua_script:{arguments.lua}"]
    variants = [
        Variant("no plugin", "none", []),
        Variant("empty postdissector", "empty", []),
        Variant("Ephemeral Ports", "ours", []),
        Variant("TRANSUM", "none", TRANSUM),
        Variant("the same in Lua", "none", lua),
    ]
    result = compare("One line per packet, names off", variants, arguments.capture, arguments)
    ours, others = result["Ephemeral Ports"] - 1, result["the same in Lua"] - 1
    if ours > 0:
        print(f"\nOverhead: Lua's is {others / ours:.1f} times ours.")
    else:
        print("\nOverhead: ours is lost in the noise.")
    return result


def names_on(arguments):
    lua = ["-X", f"lua_script:{arguments.lua}"]
    variants = [
        Variant("no plugin, names on", "none", ["-N", "t"]),
        Variant("Ephemeral Ports, names on, Info corrected", "ours", ["-N", "t"]),
        Variant("Ephemeral Ports, names on, every feature", "ours", ["-N", "t", *EVERYTHING]),
        Variant("the same in Lua, names on", "none", ["-N", "t", *lua]),
    ]
    return compare("One line per packet, names on", variants, arguments.capture, arguments)


def midstream(arguments):
    """Measures a capture without handshakes."""
    if not arguments.midstream_capture:
        return None
    result = {}
    for title, names in (("names off", []), ("names on", ["-N", "t"])):
        variants = [
            Variant(f"no plugin, {title}", "none", names),
            Variant(f"empty postdissector, {title}", "empty", names),
            Variant(f"Ephemeral Ports, {title}", "ours", names),
        ]
        result |= compare(f"One line per packet, no handshakes, {title}", variants, arguments.midstream_capture, arguments)
    return result


def filters(arguments):
    """Measures filters with -q, because the filters print different numbers of packets."""
    variants = [
        Variant("no plugin, -Y tcp.port", "none", ["-q", "-Y", "tcp.port"]),
        Variant("Ephemeral Ports, -Y tcp.port", "ours", ["-q", "-Y", "tcp.port"]),
        Variant("Ephemeral Ports, -Y ephemeral.misnamed", "ours", ["-q", "-Y", "ephemeral.misnamed"]),
    ]
    return compare("Filters, nothing printed (-q)", variants, arguments.capture, arguments)


def trees(arguments):
    variants = [
        Variant("no plugin, -V", "none", ["-V"]),
        Variant("Ephemeral Ports, -V", "ours", ["-V"]),
        Variant("the same in Lua, -V", "none", ["-V", "-X", f"lua_script:{arguments.lua}"]),
    ]
    result = compare("Packet details (-V)", variants, arguments.tree_capture, arguments)
    without, with_ours = (bytes_out(variant, arguments.tree_capture, arguments.homes) for variant in variants[:2])
    print(f"\nBytes out: {without} without, {with_ours} with, {with_ours / without:.3f} times as many;")
    print(f"time: {result['Ephemeral Ports, -V']:.3f} times as much.")
    return result


def compare(title, variants, capture, arguments):
    return table(title, variants, measure(variants, capture, arguments.rounds, arguments.homes))


def start_up(arguments):
    variants = [
        Variant("no plugin", "none", []),
        Variant("empty postdissector", "empty", []),
        Variant("Ephemeral Ports", "ours", []),
        Variant("the same in Lua", "none", ["-X", f"lua_script:{arguments.lua}"]),
    ]
    runs = measure(variants, arguments.empty_capture, 5 * arguments.rounds, arguments.homes)
    baseline = runs["no plugin"]
    print(f"\nStart-up: a capture without packets, {5 * arguments.rounds} rounds (load average {load():.2f})\n")
    print("| variant | time, ms | more than no plugin, ms |")
    print("|---|---:|---:|")
    for variant in variants:
        more = statistics.median(one.cpu - base.cpu for one, base in zip(runs[variant.name], baseline))
        print(f"| {variant.name} | {1000 * median(runs[variant.name], 'cpu'):.1f} | {1000 * more:.2f} |")


def counted(arguments):
    """Counts the instructions of whole processes without their start-up, which other programs do not affect. Returns what
    each variant adds to those without a plugin, in percent, by its name in the plot."""
    if not arguments.counted_captures:
        return None
    mixed, midstream_capture = arguments.counted_captures
    lua = ["-X", f"lua_script:{arguments.lua}"]
    groups = [
        (
            mixed,
            Variant("no plugin", "none", []),
            [
                Variant("empty postdissector", "empty", []),
                Variant("Ephemeral Ports", "ours", []),
                Variant("TRANSUM", "none", TRANSUM),
                Variant("the same in Lua", "none", lua),
            ],
        ),
        (mixed, Variant("no plugin, names on", "none", ["-N", "t"]), [Variant("Ephemeral Ports, names on", "ours", ["-N", "t"])]),
        (midstream_capture, Variant("no plugin", "none", []), [Variant("Ephemeral Ports, no handshakes", "ours", [])]),
        (midstream_capture, Variant("no plugin", "none", ["-N", "t"]), [Variant("no handshakes, names on", "ours", ["-N", "t"])]),
    ]
    added = {}
    print("\nInstructions\n\n| variant | added, percent |\n|---|---:|")
    for capture, baseline, variants in groups:
        where = capture, arguments.empty_capture, arguments.homes
        without, _ = after_start(baseline, *where)
        for variant in variants:
            added[variant.name] = 100 * (after_start(variant, *where)[0] / without - 1)
            print(f"| {variant.name} | {added[variant.name]:.1f} |")
    return added


def memory(arguments):
    none, ours = Variant("no plugin", "none", []), Variant("Ephemeral Ports", "ours", [])
    captures = (arguments.empty_capture, arguments.memory_capture)
    peak = {variant.name: [run(variant, capture, arguments.homes).rss for capture in captures] for variant in (none, ours)}
    growth = {name: last - first for name, (first, last) in peak.items()}
    count = arguments.memory_conversations
    print(f"\nMemory: {count} conversations of one to three packets\n")
    print("| variant | at start, MB | at the end, MB | bytes a conversation |")
    print("|---|---:|---:|---:|")
    for name, (first, last) in peak.items():
        print(f"| {name} | {first / 1024:.1f} | {last / 1024:.1f} | {1024 * growth[name] / count:.0f} |")
    print(f"\nThe plugin's own: {1024 * (growth[ours.name] - growth[none.name]) / count:.0f} bytes a conversation.")


def plot(added, path):
    """Draws bars of the added instructions, as SVG; then as PNG, if a program for that is installed."""
    bars = list(added.items())
    scale = 330 / max(1, max(added.values()))
    height = 70 + 34 * len(bars)
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="720" height="{height}" font-family="DejaVu Sans, sans-serif" font-size="15">',
        f'<rect width="720" height="{height}" fill="white"/>',
        '<text x="20" y="30" font-size="17">What it adds to the instructions of tshark -r, in percent</text>',
    ]
    for number, (name, value) in enumerate(bars):
        y = 50 + 34 * number
        color = "#1f77b4" if name.startswith(("Ephemeral Ports", "no handshakes")) else "#b0b0b0"
        width = max(1, value * scale)
        parts.append(f'<text x="270" y="{y + 17}" text-anchor="end">{name}</text>')
        parts.append(f'<rect x="280" y="{y}" width="{width:.1f}" height="24" fill="{color}"/>')
        parts.append(f'<text x="{288 + width:.1f}" y="{y + 17}">{value:.1f}</text>')
    parts.append("</svg>")
    os.makedirs(os.path.dirname(path), exist_ok=True)
    svg = os.path.splitext(path)[0] + ".svg"
    with open(svg, "w", encoding="utf-8") as file:
        file.write("\n".join(parts) + "\n")
    if shutil.which("rsvg-convert"):
        subprocess.run(["rsvg-convert", "-o", path, svg], check=True)
        os.remove(svg)
        print(f"\nPlot: {path}")
    else:
        print(f"\nPlot: {svg}; no PNG was made: rsvg-convert is missing (install librsvg2-bin, or your system's like)")


def main():
    parser = argparse.ArgumentParser()
    for name in ("capture", "tree-capture", "empty-capture", "homes", "lua"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--midstream-capture")
    parser.add_argument("--counted-captures", nargs=2)
    parser.add_argument("--memory-capture")
    parser.add_argument("--memory-conversations", type=int)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--plot")
    parser.add_argument("--only", choices=["lines", "names", "midstream", "filters", "tree", "start", "instructions"])
    arguments = parser.parse_args()
    cpu = max(os.sched_getaffinity(0))
    os.sched_setaffinity(0, {cpu})
    version = subprocess.run(["tshark", "--version"], capture_output=True, text=True, check=False).stdout.splitlines()[0]
    at_first = load()
    print(f"{version}; {arguments.rounds} rounds on processor {cpu}; load average at first {at_first:.2f}")
    if arguments.memory_capture:
        memory(arguments)
        return
    groups = {
        "lines": one_line,
        "names": names_on,
        "midstream": midstream,
        "filters": filters,
        "tree": trees,
        "start": start_up,
        "instructions": counted,
    }
    for name, group in groups.items():
        if arguments.only in (None, name):
            result = group(arguments)
            if group is counted and result and arguments.plot:
                plot(result, arguments.plot)
    # This process counts as one.
    if max(at_first, load() - 1) > 1:
        print("\nOther programs were using this machine: take the ratios with a grain of salt, or run this again when it is idle.")


if __name__ == "__main__":
    main()
