#!/bin/sh
# Sets up a host: a small Debian with another release of Wireshark than this system's.
#
#   sh tests/hosts.sh SUITE           prints where it is, as the last line
#   sh tests/hosts.sh --list          the suites that are tested
#
# The host is made once, with debootstrap from apt's mirror on this computer, and kept in the cache. An
# incomplete host is made again. Needs root.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh
. plugin/packaging/debian.sh

suites="bullseye trixie sid"
packages="tshark wireshark libwireshark-dev libwiretap-dev libwsutil-dev libglib2.0-dev"

runs() { chroot "$1" tshark --version >/dev/null 2>&1; }
is_complete() { runs "$1" && [ -x "$1/usr/bin/wireshark" ] && [ -d "$1/usr/include/wireshark" ] && [ -d "$1/usr/include/glib-2.0" ]; }

make_host() {
    make_debian "$1" "$2" || not_run "$no_debian"
    # A package that fails to configure is harmless as long as tshark runs.
    # shellcheck disable=SC2086
    install_in_debian "$2" $packages || say "apt-get install in $1: $(tail -n 1 "$2.log")"
}

if [ "${1:-}" = --list ]; then
    say "$suites"
    exit 0
fi
suite=${1:?name a suite}
is_root || not_run "only root can set up Debian $suite"
root=$(cache)/hosts/$suite
stamp=$root.ready
lock "$root.lock" "Debian $suite"
if [ ! -e "$stamp" ]; then
    if ! is_complete "$root"; then
        make_host "$suite" "$root"
    fi
    runs "$root" || not_run "tshark does not run in Debian $suite: see $root.log"
    date >"$stamp"
fi
runs "$root" || fail "tshark in $root does not run any more; remove $stamp to have it made again"
say "$root"
