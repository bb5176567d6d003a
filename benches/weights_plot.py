"""Draws the confidence of verdicts against how often they are right: for weights.py.

SPDX-FileCopyrightText: The Ephemeral Ports authors
SPDX-License-Identifier: GPL-2.0-or-later
"""

import math

STRONG, ENOUGH = 20, 3  # decibans: as in src/roles/weights.rs
BUCKETS = [3, 6, 10, 15, 20, 25, 30, 35, 40, 50, 200]
SHARES = [0.5, 0.8, 0.9, 0.95, 0.99, 0.995, 0.999, 0.9999]


def decibans(right, wrong):
    return 10 * math.log10((right + 0.5) / (wrong + 0.5))


def found(totals):
    """Groups sums of weights for the true server, by source, into buckets: for each bucket its mean, and how many were right
    and wrong."""
    for low, high in zip(BUCKETS, BUCKETS[1:]):
        inside = [(source, total) for source, total in totals if low <= abs(total) < high]
        if inside:
            wrong = sum(total < 0 for _, total in inside)
            yield sum(abs(total) for _, total in inside) / len(inside), len(inside) - wrong, wrong


def plot(path, totals, others):
    """Draws predicted against observed odds, with the present weights, and with those that were counted on the other half
    of the sources."""
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
            # Half an observation is added to each count, because few observations show little.
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
