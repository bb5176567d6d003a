#!/bin/sh
# Sets up a host for ARM64, which runs under qemu: Wireshark of a Debian suite, and its headers.
#
#   sh tests/arm/host.sh SUITE        prints where it is, as the last line
#   sh tests/arm/host.sh --list       the suites that are tested
#
# The packages come from apt's mirror on this computer. They are unpacked once, and kept in the cache.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh
. plugin/packaging/debian.sh

if [ "${1:-}" = --list ]; then
    say "bullseye bookworm trixie sid"
    exit 0
fi
suite=${1:?name a suite}
has qemu-aarch64-static || install_packages qemu-user-static || not_run "qemu-aarch64-static is missing (qemu-user-static)"
has dpkg-deb && has apt-get || not_run "only Debian and its like have the tools to unpack Debian $suite"
root=$(cache)/hosts/$suite-arm64
lock "$root.lock" "Debian $suite for ARM64"
if [ ! -e "$root.ready" ]; then
    say "Unpacking Wireshark for ARM64 of Debian $suite (once)"
    unpack_debian "$suite" arm64 "$root" tshark libwireshark-dev libwiretap-dev libwsutil-dev libglib2.0-dev ||
        not_run "the packages of Debian $suite for ARM64 cannot be had: $(tail -n 1 "$root.log" 2>/dev/null || say "apt here has no mirror")"
    mkdir -m 1777 "$root/tmp"
    cp "$(command -v qemu-aarch64-static)" "$root/usr/libexec/" 2>/dev/null ||
        { mkdir "$root/usr/libexec" && cp "$(command -v qemu-aarch64-static)" "$root/usr/libexec/"; }
    date >"$root.ready"
fi
say "$root"
