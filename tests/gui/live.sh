#!/bin/sh
# Checks a live capture on loopback, in tshark and in the window. Screenshots go to target/gui.
#
#   sh tests/gui/live.sh [ROOT]    ROOT: a folder with another system (chroot), to check its Wireshark
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
. "$(dirname "$0")/tools.sh"

if ! need_window || ! need dumpcap wireshark-common; then
    echo "not run: live capture: missing:$missing"
    exit 0
fi
drive 400 "live capture" live.py "${1:-/}"
exit "$status"
