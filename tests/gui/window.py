# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Checks the window: what the profile shows, that a changed preference shows at once, where the
expert notes lead, and the menu. Screenshots go to the folder in the first argument.

    window.py PICTURES [ROOT]    ROOT: a folder with another system, to check its Wireshark
"""

import os
import re
import sys
from functools import partial

import by_server
import laptop
from by_hand import ByHandChecks
from desktop import Desktop, Impossible, different_pixels, wait_for
from entries import ABOUT, EXPLAIN, text_of_entry
from removed import quiet_after_uninstalling
from report import NotRun, Report
from services import table_of_services
from several import CONVERSATIONS, ENDPOINTS, several_capture
from submenu import misnamed_come_first, others_open, services_are_listed
from tables import Table
from wireshark import MAIN_SIZE, PROFILE, Home, Wireshark, plugin_file, seed_capture

CLIENT = "192.168.1.23"
CLIENT_PORT = "1140"
WRONG_NAME = "autonoc"
NOTE = f'Port {CLIENT_PORT} is the client\'s ephemeral port; "{WRONG_NAME}" is only the name'
LABEL = "192.168.1.23:1140 → 198.51.100.10:80 (http)"
HIDDEN = {"Source", "Destination", "Length", "Source port", "Destination port"}
NAMES_ON = ["-o", "nameres.transport_name:TRUE"]
CORRECT_INFO = (240, 111)  # the third line of our preferences page, in all releases
PREFERENCES = f".config/wireshark/profiles/{PROFILE}/preferences"
FILTER_BUTTON = (-65, 77)
FIRST_PROTOCOL = (42, 69)  # the box of the first row of Enabled Protocols, in all releases
DISABLED = f".config/wireshark/profiles/{PROFILE}/disabled_protos"
# One direction of one client: the filter selects some packets of some rows.
LIMITING = "ip.src == 192.168.1.23"
LIMITED = {
    "Conversations": [
        ("192.168.1.23", "198.51.100.10:80 (http)", 10, 10),
        ("192.168.1.23", "198.51.100.53:53 (domain)", 1, 1),
    ],
    "Endpoints": [
        ("192.168.1.23", 11, 11),
        ("198.51.100.10:80 (http)", 10, 0),
        ("198.51.100.53:53 (domain)", 1, 0),
    ],
}
HIERARCHY_SIZE = (1000, 500)
HIERARCHY_WITHOUT = "hierarchy-without.png"
LEAST_CHANGE = 200  # pixels; one name in the packet list has more
EXPERT_SUMMARIES = 12  # more than the seed has


class Checks:
    def __init__(self, desktop, home, window, capture, pictures, tools_height=None):
        self.desktop = desktop
        self.home = home
        self.window = window
        self.capture = capture
        self.pictures = pictures
        self.tools_height = tools_height  # without the plugin

    def all(self):
        return [
            ("the profile's columns and the corrected Info column", self.list_of_packets),
            ("a changed preference shows at once", self.preference_shows_at_once),
            ("Analyze, Enabled Protocols has one row of ours, which switches all off and on", self.enabled_protocols),
            ("filters leave the packets that tshark finds", self.filter_counts),
            ("the filter button", self.filter_button),
            ("the tree", self.tree),
            ("Analyze, Expert Information leads to the port's line", self.expert_dialog),
            ("the status bar's light opens Expert Information", self.expert_light),
            ("Statistics, Protocol Hierarchy is as without the plugin", self.hierarchy),
            ("the menu Tools", self.tools_menu),
            ("Tools, About and diagnostics", self.about),
            ("Preferences, Services, Edit…", lambda: table_of_services(self.window, self.home, self.pictures)),
        ]

    def path(self, name):
        return os.path.join(self.pictures, name + ".png")

    def list_of_packets(self):
        rows = self.window.rows()
        assert rows, "no rows"
        for row in rows:
            assert row["Conversation"] == LABEL, row
            assert row["Wrong name"] == WRONG_NAME, row
            assert not HIDDEN & row.keys(), f"they are hidden: {row}"
            assert WRONG_NAME not in row["Info"], row
        assert any(f"{CLIENT_PORT} → http(80) [RST]" in row["Info"] for row in rows), rows[-1]
        sources = self.home.ask("tshark", "-r", self.capture, "-T", "fields", "-e", "ip.src").split()
        senders = ["client" if source == CLIENT else "server" for source in sources]
        assert [row["From"] for row in rows] == senders, rows

    def filter_counts(self):
        for text in ("ephemeral.misnamed", "ephemeral.from_client == 1", "ephemeral.port_misnamed && tcp.flags.reset == 1"):
            self.window.filter(text)
            shown = [row["No."] for row in self.window.rows()]
            expected = self.home.ask(
                "tshark", "-2", "-r", self.capture, "-Y", text, "-T", "fields", "-e", "frame.number"
            ).split()
            assert expected and shown == expected, f"{text}: the window shows {shown}, tshark {expected}"
        self.window.filter("")

    def filter_button(self):
        everything = len(self.window.rows())
        self.window.filter("frame.number == 1")
        assert len(self.window.rows()) == 1
        self.desktop.click(self.window.main, *FILTER_BUTTON)
        shown = len(self.window.rows())
        assert shown == everything, f"{shown} of {everything} packets"
        self.window.filter("")

    def switch_correct_info(self, on, tries=3):
        """Switches the preference in the dialog and waits until it is saved. A busy host can take what is typed for the
        name of another page, so the dialog is opened again if nothing is saved."""
        saved = re.compile(rf"^#?ephemeral\.correct_info: {str(on).upper()}$", re.MULTILINE)
        is_saved = lambda: saved.search(self.home.read(PREFERENCES))
        while not is_saved():
            assert tries > 0, "the preference was not saved"
            tries -= 1
            dialog = self.window.preferences()
            self.desktop.picture(dialog, self.path("preferences"))
            self.desktop.click(dialog, *CORRECT_INFO)
            self.desktop.keys("Return")
            self.desktop.gone(dialog)
            try:
                wait_for("the preference to be saved", is_saved, 5)
            except Impossible:
                continue

    def enabled_protocols(self):
        """The host lists disabled protocols in a file. If a second row went off with ours, the file would list it as well."""
        for is_off, wrong_name, disabled in ((True, WRONG_NAME, ["ephemeral"]), (False, CLIENT_PORT, [])):
            dialog = self.window.dialog(self.window.press("ctrl+shift+e"), "Enabled Protocols")
            self.desktop.type("ephemeral ports")
            self.desktop.picture(dialog, self.path("enabled-protocols"))
            self.desktop.click(dialog, *FIRST_PROTOCOL)
            self.desktop.keys("Return")
            self.desktop.gone(dialog)
            self.window.screenshot(self.window.main)
            row = self.window.rows()[0]
            assert row["Info"].startswith(wrong_name) and (row["Conversation"] == "") == is_off, row
            ours = lambda: [line for line in self.home.read(DISABLED).splitlines() if "ephemeral" in line]
            wait_for(f"{disabled} alone to be listed, not {ours()}", lambda: ours() == disabled)

    def look(self, name):
        """The first packet's Info and a picture, always taken in the same way."""
        info = self.window.rows()[0]["Info"]
        self.window.go_to(1)
        return info, self.window.picture(self.path(name))

    def preference_shows_at_once(self):
        info, before = self.look("list")
        assert WRONG_NAME not in info, info
        _, again = self.look("list-again")
        assert different_pixels(before, again) == 0, "the window changes by itself: no comparison is worth anything"

        self.switch_correct_info(on=False)
        info, uncorrected = self.look("list-uncorrected")
        assert f"{WRONG_NAME}({CLIENT_PORT})" in info, info
        changed = different_pixels(before, uncorrected)
        assert changed >= LEAST_CHANGE, f"only {changed} pixels differ"

        self.switch_correct_info(on=True)
        info, corrected = self.look("list-corrected-again")
        assert WRONG_NAME not in info, info
        changed = different_pixels(before, corrected)
        assert changed == 0, f"{changed} pixels differ from before the preference was changed and changed back"

    def tree(self):
        self.window.focus_list()
        self.window.go_to(1)
        collapsed = self.window.details()
        assert f"Src Port: {CLIENT_PORT}, Dst Port: http (80)" in collapsed, collapsed
        assert f"Ephemeral Ports, {LABEL}" in collapsed, collapsed
        self.desktop.keys("ctrl+Right")
        opened = self.window.details()
        assert re.search(rf"^ +Source Port: {CLIENT_PORT}$", opened, re.M), opened
        assert NOTE in opened, opened
        self.window.picture(self.path("tree"))
        self.desktop.keys("ctrl+Left")

    def expert_dialog(self):
        self.expert_note_leads_to_port(self.window.press("alt+a", "Up", "Return"))

    def expert_light(self):
        dialog = self.window.dialog(self.window.click_expert_light, "Expert Information")
        self.window.close(dialog)

    def expert_note_leads_to_port(self, open_it):
        """Walks through the summaries; the first packet below ours opens the port's line."""
        self.window.go_to(2)
        dialog = self.window.dialog(open_it, "Expert Information")
        self.desktop.click(dialog, 150, 40)
        self.desktop.keys("Home")
        led_to = set()
        for _ in range(EXPERT_SUMMARIES):
            self.desktop.keys("Right", "Down")
            self.desktop.picture(dialog, self.path("expert"))
            selected = self.window.selected_line()
            if NOTE in selected:
                break
            led_to.add(selected)
            self.desktop.focus(dialog)
            self.desktop.keys("Left", "Left", "Down")
        if led_to == {""}:
            self.window.close(dialog)
            raise NotRun("this Wireshark's dialog opens no line of the tree for any protocol")
        assert NOTE in selected, f"no row of the dialog led to the note, only to {led_to}"
        lines = [line.strip() for line in self.window.details().splitlines()]
        self.window.picture(self.path("expert-packet"))
        self.window.close(dialog)
        assert lines[0].startswith("Frame 1:"), lines[0]
        note = next(at for at, line in enumerate(lines) if NOTE in line)
        assert lines[note - 1] == f"Source Port: {CLIENT_PORT}", lines[note - 1]

    def hierarchy(self):
        without, here = os.path.join(self.pictures, HIERARCHY_WITHOUT), self.path("hierarchy")
        picture_of_hierarchy(self.window, here)
        changed = different_pixels(without, here)
        assert changed == 0, f"{changed} pixels differ from the picture without the plugin"

    def tools_menu(self):
        if self.tools_height is None:
            raise NotRun("the menu without the plugin was not seen")
        menu = self.window.menu("alt+t")
        _, _, _, height = self.desktop.geometry(menu)
        if height == self.tools_height:
            self.desktop.keys("Escape")
            raise NotRun("the menu has no entry of ours (not in this build)")
        assert height > self.tools_height, f"{height} pixels, {self.tools_height} without the plugin"
        menus = self.desktop.all_windows()
        self.desktop.keys("Up", "Right")
        wait_for("our menu", lambda: self.desktop.all_windows() - menus)
        self.desktop.picture("root", self.path("tools"))
        self.desktop.keys("Escape", "Escape")

    def about(self):
        text = text_of_entry(self.window, ABOUT, "About Ephemeral Ports", self.path("about"))
        major_minor = ".".join(self.home.release.split(".")[:2])
        for line in (
            f"File: {self.home.path}/.local/lib/wireshark/plugins/{major_minor}/epan/{os.path.basename(plugin_file())}",
            f"Wireshark {self.home.release}",
            "Left out: nothing",
            "Switched off: no",
            "conversations: 1 of at most 2097152",
            "conversations forgotten for lack of room: 0",
        ):
            assert line in [shown.strip() for shown in text.splitlines()], f"{line} is not in: {text}"
        assert re.search(r"^ *memory for all of this: at most [0-9]+ MB$", text, re.M), text
        assert re.search(r"^ *Offsets: they fit the first [0-9]+ packets of this file$", text, re.M), text


