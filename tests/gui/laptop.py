# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Checks on a laptop's screen, with a long capture, that each column of the profile has room for its text."""

import os
import re
import struct
import subprocess
from functools import partial

from desktop import different_pixels
from several import ARP, ETHERNET, QUERY, Connection, datagram, end, icmp
from wireshark import PROFILE, REPOSITORY

SIZE = (1366, 768)
PACKETS = 100_050  # so that a whole screen of rows has six digits
NAME = "long.pcap"
# The first rows: a short conversation, a long one, IPv6.
ORDINARY = (end("192.168.1.23", 1140), end("198.51.100.10", 80))
LONG = (end("192.168.100.123", 61140), end("198.51.100.210", 443))
IPV6 = (end("2001:db8::23", 61141), end("2001:db8::10", 443))
ROUTER = end("192.168.1.1", 0)[0]
# The y coordinates, in all releases: of the list's header, and of the rows with the ordinary conversation, with both IPv4
# conversations, and with all.
HEADER_Y = 97
ROWS_FROM = 118
ROWS_TO = {"ordinary": 214, "IPv4": 270, "all": 270}
SMALL_FONT_SINCE = "4.4"
WIDER = 60  # pixels, by which a column is made wider
MARGIN = 8  # of a cell
CONVERSATION = '"%Cus:ephemeral.conversation"'
# Column, the rows that it has room for, the packet at the end of the list to look at, whether its text is right-aligned.
COLUMNS = [
    ("%m", "all", PACKETS, True),
    ("%t", "all", PACKETS, False),
    ('"%Cus:ephemeral.from"', "all", 1, False),
    (CONVERSATION, "ordinary", 1, False),
    ('"%Cus:ephemeral.misnamed.name"', "ordinary", 1, False),
    ("%p", "IPv4", 1, False),
]
COLOURS_WITHOUT_TEXT = 4  # of rows
BESIDE_LIST = 52  # pixels, of the map and the scroll bar
LEAST_INFO = (SIZE[0] - BESIDE_LIST) * 41 // 100  # docs/limits.md says what the others need
# What From and Conversation show of packets without ports; the error quotes a packet of that conversation.
WITHOUT_PORTS = [
    ("", "02:00:00:00:00:01 → Broadcast"),
    ("", "192.168.1.23 → 198.51.100.10"),
    ("", "192.168.1.23:1140 → 198.51.100.10:80 (http)"),
]


def long_capture():
    """The capture file's bytes: half a day, with nanoseconds."""
    first = [frame for ends in (ORDINARY, LONG, IPV6) for frame in Connection(*ends).whole()]
    first += without_ports()
    frames = first + [datagram(LONG[0], end("203.0.113.53", 53), QUERY)] * (PACKETS - len(first))
    file = [struct.pack("<IHHiIII", 0xA1B23C4D, 2, 4, 0, 0, 0x40000, 1)]
    for at, frame in enumerate(frames):
        seconds = 1_600_000_000 + at // 2
        nanoseconds = at % 2 * 500_000_000 + at
        file.append(struct.pack("<IIII", seconds, nanoseconds, len(frame), len(frame)) + frame)
    return b"".join(file)


def without_ports():
    """A request of ARP, an echo request, and an error that quotes the client's first packet."""
    (client, _), (server, _) = ORDINARY
    quoted = Connection(*ORDINARY).whole()[0][len(ETHERNET) + 2 :]
    return [ARP, icmp(client, server, 8, 0, b"hello"), icmp(ROUTER, client, 11, 0, quoted)]


def widths():
    """Of the profile's columns that are shown, in their order."""
    folder = os.path.join(REPOSITORY, "plugin/profile", PROFILE)
    with open(os.path.join(folder, "preferences"), encoding="utf-8") as file:
        hidden = re.search(r"^gui\.column\.hidden: (.*)$", file.read(), re.M)[1]
    with open(os.path.join(folder, "recent"), encoding="utf-8") as file:
        of_all = re.findall(r'^\t("[^"]*"|\S+), (\d+),?$', file.read(), re.M)
    return {name: int(width) for name, width in of_all if name.strip('"') not in hidden}


class LaptopChecks:
    def __init__(self, window, pictures):
        self.window = window
        self.desktop = window.desktop
        self.pictures = pictures
        self.widths = widths()
        self.desktop.place(window.main, 0, 0, *SIZE)

    def all(self):
        yield "on a laptop, Info has room", self.info
        # Columns are widened from right to left, so that those further left do not move.
        for column in reversed(COLUMNS):
            yield f"on a laptop, with {PACKETS} packets, the column {column[0]} has room", partial(self.fits, *column)
        yield "a packet without ports has its addresses in Conversation", self.addresses

    def info(self):
        others = sum(width for name, width in self.widths.items() if name != "%i")
        room = SIZE[0] - BESIDE_LIST - others
        assert LEAST_INFO <= room, self.widths
        assert self.widths["%i"] <= room, f"the list gets a horizontal scroll bar: {self.widths}"

    def addresses(self):
        self.window.filter("arp or icmp")
        shown = [(row["From"], row["Conversation"]) for row in self.window.rows()]
        assert shown == WITHOUT_PORTS, shown

    def fits(self, column, rows, packet, at_right):
        """A text that fits is the same in a wider column."""
        names = list(self.widths)
        width = self.widths[column]
        left = sum(self.widths[name] for name in names[: names.index(column)])
        self.window.go_to(packet)
        before = self.picture("laptop" if packet == 1 else "laptop-end")
        self.widen(left + width)
        wide = self.picture("laptop-wide")
        has_room_for_long = column == CONVERSATION and self.window.home.release >= SMALL_FONT_SINCE
        height = ROWS_TO["IPv4" if has_room_for_long else rows] - ROWS_FROM
        # The mark of related packets is left of the number.
        skipped = width // 3 if at_right else MARGIN // 2
        shown = f"{width - skipped - MARGIN // 2}x{height}"
        one = self.cut(before, f"{shown}+{left + skipped}+{ROWS_FROM}", "laptop-one")
        colours = int(self.desktop.run("identify", "-format", "%k", one))
        assert colours > COLOURS_WITHOUT_TEXT, f"{colours} colours are no text"
        other = self.cut(wide, f"{shown}+{left + skipped + WIDER * at_right}+{ROWS_FROM}", "laptop-other")
        changed = different_pixels(one, other)
        assert changed == 0, f"cut at {width} pixels: {changed} of its pixels change where there is more room"

    def widen(self, border):
        """Drags the right end of a column."""
        move = ["xdotool", "mousemove", "--window", self.window.main]
        self.desktop.run(*move, str(border - 1), str(HEADER_Y))
        self.desktop.run("xdotool", "mousedown", "1")
        for part in (1, 2, 3):
            self.desktop.run(*move, str(border - 1 + WIDER * part // 3), str(HEADER_Y))
        self.desktop.run("xdotool", "mouseup", "1")

    def picture(self, name):
        return self.window.picture(os.path.join(self.pictures, name + ".png"))

    def cut(self, picture, shape, name):
        path = os.path.join(self.pictures, name + ".png")
        subprocess.run(["convert", picture, "-crop", shape, "+repage", path], check=True)
        return path
