# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Live capture on loopback with real programs: labels appear as packets come in, and nothing is
lost when the capture is stopped, saved and started again.

Needs the right to capture (root, or a dumpcap that has it). The window runs as an ordinary user and
reads what dumpcap captures from a named pipe. The checks compare it with a copy of the same stream.

    live.py PICTURES [ROOT]    ROOT: a folder with another system, to check its Wireshark
"""

import os
import socket
import subprocess
import sys
import threading

from desktop import Desktop, Impossible, wait_for
from entries import EXPLAIN, SOURCE, text_of_entry
from report import NotRun, Report
from tables import KEY, Table
from wireshark import PROFILE, Home, Wireshark

CLIENT_PORTS = {1140: "autonoc", 1141: "mxomss", 1142: "edtools"}
CAPTURING = "^.?Capturing"  # how the title starts meanwhile
FIELDS = ["-T", "fields", "-e", "frame.number", "-e", "ephemeral.label", "-e", "ephemeral.misnamed.name"]


class Server:
    """python3 -m http.server on a free port of 127.0.0.1."""

    def __enter__(self):
        with socket.socket() as any_free:
            any_free.bind(("127.0.0.1", 0))
            self.port = any_free.getsockname()[1]
        command = [sys.executable, "-m", "http.server", "--bind", "127.0.0.1", str(self.port)]
        nowhere = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = subprocess.Popen(command, cwd=os.path.dirname(os.path.abspath(__file__)), **nowhere)
        wait_for("the HTTP server", self.answers)
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait()

    def answers(self):
        with socket.socket() as probe:
            return probe.connect_ex(("127.0.0.1", self.port)) == 0

    def connect(self, client_port):
        connection = socket.socket()
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            connection.bind(("127.0.0.1", client_port))
        except OSError as why:
            raise NotRun(f"port {client_port} is not free: {why}")
        connection.connect(("127.0.0.1", self.port))
        return connection

    def label(self, client_port):
        return f"127.0.0.1:{client_port} → 127.0.0.1:{self.port}"


def fetch(connection):
    """One request and its whole response."""
    connection.sendall(b"GET / HTTP/1.0\r\n\r\n")
    while connection.recv(65536):
        pass
    connection.close()


class Capture:
    """dumpcap on loopback: the captured bytes go to `out`, and to a file as well."""

    def __init__(self, server, out, copy):
        command = ["dumpcap", "-q", "-P", "-i", "lo", "-f", f"tcp port {server.port}", "-w", "-"]
        self.dumpcap = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        self.copy = copy
        self.started = threading.Event()
        self.thread = threading.Thread(target=self.pump, args=(out,), daemon=True)
        self.thread.start()

    def pump(self, out):
        with open(self.copy, "wb") as file, out() as stream:
            while data := self.dumpcap.stdout.read1(65536):
                file.write(data)
                file.flush()
                self.started.set()
                try:
                    stream.write(data)
                    stream.flush()
                except BrokenPipeError:
                    pass  # its reader has stopped; the copy goes on

    def wait(self):
        if not self.started.wait(20):
            raise NotRun("dumpcap captures nothing on loopback (it needs root, or capture rights)")

    def stop(self):
        self.dumpcap.terminate()
        self.dumpcap.wait()
        self.thread.join(10)


def read(path, *how):
    command = ["tshark", "-r", path, *how]
    return subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL).stdout


def packets(path):
    """The packets of a capture file: time, summary and bytes, as tshark prints them."""
    return read(path, "-t", "e", "-P", "-x")


def count(path):
    return len(read(path, "-T", "fields", "-e", "frame.number").split())


def tshark_labels(home, server):
    """tshark says who is client from the first packets on, while the connection is still open."""
    folder = os.path.join(home.outside, "tshark")
    os.mkdir(folder)
    home.give_away()
    truth = os.path.join(folder, "truth.pcap")
    saved = os.path.join(folder, "saved.pcapng")
    seen_by_host = os.path.join(home.path, "tshark/saved.pcapng")
    command = ["tshark", "-i", "-", "-l", "-P", "-w", seen_by_host, *FIELDS]
    pipes = dict(stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    tshark = home.start(command, **pipes)
    lines = []
    reader = threading.Thread(target=lambda: lines.extend(iter(tshark.stdout.readline, b"")), daemon=True)
    capture = Capture(server, lambda: tshark.stdin, truth)
    try:
        capture.wait()
        connection = server.connect(1140)
        first = tshark.stdout.readline().decode().rstrip("\n").split("\t")
        assert first == ["1", server.label(1140), "autonoc"], first
        reader.start()
        fetch(connection)
        wait_for("the end of the connection", lambda: len(lines) >= 8)
    finally:
        capture.stop()
        try:
            tshark.wait(20)
        except subprocess.TimeoutExpired:
            tshark.kill()
            raise Impossible("tshark did not end with its input")
    reader.join(10)
    assert all(server.label(1140) in line.decode() for line in lines), lines
    shown, captured = len(lines) + 1, count(truth)
    assert shown == captured, f"{shown} lines for {captured} packets"
    assert packets(saved) == packets(truth), "what was saved is not what was captured"


class LiveWindow:
    """Wireshark with -k on a named pipe that a Capture fills."""

    def __init__(self, desktop, home, server, pictures):
        self.desktop = desktop
        self.home = home
        self.server = server
        self.pictures = pictures
        self.pipe = os.path.join(home.outside, "pipe")
        os.mkfifo(self.pipe)
        home.give_away()

    def capture(self, name):
        return Capture(self.server, lambda: open(self.pipe, "wb"), os.path.join(self.home.outside, name))

    def expect(self, window, client_ports, capture):
        """Waits until the list holds all these conversations; every row must be labelled."""
        labels = set(map(self.server.label, client_ports))

        def without_service(row):
            return row["Conversation"].split(" (")[0]

        def complete():
            rows = window.rows()
            for row in rows:
                assert without_service(row) in labels, row
                assert row["Wrong name"] in map(CLIENT_PORTS.get, client_ports), row
                assert row["Wrong name"] not in row["Info"], row
            return {without_service(row) for row in rows} == labels

        wait_for("the first packets", lambda: count(capture.copy) and window.has_packets())
        wait_for(f"the packets of {client_ports}", complete)

    def check(self):
        first, second = self.capture("first.pcap"), None
        arguments = ["-C", PROFILE, "-k", "-i", os.path.join(self.home.path, "pipe")]
        try:
            with Wireshark(self.desktop, self.home, "Capturing|pipe", *arguments) as window:
                self.first_capture(window, first)
                self.saved_is_captured(window, first)
                second = self.capture("second.pcap")
                self.second_capture(window, second)
        finally:
            for capture in filter(None, (first, second)):
                capture.stop()

    def first_capture(self, window, capture):
        capture.wait()
        connection = self.server.connect(1140)
        self.expect(window, [1140], capture)  # only the handshake is there yet
        self.tables_grow(window, capture, [lambda: fetch(connection), lambda: fetch(self.server.connect(1141))])
        self.expect(window, [1140, 1141], capture)
        window.picture(os.path.join(self.pictures, "live.png"))
        for entry in (SOURCE, EXPLAIN):
            text = text_of_entry(window, entry, "Ephemeral Ports", os.path.join(self.pictures, "live-entry.png"))
            assert text.endswith("while it captures. Stop the capture first.\n"), text
        capture.stop()  # the end of the pipe is the end of the capture
        wait_for("the capture to end", lambda: not self.desktop.windows(CAPTURING))
        shown, captured = len(window.rows()), count(capture.copy)
        assert shown == captured, f"{shown} rows for {captured} packets"

    def tables_grow(self, window, capture, steps):
        """A dialog stays open, and each step adds to its counts."""
        for kind, step in zip(KEY, steps, strict=True):
            with Table(window, kind) as table:
                before = self.packets(table)
                assert before == count(capture.copy), f"{kind}: {before} of {count(capture.copy)} packets"
                shown = window.screenshot(table.dialog)
                step()
                wait_for(f"{kind} to count what came", lambda: before < self.packets(table) == count(capture.copy))
                # The copied text is ahead of the screen.
                wait_for(f"{kind} to show what came", lambda: window.screenshot(table.dialog) != shown)
                table.picture(os.path.join(self.pictures, f"live-{kind.lower()}.png"))

    def packets(self, table):
        """The packets of the service in the table. Until a payload shows HTTP, they are in a separate row."""
        names = [f"127.0.0.1:{self.server.port}{spoken}" for spoken in ("", " (http)")]
        return sum(packets for *_, service, packets, _ in table.rows() if service in names)

    def second_capture(self, window, capture):
        window.press("ctrl+e")()
        capture.wait()
        self.desktop.window(CAPTURING)
        fetch(self.server.connect(1142))
        self.expect(window, [1142], capture)  # and nothing of the first capture
        window.press("ctrl+e")()  # this time the user stops it
        wait_for("the capture to end", lambda: not self.desktop.windows(CAPTURING))
        self.expect(window, [1142], capture)

    def saved_is_captured(self, window, capture):
        window.press("ctrl+shift+s")()
        dialog = self.desktop.window("Save Capture File As")
        self.desktop.focus(dialog)
        self.desktop.keys("ctrl+a")
        self.desktop.type(os.path.join(self.home.path, "saved.pcapng"))
        self.desktop.keys("Return")
        self.desktop.gone(dialog)
        self.desktop.window("saved.pcapng")
        saved = packets(os.path.join(self.home.outside, "saved.pcapng"))
        assert saved == packets(capture.copy), "what was saved is not what was captured"


def main(pictures, root="/"):
    report = Report()
    with Server() as server, Home(root) as home:
        report.check("tshark labels packets as they come in, and saves them all", tshark_labels, home, server)
        with Desktop() as desktop:
            live = LiveWindow(desktop, home, server, pictures)
            report.check("the window labels packets as they come in, stops, saves, starts again", live.check)
    return report.end()


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
