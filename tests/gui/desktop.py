# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""A screen without a monitor (Xvfb), and hands and eyes for it: xdotool, xclip, ImageMagick.

Nothing here sleeps for a fixed time: each wait is for a condition.
"""

import os
import shutil
import subprocess
import time

SCREEN = (2600, 1600)  # room for dialogs beside the main window
PATIENCE = 20  # seconds to wait for anything
TOOLS = ("Xvfb", "xdotool", "xclip", "import", "compare")


class Impossible(Exception):
    """A condition did not become true in time, or something cannot be done."""


def missing_tools(tools=TOOLS):
    return [tool for tool in tools if shutil.which(tool) is None]


def wait_for(what, condition, patience=PATIENCE):
    """The first true value of `condition()`."""
    end = time.monotonic() + patience
    while time.monotonic() < end:
        value = condition()
        if value:
            return value
        time.sleep(0.05)
    raise Impossible(f"waited {patience} seconds for {what}")


def different_pixels(one, other):
    """How many pixels of two screenshots differ."""
    if size(one) != size(other):
        raise Impossible(f"{one} and {other} are not of one size")
    # compare says 1 if they differ; the figure is in what it prints.
    done = subprocess.run(["compare", "-metric", "AE", one, other, "null:"], stderr=subprocess.PIPE, text=True)
    if done.returncode > 1:
        raise Impossible(done.stderr)
    return int(float(done.stderr.split()[0]))


def size(picture):
    with open(picture, "rb") as file:
        header = file.read(24)
    return int.from_bytes(header[16:20], "big"), int.from_bytes(header[20:24], "big")


class Desktop:
    """A screen of our own; used in a `with` statement, after which it is gone."""

    def __enter__(self):
        # The server picks a free display and writes its number to the pipe.
        number, server_end = os.pipe()
        # Without -noreset, the server resets when its last client leaves, and refuses clients meanwhile. That would happen
        # each time xdotool looks for the first window.
        geometry = "{}x{}x24".format(*SCREEN)
        self.server = subprocess.Popen(
            ["Xvfb", "-displayfd", str(server_end), "-screen", "0", geometry, "-nolisten", "tcp", "-noreset"],
            pass_fds=[server_end],
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(server_end)
        with os.fdopen(number) as pipe:
            self.display = ":" + pipe.readline().strip()
        if self.display == ":":
            raise Impossible("Xvfb did not start")
        self.environment = dict(os.environ, DISPLAY=self.display)
        return self

    def __exit__(self, *_):
        self.server.terminate()
        self.server.wait()

    def run(self, *command):
        """What a tool prints; nothing if it fails, as xdotool does when it finds no window."""
        done = subprocess.run(
            command,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            timeout=PATIENCE,
        )
        return done.stdout if done.returncode == 0 else ""

    def windows(self, title):
        """Visible windows whose title matches a regular expression."""
        return self.run("xdotool", "search", "--onlyvisible", "--name", title).split()

    def window(self, title):
        return wait_for(f"a window with the title {title}", lambda: self.windows(title))[-1]

    def gone(self, window):
        wait_for("a window to close", lambda: window not in self.windows("."))

    def all_windows(self):
        """Visible windows with or without a title, as menus are."""
        return set(self.run("xdotool", "search", "--onlyvisible", "--maxdepth", "2", "--class", ".").split())

    def name(self, window):
        return self.run("xdotool", "getwindowname", window).strip()

    def geometry(self, window):
        lines = self.run("xdotool", "getwindowgeometry", "--shell", window).split()
        values = dict(line.split("=") for line in lines)
        return tuple(int(values[name]) for name in ("X", "Y", "WIDTH", "HEIGHT"))

    def place(self, window, x, y, width=None, height=None):
        """Moves and sizes a window. No window manager interferes, because none runs."""
        self.run("xdotool", "windowmove", "--sync", window, str(x), str(y))
        if width:
            self.run("xdotool", "windowsize", "--sync", window, str(width), str(height))

    def focus(self, window):
        self.run("xdotool", "windowfocus", "--sync", window)

    def keys(self, *keys):
        self.run("xdotool", "key", "--clearmodifiers", *keys)

    def type(self, text):
        self.run("xdotool", "type", "--delay", "15", text)

    def click(self, window, x, y, button=1, times=1):
        """Clicks at a place of a window; negative numbers count from its right and its bottom."""
        _, _, width, height = self.geometry(window)
        at = [str(x % width), str(y % height)]
        self.run("xdotool", "mousemove", "--window", window, *at)
        self.run("xdotool", "click", "--repeat", str(times), "--delay", "60", str(button))

    def rest_mouse(self):
        """Moves the pointer to a place where it highlights nothing."""
        self.run("xdotool", "mousemove", str(SCREEN[0] - 1), str(SCREEN[1] - 1))

    def set_clipboard(self, text):
        # xclip stays in the background for as long as it owns the clipboard: wait for no output.
        command = ["xclip", "-i", "-selection", "clipboard"]
        nowhere = dict(stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        subprocess.run(command, input=text, text=True, env=self.environment, check=True, **nowhere)

    def clipboard(self):
        return self.run("xclip", "-o", "-selection", "clipboard", "-t", "UTF8_STRING")

    def copied(self, copy, tries=3, patience=8):
        """The text that `copy()` puts on the clipboard. It is called again if nothing comes within so many seconds."""
        marker = f"nothing copied yet, {time.monotonic()}"
        self.set_clipboard(marker)
        wait_for("the clipboard", lambda: self.clipboard() == marker)
        new = lambda: self.clipboard() not in ("", marker) and self.clipboard()
        windows = self.all_windows()
        while True:
            try:
                copy()
                return wait_for("something to be copied", new, patience)
            except Impossible:
                tries -= 1
                if tries == 0:
                    raise
                # If the host is busy, a key opens no menu, and the next key leaves another menu open. Only a menu is
                # closed here: the same key would close a dialog.
                for _ in range(5):
                    if self.all_windows() - windows:
                        self.keys("Escape")

    def pixel(self, window, x, y):
        """The colour at a place of a window, as red, green and blue from 0 to 255."""
        shot = self.run("import", "-window", window, "-crop", f"1x1+{x}+{y}", "+repage", "-depth", "8", "txt:-")
        return shot.splitlines()[-1].split("(")[1].split(")")[0].replace(" ", "")

    def picture(self, window, path):
        """A screenshot of a window, taken when two in a row are the same."""
        def take():
            self.run("import", "-window", window, path)
            with open(path, "rb") as file:
                return file.read()

        self.rest_mouse()
        taken = [take()]

        def still():
            taken.append(take())
            return taken[-1] == taken[-2]

        wait_for(f"the window to stand still for {path}", still)
        return path
