#!/bin/sh
# Tests CMakeLists.txt: builds, installs as an ordinary user, runs the plugin, uninstalls.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
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
# Uses a copy, because an ordinary user may not be able to read this folder.
cp -R CMakeLists.txt Cargo.toml Cargo.lock build.rs include plugin src README.md "$source/"
mkdir "$source/tests"
cp -R tests/abi "$source/tests/"
cp tests/captures/seed.pcap "$home/"
release=$(release_of /)

for folder in "$build" "$scratch/tree/plugins/epan/ephemeral"; do seed_crates release "$folder/cargo/release"; done

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

heading "Inside Wireshark's own source"
headers=$(pkg-config --variable=includedir wireshark 2>/dev/null)/wireshark
[ -f "$headers/epan/packet.h" ] || { say "not run: a tree of Wireshark's, which is made of its headers (libwireshark-dev)"; exit 0; }
# A stand-in for Wireshark's CMakeLists.txt: the parts that a plugin depends on, in the same order.
tree=$scratch/wireshark
mkdir -p "$tree/plugins/epan" "$tree/include"
for folder in epan wsutil wiretap; do cp -R "$headers/$folder" "$tree/"; done
cp "$headers"/*.h "$tree/include/"
# These are above that folder in Wireshark's source.
for above in cfile cli_main file; do
    [ ! -f "$tree/include/$above.h" ] || mv "$tree/include/$above.h" "$tree/"
done
# These are made by the build.
cp tests/abi/config.h "$tree/config.h.in"
for made in config ws_version; do
    [ ! -f "$tree/include/$made.h" ] || mv "$tree/include/$made.h" "$tree/$made.h.in"
done
cp -R "$source" "$tree/plugins/epan/ephemeral"
cat >"$tree/CMakeLists.txt" <<EOF
cmake_minimum_required(VERSION 3.5)
project(Wireshark C)
include(GNUInstallDirs)
set(PLUGIN_INSTALL_VERSION_LIBDIR "\${CMAKE_INSTALL_LIBDIR}/wireshark/plugins/$release")
add_custom_target(plugins)
add_custom_target(uninstall)
set(PLUGIN_DIR "\${CMAKE_BINARY_DIR}/run/plugins/$release" CACHE INTERNAL "")
add_subdirectory(\${CUSTOM_PLUGIN_SRC_DIR})
configure_file(config.h.in config.h COPYONLY)
configure_file(ws_version.h.in ws_version.h COPYONLY)
EOF
check "cmake -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/ephemeral" \
    quietly cmake -S "$tree" -B "$scratch/tree" -DCUSTOM_PLUGIN_SRC_DIR=plugins/epan/ephemeral -DCMAKE_INSTALL_PREFIX=/usr
check "the target plugins builds it" quietly cmake --build "$scratch/tree" --target plugins
check "for the tree's Wireshark, not the installed one" \
    says "built for Wireshark $release by its headers in $scratch/tree/plugins/epan/ephemeral/headers"
check "it is where Wireshark's own plugins are" test -f "$scratch/tree/run/plugins/$release/epan/ephemeral.so"
check "it installs" quietly env DESTDIR="$scratch/tree-dest" cmake --install "$scratch/tree"
check "beside Wireshark's own plugins" \
    test -n "$(find "$scratch/tree-dest/usr" -path "*/wireshark/plugins/$release/epan/ephemeral.so")"
check "and the profile" test -s "$scratch/tree-dest/usr/share/wireshark/profiles/Ephemeral Ports/preferences"
mkdir -p "$home/.local/lib/wireshark/plugins/$release/epan"
cp "$scratch/tree/run/plugins/$release/epan/ephemeral.so" "$home/.local/lib/wireshark/plugins/$release/epan/"
open_to_nobody "$home"
check "tshark shows the fields" shows_our_fields
