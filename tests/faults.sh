#!/bin/sh
# Injects faults, and creates the worst situations for a plugin: the host continues, its own output is
# unchanged, and the log says once what happened.
#
#   sh tests/faults.sh [ROOT]     in this system's Wireshark, or (as root) a host of tests/hosts.sh
#
# EPHEMERAL_PLUGIN and EPHEMERAL_FAULTY_PLUGIN may name plugins that are already built, the second one
# with the feature `faults`.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

make_homes_for_faults "${1:-/}"
make_home two "$plugin" "$plugin"
# Linked to no C library, it can be loaded in a host with another one.
cc -shared -fPIC -nostdlib -o "$scratch/toggle.so" tests/faults/toggle.c
open_to_nobody "$scratch"
packets=9
# The packets of the seed capture, once and twice. The file header has 24 bytes.
capture=seed.pcap
{ cat "$scratch/seed.pcap" && tail -c +25 "$scratch/seed.pcap"; } >"$scratch/twice.pcap"
open_to_nobody "$scratch"
fault=
preload=

# read_capture HOME OPTION...: runs tshark on the capture; its output is in out, its log in log.
read_capture() {
    who=$1
    shift
    status=0
    in_home "$who" ${fault:+EPHEMERAL_FAULT="$fault"} ${preload:+LD_PRELOAD="$preload"} \
        timeout 60 tshark -r "$inside/$capture" "$@" >"$scratch/out" 2>"$scratch/log" || status=$?
}

