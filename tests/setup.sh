#!/bin/sh
# Installs missing packages for building and testing, on Debian and Ubuntu, as root or with sudo. On other systems, it
# says what to install.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

want_build_tools
want tshark tshark
want sharkd wireshark-common
want cmake cmake make
want make make
want objdump binutils
want python3 python3
want venv python3-venv
install_wanted
# Valgrind is optional: suites that need it say so.
has valgrind || install_packages valgrind || say "Without valgrind, some suites are not run"
# The headers of this system's Wireshark are optional: only tests/abi needs them, and says so.
[ -d /usr/include/wireshark ] || install_packages libwireshark-dev libwiretap-dev libwsutil-dev libglib2.0-dev ||
    say "Without Wireshark's headers, the test of this system's ABI is not run"
# Hosts with other releases are optional, too. Setting them up needs root.
if is_root; then
    has debootstrap || install_packages debootstrap || say "Without debootstrap, other releases' hosts are not set up"
fi
say "Everything is in place."
