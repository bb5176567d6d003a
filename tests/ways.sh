#!/bin/sh
# Reads worst-case captures in all ways that the host offers: two passes with names and all of our statistics in tshark,
# then filters and statistics in sharkd. With the plugin, this takes at most twice the processor time of a run without
# it, plus half a second. A cost that grows with earlier packets would take many times as long. The most expensive
# frames take at most 5 ms longer with the plugin.
#
#   sh tests/ways.sh [PACKETS [KIND]]      with PACKETS (40000) in each capture
#   sh tests/ways.sh --instructions [PACKETS [KIND]]
#                                          takes ten minutes, by hand (docs/performance.md has the results): with
#                                          PACKETS, each packet takes at most twice as many of our instructions as with
#                                          a hundredth of them
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

counted=
[ "${1:-}" != --instructions ] || { counted=yes && shift; }
packets=${1:-40000}
kinds="syn6 midstream scan-net reused reused-answered fan-in fan-out agreed asked"
only=${2:-}
[ -z "$counted" ] || has valgrind || not_run "valgrind is not installed"
has python3 || not_run "python3 is not installed"
make_homes /
cp tests/hostile/flood.py "$scratch/"
[ -z "$counted" ] || build_count_from_capture
open_to_nobody "$scratch"

# took HOME COMMAND...: runs it; sets `took`, its processor time in hundredths of a second, and `status`.
took() {
    who=$1
    shift
    printed=$(in_home "$who" python3 "$inside/flood.py" syn 0 "$@" 2>"$scratch/log") || fail "$(cat "$scratch/log")"
    status=${printed%% *}
    took=$(awk -v seconds="${printed##* }" 'BEGIN { printf "%d", seconds * 100 }')
    [ "$status" = 0 ] || fail "$* ends with $status: $(cat "$scratch/log")"
}

# holds ALLOWED: `took` is at most twice `without`, plus ALLOWED hundredths of a second.
holds() { [ "$took" -le $((without * 2 + $1)) ]; }

# passes ALLOWED [OPTION...]: measures two passes and statistics.
passes() {
    allowed=$1
    shift
    took without tshark -2 -N t -r "$inside/capture" -Y tcp.port==1 -z conv,tcp -z conv,udp
    without=$took
    for again in 1 2; do
        # shellcheck disable=SC2086
        took with tshark $two_passes "$@"
        ! holds "$allowed" || break
    done
    check "two passes take $without hundredths of a second without, $took with (run $again)" holds "$allowed"
    check_not "nothing of ours is in the log" grep -q Ephemeral "$scratch/log"
}

# filters ALLOWED: measures filters and statistics that read the same file repeatedly.
filters() {
    took without sh -c "printf '%s\n' '$load' '$(frames tcp.port==1)' '$(frames 'http.host contains x')' \
            '$(taps conv:TCP conv:UDP)' | sharkd - >/dev/null"
    without=$took
    for again in 1 2; do
        took with sh -c "printf '%s\n' $questions | sharkd - >$inside/answers"
        ! holds "$1" || break
    done
    check "filters take $without hundredths of a second without, $took with (run $again)" holds "$1"
    check "and the statistics are there" grep -q '"taps"' "$scratch/answers"
}

load='{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"'$inside/capture'"}}'
taps() { say '{"jsonrpc":"2.0","id":3,"method":"tap","params":{"tap0":"'"$1"'","tap1":"'"$2"'"}}'; }
# A filter that matches no packet.
frames() { say '{"jsonrpc":"2.0","id":2,"method":"frames","params":{"filter":"'"$1"'"}}'; }
questions="'$load' '$(frames ephemeral.misnamed.port==1)' '$(frames 'ephemeral.label contains x')' \
    '$(taps stat:ephemeral stat:ephemeral_doubts)'"
two_passes="-2 -N t -r $inside/capture -Y ephemeral.misnamed.port==1 -z ephemeral,tree -z ephemeral_bytes,tree \
    -z ephemeral_doubts,tree -z conv,ephemeral -z endpoints,ephemeral"