# Prints the output of tshark, without our part of the tree.
without_ours() {
    awk '{ depth = match($0, /[^ ]/) } ours && depth > ours { next } { ours = 0 }
        /^ *\[?Ephemeral Ports/ { ours = depth; next } { print }' "$1" | cat -s
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
check "the build for tests does" grep -q EPHEMERAL_FAULT "$faulty_plugin"

# it_says_so ENTRY
it_says_so() {
    check "in $1: the log says so once" logged 1
    check "in $1: and where" log_says "internal error in $1: a fault put in on purpose (src/host/faults.rs:[1-9][0-9]*)"
}
heading "A panic"
for entry in $(entries Start) $(entries File) $(entries Packet); do
    fault="panic $entry"
    for options in -Nt "-Nt -V"; do
        # shellcheck disable=SC2086
        read_capture faulty $options
        check "in $entry ($options): tshark ends well" ended_well
        expected=list && [ "$options" = -Nt ] || expected=details
        check "in $entry ($options): it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/$expected"
        it_says_so "$entry"
    done
done
for entry in $(entries Statistics); do
    fault="panic $entry"
    read_capture faulty -n -2 -V -o ephemeral.note:never -z ephemeral,tree
    check "in $entry: tshark ends well" ended_well
    without_ours "$scratch/out" | head -n "$(wc -l <"$scratch/numbers")" >"$scratch/ours"
    check "in $entry: what it prints of the packets is the same" is_same "$scratch/ours" "$scratch/numbers"
    it_says_so "$entry"
done
for entry in $(entries Services); do
    fault="panic $entry"
    read_capture faulty -n -2 -V -o ephemeral.note:never -z ephemeral,services -z ephemeral,services,-
    # If the file for the services cannot be opened, tshark ends before it reads the capture.
    expected=0 && [ "$entry" != open_services_file ] || expected=1
    check "in $entry: tshark ends as it should" test "$status" = $expected
    check "in $entry: the log says where" log_says "internal error in $entry: a fault put in on purpose (src/host/faults.rs:[1-9]"
done
for entry in $(entries Table); do
    fault="panic $entry"
    read_capture faulty -Nt -o 'uat:ephemeral_services:"","TCP","80","x"'
    check "in $entry: tshark refuses the row" log_says 'Invalid -o flag .*: internal error of Ephemeral Ports'
    check "in $entry: the log says where" log_says "internal error in $entry: a fault put in on purpose (src/host/faults.rs:[1-9]"
done
fault="panic annotate 3"
read_capture faulty -n -2 -V -o ephemeral.note:never
without_ours "$scratch/out" >"$scratch/ours"
check "in the middle of a file: tshark's own output is the same" is_same "$scratch/ours" "$scratch/numbers"
check "in the middle of a file: the log says so once" logged 1
fault=

heading "A field or protocol of the host's is gone"
# lacks NAME LINES LOSS: LINES is the number of our lines in the log.
lacks() {
    fault="lack $1"
    read_capture faulty -Nt -V
    fault=
    check "$1: tshark ends well" ended_well
    check "$1: no packet is called malformed" test "$(grep -c 'Malformed\|Dissector bug' "$scratch/out")" = 0
    check "$1: the log has $2 of our lines" logged "$2"
    check "$1: it says what is lost" log_says "nothing named \"$1\": $3"
}
lacks tcp.srcport 1 'wrong names are not taken out of its line'
lacks tcp 1 'its headers are not found in tunnels, and its packets keep wrong names in the packet details'
check "tcp: its packets still have fields" test "$(grep -c '^ *\[*Ephemeral Ports, ' "$scratch/out")" = "$packets"
lacks frame 2 'the offsets are checked by it, so they will not fit'
if [ "$release" != 3.4 ]; then
    fault="lack rtp"
    read_capture faulty -n --log-level info --log-domains Ephemeral
    check "rtp: the log says what is lost, at the level info" \
        log_says 'INFO.* nothing named "rtp": that it assigns a port at run time is not known'
    # If the line of the header is not found, the names in it stay.
    fault="lack tcp"
    read_capture faulty -Nt -V --log-level info --log-domains Ephemeral
    fault=
    check "tcp: the log says once that a name is not where it should be" \
        test "$(grep -c 'INFO.* packet 1: the packet details do not have the name of a port where' "$scratch/log")" = 1
fi

heading "The host does not provide the preferences for names"
if [ "$release" != 3.4 ]; then
    fault="lack nameres"
    read_capture faulty -n --log-level info --log-domains Ephemeral
    fault=
    check "tshark ends well" ended_well
    for what in ports hosts; do
        check "the log says that names of $what count as shown" \
            log_says "does not say whether $what have names: they count as shown"
    done
else
    say "not run: 3.4 has no levels of the log"
fi

heading "What is kept between packets is in use"
fault="busy 1"
read_capture faulty -Nt
check "when a file is opened: tshark ends well" ended_well
check "the log says so once" logged 1
check "and what is lost" log_says "a packet is being judged while a file is opened: facts about the previous file are kept"
fault="busy 2"
read_capture faulty -Nt
fault=
check "at a packet: tshark ends well" ended_well
check "it is as without the plugin" test "$(head -n 1 "$scratch/out")" = "$(head -n 1 "$scratch/list")"
check "the next one is not" test "$(sed -n 2p "$scratch/out")" != "$(sed -n 2p "$scratch/list")"
check "the log says so once" logged 1
check "and what is lost" log_says "packet 1: another packet was being judged at the same time: this one gets no fields"
# The second loan clears a statistic, the fifth counts a packet.
for loan in 2 5; do
    fault="busy $loan"
    read_capture faulty -Nt -q -z ephemeral,tree
    fault=
    check "in a statistic (loan $loan): tshark ends well" ended_well
    check "in a statistic (loan $loan): the log says so once" logged 1
    check "in a statistic (loan $loan): and what is lost" \
        log_says "an open statistic was in use when it should have counted a packet or been cleared"
done

heading "No room for all conversations"
# A second and a third client's port: 1141, 1142.
{
    cat "$scratch/seed.pcap"
    for low in 75 76; do
        tail -c +25 "$scratch/seed.pcap" |
            LC_ALL=C sed "s/\x04\x74\x00\x50/\x04\x$low\x00\x50/g; s/\x00\x50\x04\x74/\x00\x50\x04\x$low/g"
    done
} >"$scratch/three.pcap"
open_to_nobody "$scratch"
capture=three.pcap
forgotten() { grep -q "Conversations forgotten for lack of room *$1 " "$scratch/out" || { cat "$scratch/out"; return 1; }; }
read_capture faulty -q -z ephemeral,tree
check "with room the statistics have no such row" test "$(grep -c "forgotten" "$scratch/out")" = 0
fault="room 1"
read_capture faulty -2 -T fields -e ephemeral.client_port
check "without, only the last one has a verdict" test "$(sort -u "$scratch/out" | tr -d '\n')" = 1142
read_capture faulty -q -z ephemeral,tree
fault=
capture=seed.pcap
check "tshark ends well" ended_well
check "they say how many were forgotten" forgotten 2
check "the log says so once" logged 1
check "and what is forgotten" log_says "more than 1 conversations: the attempts among them are forgotten, then those"

heading "No room for all that statistics tell apart"
# The seed's packets without the handshake: three, each with 16 bytes before it.
{ head -c 24 "$scratch/seed.pcap" && tail -c +$((24 + 3 * 16 + 62 + 62 + 54 + 1)) "$scratch/seed.pcap"; } >"$scratch/late.pcap"
open_to_nobody "$scratch"
# uncounted ROW: prints the count of a row that exists only if something could not be told apart.
uncounted() { sed -n "s/.*$1, *\(not told apart \)*for lack of room *\([0-9]*\) .*/\2/p" "$scratch/out" | head -n 1; }
count_in() {
    capture=$1
    read_capture faulty -q -z ephemeral,tree -z ephemeral_doubts,tree
    capture=seed.pcap
    check "$1: tshark ends well" ended_well
}
count_in three.pcap
check "with room the statistics have no such row" test "$(grep -c "for lack of room" "$scratch/out")" = 0
fault="counted 0"
count_in three.pcap
check "without, they say of how many packets the clients may not be counted" test "$(uncounted "Packets of clients that may not be counted")" = 27
check "and the count of the others that are not told apart" test "$(uncounted "of more others")" = 27
count_in late.pcap
check "they say of how many packets the conversations may not be counted" test "$(uncounted "Packets of conversations that may not be counted")" = 6
if [ "$release" != 3.4 ]; then
    read_capture faulty -q -z ephemeral,tree --log-level info --log-domains Ephemeral
    check "the log says so once at the level info" test "$(grep -c 'INFO.* an open statistic has no room to tell more apart' "$scratch/log")" = 1
fi
fault=

heading "Another release's offsets"
case $release in
    3.4) rows="4.0 4.2 4.4 4.6" ;;
    4.0) rows="3.4 3.6 4.2 4.4 4.6" ;;
    4.2 | 4.4) rows="3.4 3.6 4.0 4.6" ;;
    *) rows="3.4 3.6 4.0 4.2 4.4" ;;
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

