#!/bin/sh
# The archives for other machines and systems than this one: that they are made, and what is in them. That for
# Linux on ARM64 is run by tests/arm; that for the Mac cannot be run here.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
rm -f "$(archive_of linux-aarch64)" "$(archive_of macos-universal)"
sh plugin/release.sh linux-aarch64 macos-universal >"$scratch/log" 2>&1 || {
    cat "$scratch/log"
    ! grep -q 'no archive can be made here$' "$scratch/log" ||
        not_run "$(sed -n 's/^Not made: //p' "$scratch/log" | tr '\n' ';')"
    fail "plugin/release.sh"
}
sed -n 's/^Not made: /not run: /p' "$scratch/log"

# unpack SYSTEM: the archive's folder is $unpacked, if there is one.
unpack() {
    unpacked=$scratch/$1
    mkdir "$unpacked"
    archive=$(archive_of "$1")
    [ -f "$archive" ] || return 1
    heading "$archive"
    tar -xzf "$archive" -C "$unpacked" --strip-components=1
    for file in libephemeral.so install.sh README.md LICENSE "profiles/Ephemeral Ports/preferences"; do
        check "$file" test -s "$unpacked/$file"
    done
    check "SHA256SUMS fits" sh -c 'cd "$1" && sha256sum -c --quiet SHA256SUMS' sh "$unpacked"
    check_not "no path of this computer is in it" grep -qaF -e "$PWD" -e "$HOME/" "$unpacked/libephemeral.so"
}

if unpack linux-aarch64; then
    newest=$(grep -ao 'GLIBC_[0-9.]*' "$unpacked/libephemeral.so" | sed 's/GLIBC_//' | sort -Vu | tail -n 1)
    check "glibc 2.17 is enough ($newest)" test "$(printf '%s\n2.17\n' "$newest" | sort -V | tail -n 1)" = 2.17
fi
if unpack macos-universal; then
    check "it says that it was never run" grep -q "built, never run on a Mac by us; tell us" "$unpacked/README.md"
    EPHEMERAL_MACOS_PLUGIN=$unpacked/libephemeral.so cargo test --locked --quiet --test macos -- --ignored
    say "not run: the plugin for the Mac, in a Wireshark: there is no Mac here"
fi
