#!/bin/sh
# Runs the whole plugin in this system's tshark and sharkd: its Rust with AddressSanitizer, its C with
# UndefinedBehaviorSanitizer as well. Settings make the host allocate each block of memory separately, so that
# AddressSanitizer also notices if we read or write past the end of one of the host's blocks.
#
#   sh tests/sanitize/tshark.sh
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

# Rust and C must share one runtime, which must be loaded before the host's first allocation. So the C compiler's is
# preloaded.
runtime=$(readlink -f "$(cc -print-file-name=libasan.so)")
[ -f "$runtime" ] || not_run "this C compiler is not a gcc with a shared library of AddressSanitizer"

target=$(rustc -vV | sed -n 's/^host: //p')
folder=${CARGO_TARGET_DIR:-target}/sanitize-plugin
seed_crates debug "$folder/debug"
# Only nightly allows the option; with RUSTC_BOOTSTRAP, the stable compiler does as well. Undefined behaviour ends in a
# trap, which the runtime of AddressSanitizer reports; messages about it would need a second runtime.
env "CFLAGS_$(printf '%s' "$target" | tr - _)=-fsanitize=address,undefined -fsanitize-undefined-trap-on-error" \
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address \
    cargo build --locked --quiet --features faults --target "$target" --target-dir "$folder"
EPHEMERAL_PLUGIN=$PWD/$folder/$target/debug/libephemeral.so
case $folder in /*) EPHEMERAL_PLUGIN=$folder/$target/debug/libephemeral.so ;; esac
export EPHEMERAL_PLUGIN
make_homes /

reports=$scratch/reports
mkdir "$reports" "$scratch/bin" "$scratch/no-extcap"
cp "$runtime" "$scratch/libasan.so"
cc -shared -fPIC -o "$scratch/select.so" tests/sanitize/select.c -ldl
# The host's own leaks do not count, and its helpers need no sanitizer.
for program in tshark sharkd; do
    cat >"$scratch/bin/$program" <<END
#!/bin/sh
export WIRESHARK_EXTCAP_DIR=$scratch/no-extcap WIRESHARK_DEBUG_WMEM_OVERRIDE=simple G_SLICE=always-malloc
export ASAN_OPTIONS=detect_leaks=0:detect_stack_use_after_return=1:handle_sigill=1:log_path=$reports/asan
LD_PRELOAD="$scratch/libasan.so \${EPHEMERAL_PRELOAD:-}" exec $(command -v $program) "\$@"
END
    chmod 0755 "$scratch/bin/$program"
done
PATH=$scratch/bin:$PATH
open_to_nobody "$scratch"

fault=
preload=
# read_capture HOME FILE OPTION...: runs tshark on a capture; its output is in out, its log in log.
read_capture() {
    who=$1
    cp "$2" "$scratch/capture"
    chmod a+r "$scratch/capture"
    shift 2
    in_home "$who" ${fault:+EPHEMERAL_FAULT="$fault"} ${preload:+EPHEMERAL_PRELOAD="$preload"} \
        timeout 60 tshark -r "$scratch/capture" "$@" >"$scratch/out" 2>"$scratch/log"
}
reported() { cat "$reports"/* 2>/dev/null | grep -q "$1"; }
nothing_reported() { [ -z "$(ls "$reports")" ] || { cat "$reports"/* | head -n 60; return 1; }; }
no_error_of_ours() { ! grep 'internal error in\|Ephemeral Ports is off' "$scratch/log"; }

read_capture without tests/captures/seed.pcap -V || not_run "tshark does not start with this runtime: $(head -n 1 "$scratch/log")"
nothing_reported || not_run "the runtime finds an error in tshark without the plugin"

heading "What is wrong on purpose is found"
finds() {
    fault=$2
    read_capture with tests/captures/seed.pcap -Nt -V && fail "$1: tshark ends well"
    fault=
    check "$1" reported "$3"
    rm -f "$reports"/*
}
finds "in C, a block that is overrun" "overrun fields" "heap-buffer-overflow .*eph_fault"
finds "in C, an integer that overflows" "overflow fields" "AddressSanitizer: ILL .*eph_fault"
finds "in Rust, a block that is overrun" "overrun annotate" " in .*strike"

heading "Captures, sound and damaged"
ours="-o ephemeral.label_in_info:TRUE -o ephemeral.note_service:TRUE -o ephemeral.note_confidence:weak
    -o ephemeral.server_ports:8081,9000-9099"
# clean WHAT FILE OPTION...: with these options, nothing is reported.
clean() {
    what=$1
    shift
    # If the file is damaged, tshark says so by its status.
    status=0 && read_capture with "$@" || status=$?
    check "$what" nothing_reported
    check "$what: no error of ours" no_error_of_ours
    [ "$status" -lt 124 ] || fail "$what: tshark ended with status $status: $(tail -n 3 "$scratch/log")"
}
for capture in tests/captures/*.pcap*; do
    name=$(basename "$capture")
    clean "$name, details" "$capture" -Nt -V
    # shellcheck disable=SC2086
    {
        clean "$name, two passes, all of ours" "$capture" -2 -Nt -V $ours
        clean "$name, a line a packet, all of ours" "$capture" -Nmtv $ours -Y "ephemeral || ephemeral.misnamed"
        clean "$name, statistics" "$capture" -q -z expert -z ephemeral,tree -z ephemeral_doubts,tree -z ephemeral_bytes,tree $ours
    }
done
check "the plugin was there" grep -q "Services, by server" "$scratch/out"
editcap --help 2>&1 | grep -q -- --seed && seed="--seed" || seed=
for number in 1 2 3 4 5 6; do
    set -- -E 0.0"$number"5 -o $((number % 3 * 14))
    editcap "$@" ${seed:+"$seed" "$number"} tests/captures/seed-recorded.pcapng "$scratch/damaged" >/dev/null 2>&1 || true
    # shellcheck disable=SC2086
    clean "damaged by editcap $*" "$scratch/damaged" -2 -Nt -V $ours
done

heading "Faults"
for fault in "throw judged" "throw fields" "throw note" "panic annotate 3"; do
    read_capture with tests/captures/seed.pcap -Nt -V || fail "$fault: tshark does not end well"
    check "$fault" nothing_reported
    case $fault in
    panic*) check "$fault: the fault was there" grep -q "internal error in annotate" "$scratch/log" ;;
    esac
done
fault=

heading "A packet that the user selects"
preload=$scratch/select.so
read_capture with tests/captures/seed-recorded.pcapng -Nt || fail "tshark does not end well: $(tail -n 3 "$scratch/log")"
preload=
check "its conversation's filter is made" grep -q '^selects: ephemeral.client == ' "$scratch/log"
check "nothing is reported" nothing_reported

heading "End to end"
check "the tests of what is written to the host pass" \
    run_tests e2e correction:: headers:: hostile:: note:: recorded:: wrong_dissector::
check "nothing is reported" nothing_reported