heading "A tree whose nodes are not understood"
fault="lose finfo"
read_capture faulty -n -2 -V -o ephemeral.note:never
check "tshark ends well" ended_well
without_ours "$scratch/out" >"$scratch/ours"
check "its own output is the same" is_same "$scratch/ours" "$scratch/numbers"
check "9 packets are not enough to give up" logged 0
capture=twice.pcap
read_capture faulty -n -V -o ephemeral.note:never
capture=seed.pcap
check "18 are: tshark ends well" ended_well
check "the last packet is not judged any more" test "$(grep -c '^Ephemeral Ports, ' "$scratch/out")" = 16
check "the log says so once" logged 1
check "and what did not fit" log_says "do not fit this Wireshark: proto_node leads to no field_info"
fault=

heading "A function that the host lacks"
fault="lack epan"
read_capture faulty -Nt -V
check "one that is needed: tshark ends well" ended_well
check "one that is needed: it prints what it prints without the plugin" is_same "$scratch/out" "$scratch/details"
check "one that is needed: the log says so once" logged 1
check "one that is needed: and that we are not loaded" log_says "Ephemeral Ports is not loaded: a fault put in on purpose"
fault=
read_capture with -Nt -V
cp "$scratch/out" "$scratch/annotated"
for table in statistics window services dissectors; do
    fault="lack $table"
    read_capture faulty -Nt -V
    check "one for the $table: tshark ends well" ended_well
    check "one for the $table: all else is there" is_same "$scratch/out" "$scratch/annotated"
    check "one for the $table: the log says so once" logged 1
    check "one for the $table: and what is not there" log_says "no \(statistics\|menu\|table of services\|decoding by the server's port\) of Ephemeral Ports"
done
fault=

heading "The host throws while we write"
# All of the host's own lines must be there. It adds a line that the packet could not be dissected completely.
only_added() {
    diff "$1" "$2" | grep '^<' | grep -v '^< *\[Expert Info\|^< *$' >"$scratch/lost" || return 0
    head "$scratch/lost"
    return 1
}
read_capture without -n -V
cp "$scratch/out" "$scratch/theirs"
for place in judged fields note; do
    fault="throw $place"
    read_capture faulty -n -V
    check "($place) tshark ends well" ended_well
    check "($place) it says that it threw" grep -q '^\[Malformed Packet' "$scratch/out"
    check "($place) nothing of its own is lost" only_added "$scratch/theirs" "$scratch/out"
done
fault=

heading "The limit on tree items"
limit=60
reached=0
tried=0
while [ $limit -le 200 ]; do
    limit=$((limit + 13))
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
    check "with $tried limits tshark ends well and prints all packets; we reached $reached of them" test "$reached" -gt 0
fi

