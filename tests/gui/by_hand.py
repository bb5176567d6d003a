# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tools, Ephemeral Ports: sets the client by hand, and remembers a server, in the capture of several.py."""

import os

from desktop import wait_for
from entries import AS_FOUND, DESTINATION, EXPLAIN, REMEMBER, SHOW_SET, SOURCE, choose, text_of_entry
from tables import Table
from wireshark import PROFILE

SERVICE = "198.51.100.10:80 (http)"
SET = "set by hand"
# The first two connections to it: the frame of the SYN, how many there are, and the labels as found and turned round.
FIRST = (5, 8, f"192.168.1.23:1140 → {SERVICE}", "198.51.100.10:80 → 192.168.1.23:1140 (http)")
SECOND = (13, 8, f"192.168.1.23:1141 → {SERVICE}", "198.51.100.10:80 → 192.168.1.23:1141 (http)")
# A datagram of the resolver, and a packet without ports.
ANSWER, ARP = 2, 38
# A packet whose conversation has no known roles, and its label if its sender is the client.
UNDECIDED, DECIDED = 37, "192.168.1.25:1001 → 198.51.100.20:5002 (rfe)"
TABLE = f".config/wireshark/profiles/{PROFILE}/ephemeral_services"
ROW = '"198.51.100.53","UDP","53",""'
TITLE = "Ephemeral Ports"


class ByHandChecks:
    """The checks run in this order: each starts in the state that the one before left. The last one closes the file."""

    def __init__(self, window, home, pictures):
        self.window = window
        self.home = home
        self.pictures = pictures

    def all(self):
        checks = [
            ("a conversation is turned round at once, and no other", self.turned),
            ("what is set shows in the filter, the tables and the explanation", self.filter_and_tables),
            ("it stays when the file is dissected again", self.stays),
            ("where no roles are known", self.unknown),
            ("as found", self.as_found),
            ("a server is remembered in the table of services", self.remembered),
            ("without ports, or a packet, nothing is set", self.nothing_to_set),
            ("it is gone when the file is opened again", self.gone),
            ("without a file nothing is set", self.no_file),
        ]
        return [(f"Tools, by hand: {name}", check) for name, check in checks]

    def path(self, name):
        return os.path.join(self.pictures, f"by-hand-{name}.png")

    def labels(self):
        return {int(row["No."]): row["Conversation"] for row in self.window.rows()}

    def choose(self, entry, frame):
        self.window.focus_list()
        self.window.go_to(frame)
        choose(self.window, entry)

    def text(self, entry, frame, name):
        """The text of the window that an entry opens for a packet."""
        self.window.focus_list()
        self.window.go_to(frame)
        return text_of_entry(self.window, entry, TITLE, self.path(name))

    def wait_for_label(self, frame, expected):
        wait_for(f"frame {frame} to be {expected}", lambda: self.labels().get(frame) == expected)

    def is_as_found_but(self, before, *turned):
        expected = dict(before)
        for first, count, _, label in turned:
            expected.update({frame: label for frame in range(first, first + count)})
        now = self.labels()
        assert now == expected, now

    def turned(self):
        self.before = self.labels()
        for first, count, found, _ in (FIRST, SECOND):
            assert [self.before[frame] for frame in range(first, first + count)] == [found] * count, self.before
        first, _, _, label = FIRST
        self.choose(DESTINATION, first)
        self.wait_for_label(first, label)
        self.is_as_found_but(self.before, FIRST)
        details = self.window.details_of(first + 3)
        self.window.picture(self.path("turned"))
        assert f"{TITLE}, {label}" in details, details

    def filter_and_tables(self):
        first, count, _, label = FIRST
        choose(self.window, SHOW_SET)
        wait_for("the filter", lambda: list(self.labels()) == list(range(first, first + count)))
        text = self.text(EXPLAIN, first, "explain")
        self.window.filter("")
        assert f"Packet {first}: {label}\n" in text and f"client: {SET}.\nConfidence: declared.\n" in text, text
        assert '"As found" takes back what was set by hand.' in text, text
        with Table(self.window, "Conversations") as table:
            rows = table.rows()
        assert ("198.51.100.10", "192.168.1.23:1140 (http)", 8, 3) in rows, rows
        assert ("192.168.1.23", SERVICE, 8, 5) in rows, rows

    def stays(self):
        """Setting the client of another conversation dissects the file again. The packet is selected only once."""
        first, _, found, label = SECOND
        self.choose(DESTINATION, first)
        self.wait_for_label(first, label)
        self.is_as_found_but(self.before, FIRST, SECOND)
        self.choose(SOURCE, first)
        self.wait_for_label(first, found)
        self.is_as_found_but(self.before, FIRST)
        text = self.text(SOURCE, first, "set-before")
        assert text == f"Packet {first}: the client of its conversation is set like this already, so nothing changes.\n", text

    def unknown(self):
        self.choose(SOURCE, UNDECIDED)
        self.wait_for_label(UNDECIDED, DECIDED)
        self.is_as_found_but(self.before, FIRST, (UNDECIDED, 1, "", DECIDED))

    def as_found(self):
        for frame in (FIRST[0] + 1, SECOND[0] + 1, UNDECIDED):
            self.choose(AS_FOUND, frame)
            self.wait_for_label(frame, self.before[frame])
        self.is_as_found_but(self.before)
        text = self.text(AS_FOUND, UNDECIDED, "found-before")
        assert text == f"Packet {UNDECIDED}: nothing is set by hand for its conversation, so nothing changes.\n", text
        self.window.filter(f'ephemeral.evidence == "{SET}"')
        has_packets = self.window.has_packets()
        self.window.filter("")
        assert not has_packets

    def remembered(self):
        text = self.text(REMEMBER, ANSWER, "remember")
        assert text.startswith("The table of services has a new row: 198.51.100.53, UDP, port 53.\n"), text
        wait_for("the row to be in the file", lambda: ROW in self.home.read(TABLE).splitlines())
        self.window.filter('ephemeral.evidence == "declared in Preferences"')
        declared = list(self.labels())
        self.window.filter("")
        assert declared == [1, 2], declared
        text = self.text(REMEMBER, ANSWER, "remember")
        assert "names this server already" in text, text
        assert self.home.read(TABLE).count(ROW) == 1

    def nothing_to_set(self):
        text = self.text(SOURCE, ARP, "arp")
        assert text == f"Packet {ARP}: it has no ports.\n", text
        self.window.filter("frame.number == 0")
        text = text_of_entry(self.window, SOURCE, TITLE, self.path("nothing"))
        self.window.filter("")
        assert text == "Select a packet first.\n", text

    def gone(self):
        first, _, found, label = FIRST
        self.choose(DESTINATION, first)
        self.wait_for_label(first, label)
        self.window.press("ctrl+r")()
        self.wait_for_label(first, found)
        self.is_as_found_but(self.before)

    def no_file(self):
        self.window.press("ctrl+w")()
        self.window.screenshot(self.window.main)
        for entry in (SOURCE, REMEMBER):
            text = text_of_entry(self.window, entry, TITLE, self.path("closed"))
            assert text == "Select a packet first.\n", text
