# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""Checks what is left when install.sh uninstalls the plugin after a user pressed OK in Preferences."""

import os
import shutil

from wireshark import PROFILE, REPOSITORY, Home, Wireshark, plugin_file

PROFILES = ".config/wireshark/profiles"
BACKUP = PROFILE + ".backup-1"


def unpacked(home):
    """Unpacks the archive in that home. Returns a function that runs its installer."""
    archive = os.path.join(home.outside, "archive")
    shutil.copytree(os.path.join(REPOSITORY, "plugin/profile"), os.path.join(archive, "profiles"))
    shutil.copy(plugin_file(), os.path.join(archive, "libephemeral.so"))
    shutil.copy(os.path.join(REPOSITORY, "plugin/install.sh"), archive)
    home.give_away()
    return lambda *options: home.ask("sh", f"{home.path}/archive/install.sh", *options)


def quiet_after_uninstalling(desktop, root, capture):
    """The profile, rewritten by Wireshark, is kept under another name, and is quiet there; so is Wireshark's own."""
    title = os.path.basename(capture)
    with Home(root, with_plugin=False) as home:
        copy = home.add(capture)
        install = unpacked(home)
        said = install()
        assert "Installed the profile" in said, said
        with Wireshark(desktop, home, title, "-C", PROFILE, "-r", copy) as window:
            assert "Conversation" in window.rows()[0], "the profile is not the one that was installed"
            dialog = window.preferences()
            desktop.keys("Return")
            desktop.gone(dialog)
        said = install("--uninstall")
        assert f"Your profile was changed: it is kept as {home.path}/{PROFILES}/{BACKUP}" in said, said
        assert os.listdir(os.path.join(home.outside, PROFILES)) == [BACKUP], os.listdir(os.path.join(home.outside, PROFILES))
        for profile in ([], ["-C", BACKUP]):
            with Wireshark(desktop, home, title, *profile, "-r", copy) as window:
                assert window.rows(), "no rows"
                assert not window.warnings, [profile, window.warnings]