heading "A preference changed in the middle of a file, and another file after a panic"
# A question to sharkd: its name, and its parameters in JSON. Before 3.6 they stood beside its name.
question() {
    number=$((number + 1))
    if [ "$release" = 3.4 ]; then
        say "{\"req\":\"$1\",$2}"
    else
        say "{\"jsonrpc\":\"2.0\",\"id\":$number,\"method\":\"$1\",\"params\":{$2}}"
    fi
}
number=0
load=$(question load "\"file\":\"$inside/seed.pcap\"")
frame_1=$(question frame '"frame":1,"proto":true')
frame_2=$(question frame '"frame":2,"proto":true')
# ask HOME QUESTION...: asks sharkd; the answers are in out, the log in log.
ask() {
    who=$1
    shift
    printf '%s\n' "$@" | in_home "$who" ${fault:+EPHEMERAL_FAULT="$fault"} timeout 60 sharkd - >"$scratch/out" 2>"$scratch/log" ||
        fail "sharkd: $(cat "$scratch/log")"
}
# Prints the statistics with that number in the answers, without the number of the answer.
statistics_of() { grep '"taps"' "$scratch/out" | sed -n "$1p" | sed 's/"id":[0-9]*//'; }
statistics_are_whole() { [ "$(statistics_of 2)" = "$(cat "$scratch/sound")" ] || { cat "$scratch/log"; return 1; }; }
tree_says() { grep '"tree"' "$scratch/out" | sed -n "$1p" | grep -q "$2"; }
if in_home with sh -c 'command -v sharkd' >/dev/null; then
    note="is the client's ephemeral port"
    ask with "$load" "$frame_1" "$(question setconf '"name":"ephemeral.note","value":"never"')" "$frame_2" \
        "$(question setconf '"name":"ephemeral.infer","value":"FALSE"')" "$frame_1"
    check "before, there is a note" tree_says 1 "$note"
    check_not "afterwards there is none" tree_says 2 "$note"
    check "the packet is still judged" tree_says 3 "Ephemeral Ports, "
    fault="panic annotate 3"
    ask faulty "$load" "$frame_1" "$load" "$frame_1"
    fault=
    check_not "after a panic, no packet of that file is judged" tree_says 1 "Ephemeral Ports, "
    check "the packets of the next file are" tree_says 2 "Ephemeral Ports, "
    check "the log says so once" logged 1
    statistics=$(question tap '"tap0":"stat:ephemeral"')
    ask with "$load" "$statistics"
    statistics_of 1 >"$scratch/sound"
    check "sharkd shows our statistics" grep -q "198.51.100.10:80 (http)" "$scratch/sound"
    for entry in $(entries Statistics); do
        fault="panic $entry"
        ask faulty "$load" "$statistics" "$load" "$statistics"
        fault=
        check "after a panic in $entry, the next file's statistics are whole" statistics_are_whole
        it_says_so "$entry"
    done
    # A panic while a value that is kept between calls is lent, in one entry after the other.
    struck=
    number_lent=1
    while :; do
        fault="panic lent $number_lent"
        # Until the panic no longer occurs in the first file.
        ask faulty "$load" "$statistics"
        grep -q 'internal error' "$scratch/log" || break
        ask faulty "$load" "$statistics" "$load" "$statistics" "$frame_1"
        fault=
        check "after a panic in the middle ($number_lent), the next file's statistics are whole" statistics_are_whole
        check "and its packets are judged" tree_says 1 "Ephemeral Ports, "
        check "the log says so once" logged 1
        struck="$struck$(sed -n 's/.*internal error in \([a-z_]*\):.*/ \1/p' "$scratch/log")"
        number_lent=$((number_lent + 4))
    done
    fault=
    for entry in open_file annotate count; do
        case "$struck " in *" $entry "*) is_among=1 ;; *) is_among=0 ;; esac
        check "$entry was among them ($struck)" test "$is_among" = 1
    done
else
    say "not run: a preference changed in the middle of a file, and another file after a panic: there is no sharkd"
fi

heading "The protocol disabled and enabled again, for every other packet"
preload=$inside/toggle.so
read_capture with -n -2 -V -o ephemeral.note:never
preload=
check "tshark ends well" ended_well
without_ours "$scratch/out" >"$scratch/ours"
check "its own output is the same" is_same "$scratch/ours" "$scratch/numbers"
shown=$(grep -c '^ *\[*Ephemeral Ports, ' "$scratch/out" || true)
check "some packets are judged and some are not ($shown of $packets)" test "$shown" -gt 0 -a "$shown" -lt "$packets"

heading "A file closed half read"
read_capture with -n -V -c 2
check "after two packets: tshark ends well" ended_well
in_home with sh -c "tshark -r $inside/seed.pcap -V 2>$inside/pipe; echo \$? >$inside/status" | head -n 1 >/dev/null
check "the reader of its output stops: no crash" sh -c '[ "$(cat "$1")" -lt 128 ] || [ "$(cat "$1")" = 141 ]' sh "$scratch/status"
check_not "and nothing of ours in the log" grep -q Ephemeral "$scratch/pipe"

heading "Two copies in the plugin folder"
read_capture two -n -V
check "tshark ends well" ended_well
check "the first copy works" test "$(grep -c '^ *\[*Ephemeral Ports, ' "$scratch/out")" = "$packets"
check "the log says once that there is another" logged 1
check "and which file does nothing" log_says "another copy of Ephemeral Ports is loaded; $inside/two/.*\.so does nothing"
