# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Tools, Ephemeral Ports: decodes a conversation by its server's port, in a separate capture."""

import os
import struct

from desktop import wait_for
from entries import AS_FOUND, BY_SERVER, EXPLAIN, SHOW_SET, choose, text_of_entry
from several import ACK, ARP, PUSH, REQUEST, RESPONSE, Connection, capture_of, datagram, end, undecided
from wireshark import PROFILE

NAME = "by-server.pcap"
TITLE = "Ephemeral Ports"
ENTRY = "Decode this conversation by its server's port"
# The frames of each conversation. 44818 stands for EtherNet/IP, 1863 for MSNMS; the servers' ports stand for nothing.
TUNNEL, OTHER, WEB = [1, 2, 3, 4], [5, 6], [7, 8]
CHANGED, UNDECIDED, PLAIN, NO_PORTS = 9, 10, 11, 12
CHANGED_PORT = 50002
ENIP, WIREGUARD, MSNMS, HTTP = "ENIP", "WireGuard", "MSNMS", "HTTP"
DECODE_AS = f"decode_as_entry: udp.port,{CHANGED_PORT},(none),Syslog\n"


def wireguard(count):
    """Transport data (section 5.4.6 of its paper)."""
    return struct.pack("<IIQ", 4, 7, count) + bytes([0x99 ^ count]) * 80


def tunnel(client, packets):
    ends = end(client, 44818), end("198.51.100.10", 51820)
    return [datagram(ends[at % 2], ends[(at + 1) % 2], wireguard(at)) for at in range(packets)]


def by_server_capture():
    """The capture file's bytes."""
    web = Connection(end("192.168.1.23", 1863), end("198.51.100.10", 20011))
    web.say(True, PUSH | ACK, REQUEST)
    web.say(False, PUSH | ACK, RESPONSE)
    changed = datagram(end("192.168.1.23", 44818), end("198.51.100.10", CHANGED_PORT), b"<13>a line")
    plain = Connection(end("192.168.1.23", 1140), end("198.51.100.10", 80))
    plain.say(True, PUSH | ACK, REQUEST)
    tunnels = tunnel("192.168.1.23", 4) + tunnel("192.168.1.24", 2)
    return capture_of(tunnels + web.packets + [changed] + undecided() + plain.packets + [ARP])


def prepare(home):
    """Writes the user's Decode As into the profile."""
    home.write(f".config/wireshark/profiles/{PROFILE}/decode_as_entries", DECODE_AS.encode())


class ByServerChecks:
    """The checks run in this order: each starts in the state that the one before left."""

    def __init__(self, window, pictures):
        self.window = window
        self.pictures = pictures

    def all(self):
        checks = [
            ("it is decoded at once, from its first packet on, and no other", self.decoded),
            ("over TCP as well, and what was set before stays", self.over_tcp),
            ("as found", self.as_found),
            ("where it cannot be done, a text says why", self.refused),
        ]
        return [(f"Tools, decode by the server's port: {name}", check) for name, check in checks]

    def path(self, name):
        return os.path.join(self.pictures, f"by-server-{name}.png")

    def rows(self):
        return {int(row["No."]): row for row in self.window.rows()}

    def choose(self, entry, frame):
        self.window.focus_list()
        self.window.go_to(frame)
        choose(self.window, entry)

    def text(self, frame, name, entry=BY_SERVER):
        self.window.focus_list()
        self.window.go_to(frame)
        return text_of_entry(self.window, entry, TITLE, self.path(name))

    def wait_for_protocol(self, frames, protocol):
        is_shown = lambda: all(self.rows()[frame]["Protocol"] == protocol for frame in frames)
        wait_for(f"frames {frames} to be {protocol}", is_shown)

    def is_as_before_but(self, *decoded):
        now = self.rows()
        assert now.keys() == self.before.keys(), now
        for frame, row in now.items():
            assert frame in decoded or row == self.before[frame], (row, self.before[frame])

    def decoded(self):
        self.before = self.rows()
        protocols = {frame: self.before[frame]["Protocol"] for frame in TUNNEL + OTHER + WEB}
        assert protocols == dict.fromkeys(TUNNEL + OTHER, ENIP) | dict.fromkeys(WEB, MSNMS), protocols
        text = self.text(TUNNEL[1], "explained", EXPLAIN)
        assert "\nDissected as enip because of the client's" in text, text
        assert f'  "{ENTRY}" has it dissected' in text, text
        self.choose(BY_SERVER, TUNNEL[1])
        self.wait_for_protocol(TUNNEL, WIREGUARD)
        self.is_as_before_but(*TUNNEL)
        choose(self.window, SHOW_SET)
        wait_for("what was set to be shown", lambda: list(self.rows()) == TUNNEL)
        self.window.filter("")
        text = self.text(TUNNEL[1], "explained-decoded", EXPLAIN)
        assert "Dissected as" not in text and ENTRY not in text and '"As found" takes back that it is decoded' in text, text
        self.window.picture(self.path("decoded"))

    def over_tcp(self):
        self.choose(BY_SERVER, WEB[1])
        self.wait_for_protocol(WEB, HTTP)
        self.wait_for_protocol(TUNNEL, WIREGUARD)
        self.is_as_before_but(*TUNNEL, *WEB)

    def as_found(self):
        self.choose(AS_FOUND, TUNNEL[3])
        self.wait_for_protocol(TUNNEL, ENIP)
        self.wait_for_protocol(WEB, HTTP)
        self.is_as_before_but(*WEB)

    def refused(self):
        refusal = "its conversation cannot be decoded by its server's port.\nReason: "
        for frame, why in (
            (CHANGED, f"{refusal}the dissector of one of its ports was changed, by Decode As or in the preferences"),
            (PLAIN, f"{refusal}the dissector at work was not chosen by the client's port alone"),
            (UNDECIDED, "it is not known which end is the client."),
            (NO_PORTS, "it has no ports."),
            (WEB[0], "its conversation is set to be decoded by its server's port already."),
        ):
            text = self.text(frame, f"refused-{frame}")
            assert text.startswith(f"Packet {frame}: {why}"), text
        self.is_as_before_but(*WEB)
