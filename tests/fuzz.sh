#!/bin/sh
# Reads damaged captures in a real tshark with the plugin, as Wireshark's own fuzz test does: changed bytes
# (editcap -E), truncated packets (editcap -s), truncated files, random packets (randpkt); with details, PDML,
# notes and statistics, in one pass and two, with our preferences and the host's memory checks on.
#
#   sh tests/fuzz.sh [--runs N | --seconds N] [--captures FOLDER] [--seed N] [--keep FOLDER] [--windows yes]
#
#   --runs N           the number of runs of tshark; by default, as many as fit in --seconds
#   --seconds N        the duration in seconds (60)
#   --captures FOLDER  also damage the captures in this folder
#   --seed N           another sequence of damages and options; the seed is always printed
#   --keep FOLDER      the folder for the captures of bad runs (fuzz-failures)
#   --windows yes      in tshark.exe under Wine, which has no such memory checks
#
# A run is bad if tshark crashes, hangs, finds overwritten memory, or reports an error of the plugin or
# a bug of a dissector. If tshark does the same without the plugin, the error is the host's own, and is
# counted separately.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

runs=
seconds=60
captures=
seed=1
keep=fuzz-failures
windows=
while [ $# -gt 0 ]; do
    [ $# -ge 2 ] || die "$1 takes a value"
    case $1 in
        --runs) runs=$2 ;;
        --seconds) seconds=$2 ;;
        --captures) captures=$2 ;;
        --seed) seed=$2 ;;
        --keep) keep=$2 ;;
        --windows) windows=$2 ;;
        *) die "unknown option $1" ;;
    esac
    shift 2
done

has editcap && has randpkt && has tshark || not_run "tshark, editcap and randpkt are not all installed"
if [ "$windows" = yes ]; then
    . tests/windows/lib.sh
    need_windows_host
    build_windows_plugin
    make_windows_home with "$plugin"
    make_windows_home without
    host=tshark.exe
else
    make_homes /
    host=tshark
fi
editcap --help 2>&1 | grep -q -- --seed && seeded="--seed" || seeded=

