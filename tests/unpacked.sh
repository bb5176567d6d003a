#!/bin/sh
# Uses what plugin/release.sh made as a user does: unpacks a release archive and installs the plugin in the installed
# Wireshark with its installer, or installs the package for Debian and Ubuntu with apt; then uninstalls it. Compares
# Wireshark's output for the sample before, with the plugin, with the plugin switched off, and after.
#
#   sh tests/unpacked.sh [ARCHIVE]             by default the archive for this computer; run it as an ordinary user
#   sh tests/unpacked.sh --package [PACKAGE]   by default the package for this computer; as root, or with a sudo that
#                                              asks for no password
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

is_package=no
if [ "${1:-}" = --package ]; then
    is_package=yes
    shift
    has apt-get || not_run "there is no apt-get"
    can_be_root || not_run "only root can install a package"
    archive=${1:-$(ls dist/ephemeral-ports_*_"$(dpkg --print-architecture)".deb 2>/dev/null || true)}
    system=linux-$(uname -m)
else
    case $(uname -sm) in
        Darwin*) system=macos-universal ;;
        *) system=linux-$(uname -m) ;;
    esac
    archive=${1:-$(archive_of $system)}
fi
[ -f "$archive" ] || not_run "there is no ${archive:-package in dist}: sh plugin/release.sh $system"
PATH=$PATH:/Applications/Wireshark.app/Contents/MacOS
has tshark || not_run "there is no tshark"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
mkdir "$scratch/unpacked" "$scratch/home"
if [ $is_package = yes ]; then
    cp "$archive" "$scratch/package.deb"
    cp tests/captures/seed.pcap "$scratch/sample.pcap"
else
    tar -xzf "$archive" -C "$scratch/unpacked" --strip-components=1
    cp "$scratch/unpacked/sample.pcap" "$scratch/"
fi
open_to_nobody "$scratch"

user() { as_nobody env PATH="$PATH" HOME="$scratch/home" "$@"; }
packets() { user tshark -N t -r "$scratch/sample.pcap" "$@" 2>/dev/null; }
installer() { user sh "$scratch/unpacked/install.sh" "$@"; }
apt() { as_root env DEBIAN_FRONTEND=noninteractive apt-get -y -q "$@"; }
loads() { user tshark -G plugins 2>/dev/null | grep -q '^libephemeral'; }
! loads || not_run "Ephemeral Ports is installed for all users: sh install.sh --uninstall --global"

# The files of ours, and Wireshark's folders, in which a package leaves nothing.
ours() {
    find "$scratch/home" /usr/lib /usr/share/wireshark /usr/share/doc \
        -name 'libephemeral*' -o -name 'ephemeral-ports*' -o -name 'Ephemeral Ports*' 2>/dev/null || true
}
wireshark_folders() { find /usr/lib/*/wireshark /usr/share/wireshark -print 2>/dev/null | LC_ALL=C sort; }

user tshark --version 2>/dev/null | head -n 1
packets >"$scratch/before" || fail "tshark reads the sample"
wireshark_folders >"$scratch/folders"
check "before, the client's port has the wrong name" grep -q 'autonoc(1140)' "$scratch/before"
if [ $is_package = yes ]; then
    check "apt-get install" apt install "$scratch/package.deb"
    check "the sample is where docs/install.md says" cmp "$scratch/sample.pcap" /usr/share/doc/ephemeral-ports/sample.pcap
    check "the profile is there for all users" test -s "/usr/share/wireshark/profiles/Ephemeral Ports/preferences"
else
    check "install.sh" installer
fi
check "tshark lists the plugin" loads
packets >"$scratch/with"
check_not "the wrong name is gone" grep -q 'autonoc(1140)' "$scratch/with"
sed 's/autonoc(1140)/1140/' "$scratch/before" | tr -s ' ' >"$scratch/expected"
tr -s ' ' <"$scratch/with" >"$scratch/got"
check "nothing else has changed" cmp "$scratch/expected" "$scratch/got"
packets --disable-protocol ephemeral >"$scratch/off"
check "switched off, all is as before" cmp "$scratch/before" "$scratch/off"
if [ $is_package = yes ]; then
    check "apt-get remove" apt remove ephemeral-ports
else
    installer --check >"$scratch/check" || fail "install.sh --check"
    check "install.sh --check says what it loads, and which offsets fit" grep -q "log: .*packet 1: the offsets of this release fit" "$scratch/check"
    check "install.sh --uninstall" installer --uninstall
fi
packets >"$scratch/after"
check "all is as before" cmp "$scratch/before" "$scratch/after"
check "nothing is left" test -z "$(ours)"
wireshark_folders >"$scratch/folders-after"
check "Wireshark's folders are as before" cmp "$scratch/folders" "$scratch/folders-after"
