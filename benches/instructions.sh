#!/bin/sh
# Counts the instructions that the plugin takes for each packet, with valgrind. Other programs do not
# affect the counts.
#
#   sh benches/instructions.sh                 its own functions, with their shares (callgrind)
#   sh benches/instructions.sh --lines [WHAT]  and those of the source lines (takes addr2line), of WHAT alone
#                                              (average, up, ...: see `captures_of`)
#   sh benches/instructions.sh --growth [MAX]  late in a capture, after 1000, 10000, ... MAX (100000)
#                                              other conversations
#   sh benches/instructions.sh --active [MAX]  where 1000, 10000, ... MAX (1000000) conversations go on at the
#                                              same time, without a host (active.rs): with cache misses
#   sh benches/instructions.sh --ratio [N]     of whole processes without their start-up, as ratios to no
#                                              plugin; with --capture FILE, of yours
#   sh benches/instructions.sh --budget WHAT=N...
#                                              fails if WHAT (see `captures_of`) takes more than N a packet
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
caller=$PWD
cd "$(dirname "$0")/.."
. tests/lib.sh
. benches/lib.sh

# Builds a plugin with function names, which the released file lacks, in a separate target folder.
build_with_names() {
    CARGO_TARGET_DIR=target/symbols CARGO_PROFILE_RELEASE_STRIP=none \
        CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --quiet --release --locked --lib
    plugin=target/symbols/release/libephemeral.so
}

# Two captures, whose difference is what WHAT takes: the second is the beginning of the first, or has the same
# overhead. With a +, names are on. Twenty conversations contain every kind. A conversation counts as settled after ten
# times its data, so that both captures contain all payloads that are searched for signs.
captures_of() {
    case $1 in
        average) say "mixed $2 mixed 0" ;;
        up) say "mixed:10 20 mixed 20" ;;
        midstream) say "midstream $2 mixed 0" ;;
        settled) say "midstream:25 20 midstream:10 20" ;;
        udp) say "udp $2 mixed 0" ;;
        udp-settled) say "udp:25 20 udp:10 20" ;;
        misnamed) say "misnamed:10+ 20 misnamed+ 20" ;;
        names) say "mixed+ $2 mixed+ 0" ;;
        midstream-names) say "midstream+ $2 mixed+ 0" ;;
        udp-names) say "udp+ $2 mixed+ 0" ;;
        *) die "what is $1?" ;;
    esac
}

called() {
    case $1 in
        average) say "on average, with opening and closing" ;;
        up) say "of a connection that is up" ;;
        midstream) say "on average, without the handshakes" ;;
        settled) say "of a connection without a handshake that is settled" ;;
        udp) say "of UDP on average" ;;
        udp-settled) say "of a conversation over UDP that is settled" ;;
        misnamed) say "of a misnamed connection, with names on" ;;
        names) say "on average, with names on" ;;
        midstream-names) say "on average, without the handshakes, with names on" ;;
        udp-names) say "of UDP on average, with names on" ;;
    esac
}

# run_counted CAPTURE [OPTION...]: runs the host with our plugin under callgrind, which writes to $scratch/counted;
# prints the number of lines that the host printed.
run_counted() {
    as_nobody env HOME="$homes/ours" LD_PRELOAD="$count_from_capture" valgrind $callgrind --dump-instr=yes \
        --callgrind-out-file="$scratch/counted" tshark -r "$@" >"$scratch/lines" 2>"$scratch/errors" ||
        { cat "$scratch/errors" && die "the host under valgrind failed"; }
    wc -l <"$scratch/lines"
}

# own KIND CONVERSATIONS: counts with callgrind; sets $counted to its output file, and $packets.
own() {
    counted=$scratch/$1-$2
    if [ ! -e "$counted.packets" ]; then
        capture=$(a_capture "${1%+}" "$2")
        set -- "$capture" $(case $1 in *+) printf '%s ' -N t ;; esac)
        run_counted "$@" >"$counted.packets"
        mv "$scratch/counted" "$counted"
    fi
    packets=$(cat "$counted.packets")
}

