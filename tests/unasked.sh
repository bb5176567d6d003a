#!/bin/sh
# Checks that unused features cost nothing: valgrind lists which of our functions are called. While no table of
# conversations or endpoints is open, the functions for these tables must not be called. While our port columns are not
# shown, the function that names their ports must not be called.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

has valgrind || not_run "valgrind is not installed"
EPHEMERAL_PLUGIN=$(built debug)/libephemeral.so # its functions have names, and each is still there
make_homes /
cp tests/captures/seed.pcap "$scratch/"
build_count_from_capture
open_to_nobody "$scratch"

# The names of the tables' two callbacks, and of the function that names a port.
callbacks='eph_tables_conversation|eph_tables_endpoint'
ports='ephemeral::label::add_port'

# calls OPTION...: prints those of the functions above that were called, each once, as a list of words.
calls() {
    rm -f "$scratch/calls"
    in_home with LD_PRELOAD="$count_from_capture" valgrind $callgrind --callgrind-out-file="$inside/calls" tshark -r "$inside/seed.pcap" "$@" \
        >"$scratch/out" 2>"$scratch/errors" || { cat "$scratch/errors" >&2 && return 1; }
    grep -q '^c\{0,1\}fn=.* eph_dissect$' "$scratch/calls" || fail "the functions of $plugin have no names"
    sed -n 's/^c\{0,1\}fn=([0-9]*) //p' "$scratch/calls" | grep -oE "^($callbacks|$ports)" | sort -u | tr '\n' ' '
}

# called WHAT EXPECTED OPTION...
called() {
    what=$1
    expected=$2
    shift 2
    found=$(calls "$@")
    [ "$found" = "$expected" ] || fail "$what: called: $found, not: $expected"
    say "ok: $what: ${expected:-none}"
}

called "one line a packet with names, another field of ours, two passes" "" -Nt -2 -Y ephemeral.label
called "other tables and our statistics" "" -q -z conv,tcp -z endpoints,tcp -z ephemeral,tree
# A feature in use is called: otherwise the checks above could not fail.
called "the tables" "eph_tables_conversation eph_tables_endpoint " -q -z conv,ephemeral -z endpoints,ephemeral
called "the ports' names" "ephemeral::label::add_port " -Y ephemeral.source_port
