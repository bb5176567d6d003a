#!/bin/sh
# Compares the C ABI on Windows with the real headers of each release whose headers are here. MinGW compiles the test,
# because it places bit-fields as Microsoft's compilers do. It runs under Wine.
#
#   sh tests/windows/abi.sh [ROOT...]     headers under ROOT/usr/include; without it, this system's, those of the hosts of
#                                         tests/hosts.sh that were set up, and those of tests/abi/headers.sh
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
has x86_64-w64-mingw32-gcc || install_packages gcc-mingw-w64-x86-64-win32 || not_run "MinGW-w64 is not installed"
tested=
if [ $# = 0 ]; then
    set -- /
    for debian in $(sh tests/hosts.sh --list); do
        if [ -e "$(cache)/hosts/$debian.ready" ]; then
            set -- "$@" "$(cache)/hosts/$debian"
        else
            say "not run: the headers of Debian $debian are not here: sh tests/hosts.sh $debian"
        fi
    done
    if find_headers 4.2; then
        mkdir "$scratch/4.2"
        tar -xf "$archive" -C "$scratch/4.2"
        set -- "$@" "$scratch/4.2"
    else
        say "not run: $why"
    fi
fi
for root in "$@"; do
    if [ ! -d "$root/usr/include/wireshark" ]; then
        say "not run: Wireshark's headers are not installed under $root (libwireshark-dev)"
        continue
    fi
    # Which header has the release number differs between releases.
    for named_in in ws_version.h config.h; do [ ! -e "$root/usr/include/wireshark/$named_in" ] || break; done
    heading "Headers of Wireshark $(sed -n 's/^#define \(WIRESHARK_\)*VERSION_M[AI][JN]OR *//p' "$root/usr/include/wireshark/$named_in" | paste -sd .)"
    # GLib's types for Linux, as they are on Windows, where long has 4 bytes.
    glib=$root
    [ -d "$glib/usr/include/glib-2.0" ] || glib=/
    rm -rf "$scratch/glib"
    mkdir "$scratch/glib"
    sed -e 's/\(signed\) long \([a-z0-9_]*;\)/\1 long long \2/' -e 's/\(GLIB_SIZEOF_LONG\) *8/\1 4/' -e 's/G_OS_UNIX/G_OS_WIN32/' \
        "$glib"/usr/lib/x86_64-linux-gnu/glib-2.0/include/glibconfig.h >"$scratch/glib/glibconfig.h"
    # 3.4's own configuration has types of Linux in it.
    [ ! -e "$root/usr/include/wireshark/config.h" ] ||
        grep -v '\<ssize_t\>' "$root/usr/include/wireshark/config.h" >"$scratch/glib/config.h"
    EPHEMERAL_HOST_ROOT=$root EPHEMERAL_GLIBCONFIG=$scratch/glib TMPDIR=$scratch \
        EPHEMERAL_CC=x86_64-w64-mingw32-gcc EPHEMERAL_ABI_RUNNER="sh tests/windows/wine.sh" \
        run_tests abi --ignored
    tested=yes
done
[ -n "$tested" ] || not_run "there are no headers of Wireshark here"
