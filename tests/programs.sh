#!/bin/sh
# Runs the test programs of `cargo test` from a copy to which cargo does not write: all of them, or those named.
#
#   sh tests/programs.sh [PROGRAM...]      lib roles engine bound safety loading abi macos e2e; all but e2e
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

programs=$(built debug)
[ $# != 0 ] || set -- $(grep -vx e2e "$programs/programs")
for program in "$@"; do
    heading "$program"
    "$programs/$program" --quiet
done
