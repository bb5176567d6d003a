#!/bin/sh
# Runs tshark with the plugin under valgrind's memcheck: there must be no error with our functions on the stack,
# and no lost block that we allocated. Errors and leaks of tshark itself do not have our functions on the stack,
# and are ignored.
#
#   sh tests/memcheck.sh [CAPTURE...]      in addition to the captures in tests/captures
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

has valgrind || not_run "valgrind is not installed"
make_homes /
cat >"$scratch/canary.c" <<'END'
/* Allocates and loses a block when it is loaded, to see that the check finds one. */
#include <stdlib.h>
void *lost;
__attribute__((constructor)) static void lose(void) { lost = malloc(4242); lost = malloc(1); }
END
cc -shared -fPIC -O0 -o "$scratch/libephemeral-canary.so" "$scratch/canary.c"
open_to_nobody "$scratch"

# check_memory CAPTURE OPTION...: runs tshark under valgrind, whose report is in $scratch/log.
check_memory() {
    cp "$1" "$scratch/capture"
    chmod a+r "$scratch/capture"
    shift
    rm -f "$scratch/log"
    in_home with G_SLICE=always-malloc G_DEBUG=gc-friendly WIRESHARK_DEBUG_WMEM_OVERRIDE=simple ${preload:+LD_PRELOAD="$preload"} \
        valgrind --leak-check=full --show-leak-kinds=definite,indirect --errors-for-leak-kinds=definite,indirect \
        --keep-debuginfo=yes --num-callers=40 --log-file="$scratch/log" tshark -r "$scratch/capture" "$@" \
        >"$scratch/out" 2>&1 || return 1
    grep -q 'ERROR SUMMARY' "$scratch/log"
}

# Prints the reports of valgrind with our functions on the stack, except for the nodes of a statistics tree: the
# host allocates them when a dissector counts, and never frees them.
ours() {
    sed 's/^==[0-9]*== \{0,1\}//' "$scratch/log" |
        awk -v RS= '/libephemeral[^ ]*\.so/ && !(/ lost in loss record/ && /stats_tree_(manip|create)_node/)'
}
nothing_of_ours() { [ -z "$(ours)" ] || { ours | head -n 60; return 1; }; }

preload=$scratch/libephemeral-canary.so
check_memory tests/captures/seed.pcap -n
check "a block that is lost on purpose is found" test -n "$(ours)"
preload=

for capture in tests/captures/*.pcap* "$@"; do
    for options in "-Nt -V" "-n" "-2 -Nt -o ephemeral.label_in_info:TRUE -o ephemeral.note_service:TRUE" \
        "-q -z expert -z ephemeral,tree -z ephemeral_doubts,tree -z ephemeral_bytes,tree -z ephemeral,services"; do
        # shellcheck disable=SC2086
        check "$(basename "$capture") $options: tshark ends well" check_memory "$capture" $options
        check "$(basename "$capture") $options: no error and no lost block of ours" nothing_of_ours
    done
done