class TableChecks:
    """The tab of ours in Conversations and in Endpoints, about several clients and services."""

    def __init__(self, window, pictures):
        self.window = window
        self.pictures = pictures

    def all(self):
        for kind, rows in (("Conversations", CONVERSATIONS), ("Endpoints", ENDPOINTS)):
            yield f"Statistics, {kind}: the rows of our tab", partial(self.all_rows, kind, rows)
            yield f"Statistics, {kind}: Limit to display filter", partial(self.limit, kind, rows)
            yield f"Statistics, {kind}: Apply as Filter on a row", partial(self.apply_as_filter, kind, rows)
        yield "Tools, Explain this packet: the pieces of evidence", self.explain
        yield "Tools, Explain this packet: what is missing for a verdict", self.explain_undecided
        picture = os.path.join(self.pictures, "statistics.png")
        yield "Statistics, Ephemeral Ports: misnamed ports come first", partial(misnamed_come_first, self.window, picture)
        yield "Statistics, Ephemeral Ports: bytes and weak verdicts", partial(others_open, self.window)
        picture = os.path.join(self.pictures, "services.png")
        yield "Statistics, Ephemeral Ports: Services, copied and saved as CSV", partial(services_are_listed, self.window, picture)

    def explain(self):
        """Explains a datagram, without a handshake before it."""
        text = self.explanation("dns.flags.response == 1 && ip", "explain.png")
        assert re.search(r"^For this client and server:\n( +[0-9]+ .*\n)+", text, re.M), text
        pieces = [int(weight) for weight in re.findall(r"^ +([0-9]+) ", text, re.M)]
        assert f"Together: {sum(pieces)}." in text and " DNS query in frame " in text, text
        for step in ("Show this conversation", "Source is the client", "Remember the server as a service"):
            assert f'"{step}" ' in text.partition("In the menu Tools, Ephemeral Ports:")[2], f"{step} is not in: {text}"

    def explain_undecided(self):
        text = self.explanation("tcp.port == 5002 && !ephemeral", "undecided.png")
        for line in (
            "Packet [0-9]+: it is not known which end is the client.",
            "Reason: the evidence is too weak: its weights add up to 1, and a verdict needs 3.",
            "Server: 198.51.100.20, port 5002",
            "    1  port 5002 is a registered port, 1001 is a reserved port",
        ):
            assert re.search(f"^{line}$", text, re.M), f"{line} is not in: {text}"

    def explanation(self, of, picture):
        """Explains the first packet that a filter selects."""
        self.window.filter(of)
        self.window.focus_list()
        self.window.go_to(int(self.window.rows()[0]["No."]))
        text = text_of_entry(self.window, EXPLAIN, "Ephemeral Ports", os.path.join(self.pictures, picture))
        self.window.filter("")
        return text

    def open(self, kind):
        return Table(self.window, kind)

    def all_rows(self, kind, rows):
        with self.open(kind) as table:
            table.picture(os.path.join(self.pictures, kind.lower() + ".png"))
            assert table.rows() == rows, table.rows()

    def limit(self, kind, rows):
        """Since 4.0 the box is checked already if there is a filter when the dialog opens."""
        kept = LIMITED[kind]
        with self.open(kind) as table:
            assert table.rows() == rows, table.rows()
            self.window.filter(LIMITING)
            table.limit_to_display_filter()
            table.picture(os.path.join(self.pictures, kind.lower() + "-limited.png"))
            assert table.rows() == kept, table.rows()
            table.limit_to_display_filter()
            assert table.rows() == rows, table.rows()
        self.window.filter("")

    def apply_as_filter(self, kind, rows):
        """The filter leaves as many packets as the row counts. The host chooses which row is first."""
        counted = {" && ".join(f'ephemeral.endpoint=="{end}"' for end in ends): packets for *ends, packets, _ in rows}
        with self.open(kind) as table:
            applied = table.apply_as_filter()
            shown = len(self.window.rows())
        assert applied in counted, applied
        assert shown == counted[applied], f"{shown} of {counted[applied]} packets"
        self.window.filter("")


