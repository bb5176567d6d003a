#!/bin/sh
# Reads floods and scans in tshark with the plugin: it does not crash, the memory that the plugin adds is
# bounded, and a late packet takes no longer than an early one. Then reads packets in which a search for
# headers fails: the search takes no longer than the work of tshark itself.
#
#   sh tests/hostile.sh [PACKETS]      with PACKETS (100000) in each flood
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

packets=${1:-100000}
has python3 || not_run "python3 is not installed"
make_homes /
cp tests/hostile/flood.py "$scratch/"
open_to_nobody "$scratch"

# flood KIND COUNT HOME: sets status, size (kB) and time (hundredths of a second).
flood() {
    printed=$(in_home "$3" python3 "$scratch/flood.py" "$1" "$2" tshark -n -r - -Y frame.number==1 2>"$scratch/log") ||
        fail "$(cat "$scratch/log")"
    # shellcheck disable=SC2086
    set -- $printed
    status=$1
    size=$2
    time=$(awk -v seconds="$3" 'BEGIN { printf "%d", seconds * 100 }')
}

# The limit for a conversation in the plugin, with its two ends and their share of the tables, in bytes.
most_per_packet=400
# The memory that the plugin always takes.
base=8000

for kind in syn syn6 scan scan-net; do
    heading "$kind, $packets packets"
    flood $kind 1 with
    start=$time
    flood $kind $((packets / 2)) with
    half=$((time - start))
    flood $kind "$packets" without
    theirs=$size
    their_time=$time
    flood $kind "$packets" with
    check "tshark ends well" test "$status" = 0
    check_not "and nothing of ours is in its log" grep -q Ephemeral "$scratch/log"
    added=$((size - theirs))
    say "resident: $theirs kB without the plugin, $added kB more with it; time: $their_time and $time hundredths of a second"
    check "what it adds is bounded" test "$added" -lt $((base + packets * most_per_packet / 1000))
    # Twice the packets take twice the time. The limit is higher, because other programs may use the machine.
    check "the second half takes no longer than the first" test $((time - start)) -lt $((half * 3 + 100))
done

heading "chains, $((packets / 10)) packets"
flood chains $((packets / 10)) without
their_time=$time
flood chains $((packets / 10)) with
check "tshark ends well" test "$status" = 0
say "time: $their_time and $time hundredths of a second"
check "looking for headers takes no longer than all else" test "$time" -lt $((their_time * 2 + 100))
