# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Statistics: the submenu Ephemeral Ports, and the entry for services; what their dialogs show."""

import csv
import io
import time

from desktop import wait_for
from report import NotRun
from wireshark import MAIN_SIZE

SIZE = (1000, 700)
# The places of the buttons, and of the list of file types for saving.
COPY = (-236, -24)
SAVE_AS = (-145, -24)
FILE_TYPE = (300, -24)
# How far from the end of the menu our submenu is, and the entry for services: Wireshark's own come after each.
FROM_END = {(3, 4): (4, 19), (4, 0): (4, 22), (4, 4): (4, 23), (4, 6): (5, 24)}
SERVICES = "Ephemeral Ports: Services"
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
# What the list of services has for it, in this order in all releases but 3.4.
SERVICES_HEAD = ["Address", "Transport", "Port", "Service", "Known by", "Clients", "First frame", "Last frame"]
SERVICES_ROWS = [
    ["198.51.100.10", "TCP", "80", "http", "handshake: SYN", "2", "5", "28"],
    ["198.51.100.53", "UDP", "53", "domain", "strong: DNS query", "1", "1", "2"],
    ["2001:db8::10", "TCP", "80", "http", "handshake: SYN", "1", "29", "36"],
    ["2001:db8::53", "UDP", "53", "domain", "strong: DNS query", "1", "3", "4"],
]


class Statistics:
    """One of the dialogs, used in a `with` statement."""

    def __init__(self, window, title):
        self.window = window
        self.desktop = window.desktop
        self.title = title

    def __enter__(self):
        release = tuple(map(int, self.window.home.release.split(".")[:2]))
        if release not in FROM_END:
            raise NotRun("where our entries are in this release's menu is not known")
        submenu, services = FROM_END[release]
        if self.title == SERVICES:
            keys = ["Up"] * services
        else:
            keys = ["Up"] * submenu + ["Right"] + ["Down"] * TITLES.index(self.title)
        self.window.menu("alt+s")
        # A menu ignores keys until it is open, and nothing signals that it is open.
        for key in [*keys, "Return"]:
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

    def copied(self):
        """The text that the button Copy copies: plain text, in all releases."""
        return self.desktop.copied(lambda: self.desktop.click(self.dialog, *COPY))

    def saved_as_csv(self, name):
        """The rows of the file that Save as… writes, which is put into the home folder, with their head."""
        home = self.window.home
        self.desktop.click(self.dialog, *SAVE_AS)
        chooser = self.desktop.window("Save Statistics")
        self.desktop.focus(chooser)
        # The wheel moves from plain text to the next type. An open list would take the clicks.
        self.desktop.click(chooser, *FILE_TYPE, button=5)
        self.desktop.keys("alt+n")
        self.desktop.type(f"{home.path}/{name}")
        self.desktop.keys("Return")
        self.desktop.gone(chooser)
        return list(csv.reader(io.StringIO(wait_for(f"{name} to be written", lambda: home.read(name)))))

    def rows(self):
        """Depth, name and count of each row of a submenu's dialog, as it copies them."""
        lines = self.copied().splitlines()
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


def services_are_listed(window, path):
    """On the screen, copied, and saved."""
    with Statistics(window, SERVICES) as statistics:
        statistics.picture(path)
        copied = [line.split("  ") for line in statistics.copied().splitlines()]
        saved = statistics.saved_as_csv("services.csv")
    copied = [[cell.strip() for cell in line if cell] for line in copied]
    assert copied[2] == SERVICES_HEAD and sorted(copied[4:-1]) == SERVICES_ROWS, copied
    assert saved[0] == SERVICES_HEAD and sorted(saved[1:]) == SERVICES_ROWS, saved
