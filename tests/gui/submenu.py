# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Statistics, Ephemeral Ports: the submenu, and what its dialogs show."""

import time

from report import NotRun
from wireshark import MAIN_SIZE

SIZE = (1000, 700)
COPY = (-236, -24)  # the button
# How far from the end of the menu our submenu is: behind it come those of Wireshark's own plugins.
FROM_END = {(4, 0): 4, (4, 2): 4, (4, 4): 4, (4, 6): 5}
TITLES = ["Misnamed Ports and Services", "Services by Bytes", "Weak Verdicts"]
# The first rows of the first one for the capture of several.py: how far they are indented, and their counts.
ROOT = (0, "Misnamed ports, by name", 36)
MISNAMED = [
    (1, "mxomss (1141)", 8),
    (1, "imyx (1143)", 8),
    (1, "edtools (1142)", 8),
    (1, "autonoc (1140)", 8),
    (1, "nfa (1155)", 2),
    (1, "iascontrol-oms (1156)", 2),
]
SORTS_BY_COUNT = (4, 6)  # earlier dialogs sort by name until the header is clicked


class Statistics:
    """One of the dialogs, used in a `with` statement."""

    def __init__(self, window, title):
        self.window = window
        self.desktop = window.desktop
        self.title = title

    def __enter__(self):
        release = tuple(map(int, self.window.home.release.split(".")[:2]))
        if release not in FROM_END:
            raise NotRun("where the submenu is in this release's menu is not known")
        self.window.menu("alt+s")
        # A menu that is not open yet takes no key, and says nothing when it is.
        down = TITLES.index(self.title)
        for key in ["Up"] * FROM_END[release] + ["Right"] + ["Down"] * down + ["Return"]:
            time.sleep(0.3)
            self.desktop.keys(key)
        self.dialog = self.desktop.window(self.title)
        self.desktop.place(self.dialog, MAIN_SIZE[0] + 20, 0, *SIZE)
        self.window.screenshot(self.dialog)
        return self

    def __exit__(self, *_):
        self.window.close(self.dialog)

    def picture(self, path):
        return self.desktop.picture(self.dialog, path)

    def rows(self):
        """Depth, name and count of each row, as the dialog copies them."""
        lines = self.desktop.copied(lambda: self.desktop.click(self.dialog, *COPY)).splitlines()
        head = next(at for at, line in enumerate(lines) if line.startswith("Topic / Item"))
        name_ends = lines[head].index("Count")
        rows = [line for line in lines[head + 2 :] if line and line[0] not in "=-"]
        return [(len(row) - len(row.lstrip()), row[:name_ends].strip(), int(row[name_ends:].split()[0])) for row in rows]


def misnamed_come_first(window, path):
    with Statistics(window, TITLES[0]) as statistics:
        statistics.picture(path)
        rows = statistics.rows()
    assert rows[0] == ROOT, rows
    found = rows[1 : 1 + len(MISNAMED)]
    release = tuple(map(int, window.home.release.split(".")[:2]))
    if release < SORTS_BY_COUNT:
        found, expected = sorted(found), sorted(MISNAMED)
    else:
        expected = MISNAMED
    assert found == expected, found


def others_open(window):
    for title in TITLES[1:]:
        with Statistics(window, title) as statistics:
            assert statistics.rows()[0][0] == 0, title
