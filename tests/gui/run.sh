#!/bin/sh
# Drives the real Wireshark window on a screen without a monitor and checks what it shows, with a
# capture file and live. Screenshots go to target/gui.
#
#   sh tests/gui/run.sh [ROOT]    ROOT: a folder with another system (chroot), to check its Wireshark
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
. "$(dirname "$0")/tools.sh"

if ! need_window; then
    echo "not run: the window: missing:$missing"
    exit 0
fi
drive 600 "the window" window.py "${1:-/}"
[ "${1:-/}" != / ] || sh "$here/live.sh" || status=1
exit "$status"
