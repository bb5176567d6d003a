#!/bin/sh
# Uses a release archive as a user does: unpacks it, installs the plugin in the installed Wireshark with its installer,
# and uninstalls it. Compares Wireshark's output for the sample before, with the plugin, with the plugin switched off,
# and after.
#
#   sh tests/unpacked.sh [ARCHIVE]      an archive of plugin/release.sh, by default that for this computer; run it as an
#                                       ordinary user
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

case $(uname -sm) in
    Darwin*) system=macos-universal ;;
    *) system=linux-$(uname -m) ;;
esac
archive=${1:-$(archive_of $system)}
[ -f "$archive" ] || not_run "there is no $archive: sh plugin/release.sh $system"
PATH=$PATH:/Applications/Wireshark.app/Contents/MacOS
has tshark || not_run "there is no tshark"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/unpacked" "$scratch/home"
tar -xzf "$archive" -C "$scratch/unpacked" --strip-components=1
open_to_nobody "$scratch"

user() { as_nobody env PATH="$PATH" HOME="$scratch/home" "$@"; }
packets() { user tshark -N t -r "$scratch/unpacked/sample.pcap" "$@" 2>/dev/null; }
installer() { user sh "$scratch/unpacked/install.sh" "$@"; }
loads() { user tshark -G plugins 2>/dev/null | grep -q '^libephemeral'; }
! loads || not_run "Ephemeral Ports is installed for all users: sh install.sh --uninstall --global"

user tshark --version 2>/dev/null | head -n 1
packets >"$scratch/before"
check "before, a port is called what it is not" grep -q 'autonoc(1140)' "$scratch/before"
check "install.sh" installer
check "tshark lists the plugin" loads
packets >"$scratch/with"
check_not "the port is called so no longer" grep -q 'autonoc(1140)' "$scratch/with"
sed 's/autonoc(1140)/1140/' "$scratch/before" | tr -s ' ' >"$scratch/expected"
tr -s ' ' <"$scratch/with" >"$scratch/got"
check "nothing else has changed" cmp "$scratch/expected" "$scratch/got"
packets --disable-protocol ephemeral >"$scratch/off"
check "switched off, all is as before" cmp "$scratch/before" "$scratch/off"
installer --check >"$scratch/check" || fail "install.sh --check"
check "install.sh --check says what it loads, and which offsets fit" grep -q "log: .*packet 1: the offsets of this release fit" "$scratch/check"
check "install.sh --uninstall" installer --uninstall
packets >"$scratch/after"
check "all is as before" cmp "$scratch/before" "$scratch/after"
check "nothing is left" test -z "$(find "$scratch/home" -iname '*ephemeral*')"
