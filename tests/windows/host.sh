#!/bin/sh
# Makes a Wireshark for Windows that can be run by Wine: tshark.exe and sharkd.exe, built with MinGW-w64 from Debian 13's
# source package. It takes a quarter of an hour on two cores. The result, 100 MB, stays in the cache, where
# need_windows_host (tests/windows/lib.sh) finds it. If it was interrupted, it continues where it stopped. If a mirror
# lacks a source, the script says which file to put where.
#
#   sh tests/windows/host.sh        prints the folder, as the last line
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

packages="gcc-mingw-w64-ucrt64 g++-mingw-w64-ucrt64 gcc-mingw-w64-x86-64-win32 mingw-w64-tools libz-mingw-w64
    libz-mingw-w64-dev libgcrypt-mingw-w64-dev libgpg-error-mingw-w64-dev cmake ninja-build meson pkgconf flex python3
    python3-packaging perl gcc libc6-dev xz-utils bzip2"

find_windows_root
found=$(made_windows_host)
if [ -z "$found" ]; then
    work=$windows_hosts/building
    mkdir -p "$work"
    say "Fetching the sources"
    fetch_debian_sources trixie "$work/sources" wireshark glib2.0 c-ares pcre2 speexdsp ||
        not_run "apt's mirror does not have the sources of$lacking: put PACKAGE_VERSION.orig.tar.* into $work/sources," \
            "or see $work/sources.log"
    say "Installing compilers for Windows"
    # shellcheck disable=SC2086
    install_in_windows_root $packages || fail "the compilers cannot be installed"
    say "Building"
    cp tests/windows/host-build.sh "$work/build.sh"
    in_windows_root nice sh "${work#"${windows_root%/}"}/build.sh" "${work#"${windows_root%/}"}" || fail "see $work"
    release=$(basename "$work"/wireshark/plugins/*)
    mv "$work/wireshark" "$windows_hosts/wireshark-$release-windows"
    rm -rf "$work"
    found=$(made_windows_host)
fi
say "$found"
