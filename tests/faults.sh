#!/bin/sh
# Faults put in on purpose, and the worst that may befall a plugin: the host runs on, what it says
# itself is unharmed, and the log says what happened once.
#
#   sh tests/faults.sh [ROOT]     in this system's Wireshark, or (as root) a host of tests/hosts.sh
#
# EPHEMERAL_PLUGIN and EPHEMERAL_FAULTY_PLUGIN name plugins that are built already, the second one
# with the feature `faults`.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

root=${1:-/}
make_homes "$root"
if [ -z "${EPHEMERAL_FAULTY_PLUGIN:-}" ]; then
    faulty=${CARGO_TARGET_DIR:-target}/faults
    cargo build --release --locked --quiet --features faults --target-dir "$faulty"
    EPHEMERAL_FAULTY_PLUGIN=$faulty/release/libephemeral.so
fi
inside=${scratch#"${root%/}"}
make_home faulty "$EPHEMERAL_FAULTY_PLUGIN"
make_home two "$plugin" "$plugin"
cp tests/captures/seed.pcap "$scratch/"
if cc -shared -fPIC -o "$scratch/toggle.so" tests/faults/toggle.c -ldl; then :; else fail "toggle.c does not compile"; fi
open_to_nobody "$scratch"
packets=9
fault=
preload=

# host HOME COMMAND...: a command of the host, as an ordinary user with that home.
host() {
    home=$inside/$1
    shift
    set -- env -i PATH="$PATH:/usr/bin:/bin" HOME="$home" LC_ALL=C.UTF-8 ${fault:+EPHEMERAL_FAULT="$fault"} \
        ${preload:+LD_PRELOAD="$preload"} "$@"
    if [ "$root" = / ]; then as_nobody "$@"; else chroot --userspec=$nobody:$nobody "$root" "$@"; fi
}

# read_capture HOME OPTION...: tshark on the capture; its output is in out, its log in log.
read_capture() {
    who=$1
    shift
    status=0
    host "$who" timeout 60 tshark -r "$inside/seed.pcap" "$@" >"$scratch/out" 2>"$scratch/log" || status=$?
}

# What tshark prints, without our part of the tree.
without_ours() {
    awk '/^\[?Ephemeral Ports/ { ours = 1; next } ours && /^ / { next } { ours = 0; print }' "$1" | cat -s
}
logged() { [ "$(grep -c 'Ephemeral' "$scratch/log")" = "$1" ] || { cat "$scratch/log"; return 1; }; }
log_says() { grep -q "$1" "$scratch/log" || { cat "$scratch/log"; return 1; }; }
is_same() { cmp -s "$1" "$2" || { diff "$1" "$2" | head; return 1; }; }
ended_well() { [ "$status" = 0 ] || { say "status $status"; return 1; }; }

read_capture without -Nt
cp "$scratch/out" "$scratch/list"
read_capture without -Nt -V
cp "$scratch/out" "$scratch/details"
read_capture without -n -2 -V
without_ours "$scratch/out" >"$scratch/numbers"

heading "The fault build is no release"
check "a release knows no faults" test "$(grep -c EPHEMERAL_FAULT "$plugin")" = 0
check "the build for tests does" grep -q EPHEMERAL_FAULT "$EPHEMERAL_FAULTY_PLUGIN"

heading "A panic"
for entry in plugin_register proto_register handoff open_file judge; do
    fault="panic $entry"
    for options in -Nt "-Nt -V"; do
        # shellcheck disable=SC2086
        read_capture faulty $options
        check "in $entry ($options): tshark ends well" ended_well
        expected=list && [ "$options" = -Nt ] || expected=details
        check "in $entry ($options): it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/$expected"
        check "in $entry ($options): the log says so once" logged 1
        check "in $entry ($options): and where" log_says "internal error in $entry: a fault put in on purpose"
    done
done
fault="panic supported_release"
read_capture faulty -Nt
check "in the constructor: tshark ends well" ended_well
check "in the constructor: it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/list"
check "in the constructor: the log says so" log_says "internal error in supported_release"
fault="panic judge 3"
read_capture faulty -n -2 -V -o ephemeral.note:never
without_ours "$scratch/out" >"$scratch/ours"
check "in the middle of a file: tshark's own output is the same" is_same "$scratch/ours" "$scratch/numbers"
check "in the middle of a file: the log says so once" logged 1
fault=

heading "Another release's offsets"
case $release in
    3.4) rows="4.0 4.2 4.4 4.6" ;;
    4.0) rows="3.4 4.2 4.4 4.6" ;;
    4.2 | 4.4) rows="3.4 4.0 4.6" ;;
    *) rows="3.4 4.0 4.2 4.4" ;;
