# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Preferences, Protocols, Ephemeral Ports, Services, Edit…: a row of the table is refused, takes effect, and is taken back."""

import os
import subprocess

from desktop import wait_for
from wireshark import MAIN_SIZE, PROFILE

TITLE = "Ephemeral Ports: Services"
SIZE = (1000, 700)  # of Preferences
TABLE_SIZE = (1000, 500)
BEFORE_EDIT = {(3, 4): (500, 438), (4, 4): (500, 390)}  # the line to type in before the button, since which release
ADD, REMOVE = (23, -54), (53, -54)
FIRST_CELL = (80, 40)
# The place where the dialog says why a row is refused, in red.
REASON = "600x40+0+400"
SERVER, PORT, NAME = "198.51.100.10", "80", "shop"
REFUSED = "198.51.100.300"
FILE = f".config/wireshark/profiles/{PROFILE}/ephemeral_services"
ROW = f'"{SERVER}","any","{PORT}","{NAME}"'


class Services:
    """The table, used in a `with` statement. Preferences are cancelled afterwards, which does not affect the table."""

    def __init__(self, window):
        self.window = window
        self.desktop = window.desktop

    def __enter__(self):
        release = tuple(map(int, self.window.home.release.split(".")[:2]))
        before_edit = BEFORE_EDIT[max(since for since in BEFORE_EDIT if since <= release)]
        self.preferences = self.window.preferences()
        self.desktop.place(self.preferences, MAIN_SIZE[0] + 20, 0, *SIZE)
        self.window.screenshot(self.preferences)
        self.desktop.click(self.preferences, *before_edit)
        self.desktop.keys("Tab", "space")
        self.dialog = self.desktop.window(TITLE)
        self.desktop.place(self.dialog, MAIN_SIZE[0] + 20, SIZE[1] + 20, *TABLE_SIZE)
        self.desktop.focus(self.dialog)
        return self

    def __exit__(self, *_):
        for dialog in (self.dialog, self.preferences):
            if dialog in self.desktop.all_windows():
                self.window.close(dialog)

    def picture(self, path):
        return self.desktop.picture(self.dialog, path)

    def add(self, *cells):
        """A row; a cell that is None stays as it is."""
        self.desktop.click(self.dialog, *ADD)
        for at, cell in enumerate(cells):
            if at > 0:
                self.desktop.keys("Tab")
            if cell is not None:
                self.desktop.type(cell)
        self.desktop.keys("Return")

    def change_first_cell(self, text):
        self.desktop.click(self.dialog, *FIRST_CELL, times=2)
        self.desktop.keys("ctrl+a")
        self.desktop.type(text)
        self.desktop.keys("Return")

    def remove_first(self):
        self.desktop.click(self.dialog, *FIRST_CELL)
        self.desktop.click(self.dialog, *REMOVE)

    def says_why_not(self, path):
        """Whether there is a red text below the table."""
        cut = path.replace(".png", "-reason.png")
        subprocess.run(["convert", self.picture(path), "-crop", REASON, "+repage", cut], check=True)
        reds = ["-fx", "r > 0.8 && g < 0.3 && b < 0.3", "-format", "%[fx:maxima]", "info:"]
        return self.desktop.run("convert", cut, *reds) == "1"

    def press_ok(self):
        self.desktop.keys("Return")


def table_of_services(window, home, pictures):
    path = os.path.join(pictures, "services-table.png")
    before = window.rows()
    with Services(window) as services:
        services.add(REFUSED, None, PORT, NAME)
        wait_for("the reason why the row is refused", lambda: services.says_why_not(path))
        services.press_ok()
        window.screenshot(services.dialog)
        assert services.dialog in window.desktop.all_windows(), "a row that cannot be read is taken"
        services.change_first_cell(SERVER)
        right = path.replace(".png", "-right.png")
        wait_for("the row to be right", lambda: not services.says_why_not(right))
        services.press_ok()
        window.desktop.gone(services.dialog)
    for row in wait_for("another list of packets", lambda: [rows for rows in [window.rows()] if rows != before])[0]:
        assert row["Conversation"].endswith(f" → {SERVER}:{PORT} ({NAME})"), row
        assert "http(80)" not in row["Info"], row
    assert ROW in home.read(FILE).splitlines(), home.read(FILE)
    with Services(window) as services:
        services.remove_first()
        services.press_ok()
        window.desktop.gone(services.dialog)
    wait_for("the list to be as before", lambda: window.rows() == before)
    assert ROW not in home.read(FILE), home.read(FILE)
