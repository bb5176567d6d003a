#!/bin/sh
# Records seed-recorded.pcapng from real programs: an HTTP client on port 1140, which is named
# autonoc, and an HTTP server on port 80, each in a network namespace of its own.
#
# The client closes before the response is complete; the server acknowledges that, sends the rest,
# and the client's kernel answers with a reset: Seq=672 Win=0, the "autonoc reset".
#
#   sudo sh tests/captures/record-seed.sh [FILE]
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu

here=$(cd "$(dirname "$0")" && pwd)
file=${1:-$here/seed-recorded.pcapng}
client=ephemeral-client-$$
server=ephemeral-server-$$
work=$(mktemp -d)
pids=

finish() {
    for pid in $pids; do
        kill "$pid" 2>/dev/null || true
        wait "$pid" 2>/dev/null || true
    done
    ip netns del "$client" 2>/dev/null || true
    ip netns del "$server" 2>/dev/null || true
    rm -rf "$work"
}

missing() {
    echo "record-seed.sh: not recorded: $1" >&2
    exit 1
}

# Waits until a command succeeds, for at most ten seconds.
wait_for() {
    tries=0
    until "$@" >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ "$tries" -lt 100 ] || missing "this never came true: $*"
        sleep 0.1
    done
}

has_packets() {
    [ "$(capinfos -Mcr "$work/raw.pcap" | awk '/Number of packets/ { print $NF }')" -ge "$1" ]
}

[ "$(id -u)" = 0 ] || missing "making network namespaces needs root"
for tool in ip python3 dumpcap capinfos editcap; do
    command -v "$tool" >/dev/null || missing "there is no $tool"
done
trap finish EXIT
trap 'exit 130' INT TERM

# Two namespaces and a cable; nothing else can be reached from either.
ip netns add "$client" || missing "this system allows no network namespaces"
ip netns add "$server"
ip -n "$client" link add cable type veth peer name cable netns "$server"
# Neighbour Discovery must not be in the capture.
for end in "$client" "$server"; do
    ip netns exec "$end" sh -c 'echo 1 > /proc/sys/net/ipv6/conf/cable/disable_ipv6' 2>/dev/null || true
done
ip -n "$client" addr add 192.168.1.23/32 dev cable
ip -n "$server" addr add 198.51.100.10/32 dev cable
ip -n "$client" link set cable address 02:00:00:00:00:23 up
ip -n "$server" link set cable address 02:00:00:00:00:10 up
ip -n "$client" route add 198.51.100.10/32 dev cable
ip -n "$server" route add 192.168.1.23/32 dev cable
ip netns exec "$client" python3 "$here/record_seed.py" checksums cable
ip netns exec "$server" python3 "$here/record_seed.py" checksums cable

ip netns exec "$server" python3 "$here/record_seed.py" server >"$work/server" 2>&1 &
pids="$pids $!"
wait_for grep -q listening "$work/server"
ip netns exec "$client" dumpcap -q -P -i cable -f tcp -w "$work/raw.pcap" 2>"$work/dumpcap" &
capture=$!
pids="$pids $capture"
wait_for test -s "$work/raw.pcap"
ip netns exec "$client" python3 "$here/record_seed.py" client
wait_for has_packets 11
kill -INT "$capture"
wait "$capture" || true

# The file is written again, so that it does not say which computer recorded it.
editcap -F pcapng "$work/raw.pcap" "$file"
echo "record-seed.sh: recorded $file:"
tshark -r "$file" -N t 2>/dev/null || true