esac
for row in $rows; do
    fault="row $row"
    read_capture faulty -Nt -V
    check "of $row: tshark ends well" ended_well
    check "of $row: it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/details"
    check "of $row: the log says so once" logged 1
    check "of $row: and what did not fit" log_says "the offsets for this release do not fit this Wireshark: packet_info\|frame_data"
done
fault=

heading "The host throws while we write"
# Its own lines must all be there; it adds that the packet could not be dissected to its end.
only_added() {
    diff "$1" "$2" | grep '^<' | grep -v '^< *\[Expert Info\|^< *$' >"$scratch/lost" || return 0
    head "$scratch/lost"
    return 1
}
for place in judged fields note; do
    fault="throw $place"
    read_capture faulty -n -V
    check "($place) tshark ends well" ended_well
    check "($place) it says that it threw" grep -q '^\[Malformed Packet' "$scratch/out"
    read_capture without -n -V
    cp "$scratch/out" "$scratch/theirs"
    read_capture faulty -n -V
    check "($place) nothing of its own is lost" only_added "$scratch/theirs" "$scratch/out"
done
fault=

heading "The limit on tree items"
limit=60
reached=0
tried=0
while [ $limit -le 200 ]; do
    limit=$((limit + 7))
    # Some releases do not have the preference, some abort over their own items.
    read_capture without -n -V -o gui.max_tree_items:$limit
    [ "$status" = 0 ] || continue
    tried=$((tried + 1))
    read_capture with -n -V -o gui.max_tree_items:$limit
    ended_well || fail "with at most $limit items, tshark ends with $status"
    ! grep -q 'protocol Ephemeral Ports.*more than' "$scratch/log" || reached=$((reached + 1))
    [ "$(grep -c '^Frame ' "$scratch/out")" = "$packets" ] || fail "with at most $limit items, packets are missing"
done
if [ "$tried" = 0 ]; then
    say "not run: the limit on tree items: Wireshark $release has no such preference"
else
    say "ok: with $tried limits from 60 to 200 tshark ends well and prints all packets; $reached of them were reached by us"
fi

heading "A preference changed in the middle of a file"
ask() {
    if [ "$release" = 3.4 ]; then
        printf '%s\n' "{\"req\":\"load\",\"file\":\"$inside/seed.pcap\"}" '{"req":"frame","frame":1,"proto":true}' \
            '{"req":"setconf","name":"ephemeral.note","value":"never"}' '{"req":"frame","frame":2,"proto":true}' \
            '{"req":"setconf","name":"ephemeral.infer","value":"FALSE"}' '{"req":"frame","frame":1,"proto":true}'
    else
        printf '%s\n' "{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"load\",\"params\":{\"file\":\"$inside/seed.pcap\"}}" \
            '{"jsonrpc":"2.0","id":2,"method":"frame","params":{"frame":1,"proto":true}}' \
            '{"jsonrpc":"2.0","id":3,"method":"setconf","params":{"name":"ephemeral.note","value":"never"}}' \
            '{"jsonrpc":"2.0","id":4,"method":"frame","params":{"frame":2,"proto":true}}' \
            '{"jsonrpc":"2.0","id":5,"method":"setconf","params":{"name":"ephemeral.infer","value":"FALSE"}}' \
            '{"jsonrpc":"2.0","id":6,"method":"frame","params":{"frame":1,"proto":true}}'
    fi
}
if host with sh -c 'command -v sharkd' >/dev/null; then
    ask | host with timeout 60 sharkd - >"$scratch/out" 2>"$scratch/log" || fail "sharkd: $(cat "$scratch/log")"
    answer() { grep '"tree"' "$scratch/out" | sed -n "$1p"; }
    note="is the client's ephemeral port"
    check "before, there is a note" sh -c 'printf "%s" "$1" | grep -q "$2"' sh "$(answer 1)" "$note"
    check_not "afterwards there is none" sh -c 'printf "%s" "$1" | grep -q "$2"' sh "$(answer 2)" "$note"
    check "the packet is still judged" sh -c 'printf "%s" "$1" | grep -q "Ephemeral Ports, "' sh "$(answer 3)"
