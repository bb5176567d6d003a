#!/bin/sh
# Makes the archives for other machines and systems than this one, and checks their contents. tests/arm runs the one
# for Linux on ARM64; the one for macOS cannot run here.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
lacking=

# unpack SYSTEM: unpacks the archive, if it can be made here. Sets $unpacked, its folder.
unpack() {
    unpacked=$scratch/$1
    mkdir "$unpacked"
    made=0
    archive=$(built "$1" 2>"$scratch/log") || made=$?
    if [ "$made" = 77 ]; then
        why=$(sed -n 's/^Not made: //p' "$scratch/log")
        lacking="$lacking${lacking:+; }$why"
        return 1
    fi
    [ "$made" = 0 ] || { cat "$scratch/log" && fail "plugin/release.sh $1"; }
    archive=$archive/$(basename "$(archive_of "$1")")
    heading "$archive"
    tar -xzf "$archive" -C "$unpacked" --strip-components=1
    for file in libephemeral.so install.sh README.md LICENSE CHANGELOG.md THIRD-PARTY.md sample.pcap "profiles/Ephemeral Ports/preferences"; do
        check "$file" test -s "$unpacked/$file"
    done
    check "SHA256SUMS fits" sh -c 'cd "$1" && sha256sum -c --quiet SHA256SUMS' sh "$unpacked"
    check_not "no path of this computer is in it" grep -qaF -e "$PWD" -e "$HOME/" "$unpacked/libephemeral.so"
}

checked=
if unpack linux-aarch64; then
    newest=$(grep -ao 'GLIBC_[0-9.]*' "$unpacked/libephemeral.so" | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
    check "glibc 2.17 is enough ($newest)" test "$(printf '%s\n2.17\n' "$newest" | sort -V | tail -n 1)" = 2.17
    check_package "$(dirname "$archive")" linux-aarch64 "$unpacked/libephemeral.so"
    checked=yes
fi
if unpack macos-universal; then
    check "it says that it was never run" grep -q "built, never run on a Mac by us; tell us" "$unpacked/README.md"
    EPHEMERAL_MACOS_PLUGIN=$unpacked/libephemeral.so run_tests macos --ignored
    say "not run: the plugin for the Mac, in a Wireshark: there is no Mac here"
    checked=yes
fi
[ -z "$lacking" ] || {
    [ -n "$checked" ] || not_run "$lacking"
    say "not run: $lacking"
}
