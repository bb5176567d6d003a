#!/bin/sh
# Runs the end-to-end tests: in another host with the released plugin, or in this system's Wireshark with the plugin
# that cargo builds for tests.
#
#   sh tests/e2e.sh ROOT [CASE...]   a host of tests/hosts.sh, or /; only the cases whose names contain a CASE
#   sh tests/e2e.sh ROOT --skip CASE --skip ...      all other cases
#
# EPHEMERAL_PLUGIN may name a plugin that is already built.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

root=${1:?name the root directory of a host}
need_known_release "$root"

if [ "$root" != / ] && [ -z "${EPHEMERAL_PLUGIN:-}" ]; then
    unpack_release linux-x86_64
    export EPHEMERAL_PLUGIN="$scratch/libephemeral.so"
fi
export EPHEMERAL_HOST_ROOT="$root"
shift
run_tests e2e "$@"
