#!/bin/sh
# Counts, with valgrind's callgrind, the instructions that the plugin's own functions take for each
# packet: one line per packet, names off, no tree. Other programs do not disturb this.
#
#   sh benches/instructions.sh                 from 1000 conversations, with the functions' shares
#   sh benches/instructions.sh --lines         and those of the source lines (takes addr2line)
#   sh benches/instructions.sh --growth [MAX]  from 1000, 10000, ... MAX (100000) conversations
#   sh benches/instructions.sh --budget N      fails if it takes more than N a packet
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh
. benches/lib.sh

# The released file has no names of functions; one that has is built in a folder of its own.
build() {
    cargo build --quiet --release --locked
    plugin=target/release/libephemeral.so
}

build_with_names() {
    CARGO_TARGET_DIR=target/symbols CARGO_PROFILE_RELEASE_STRIP=none \
        CARGO_PROFILE_RELEASE_DEBUG=line-tables-only cargo build --quiet --release --locked --lib
    plugin=target/symbols/release/libephemeral.so
}

# count CAPTURE: runs the host under callgrind, which writes CAPTURE.callgrind.
count() {
    as_nobody env HOME="$homes/ours" valgrind --tool=callgrind --dump-instr=yes \
        --callgrind-out-file="$homes/scratch/$(basename "$1").callgrind" tshark -r "$1" \
        >"$homes/scratch/lines" 2>"$homes/scratch/errors" ||
        { cat "$homes/scratch/errors" && die "the host under valgrind failed"; }
    wc -l <"$homes/scratch/lines"
}

# measure KIND CONVERSATIONS [OPTION...]: what the capture takes more than one without packets.
measure() {
    measured=$(a_capture "$1" "$2")
    packets=$(count "$measured")
    [ "$packets" -gt 0 ] || die "the host showed no packets"
    shift 2
    python3 benches/callgrind.py --packets "$packets" "$@" \
        "$homes/scratch/$(basename "$measured").callgrind" "$homes/scratch/$(basename "$nothing").callgrind"
}

heading "Setting up"
need_build_tools
need tshark tshark
need python3 python3
need valgrind valgrind
case ${1:-} in --growth | --budget) build ;; *) build_with_names ;; esac
make_homes "$plugin"
mkdir "$homes/scratch"
open_to_nobody "$homes/scratch"
nothing=$(a_capture mixed 0)
count "$nothing" >/dev/null

heading "Instructions per packet"
case ${1:-} in
    '')
        measure mixed 1000 --top 25
        ;;
    --lines)
        need addr2line binutils
        measure mixed 1000 --top 25 --library "$plugin"
        ;;
    --growth)
        conversations=1000
        while [ "$conversations" -le "${2:-100000}" ]; do
            say "$conversations conversations of one to three packets:"
            measure short $conversations
            conversations=$((conversations * 10))
        done
        ;;
    --budget)
        measured=$(measure mixed "${3:-200}")
        say "$measured"
        own=$(say "$measured" | sed -n 's/^own functions: \([0-9]*\).*/\1/p')
        [ "$own" -gt 0 ] || die "none of our functions was called"
        [ "$own" -le "$2" ] || die "$own instructions a packet are more than the budget of $2: sh benches/instructions.sh shows where they go"
        ;;
    *)
        sed -n 's/^#   //p' benches/instructions.sh
        exit 2
        ;;
esac