ls -d "$PWD"/tests/captures/*.pcap* >"$scratch/captures"
[ -z "$captures" ] || find "$(cd "$captures" && pwd)" -maxdepth 1 -type f | sort >>"$scratch/captures"
randpkt -h 2>&1 | awk '/^Types:/ { on = 1; next } on && NF > 1 { print $1 }' >"$scratch/types"

# Prints shell assignments with the plan of the run with this number. Every 4th run has random packets.
plan() {
    awk -v seed="$seed" -v number="$1" -v captures="$scratch/captures" -v types="$scratch/types" '
        function pick(n) { return int(rand() * n) }
        function read(file, list,    n) { while ((getline line <file) > 0) list[n++] = line; return n }
        BEGIN {
            srand(seed * 1000003 + number); rand()
            split("0 0.0005 0.005 0.02 0.05 0.2", rates); split("0 14 34 42 54", skips)
            split("0 0 0 0 20 34 40 50 54 60 68 90 130", lengths)
            n = read(captures, capture); m = read(types, type)
            printf "capture=\047%s\047 ", capture[pick(n)]
            printf "type=%s ", number % 4 == 0 ? type[int(number / 4) % m] : ""
            printf "rate=%s skip=%s length=%s ", rates[1 + pick(6)], skips[1 + pick(5)], lengths[1 + pick(13)]
            printf "cut=%d output=%d options=%d names=%d ", pick(5) == 0 ? 1 + pick(3000) : 0, pick(10), pick(8), pick(3)
            printf "perturb=%d random=%d\n", 1 + pick(254), 1 + pick(2000000000)
        }'
}

# Makes the capture of the plan.
damage() {
    if [ -n "$type" ]; then
        randpkt -b 300 -c 25 -t "$type" "$scratch/in" >/dev/null 2>&1 || return 1
        capture=$scratch/in
    fi
    set -- -r
    [ "$rate" = 0 ] || set -- "$@" -E "$rate" -o "$skip" ${seeded:+"$seeded" "$random"}
    [ "$length" = 0 ] || set -- "$@" -s "$length"
    rm -f "$scratch/damaged"
    # editcap stops at a file that it cannot read to its end. The packets that it wrote before are enough.
    editcap "$@" "$capture" "$scratch/damaged" 1-60 >/dev/null 2>&1 || true
    [ -s "$scratch/damaged" ] || cp "$capture" "$scratch/damaged"
    if [ "$cut" != 0 ]; then
        head -c "$cut" "$scratch/damaged" >"$scratch/in.cut"
        mv "$scratch/in.cut" "$scratch/damaged"
    fi
    chmod a+r "$scratch/damaged"
}

ours="-o ephemeral.label_in_info:TRUE -o ephemeral.note_service:TRUE -o ephemeral.note_confidence:weak"

# Prints the options of tshark in the plan; those of the plugin come second.
host_options() {
    case $names in 0) printf '%s ' -n ;; 1) printf '%s ' -Nt ;; 2) printf '%s ' -Nmtv ;; esac
    case $output in
        0 | 1) say -V ;;
        2 | 3) say -2 -V ;;
        4) say -T pdml ;;
        5) say -2 -T pdml ;;
        6) say -2 ;;
        7) say -q -z expert ;;
        8) say -T json -x ;;
        9) say -2 -T text ;;
    esac
}
our_options() {
    case $options in
        0) ;;
        1 | 2 | 3) printf '%s ' $ours ;;
        4) printf '%s ' $ours -o ephemeral.note:first ;;
        5) printf '%s ' $ours -o ephemeral.note:never -o ephemeral.server_ports:1-1023 ;;
        6) printf '%s ' -o ephemeral.infer:FALSE -o ephemeral.correct_tree:FALSE ;;
        7) printf '%s ' $ours -o ephemeral.udp:FALSE -z ephemeral,tree -z ephemeral_doubts,tree ;;
    esac
    [ "$output" != 9 ] || say -Y "ephemeral.misnamed||ephemeral.confidence"
}

# run HOME OPTION...: returns the status of tshark; its output is in $scratch/out and $scratch/err.
run() {
    who=$1
    shift
    if [ "$windows" = yes ]; then
        EPHEMERAL_WINE_SECONDS=60 wine WIRESHARK_CONFIG_DIR="Z:$inside/$who" "$windows_host/tshark.exe" \
            -r "Z:$inside/damaged" "$@" >"$scratch/out" 2>"$scratch/err"
        return
    fi
    in_home "$who" G_SLICE=always-malloc MALLOC_PERTURB_="$perturb" MALLOC_CHECK_=3 WIRESHARK_DEBUG_WMEM_OVERRIDE=strict \
        timeout -k 5 60 tshark -r "$scratch/damaged" "$@" >"$scratch/out" 2>"$scratch/err"
}

# verdict STATUS: prints one word for what is bad about the last run, which ended with this status; nothing if it was good.
verdict() {
    if [ "$1" = 124 ] || [ "$1" = 137 ]; then
        say hang
    elif [ "$1" -ge 128 ]; then
        say "signal-$(($1 - 128))"
    elif grep -aq '^wine: Unhandled\|^WineDbg attached' "$scratch/err" "$scratch/out"; then
        say crash
    elif grep -aqi 'canary\|corrupt\|double free\|invalid pointer' "$scratch/err"; then
        say memory
    elif grep -aqi 'internal error in\|Ephemeral Ports is off\|panicked' "$scratch/err"; then
        say our-error
    elif grep -aqi 'dissector bug\|assert' "$scratch/err"; then
        say dissector-bug
    fi
}

status=0
number=0
bad=0
hosts_own=0
started=$(date +%s)
say "seed $seed, $(wc -l <"$scratch/captures") captures, $(wc -l <"$scratch/types") types of random packets, $host $release"
while :; do
    if [ -n "$runs" ]; then
        [ "$number" -lt "$runs" ] || break
    else
        [ $(($(date +%s) - started)) -lt "$seconds" ] || break
    fi
    number=$((number + 1))
    eval "$(plan $number)"
    damage || continue
    theirs=$(host_options)
    # shellcheck disable=SC2046,SC2086
    status=0 && run with $theirs $(our_options) || status=$?
    wrong=$(verdict $status)
    [ "$((number % 200))" != 0 ] || say "$number runs, $bad bad, $hosts_own the host's own, $(($(date +%s) - started)) s"
    [ -n "$wrong" ] || continue
    mkdir -p "$keep"
    kept=$keep/$seed-$number-$wrong
    cp "$scratch/damaged" "$kept.pcap"
    cp "$scratch/err" "$kept.log"
    # shellcheck disable=SC2086
    status=0 && run without $theirs || status=$?
    if [ "$(verdict $status)" = "$wrong" ] && [ "$wrong" != our-error ]; then
        hosts_own=$((hosts_own + 1))
        rm "$kept.pcap" "$kept.log"
    else
        bad=$((bad + 1))
        say "BAD: $wrong: tshark -r $kept.pcap $theirs $(our_options)"
    fi
done

say "$number runs in $(($(date +%s) - started)) s: $bad bad, $hosts_own bad without the plugin as well"
[ "$bad" = 0 ] || fail "$bad runs were bad; their captures are in $keep"
# Otherwise the test checked nothing: the plugin did not load, or the captures contain nothing for it.
cp tests/captures/seed.pcap "$scratch/damaged"
perturb=1
chmod a+r "$scratch/damaged"
run with -V
check "the plugin was loaded" grep -q "^ *\[Ephemeral Ports, " "$scratch/out"
if [ "$windows" = yes ]; then
    status=0 && wine rundll32 kernel32,DebugBreak >"$scratch/out" 2>"$scratch/err" || status=$?
    check "a crash under Wine would have been seen" test "$(verdict $status)" = crash
fi
