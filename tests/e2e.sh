#!/bin/sh
# The end-to-end tests: with the released plugin in another host, or with the one that cargo builds for tests in this
# system's Wireshark.
#
#   sh tests/e2e.sh ROOT [CASE...]   a host of tests/hosts.sh, or /; only the cases whose names contain a CASE
#   sh tests/e2e.sh ROOT --skip CASE --skip ...      all but those
#
# EPHEMERAL_PLUGIN names a plugin that is built already.
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