# measure KIND CONVERSATIONS KIND CONVERSATIONS [OPTION...]: prints what the first takes more than the second, for each
# packet.
measure() {
    own "$1" "$2"
    long=$counted
    more=$packets
    own "$3" "$4"
    more=$((more - packets))
    [ "$more" -gt 0 ] || die "the host showed no packets"
    shift 4
    python3 benches/callgrind.py --packets "$more" "$@" "$long" "$counted"
}

# within WHAT=N
within() {
    what=${1%=*}
    most=${1#*=}
    found=$(measure $(captures_of "$what" 60) | sed -n 's/^own functions: \([0-9]*\).*/\1/p')
    say "$found instructions for a packet $(called "$what"), of at most $most"
    [ "$found" -gt 0 ] || die "none of our functions was called"
    [ "$found" -le "$most" ] || die "too many: sh benches/instructions.sh shows where they go"
}

# ratios HOMES CAPTURE [OPTION...]: of a capture's packets, without the start-up, for each home.
ratios() {
    among=$1
    capture=$2
    shift 2
    # shellcheck disable=SC2046
    python3 benches/whole.py --homes "$homes" --nothing "$nothing" --capture "$capture" $(printf -- '--home %s ' $among) -- "$@"
}

# simulate CONVERSATIONS PACKETS: prints the instructions, and the data misses of a first-level cache of 32 KB and a
# last-level cache of 8 MB.
simulate() {
    valgrind --tool=cachegrind --cache-sim=yes --cachegrind-out-file=/dev/null --D1=32768,8,64 --LL=8388608,16,64 \
        target/release/examples/active "$1" "$2" 2>&1 >/dev/null |
        sed -n 's/,//g; s/^==.*\(I  *refs\|D1  misses\|LLd misses\): *\([0-9]*\).*/\2/p' | tr '\n' ' '
}

heading "Setting up"
need_build_tools
if [ "${1:-}" = --active ]; then
    need valgrind valgrind
    cargo build --quiet --release --locked --example active
    heading "A packet where so many conversations go on"
    conversations=1000
    while [ "$conversations" -le "${2:-1000000}" ]; do
        packets=200000
        target/release/examples/active "$conversations" 2000000
        say "$(simulate "$conversations" "$packets") $(simulate "$conversations" 0)" | awk -v packets=$packets \
            '{ printf "%.0f instructions, %.2f misses of the first cache, %.2f of the last\n",
               ($1 - $4) / packets, ($2 - $5) / packets, ($3 - $6) / packets }'
        conversations=$((conversations * 10))
    done
    exit
fi
need tshark tshark
need python3 python3
need valgrind valgrind
case ${1:-} in '' | --lines) build_with_names ;; *) build_plugin / ;; esac
make_homes "$plugin"
scratch=$homes/scratch
mkdir "$scratch"
build_count_from_capture
open_to_nobody "$scratch"
nothing=$(a_capture mixed 0)

heading "Instructions per packet"
case ${1:-} in
    '')
        for what in average up midstream settled udp udp-settled misnamed; do
            say "A packet $(called $what):"
            [ $what = average ] && top="--top 25" || top=
            measure $(captures_of $what 1000) $top
        done
        ;;
    --lines)
        need addr2line binutils
        measure $(captures_of "${2:-average}" 60) --top 40 --library "$plugin"
        ;;
    --growth)
        conversations=1000
        while [ "$conversations" -le "${2:-100000}" ]; do
            say "After $conversations other conversations:"
            measure late $conversations short $conversations
            conversations=$((conversations * 10))
        done
        ;;
    --ratio)
        if [ "${2:-}" = --capture ]; then
            case ${3:?} in /*) yours=$3 ;; *) yours=$caller/$3 ;; esac
            open_capture "$yours" "$homes/yours"
            say "One line per packet:" && ratios "empty ours" "$homes/yours"
            say "Names on:" && ratios ours "$homes/yours" -N t
        else
            for kind in mixed midstream udp; do
                capture=$(a_capture $kind "${2:-1000}")
                say "$kind, one line per packet:" && ratios "empty ours" "$capture"
                say "$kind, names on:" && ratios ours "$capture" -N t
            done
        fi
        ;;
    --budget)
        shift
        for budget in "$@"; do
            within "$budget"
        done
        ;;
    *)
        sed -n 's/^#   //p' benches/instructions.sh
        exit 2
        ;;
esac
