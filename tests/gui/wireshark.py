# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Wireshark's window, run as an ordinary user with a home of its own, and what a user does in it."""

import csv
import io
import os
import shutil
import subprocess
import tempfile
import time

from desktop import Impossible, wait_for

REPOSITORY = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PROFILE = "Ephemeral Ports"
NOBODY = 65534  # root's Wireshark warns, and ignores the plugins of the user
MAIN_SIZE = (1400, 800)
INSIDE_LIST = (300, 140)  # the second or third packet, as high as the release's toolbars and rows are
WHITE = "255,255,255"
EXPERT_LIGHT = (15, -12)  # in the status bar

# Suppresses the questions at the first start, and everything that changes from day to day.
RECENT_COMMON = """\
privs.warn_if_elevated: FALSE
sys.warn_if_no_capture: FALSE
gui.geometry_main_x: 0
gui.geometry_main_y: 0
gui.geometry_main_width: {}
gui.geometry_main_height: {}
""".format(*MAIN_SIZE)
# Wireshark must not ask whether to save a test's capture.
ALWAYS = ["-o", "gui.ask_unsaved:FALSE"]


def plugin_file():
    return os.environ.get("EPHEMERAL_PLUGIN") or os.path.join(REPOSITORY, "target/release/libephemeral.so")


def seed_capture():
    """The composed capture, or the recorded one if there is none."""
    captures = os.path.join(REPOSITORY, "tests/captures")
    names = ("seed.pcap", "seed-recorded.pcapng")
    return next(path for path in (os.path.join(captures, name) for name in names) if os.path.exists(path))


