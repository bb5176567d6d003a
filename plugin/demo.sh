#!/bin/sh
# Shows Ephemeral Ports at work, from the source: sets up what is missing, builds, installs, and
# reads a capture without and with the plugin. Asks nothing; may be run again.
#
#   sh plugin/demo.sh [CAPTURE]
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. plugin/packaging/lib.sh

capture=${1:-tests/captures/seed.pcap}
[ -r "$capture" ] || die "$capture is missing"

heading "Setting up"
want_build_tools
want tshark tshark
install_wanted
tshark --version 2>/dev/null | head -n 1

heading "Building"
cargo build --release --locked

heading "Installing"
sh plugin/install.sh --file "${CARGO_TARGET_DIR:-target}/release/libephemeral.so"

# Transport names on (-N t), as in Wireshark with "Resolve transport names".
read_capture() { tshark -r "$capture" -N t "$@" 2>/dev/null; }

heading "$capture without the plugin"
read_capture --disable-protocol ephemeral

heading "$capture with the plugin"
read_capture

heading "The notes in Expert Information"
read_capture -q -z expert,note

heading "Who is who, as columns"
read_capture -T fields -E header=y -E separator='|' -e frame.number -e ephemeral.label -e ephemeral.evidence \
    -e ephemeral.misnamed.port -e ephemeral.misnamed.name

heading "Done"
say "To show names of ports, use: tshark -N t, or in Wireshark View, Name Resolution, Resolve Transport Addresses."
say "To uninstall: sh plugin/install.sh --uninstall"
