#!/bin/sh
# What the worst packets that we could think of cost the judgement, without a host: where a hundred times as many came
# before, each costs at most twice as many instructions, in a first pass and when all are looked up again; and none takes
# longer than 5 ms of the processor's time. The most that can be kept takes at most the memory that SAFETY.md says; each
# of its limits is reached, and what is forgotten then is what is said there.
#
#   sh tests/growth.sh [PACKETS]       50000, and a hundredth of that, unless PACKETS says otherwise
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
# What About and diagnostics says, and SAFETY.md.
most_megabytes=$(sed -n 's/.*const MOST_MEGABYTES: u32 = \([0-9]*\);$/\1/p' src/roles/mod.rs)

# instructions KIND PACKETS [LIMIT]: of a whole process.
instructions() {
    valgrind --tool=cachegrind --cache-sim=no --cachegrind-out-file=/dev/null "$worst" "$@" 2>&1 | sed -n 's/^==.*I *refs: *//p' | tr -d ,
}

# Without a packet all kinds are the same.
start=$(instructions reused 0)

# grows KIND [SHARE]: with SHARE, a conversation is kept for one of so many packets.
grows() {
    one=$((($(instructions "$1" $few ${2:+$((few / $2))}) - start) / few))
    another=$((($(instructions "$1" "$many" ${2:+$((many / $2))}) - start) / many))
    check "$one instructions a packet of $few, $another of $many" test $another -le $((one * 2))
}

# dearest KIND PACKETS: the least of three runs, as a page that the system gives at an unlucky moment takes long, too. Sets
# said.
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
        # These are long as they are: the next is how they compare with the shortest.
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

# reach LIMITS LINES: what is kept then, in `reached`; the log has so many lines.
reach() {
    heading "the limits: $1"
    reached=$("$worst" "$1") || fail "worst $1"
    say "$reached"
    memory=$(printf '%s\n' "$reached" | sed -n 's/^memory: *\([0-9]*\) kB$/\1/p')
    check "in at most $most_megabytes MB" test "$memory" -le $((most_megabytes * 1000))
    check "the log says so once" test "$(printf '%s\n' "$reached" | grep -c '^log: more than 2097152 conversations: ')" = "$2"
}
# is_reached WHAT [LESS]: there is as much as there can be, or that much less.
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
is_reached "ends that speak what their port does not stand for"
is_reached "hosts of which the clients' ports are known"
is_reached "places in the table of recent conversations"
reach followed 1
is_reached "of these, followed by another on the same ports" 1
reach crowded 0
is_reached "ends that talk to more than 255 others"
reach order 1

# The greatest table there can be, packet by packet.
most=2200000
heading "more than there is room for"
for kind in all weak; do
    say "$kind:"
    dearest $kind $most
    check "the others are kept" test "${said%% *}" = $((most - 2097152))
    memory=${said#*, }
    check "in at most $most_megabytes MB" test "${memory%% *}" -le $((most_megabytes * 1000))
done