class Home:
    """A home folder with the plugin and the profile, unless told otherwise; gone after `with`.

    `root` is the folder of another system to run the host of, with chroot.
    """

    def __init__(self, root="/", with_plugin=True, with_profile=None, recent=""):
        self.root = root
        self.with_plugin = with_plugin
        self.with_profile = with_plugin if with_profile is None else with_profile
        self.recent = recent  # what the window shows, in the format of the file `recent`

    def __enter__(self):
        self.outside = tempfile.mkdtemp(prefix="ephemeral-gui-", dir=os.path.join(self.root, "tmp"))
        os.chmod(self.outside, 0o755)
        self.path = "/" + os.path.relpath(self.outside, self.root)
        try:
            self.fill()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        shutil.rmtree(self.outside, ignore_errors=True)

    def fill(self):
        config = os.path.join(self.outside, ".config/wireshark")
        os.makedirs(config)
        with open(os.path.join(config, "recent_common"), "w") as file:
            file.write(RECENT_COMMON)
        with open(os.path.join(config, "recent"), "w") as file:
            file.write(self.recent)
        self.release = self.ask("tshark", "--version").split("(Wireshark) ")[1].split()[0].rstrip(".")
        if self.with_profile:
            profile = os.path.join("profiles", PROFILE)
            shutil.copytree(os.path.join(REPOSITORY, "plugin/profile", PROFILE), os.path.join(config, profile))
        if self.with_plugin:
            major_minor = ".".join(self.release.split(".")[:2])
            folder = os.path.join(self.outside, ".local/lib/wireshark/plugins", major_minor, "epan")
            os.makedirs(folder)
            shutil.copy(plugin_file(), folder)
        self.give_away()

    def give_away(self):
        """Makes everything in it the user's own."""
        if os.geteuid() == 0:
            for folder, _, files in os.walk(self.outside):
                for path in [folder] + [os.path.join(folder, name) for name in files]:
                    os.chown(path, NOBODY, NOBODY)

    def add(self, path):
        """Copies a file into it; returns the path that the host sees."""
        with open(path, "rb") as file:
            return self.write(os.path.basename(path), file.read())

    def write(self, name, contents):
        """Makes a file in it; returns the path that the host sees."""
        with open(os.path.join(self.outside, name), "wb") as file:
            file.write(contents)
        self.give_away()
        return os.path.join(self.path, name)

    def read(self, name):
        """A text file in it; empty if it is not there."""
        try:
            with open(os.path.join(self.outside, name), encoding="utf-8") as file:
                return file.read()
        except FileNotFoundError:
            return ""

    def start(self, command, environment=None, **options):
        """Starts a program in the other system, as the ordinary user, at home."""
        environment = dict(environment or os.environ, HOME=self.path, LC_ALL="C.UTF-8")
        for name in ("XDG_CONFIG_HOME", "XDG_RUNTIME_DIR", "WAYLAND_DISPLAY", "WIRESHARK_CONFIG_DIR"):
            environment.pop(name, None)
        if self.root != "/":
            options["preexec_fn"] = self.enter_root
        elif os.geteuid() == 0:
            options.update(user=NOBODY, group=NOBODY, extra_groups=[])
        return subprocess.Popen(command, env=environment, cwd="/", **options)

    def enter_root(self):
        os.chroot(self.root)
        os.chdir("/")
        os.setgroups([])
        os.setgid(NOBODY)
        os.setuid(NOBODY)

    def ask(self, *command):
        """What a program prints."""
        pipes = dict(stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        with self.start(command, **pipes) as process:
            return process.communicate(timeout=60)[0]


class Wireshark:
    """A running Wireshark with one capture; closed after `with`."""

    def __init__(self, desktop, home, title, *arguments):
        self.desktop = desktop
        self.home = home
        self.title = title
        self.arguments = arguments
        self.warnings = []  # the windows of warnings before the host opened the capture

    def __enter__(self):
        command = ["wireshark", *ALWAYS, *self.arguments]
        nowhere = dict(stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        self.process = self.home.start(command, self.desktop.environment, **nowhere)
        try:
            self.main = wait_for(f"the window of {self.title}", self.find_main, patience=120)
            self.desktop.place(self.main, 0, 0, *MAIN_SIZE)
            self.screenshot(self.main)  # the capture is read when nothing moves any more
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def find_main(self):
        if self.process.poll() is not None:
            raise Impossible(f"wireshark ended with {self.process.returncode}")
        found = self.desktop.windows(self.title)
        if found:
            return found[0]
        # A message of the host itself, for example about a plugin of which its distribution ships only a part.
        for window in self.desktop.all_windows():
            if self.desktop.name(window) == "Wireshark":
                self.warnings.append(window)
                self.desktop.focus(window)
                self.desktop.keys("Return")
        return None

    def picture(self, path):
        return self.desktop.picture(self.main, path)

    def focus_list(self):
        self.desktop.focus(self.main)
        self.desktop.click(self.main, *INSIDE_LIST)

    def has_packets(self):
        """Whether that row is coloured, as Wireshark colours all TCP packets."""
        return self.desktop.pixel(self.main, *INSIDE_LIST) != WHITE

    def rows(self):
        """The packet list as shown, one dictionary a row: Edit, Copy, As CSV."""
        def copy():
            self.focus_list()
            self.desktop.keys("ctrl+a")
            self.desktop.keys("alt+e")
            self.desktop.keys("Right", "c")

        return list(csv.DictReader(io.StringIO(self.desktop.copied(copy))))

    def go_to(self, number):
        """Selects a packet by its number."""
        self.desktop.focus(self.main)
        self.desktop.keys("ctrl+g")
        self.desktop.type(str(number))
        self.desktop.keys("Return")
        # Until the input line closes, everything below it is at another place.
        self.screenshot(self.main)

    def details(self):
        """The selected packet's tree as shown: Edit, Copy, All Visible Items."""
        return self.desktop.copied(self.press("ctrl+alt+shift+a"))

    def details_of(self, number):
        """A packet's tree as shown. Selects a line first: without one, Wireshark may copy nothing after a new dissection."""
        def copy():
            self.focus_list()
            self.go_to(number)
            self.desktop.keys("Tab", "Down")
            self.desktop.keys("ctrl+alt+shift+a")

        return self.desktop.copied(copy)

    def selected_line(self):
        """The text of the line that is selected in the tree (Edit, Copy, Description), if one is."""
        try:
            return self.desktop.copied(self.press("ctrl+alt+shift+d"), tries=1, patience=2)
        except Impossible:
            return ""

    def filter(self, text):
        """Applies a display filter; none if the text is empty."""
        self.desktop.focus(self.main)
        self.desktop.keys("ctrl+slash")
        self.desktop.keys("ctrl+a", "BackSpace")
        if text:
            # The blank prevents the list of completions, which would take the next click.
            self.desktop.type(text + " ")
        self.desktop.keys("Return")
        # While the filter is applied, a click or a key would meet an incomplete list.
        self.screenshot(self.main)

    def applied_filter(self):
        """The text of the display filter."""
        def copy():
            self.desktop.focus(self.main)
            self.desktop.keys("ctrl+slash", "ctrl+a", "ctrl+c")

        return self.desktop.copied(copy).strip()

    def menu(self, *keys):
        """Opens a menu; returns its window."""
        before = self.desktop.all_windows()
        self.desktop.focus(self.main)
        self.desktop.keys(*keys)
        return wait_for("a menu", lambda: self.desktop.all_windows() - before).pop()

    def dialog(self, open_it, title):
        """Opens a dialog and puts it beside the main window."""
        open_it()
        window = self.desktop.window(title)
        self.desktop.place(window, MAIN_SIZE[0] + 20, 0)
        self.desktop.focus(window)
        return window

    def preferences(self):
        """Opens Preferences at our page."""
        dialog = self.dialog(self.press("ctrl+shift+p"), "Preferences$")
        self.choose(dialog, "Protocols")
        self.desktop.keys("Right")
        self.choose(dialog, "Ephemeral")
        return dialog

    def choose(self, dialog, item):
        """Types the start of an item's name until the dialog selects another item."""
        before = self.screenshot(dialog)

        def try_it():
            # Qt takes what is typed within a second (Qt 5: 0.4 seconds) as one name.
            time.sleep(1.5)
            self.desktop.type(item)
            return self.screenshot(dialog) != before

        wait_for(f"{item} to be chosen", try_it)

    def screenshot(self, window):
        """A screenshot of a window that no longer changes, as bytes to compare."""
        path = os.path.join(self.home.outside, "screenshot.ppm")
        with open(self.desktop.picture(window, path), "rb") as file:
            return file.read()

    def press(self, *keys):
        """A function that presses keys in the main window."""
        def press():
            self.desktop.focus(self.main)
            self.desktop.keys(*keys)

        return press

    def click_expert_light(self):
        self.desktop.click(self.main, *EXPERT_LIGHT)

    def tidy(self):
        """Closes what a failed check may have left open."""
        for window in self.desktop.all_windows() - {self.main}:
            self.desktop.focus(window)
            self.desktop.keys("Escape")

    def close(self, window):
        self.desktop.focus(window)
        self.desktop.keys("Escape")
        self.desktop.gone(window)
