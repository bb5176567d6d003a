# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The entries of Tools, Ephemeral Ports, by how far they are from the end of that menu."""

import time

from wireshark import MAIN_SIZE

ABOUT, EXPLAIN, REMEMBER, AS_FOUND, BY_SERVER, DESTINATION, SOURCE, SHOW_SET = range(1, 9)
TEXT_SIZE = (1000, 700)
COPY = (-138, -23)  # the button


def choose(window, entry):
    """Chooses an entry of our menu, which is the last one of Tools."""
    window.menu("alt+t")
    # A menu ignores keys until it is open, and nothing signals that it is open.
    for key in ("Up", "Right", *["Up"] * entry, "Return"):
        time.sleep(0.3)
        window.desktop.keys(key)


def text_of_entry(window, entry, title, picture):
    """The text of the window that an entry opens, as its Copy button copies it."""
    desktop = window.desktop
    choose(window, entry)
    dialog = desktop.window(title)
    desktop.place(dialog, MAIN_SIZE[0] + 20, 0, *TEXT_SIZE)
    desktop.focus(dialog)
    desktop.picture(dialog, picture)
    text = desktop.copied(lambda: desktop.click(dialog, *COPY))
    window.close(dialog)
    return text
