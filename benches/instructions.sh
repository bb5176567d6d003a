#!/bin/sh
# Counts, with valgrind's callgrind, the instructions that the plugin's own functions take for each
# packet: one line per packet, names off, no tree. Other programs do not disturb this.
#
#   sh benches/instructions.sh                 from 1000 conversations, with the functions' shares
#   sh benches/instructions.sh --lines         and those of the source lines (takes addr2line)
#   sh benches/instructions.sh --growth [MAX]  late in a capture, after 1000, 10000, ... MAX (100000)
#                                              other conversations
#   sh benches/instructions.sh --budget N M L  fails if it takes more than N a packet of connections that
#                                              are up, M on average with opening and closing, or L without
#                                              the handshakes
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

# measure CAPTURE HEAD [OPTION...]: what a capture takes more than its head, by packet.
measure() {
    packets=$(($(count "$1") - $(count "$2")))
    [ "$packets" -gt 0 ] || die "the host showed no packets"
    long=$homes/scratch/$(basename "$1").callgrind
    short=$homes/scratch/$(basename "$2").callgrind
    shift 2
    python3 benches/callgrind.py --packets "$packets" "$@" "$long" "$short"
}

# within BUDGET WHAT MEASURED
within() {
    own=$(say "$3" | sed -n 's/^own functions: \([0-9]*\).*/\1/p')
    say "$own instructions for $2, of at most $1"
    [ "$own" -gt 0 ] || die "none of our functions was called"
    [ "$own" -le "$1" ] || die "too many: sh benches/instructions.sh shows where they go"
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

heading "Instructions per packet"
case ${1:-} in
    '')
        whole=$(a_capture mixed 1000)
        say "Of connections that are up:"
        measure "$(a_capture long 1000)" "$whole"
        say "On average, with opening and closing:"
        measure "$whole" "$nothing" --top 25
        say "The same without the handshakes:"
        measure "$(a_capture midstream 1000)" "$nothing"
        ;;
    --lines)
        need addr2line binutils
        measure "$(a_capture mixed 1000)" "$nothing" --top 25 --library "$plugin"
        ;;
    --growth)
        conversations=1000
        while [ "$conversations" -le "${2:-100000}" ]; do
            say "After $conversations other conversations:"
            measure "$(a_capture late $conversations)" "$(a_capture short $conversations)"
            conversations=$((conversations * 10))
        done
        ;;
    --budget)
        whole=$(a_capture mixed 60)
        within "$2" "a packet of a connection that is up" "$(measure "$(a_capture long 60)" "$whole")"
        within "$3" "a packet on average" "$(measure "$whole" "$nothing")"
        within "$4" "a packet without the handshake" "$(measure "$(a_capture midstream 60)" "$nothing")"
        ;;
    *)
        sed -n 's/^#   //p' benches/instructions.sh
        exit 2
        ;;
esac
