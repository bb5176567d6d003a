#!/bin/sh
# Installs from the release archive in a host without the source and without a compiler, as an
# ordinary user and as root; checks that tshark shows our fields; uninstalls.
#
#   sh tests/archive.sh ROOT      a host of tests/hosts.sh; the test works in a copy of it
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

original=${1:?name the root directory of a host}
is_root || not_run "only root can use another root directory"
need_known_release "$original"
archive=$(built linux-x86_64)
archive=$archive/$(basename "$(archive_of linux-x86_64)")

root=$(copy_root "$original")
trap 'rm -rf "$root"' EXIT
mkdir -p "$root/tmp/download" "$root/tmp/home"
tar -xzf "$archive" -C "$root/tmp/download" --strip-components=1
cp tests/captures/seed.pcap "$root/tmp/seed.pcap"
chmod 0644 "$root/tmp/seed.pcap"
chown $nobody:$nobody "$root/tmp/home"

path=PATH=/usr/sbin:/usr/bin:/sbin:/bin
user() { chroot --userspec=$nobody:$nobody "$root" env -i "$path" HOME=/tmp/home "$@"; }
root() { chroot "$root" env -i "$path" HOME=/root "$@"; }
shows_our_fields() {
    "$1" tshark -r /tmp/seed.pcap -T fields -e ephemeral.label -e ephemeral.misnamed.name 2>/dev/null |
        grep -q "192.168.1.23:1140 .* 198.51.100.10:80 (http).autonoc"
}
ours() { (cd "$root" && find usr etc root tmp/home -iname '*ephemeral*' 2>/dev/null); }
wireshark_files() { (cd "$root" && find usr/lib/*/wireshark usr/share/wireshark | LC_ALL=C sort); }

check_not "there is no C compiler" root sh -c 'command -v cc || command -v gcc || command -v clang'
check_not "there is no cargo" root sh -c 'command -v cargo'
check "there is nothing of ours" test -z "$(ours)"

heading "As an ordinary user"
check "install.sh" user sh /tmp/download/install.sh
check "tshark shows our fields" shows_our_fields user
check "the profile can be used" sh -c 'test -n "$(ls "$1/tmp/home/.config/wireshark/profiles/Ephemeral Ports")"' sh "$root"
check "install.sh --uninstall" user sh /tmp/download/install.sh --uninstall
check_not "tshark no longer does" shows_our_fields user
check "nothing is left" test -z "$(ours)"

heading "As root"
before=$(wireshark_files)
check "install.sh --global" root sh /tmp/download/install.sh --global
check "tshark shows our fields to root" shows_our_fields root
check "and to a user" shows_our_fields user
check "install.sh --uninstall" root sh /tmp/download/install.sh --uninstall
check_not "tshark no longer does" shows_our_fields user
check "nothing is left" test -z "$(ours)"
check "Wireshark's folders are as before" test "$before" = "$(wireshark_files)"

deb=$(ls "$(dirname "$archive")"/ephemeral-ports_*_amd64.deb 2>/dev/null || true)
if [ -n "$deb" ]; then
    heading "The package for Debian and Ubuntu"
    mkdir "$root/tmp/source"
    cp --parents tests/unpacked.sh tests/lib.sh plugin/packaging/lib.sh tests/captures/seed.pcap "$root/tmp/source/"
    cp "$deb" "$root/tmp/package.deb"
    # The logs of apt and dpkg are the host's own files.
    cat >"$root/tmp/apt.conf" <<'END'
Dir::Log::Terminal "/dev/null";
Dir::Log::History "/dev/null";
DPkg::Options { "--log=/dev/null"; };
END
    root APT_CONFIG=/tmp/apt.conf sh /tmp/source/tests/unpacked.sh --package /tmp/package.deb
else
    say "not run: the package for Debian and Ubuntu: there is none (sh plugin/release.sh linux-x86_64)"
fi