def picture_of_hierarchy(window, path):
    dialog = window.dialog(window.press("alt+s", "p"), "Protocol Hierarchy")
    window.desktop.place(dialog, MAIN_SIZE[0] + 20, 0, *HIERARCHY_SIZE)
    window.desktop.picture(dialog, path)
    window.close(dialog)


def control(desktop, capture, root, pictures):
    """The window without the plugin has the wrong name; returns the height of its Tools menu."""
    with Home(root, with_plugin=False) as home:
        with Wireshark(desktop, home, os.path.basename(capture), *NAMES_ON, "-r", home.add(capture)) as window:
            rows = window.rows()
            assert f"{WRONG_NAME}({CLIENT_PORT})" in rows[0]["Info"], rows[0]
            window.picture(os.path.join(pictures, "without.png"))
            picture_of_hierarchy(window, os.path.join(pictures, HIERARCHY_WITHOUT))
            menu = window.menu("alt+t")
            return desktop.geometry(menu)[3]


def quiet_without_plugin(desktop, capture, root):
    """The profile stays when the plugin goes: Wireshark opens the capture, and asks and warns about nothing."""
    with Home(root, with_plugin=False, with_profile=True) as home:
        with Wireshark(desktop, home, os.path.basename(capture), "-C", PROFILE, "-r", home.add(capture)) as window:
            assert window.rows(), "no rows"
            assert not window.warnings, window.warnings


