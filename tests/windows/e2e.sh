#!/bin/sh
# Runs the end-to-end tests in tshark.exe and sharkd.exe, under Wine.
#
#   sh tests/windows/e2e.sh [CASE...]         only the cases whose names contain a CASE
#   sh tests/windows/e2e.sh --skip CASE --skip ...   all but those
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
build_windows_plugin
# without CASE REASON: leaves out a case that cannot run in this tshark.exe.
without=
without() {
    without="$without --skip $1"
    for case in ${cases:-::}; do
        case $1 in *"$case"*) say "not run: $1: $2" ;; esac
    done
}
case ${1:-} in --skip) cases= ;; *) cases=$* ;; esac
wine "$windows_host/tshark.exe" -G plugins 2>/dev/null >"$scratch/plugins" || fail "tshark.exe does not run"
grep -q '^stats_tree' "$scratch/plugins" ||
    without everywhere::the_wrong_name_is_not_in_the_statistics_of_wiresharks_own_plugin \
        "this tshark.exe was built without Wireshark's own plugins, and so without stats_tree"
# The options have no spaces in them.
# shellcheck disable=SC2086
EPHEMERAL_HOST_ROOT=$windows_root EPHEMERAL_WINDOWS_HOST_FOLDER=$windows_host EPHEMERAL_PLUGIN=$(realpath "$plugin") \
    run_tests e2e $without "$@"