else
    say "not run: a preference changed in the middle of a file: there is no sharkd"
fi

heading "The protocol disabled and enabled again, for every other packet"
preload=$inside/toggle.so
if host without tshark --version >/dev/null 2>&1; then
    read_capture with -n -2 -V -o ephemeral.note:never
    preload=
    check "tshark ends well" ended_well
    without_ours "$scratch/out" >"$scratch/ours"
    check "its own output is the same" is_same "$scratch/ours" "$scratch/numbers"
    shown=$(grep -c '^\[*Ephemeral Ports, ' "$scratch/out" || true)
    check "some packets are judged and some are not ($shown of $packets)" test "$shown" -gt 0 -a "$shown" -lt "$packets"
else
    preload=
    say "not run: the protocol disabled and enabled again: what is compiled here cannot be preloaded in that host"
fi

heading "A file closed half read"
read_capture with -n -V -c 2
check "after two packets: tshark ends well" ended_well
host with sh -c "tshark -r $inside/seed.pcap -V 2>$inside/pipe; echo \$? >$inside/status" | head -n 1 >/dev/null
check "whoever reads it stops: no crash" sh -c '[ "$(cat "$1")" -lt 128 ] || [ "$(cat "$1")" = 141 ]' sh "$scratch/status"
check_not "and nothing of ours in the log" grep -q Ephemeral "$scratch/pipe"

heading "Two copies in the plugin folder"
read_capture two -n -V
check "tshark ends well" ended_well
check "the first copy works" test "$(grep -c '^\[*Ephemeral Ports, ' "$scratch/out")" = "$packets"
check "the log says once that there is another" logged 1
check "and which file does nothing" log_says "another copy of Ephemeral Ports is loaded; $inside/two/.*\.so does nothing"

heading "Little memory"
# under LIMIT HOME: whether tshark reads the capture with so many kilobytes of address space. How much it
# takes is not the same each time, least of all with memory set aside for each thread: one success of three counts.
under() {
    for _ in 1 2 3; do
        ! host "$2" sh -c "ulimit -v $1; MALLOC_ARENA_MAX=1 exec tshark -r $inside/seed.pcap -n -V" >/dev/null 2>&1 || return 0
    done
    return 1
}
low=50000
high=2000000
if under $high without; then
    while [ $((high - low)) -gt 500 ]; do
        middle=$(((low + high) / 2))
        if under $middle without; then high=$middle; else low=$middle; fi
    done
    least=$high
    # The file itself takes a few times its size: code, data, and what the loader adds.
    for more in 16000 64000; do
        # Where tshark alone fails as well, the plugin may.
        under $((least + more)) without || continue
        check "with $more kB more than tshark alone takes ($least kB), it works with the plugin" under $((least + more)) with
    done
    for less in 500 2000 10000 50000; do
        status=0
        under $((least - less)) with || status=$?
        case $status in 0 | 1 | 2 | 127 | 13[0-9]) ;; *) fail "with $less kB less: status $status" ;; esac
    done
    say "ok: with less than that it fails as it does without the plugin"
else
    say "not run: little memory: tshark does not even start under ulimit -v $high"
fi
