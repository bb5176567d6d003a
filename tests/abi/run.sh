#!/bin/sh
# Compares the C ABI with the real headers of one release: prototypes, offsets, sizes, values.
#
#   sh tests/abi/run.sh [ROOT]        headers under ROOT/usr/include; without it, this system's
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

root=${1:-/}
[ -d "$root/usr/include/wireshark" ] || not_run "Wireshark's headers are not installed under $root (libwireshark-dev)"
need_known_release "$root"
EPHEMERAL_HOST_ROOT=$root run_tests abi --ignored
