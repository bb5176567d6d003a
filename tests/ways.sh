#!/bin/sh
# Every way in, inside the host, for captures that are made to be the worst: two passes with names and all of our
# statistics in tshark, then filters and statistics in sharkd. With the plugin it takes at most twice the processor time
# that it takes without, and half a second: what grows with what came before takes many times as long.
#
#   sh tests/ways.sh [PACKETS [KIND]]      of each capture; 40000, unless PACKETS says otherwise
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

packets=${1:-40000}
only=${2:-}
has python3 || not_run "python3 is not installed"
make_homes /
cp tests/hostile/flood.py "$scratch/"
open_to_nobody "$scratch"

# took HOME COMMAND...: its processor time, in hundredths of a second; sets `took` and `status`.
took() {
    who=$1
    shift
    printed=$(in_home "$who" python3 "$inside/flood.py" syn 0 "$@" 2>"$scratch/log") || fail "$(cat "$scratch/log")"
    status=${printed%% *}
    took=$(awk -v seconds="${printed##* }" 'BEGIN { printf "%d", seconds * 100 }')
    [ "$status" = 0 ] || fail "$* ends with $status: $(cat "$scratch/log")"
}

# holds ALLOWED: what `took` is to `without`, with so many hundredths of a second more.
holds() { [ "$took" -le $((without * 2 + $1)) ]; }

# passes ALLOWED [OPTION...]: two passes and statistics.
passes() {
    allowed=$1
    shift
    took without tshark -2 -N t -r "$inside/capture" -Y tcp.port==1 -z conv,tcp -z conv,udp
    without=$took
    for again in 1 2; do
        took with tshark -2 -N t -r "$inside/capture" "$@" -Y ephemeral.misnamed.port==1 -z ephemeral,tree \
            -z ephemeral_bytes,tree -z ephemeral_doubts,tree -z conv,ephemeral -z endpoints,ephemeral
        ! holds "$allowed" || break
    done
    check "two passes take $without hundredths of a second without, $took with (run $again)" holds "$allowed"
    check_not "nothing of ours is in the log" grep -q Ephemeral "$scratch/log"
}

# filters ALLOWED: the same file again and again, by filters and statistics.
filters() {
    took without sh -c "printf '%s\n' '$load' '$(frames tcp.port==1)' '$(frames 'http.host contains x')' \
            '$(taps conv:TCP conv:UDP)' | sharkd - >/dev/null"
    without=$took
    for again in 1 2; do
        took with sh -c "printf '%s\n' '$load' '$(frames ephemeral.misnamed.port==1)' '$(frames 'ephemeral.label contains x')' \
            '$(taps stat:ephemeral stat:ephemeral_doubts)' | sharkd - >$inside/answers"
        ! holds "$1" || break
    done
    check "filters take $without hundredths of a second without, $took with (run $again)" holds "$1"
    check "and the statistics are there" grep -q '"taps"' "$scratch/answers"
}

load='{"jsonrpc":"2.0","id":1,"method":"load","params":{"file":"'$inside/capture'"}}'
taps() { say '{"jsonrpc":"2.0","id":3,"method":"tap","params":{"tap0":"'"$1"'","tap1":"'"$2"'"}}'; }
# A filter that nothing passes.
frames() { say '{"jsonrpc":"2.0","id":2,"method":"frames","params":{"filter":"'"$1"'"}}'; }
has_sharkd() { in_home with sh -c 'command -v sharkd' >/dev/null; }
has_sharkd || say "not run: filters in sharkd: there is no sharkd"

capture() { in_home with python3 "$inside/flood.py" "$1" "$2" sh -c "cat >$inside/capture" >/dev/null; }

for kind in syn6 midstream scan-net reused reused-answered fan-in fan-out agreed asked; do
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

# Of frames that are few and dear, each costs at most 5 ms more in each pass.
case amsdu in *"$only"*)
    frames=60
    heading "amsdu, $frames frames"
    capture amsdu $frames
    passes $((frames * 3 / 2))
    ;;
esac