has_sharkd() { in_home with sh -c 'command -v sharkd' >/dev/null; }
has_sharkd || say "not run: filters in sharkd: there is no sharkd"

capture() { in_home with EPHEMERAL_DEAREST="${EPHEMERAL_DEAREST:-}" python3 "$inside/flood.py" "$1" "$2" sh -c "cat >$inside/capture" >/dev/null; }

# ours WAY: sets `taken` to the instructions of our functions for the whole capture, with their callees in the host and
# the C library, less those for a capture of one packet. Instructions count twice if the host calls us back from a
# callee.
ours() {
    tool="env LD_PRELOAD=$count_from_capture valgrind $callgrind --dump-instr=yes --callgrind-out-file=$inside/tool"
    case $1 in
        passes) way="$tool tshark $two_passes" ;;
        filters) way="printf '%s\n' $questions | $tool sharkd -" ;;
    esac
    in_home with sh -c "$way" >"$scratch/answers" 2>"$scratch/log" || fail "$(tail -n 3 "$scratch/log")"
    [ -e "$scratch/$1" ] || cp "$scratch/tool" "$scratch/$1"
    taken=$(python3 benches/callgrind.py --packets 1 "$scratch/tool" "$scratch/$1" |
        awk -F ': ' '{ all += $2 } END { printf "%d", all }')
}

# grows KIND WAY
grows() {
    [ -e "$scratch/$2" ] || { capture "$1" 1 && ours "$2"; }
    few=$((packets / 100))
    capture "$1" $few
    ours "$2"
    one=$((taken / (few - 1)))
    capture "$1" "$packets"
    ours "$2"
    another=$((taken / (packets - 1)))
    [ $one -gt 0 ] || fail "none of our functions was called"
    say "$1, $2: $one instructions a packet of $few, $another of $packets"
    check "at most twice as many" test $another -le $((one * 2))
}

if [ -n "$counted" ]; then
    for kind in $kinds; do
        case $kind in *"$only"*) ;; *) continue ;; esac
        heading "$kind, instructions"
        grows "$kind" passes
        ! has_sharkd || grows "$kind" filters
    done
    exit
fi

for kind in $kinds; do
    case $kind in *"$only"*) ;; *) continue ;; esac
    heading "$kind, $packets packets"
    capture $kind "$packets"
    passes 50
    ! has_sharkd || filters 50
done

case services in *"$only"*)
    heading "services, declared by the thousand"
    capture fan-in $((packets / 4))
    passes 50 -o "ephemeral.server_ports:$(seq 1025 2 7023 | tr '\n' , | sed 's/,$//')"
    ;;
esac

# Each of a few expensive frames costs at most 5 ms more: half of a hundredth of a second. Except for the payloads, the
# frames of a kind differ only in numbers, so that the average is the cost of each.
dear=200
is_cheap() { [ $((took - without)) -le $((dear / 2)) ]; }
for kind in chains tunnels amsdu payloads; do
    case $kind in *"$only"*) ;; *) continue ;; esac
    frames=$dear
    # A datagram has 44 fragments. Only the last one is expensive.
    [ $kind != chains ] || frames=$((dear * 44))
    heading "$kind, $frames frames"
    # The payloads for which our recognizers take longest.
    [ $kind != payloads ] || EPHEMERAL_DEAREST="$scratch/dearest" run_tests lib no_payload_takes_long >/dev/null
    [ ! -e "$scratch/dearest" ] || open_to_nobody "$scratch"
    EPHEMERAL_DEAREST="$inside/dearest" capture $kind $frames
    took without tshark -N t -r "$inside/capture" -Y tcp.port==1
    without=$took
    for again in 1 2 3; do
        took with tshark -N t -r "$inside/capture" -Y ephemeral.misnamed.port==1 -z ephemeral,tree
        ! is_cheap || break
    done
    check "one pass takes $without hundredths of a second without, $took with (run $again)" is_cheap
    check_not "nothing of ours is in the log" grep -q Ephemeral "$scratch/log"
done
