#!/bin/sh
# Measures the cost of the worst packets that we know, without a host. After a hundred times as many packets, each costs
# at most twice as many instructions, in a first pass and when all are looked up again. No packet takes more than 5 ms
# of processor time. Full tables take at most the memory that SAFETY.md says. The test reaches each limit there, and
# checks what is forgotten then.
#
#   sh tests/growth.sh [PACKETS]       compares PACKETS (50000) with a hundredth of them
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

many=${1:-50000}
few=$((many / 100))
has valgrind || not_run "valgrind is not installed"
worst=$(built worst)/worst
# The limits in About and diagnostics, and in SAFETY.md.
most_megabytes=$(sed -n 's/.*const MOST_MEGABYTES: u32 = \([0-9]*\);$/\1/p' src/roles/mod.rs)

# instructions KIND PACKETS [LIMIT]: prints the instructions of a whole process.
instructions() {
    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$worst" "$@" 2>&1 | sed -n 's/^==.*I *refs: *//p' | tr -d ,
}

# Without packets, all kinds take the same.
start=$(instructions reused 0)

# grows KIND [SHARE]: with SHARE, the number of packets divided by SHARE is the limit of conversations.
grows() {
    one=$((($(instructions "$1" $few ${2:+$((few / $2))}) - start) / few))
    another=$((($(instructions "$1" "$many" ${2:+$((many / $2))}) - start) / many))
    check "$one instructions a packet of $few, $another of $many" test $another -le $((one * 2))
}

# dearest KIND PACKETS: the minimum of three runs, because a page fault at an unlucky moment takes long, too. Sets
# `said`.
dearest() {
    for run in 1 2 3; do
        said=$(EPHEMERAL_TIMES=yes "$worst" "$1" "$2")
        [ "${said##* }" -gt 5000 ] || break
    done
    check "run $run: of $2 $said microseconds" test "${said##* }" -le 5000
}

for kind in $("$worst"); do
    heading "$kind"
    case $kind in
        # These payloads are long already; the following check compares them with the shortest.
        long) ;;
        reused* | clients | servers | weak | ipv6)
            grows "$kind"
            say "and where a fifth can be kept:"
            grows "$kind" 5
            ;;
        *) grows "$kind" ;;
    esac
    packets=$((many * 4))
    [ "$kind" != long ] || packets=2000
    dearest "$kind" $packets
done

# reach LIMITS LINES: sets `reached` to what is kept then; the log must have LINES lines.
reach() {
    heading "the limits: $1"
    reached=$("$worst" "$1") || fail "worst $1"
    say "$reached"
    memory=$(printf '%s\n' "$reached" | sed -n 's/^memory: *\([0-9]*\) kB$/\1/p')
    check "in at most $most_megabytes MB" test "$memory" -le $((most_megabytes * 1000))
    check "the log says so once" test "$(printf '%s\n' "$reached" | grep -c '^log: more than 2097152 conversations: ')" = "$2"
}
# is_reached WHAT [LESS]: the table is full, except for LESS entries.
is_reached() {
    kept=$(printf '%s\n' "$reached" | sed -n "s/^$1: \([0-9]*\) of at most [0-9]*$/\1/p")
    at_most=$(printf '%s\n' "$reached" | sed -n "s/^$1: [0-9]* of at most \([0-9]*\)$/\1/p")
    check "$1: $kept of $at_most" test "$kept" = $((at_most - ${2:-0}))
}
reach most 1
is_reached conversations
is_reached "facts about ends and hosts"
is_reached "IPv6 addresses"
is_reached "listeners agreed on, and ends that asked for data"
is_reached "addresses that SCTP's handshakes list"
is_reached "ends that speak what their port does not stand for"
is_reached "hosts of which the clients' ports are known"
is_reached "places in the table of recent conversations"
reach followed 1
is_reached "of these, followed by another on the same ports" 1
reach crowded 0
is_reached "ends that talk to more than 255 others"
reach order 1

# Fills the largest possible table, packet by packet.
most=2200000
heading "more than there is room for"
for kind in all weak; do
    say "$kind:"
    dearest $kind $most
    check "the others are kept" test "${said%% *}" = $((most - 2097152))
    memory=${said#*, }
    check "in at most $most_megabytes MB" test "${memory%% *}" -le $((most_megabytes * 1000))
done
