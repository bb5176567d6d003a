#!/bin/sh
# Loads the plugin in processes other than Wireshark's own programs, and in a release that it does not know.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
build_plugin /
cc -o "$scratch/host" tests/loading/host.c -ldl
cc -shared -fPIC -DMAJOR=9 -DMINOR=9 -o "$scratch/libunknown.so" tests/loading/release.c

# output COMMAND...: runs it. Its output, with standard error, is in out, which printed() searches.
output() { "$@" >"$scratch/out" 2>&1 || { cat "$scratch/out"; fail "$*"; }; }
printed() { grep -q "$1" "$scratch/out" || { cat "$scratch/out"; return 1; }; }

heading "A release that is not in the table"
newest=$(sed -n 's/.*NEWEST: Release = (\([0-9]*\), \([0-9]*\));/\1.\2/p' src/host/api/releases.rs)
output env LD_PRELOAD="$scratch/libunknown.so" "$scratch/host" "$plugin"
check "it asks for its newest release, $newest, which the loader will refuse" printed "^wants $newest\$"
check "the log names the releases that it supports" printed "does not know Wireshark 9.9: .*; this file supports .*$newest"
check "and says that it was never tried in this one, and what was decided" \
    printed "does not know Wireshark 9.9: it was never tried there, and does nothing; "
check "it does not register" printed "Ephemeral Ports is not loaded"

heading "No Wireshark in the process"
output "$scratch/host" "$plugin"
check "it says so" printed "not loaded: there is no libwireshark"

heading "A real loader that refuses it"
here=$(release_of /)
if [ "$here" = "$newest" ]; then
    say "not run: this system's Wireshark is $newest, the one that it asks for in an unknown release"
else
    home=$scratch/home
    mkdir -p "$home/.local/lib/wireshark/plugins/$here/epan"
    cp "$plugin" "$home/.local/lib/wireshark/plugins/$here/epan/"
    cp tests/captures/seed.pcap "$scratch/libunknown.so" "$home/"
    open_to_nobody "$scratch"
    output as_nobody env HOME="$home" LD_PRELOAD="$home/libunknown.so" tshark -r "$home/seed.pcap"
    check "Wireshark names both releases in its usual message" printed "libephemeral.so.*$newest"
    check "it reads the capture all the same" printed "HTTP/1.1"
    output as_nobody env HOME="$home" tshark -r "$home/seed.pcap" -T fields -e ephemeral.label
    check "while without the pretence it loads" printed "(http)"
fi

heading "A libwireshark that the program opened itself"
library=$(ldd "$(command -v tshark)" | awk '$1 ~ /^libwireshark\.so/ { print $3 }')
[ -f "$library" ] || fail "tshark does not say where libwireshark is"
output "$scratch/host" "$plugin" "$library"
check "the plugin finds its release" printed "^wants $here\$"
check "its protocol is registered" printed "^protocol registered\$"
cp "$library" "$scratch/another-name"
output "$scratch/host" "$plugin" "$scratch/another-name"
check "the library's name does not matter" printed "^protocol registered\$"
