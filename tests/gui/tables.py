# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The tab "Ephemeral Ports" of Statistics, Conversations and of Endpoints. Our profile has it open, as the first one."""

import csv
import io

from desktop import wait_for
from wireshark import MAIN_SIZE

KEY = {"Conversations": "c", "Endpoints": "e"}
SIZE = (1150, 600)
FIRST_ROW = (300, 66)
# Where the button Copy and the box Limit to display filter are, since which release.
PLACES = {
    (3, 4): {"Conversations": ((701, -24), (196, -54)), "Endpoints": ((840, -24), (196, -54))},
    (4, 0): {"Conversations": ((116, 188), (39, 116)), "Endpoints": ((116, 192), (39, 88))},
    (4, 6): {"Conversations": ((116, 200), (39, 133)), "Endpoints": ((116, 214), (39, 133))},
}


class Table:
    """One of the two dialogs, used in a `with` statement."""

    def __init__(self, window, kind):
        self.window = window
        self.desktop = window.desktop
        self.kind = kind
        release = tuple(map(int, window.home.release.split(".")[:2]))
        self.copy, self.limit = PLACES[max(since for since in PLACES if since <= release)][kind]

    def __enter__(self):
        self.dialog = self.window.dialog(self.window.press("alt+s", KEY[self.kind]), self.kind)
        self.desktop.place(self.dialog, MAIN_SIZE[0] + 20, 0, *SIZE)
        self.window.screenshot(self.dialog)
        return self

    def __exit__(self, *_):
        self.window.close(self.dialog)

    def picture(self, path):
        return self.desktop.picture(self.dialog, path)

    def menu(self, x, y, button=1):
        menus = self.desktop.all_windows()
        self.desktop.focus(self.dialog)
        self.desktop.click(self.dialog, x, y, button)
        wait_for("a menu of the table", lambda: self.desktop.all_windows() - menus)

    def rows(self):
        """The rows that Copy, as CSV copies. In 4.0, they include rows without packets after a filter."""
        def copy():
            self.menu(*self.copy)
            self.desktop.keys("Down", "Return")

        rows = csv.DictReader(io.StringIO(self.desktop.copied(copy)))
        return sorted(self.row(row) for row in rows if row["Packets"] != "0")

    def row(self, row):
        """The ends, packets, and those of the first end."""
        if self.kind == "Endpoints":
            return row["Address"], int(row["Packets"]), int(row["Tx Packets"])
        return row["Address A"], row["Address B"], int(row["Packets"]), int(row["Packets A → B"])

    def limit_to_display_filter(self):
        """Ticks the box, or clears it."""
        self.desktop.click(self.dialog, *self.limit)
        self.window.screenshot(self.dialog)

    def apply_as_filter(self):
        """Apply as Filter, Selected (of conversations: A to B and back) in the menu of the first row."""
        self.menu(*FIRST_ROW, button=3)
        self.desktop.keys(*["Down", "Right"] + ["Right"] * (self.kind == "Conversations"), "Return")
        self.window.screenshot(self.window.main)
        return self.window.applied_filter()
