# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Takes the pictures of the README and of docs/ anew: the packet list without and with the plugin, the profile, the
tree with its note, the tab of Conversations, and the menu.

    pictures.py FOLDER [ROOT]    ROOT: a folder with another system, to take them in its Wireshark
"""

import os
import subprocess
import sys

from desktop import Desktop, wait_for
from several import several_capture
from tables import Table
from wireshark import MAIN_SIZE, PROFILE, Home, Wireshark, seed_capture

NAMES_ON = ["-o", "nameres.transport_name:TRUE"]
TREE_BELOW_A_SHORT_LIST = """\
gui.byte_view_show: FALSE
gui.toolbar_main_show: FALSE
gui.filter_toolbar_show: FALSE
gui.geometry_main_upper_pane: 60
"""
SIZE = (1366, 768)  # an ordinary laptop's screen
CONVERSATIONS = (1400, 600)
TABLE = "860x121+224+10"  # the tab, to the end of a column
# As high as they are in 4.6.
ABOVE_LIST = 87  # menu and toolbars
HEADER = 19
ROW = 14
TREE = "1100x608+0+80"  # where that list leaves the tree
IN_TREE = (300, 130)
COLORS = "64"
TITLE = ["-fill", "white", "-font", "DejaVu-Sans", "-pointsize", "13", "-gravity", "West"]


class Studio:
    def __init__(self, desktop, folder, root):
        self.desktop = desktop
        self.folder = folder
        self.root = root
        self.capture = seed_capture()

    def window(self, home, *arguments):
        copy = home.add(self.capture)
        return Wireshark(self.desktop, home, os.path.basename(copy), "-r", copy, *arguments)

    def take(self, window, name, crop=None):
        path = self.desktop.picture(window, self.path(name))
        cut = ["-crop", crop, "+repage"] if crop else []
        self.convert(path, *cut, name=name)

    def path(self, name):
        return os.path.join(self.folder, name + ".png")

    def convert(self, *arguments, name):
        """Runs ImageMagick. The file is small, and has no metadata."""
        path = self.path(name)
        subprocess.run(["convert", *arguments, "+dither", "-colors", COLORS, "-strip", "PNG8:" + path], check=True)
        print(f"{path}: {os.path.getsize(path)} bytes")

    def take_list(self, window, name):
        """The header of the packet list and its rows, with no row selected."""
        rows = len(window.rows())
        self.desktop.place(window.main, 0, 0, *SIZE)
        window.go_to(1)
        # Only ctrl and a click on the selected row remove the selection.
        self.desktop.run("xdotool", "keydown", "ctrl")
        self.desktop.click(window.main, 300, ABOVE_LIST + HEADER + ROW // 2)
        self.desktop.run("xdotool", "keyup", "ctrl")
        self.take(window.main, name, f"{SIZE[0]}x{HEADER + rows * ROW}+0+{ABOVE_LIST}")

    def lists(self):
        """One picture: the list without the plugin above the list with it, each below a line that says so."""
        with Home(self.root, with_plugin=False) as home, self.window(home, *NAMES_ON) as window:
            self.take_list(window, "before")
        with Home(self.root) as home, self.window(home, *NAMES_ON) as window:
            self.take_list(window, "after")
        titles = {"before": "Wireshark, with names of ports on", "after": "The same with Ephemeral Ports"}
        self.stack("before-after", titles)

    def stack(self, name, titles):
        """Joins pictures as wide as the window, each below its title, and removes them."""
        parts = []
        for picture, title in titles.items():
            parts += ["(", "-size", f"{SIZE[0]}x22", "xc:#333333", *TITLE, "-annotate", "+8+0", title, ")"]
            parts.append(self.path(picture))
        self.convert(*parts, "-append", name=name)
        for picture in titles:
            os.remove(self.path(picture))

    def profile(self):
        with Home(self.root) as home, self.window(home, "-C", PROFILE) as window:
            self.take_list(window, "profile")

    def conversations(self):
        """The tab of ours: who talks to which service."""
        with Home(self.root) as home:
            several = home.write("several.pcap", several_capture())
            with Wireshark(self.desktop, home, "several.pcap", "-C", PROFILE, "-r", several) as window:
                with Table(window, "Conversations") as table:
                    self.desktop.place(table.dialog, 0, MAIN_SIZE[1], *CONVERSATIONS)  # beside it is too little room
                    self.take(table.dialog, "conversations", TABLE)

    def menu(self):
        """Tools, Ephemeral Ports, open below the menu bar."""
        with Home(self.root) as home, self.window(home, "-C", PROFILE) as window:
            window.menu("alt+t")
            before = self.desktop.all_windows()
            self.desktop.keys("Up", "Right")
            ours = wait_for("our menu", lambda: self.desktop.all_windows() - before).pop()
            left, top, width, height = self.desktop.geometry(ours)
            self.take("root", "tools", f"{left + width}x{top + height}+0+0")

    def tree(self):
        """The last packet: its TCP header with the port's line and the note, and our own lines."""
        with Home(self.root, recent=TREE_BELOW_A_SHORT_LIST) as home, self.window(home, *NAMES_ON) as window:
            numbers = home.ask("tshark", "-r", home.add(self.capture), "-T", "fields", "-e", "frame.number")
            self.desktop.place(window.main, 0, 0, *SIZE)
            window.go_to(numbers.split()[-1])
            self.desktop.click(window.main, *IN_TREE)
            self.desktop.keys("End", "Right", "Home", "Down", "Down", "Down", "Right", "Down", "Right")
            self.take(window.main, "tree", TREE)


def main(folder, root="/"):
    os.makedirs(folder, exist_ok=True)
    with Desktop() as desktop:
        studio = Studio(desktop, folder, root)
        studio.lists()
        studio.profile()
        studio.conversations()
        studio.menu()
        studio.tree()


if __name__ == "__main__":
    main(*sys.argv[1:])
