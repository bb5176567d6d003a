#!/bin/sh
# CMakeLists.txt: build, install as an ordinary user, see it work, uninstall.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

has cmake || not_run "cmake is not installed"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
source=$scratch/source
build=$scratch/build
home=$scratch/home
mkdir "$source" "$home"
# A copy, because an ordinary user may not be able to read where we are.
cp -R CMakeLists.txt Cargo.toml Cargo.lock build.rs include plugin src README.md "$source/"
mkdir "$source/tests"
cp -R tests/abi "$source/tests/"
cp tests/captures/seed.pcap "$home/"
release=$(release_of /)

quietly() { "$@" >"$scratch/out" 2>&1 || { cat "$scratch/out"; return 1; }; }
says() { grep -q -- "$1" "$scratch/out"; }
shows_our_fields() { as_user tshark -r "$home/seed.pcap" -T fields -e ephemeral.client_port 2>/dev/null | grep -q 1140; }
as_user() { as_nobody env HOME="$home" "$@"; }

check "cmake -B build" quietly cmake -S "$source" -B "$build"
check "it names Wireshark's personal folder" says "personal folder for plugins: .*/plugins/$release"
if pkg-config --exists wireshark 2>/dev/null; then
    check "it finds Wireshark's headers and builds for them" says "Built for the Wireshark of the headers in /.*/wireshark"
else
    say "not run: the headers that pkg-config finds: it finds no wireshark.pc"
fi
if is_root; then
    check "it says that a personal install of root's would be ignored" says "personal *install would be ignored\|a personal"
else
    say "not run: what root is told"
fi
check_not "a folder without headers is refused" quietly cmake -S "$source" -B "$scratch/other" -DEPHEMERAL_HEADERS="$home"
check_not "an unknown value of EPHEMERAL_INSTALL is refused" quietly cmake -S "$source" -B "$scratch/other" -DEPHEMERAL_INSTALL=some
check "cmake --build build" quietly cmake --build "$build"
open_to_nobody "$scratch"

check_not "before, tshark does not know the fields" shows_our_fields
check "cmake --install build" quietly as_user cmake --install "$build"
check "tshark shows the fields" shows_our_fields
check "the target uninstall" quietly as_user cmake --build "$build" --target uninstall
check_not "afterwards, tshark does not know them" shows_our_fields
check "nothing is left" test -z "$(find "$home" -iname '*ephemeral*')"

check "with -DEPHEMERAL_INSTALL=global it is configured" quietly cmake -S "$source" -B "$build" -DEPHEMERAL_INSTALL=global
mkdir "$scratch/dest"
check "and installs under DESTDIR" quietly env DESTDIR="$scratch/dest" cmake --install "$build"
check "in Wireshark's global folder" test -n "$(find "$scratch/dest" -path "*/wireshark/plugins/$release/epan/libephemeral.so" ! -path '*/.local/*')"
