#!/bin/sh
# Injects faults into tshark.exe under Wine: the host continues, its own output is unchanged, and the log says once what
# happened. The other cases of tests/faults.sh need Unix (LD_PRELOAD, closed pipes).
#
#   sh tests/windows/faults.sh
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
# The build without faults comes last, so that it stays in the folder.
build_faulty_windows_plugin
build_windows_plugin
cp tests/captures/seed.pcap "$scratch/"

make_windows_home with "$plugin"
make_windows_home without
make_windows_home faulty "$faulty_plugin"
make_windows_home two "$plugin" "$plugin"

fault=
# read_capture HOME OPTION...: tshark.exe on the capture; its output is in out, its log in log.
read_capture() {
    who=$1
    shift
    status=0
    wine WIRESHARK_CONFIG_DIR="Z:$inside/$who" ${fault:+EPHEMERAL_FAULT="$fault"} "$windows_host/tshark.exe" \
        -r "Z:$inside/seed.pcap" "$@" >"$scratch/out" 2>"$scratch/log" || status=$?
}
logged() { [ "$(grep -c 'Ephemeral' "$scratch/log")" = "$1" ] || { cat "$scratch/log"; return 1; }; }
log_says() { grep -q "$1" "$scratch/log" || { cat "$scratch/log"; return 1; }; }
is_same() { cmp -s "$1" "$2" || { diff "$1" "$2" | head; return 1; }; }
ended_well() { [ "$status" = 0 ] || { say "status $status"; cat "$scratch/log"; return 1; }; }

read_capture without -Nt
cp "$scratch/out" "$scratch/list"
read_capture without -Nt -V
cp "$scratch/out" "$scratch/details"
read_capture without -n -V
cp "$scratch/out" "$scratch/theirs"
check "without the plugin there is something to compare with" test -s "$scratch/list" -a -s "$scratch/details"

heading "A panic"
for entry in $(entries Start) $(entries File) $(entries Packet); do
    fault="panic $entry"
    read_capture faulty -Nt -V
    check "in $entry: tshark.exe ends well" ended_well
    check "in $entry: it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/details"
    # Not checked: the log while the DLL is being loaded.
    [ "$entry" != supported_release ] || continue
    check "in $entry: the log says so once" logged 1
    check "in $entry: and where" log_says "internal error in $entry: a fault put in on purpose (src/host/faults.rs:[1-9]"
done

heading "Another release's offsets"
for row in 3.4 4.0 4.6; do
    fault="row $row"
    read_capture faulty -Nt -V
    check "of $row: tshark.exe ends well" ended_well
    check "of $row: it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/details"
    check "of $row: the log says what did not fit" \
        log_says "the offsets for this release do not fit this Wireshark: packet_info\|frame_data"
done

heading "A function that the host lacks"
fault="lack epan"
read_capture faulty -Nt -V
check "one that is needed: tshark.exe ends well" ended_well
check "one that is needed: it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/details"
check "one that is needed: the log says that we are not loaded" log_says "Ephemeral Ports is not loaded: a fault put in"

heading "The host throws while we write"
for place in judged fields note; do
    fault="throw $place"
    read_capture faulty -n -V
    check "($place) tshark.exe ends well" ended_well
    check "($place) it says that it threw" grep -q '^\[Malformed Packet' "$scratch/out"
done
fault=

heading "Another release's plugin folder"
mv "$scratch/with/plugins/$release" "$scratch/with/plugins/9.9"
read_capture with -Nt
check "the file is not looked at" is_same "$scratch/out" "$scratch/list"
mv "$scratch/with/plugins/9.9" "$scratch/with/plugins/$release"

heading "Two copies in the plugin folder"
read_capture two -n -V
check "tshark.exe ends well" ended_well
check "the first copy works" test "$(grep -c '^ *\[*Ephemeral Ports, ' "$scratch/out")" = 9
check "the log says which file does nothing" log_says "another copy of Ephemeral Ports is loaded; .*\.dll does nothing"
