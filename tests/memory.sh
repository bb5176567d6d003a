#!/bin/sh
# Too little memory: tshark with the plugin either does all its work, or ends like tshark without the
# plugin when memory runs out. Its output until then is correct. It does not crash in another way, and
# does not hang.
#
#   sh tests/memory.sh [ROOT]     in this system's Wireshark, or (as root) a host of tests/hosts.sh
#
# First, each run refuses one of the plugin's own allocations: the process must end with abort() and a
# message. Then the address space is limited, in steps from a fraction of what tshark takes alone to more
# than it takes with the plugin. The plugin takes little memory, so most limits hit allocations of tshark
# itself, while the plugin is loaded or being loaded. The test shows that tshark then ends the same way.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

make_homes_for_faults "${1:-/}"
is_beginning_of() { head -c "$(wc -c <"$1")" "$2" | cmp -s - "$1"; }

# read_capture HOME [VARIABLE=VALUE...]: runs tshark; its output is in out, its log in log. Address space
# randomization is off and all threads share one heap, so that a limit has the same effect each time.
limit=unlimited
fixed="setarch -R"
in_home without $fixed true 2>/dev/null || fixed=
read_capture() {
    who=$1
    shift
    status=0
    # shellcheck disable=SC2086
    in_home "$who" MALLOC_ARENA_MAX=1 "$@" $fixed sh -c "ulimit -c 0; ulimit -v $limit
        exec timeout 20 tshark -r '$inside/seed.pcap' -Nt -V" >"$scratch/out" 2>"$scratch/log" || status=$?
}
read_capture without
cp "$scratch/out" "$scratch/whole-without"
read_capture with
cp "$scratch/out" "$scratch/whole-with"
check "the plugin was there" grep -q '^ *\[*Ephemeral Ports, ' "$scratch/whole-with"

heading "No memory for one of the plugin's own allocations"
number=1
refused=0
while read_capture faulty EPHEMERAL_FAULT="memory $number" && [ "$status" != 0 ]; do
    [ "$status" = 134 ] || fail "without allocation $number: status $status: $(tail -n 1 "$scratch/log")"
    grep -q 'memory allocation of [0-9]* bytes failed' "$scratch/log" || fail "without allocation $number: no message"
    is_beginning_of "$scratch/out" "$scratch/whole-with" || fail "without allocation $number: another output"
    refused=$((refused + 1))
    number=$((number + 1 + number / 10))
done
check "without each of $refused, up to number $number, it aborts with a message" test "$refused" -gt 20
check "all is printed where there are fewer than that" cmp "$scratch/out" "$scratch/whole-with"

heading "Little address space"
# Prints how the last run ended: `well`, or its status and the kind of its message.
ending() {
    if [ "$status" = 0 ]; then
        say well
    elif grep -q 'error while loading shared libraries' "$scratch/log"; then
        say "$status, a library does not fit"
    elif grep -qi 'failed to allocate\|memory allocation of\|out of memory\|cannot allocate memory' "$scratch/log"; then
        say "$status, no memory"
    else
        say "$status, without a word"
    fi
}
# The host may end the same way at another limit, because the plugin takes some of the memory.
room=4000
host_ends_so() {
    wanted=$1
    at=$limit
    for less in 0 100 200 300 400 500 600 700 800 900 1000 1500 2000 3000 $room; do
        limit=$((at - less))
        read_capture without
        [ "$(ending)" != "$wanted" ] || { limit=$at; return 0; }
    done
    limit=$at
    return 1
}
# Returns whether tshark, with the plugin if the home has it, reads the capture within that many kB.
reads_within() {
    limit=$1
    read_capture "$2"
    [ "$status" = 0 ]
}
# Prints the minimum that tshark needs with that home, to 50 kB.
least() {
    low=10000
    high=4000000
    reads_within $high "$1" || not_run "tshark does not even start under ulimit -v $high"
    while [ $((high - low)) -gt 50 ]; do
        middle=$(((low + high) / 2))
        if reads_within $middle "$1"; then high=$middle; else low=$middle; fi
    done
    say $high
}
least_without=$(least without)
least_with=$(least with)
say "tshark takes $least_without kB by itself, $least_with kB with the plugin"
# The limit for loading, registering and judging a few packets.
check "the plugin takes no more than $room kB" test $((least_with - least_without)) -lt $room

tried=0
well=0
endings=
try() {
    limit=$1
    read_capture with
    end=$(ending)
    tried=$((tried + 1))
    if [ "$end" = well ]; then
        well=$((well + 1))
        # If the plugin's file itself does not fit, the host continues without it.
        cmp -s "$scratch/out" "$scratch/whole-with" || cmp -s "$scratch/out" "$scratch/whole-without" ||
            fail "within $limit kB: another output"
        return
    fi
    is_beginning_of "$scratch/out" "$scratch/whole-with" || is_beginning_of "$scratch/out" "$scratch/whole-without" ||
        fail "within $limit kB: another output"
    case $endings in *"$end;"*) ;; *) endings="$endings $end;" ;; esac
    case $end in 124* | 137*) fail "within $limit kB: it hangs" ;; esac
    case $end in "133, no memory" | "134, no memory" | "127, a library does not fit") return ;; esac
    said=$(tail -n 1 "$scratch/log")
    host_ends_so "$end" || fail "within $limit kB: $end, and tshark by itself does not: $said"
}
coarse=$((least_without / 40))
at=$coarse
while [ $at -lt $((least_without - room)) ]; do
    try $at
    at=$((at + coarse))
done
at=$((least_without - room))
while [ $at -lt $((least_with + 1000)) ]; do
    try $at
    at=$((at + 100))
done
check "of $tried limits, $well let it do all its work" test $well -gt 5
check "the others end it with a message, or as they end tshark alone:$endings" test $((tried - well)) -gt 20