def run(report, window, checks):
    for name, check in checks.all():
        if not report.check(name, check):
            window.tidy()


def main(pictures, root="/"):
    report = Report()
    capture = seed_capture()
    title = os.path.basename(capture)
    tools_height = []
    with Desktop() as desktop:
        report.check(
            "without the plugin the wrong name is shown",
            lambda: tools_height.append(control(desktop, capture, root, pictures)),
        )
        report.check("the profile is quiet without the plugin", lambda: quiet_without_plugin(desktop, capture, root))
        report.check("changed in Preferences, it is as quiet once uninstalled", quiet_after_uninstalling, desktop, root, capture)
        with Home(root) as home:
            copy = home.add(capture)
            print(f"Wireshark {home.release}")
            with Wireshark(desktop, home, title, "-C", PROFILE, "-r", copy) as window:
                checks = Checks(desktop, home, window, copy, pictures, *tools_height)
                run(report, window, checks)
        with Home(root) as home:
            several = home.write("several.pcap", several_capture())
            with Wireshark(desktop, home, "several.pcap", "-C", PROFILE, "-r", several) as window:
                run(report, window, TableChecks(window, pictures))
                run(report, window, ByHandChecks(window, home, pictures))
        with Home(root) as home:
            by_server.prepare(home)
            decoded = home.write(by_server.NAME, by_server.by_server_capture())
            with Wireshark(desktop, home, by_server.NAME, "-C", PROFILE, "-r", decoded) as window:
                run(report, window, by_server.ByServerChecks(window, pictures))
        with Home(root) as home:
            long = home.write(laptop.NAME, laptop.long_capture())
            with Wireshark(desktop, home, laptop.NAME, "-C", PROFILE, "-r", long) as window:
                run(report, window, laptop.LaptopChecks(window, pictures))
    return report.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
