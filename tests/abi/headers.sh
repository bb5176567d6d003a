#!/bin/sh
# Compares the C ABI, this system's and a Mac's, with the headers of a release that no Debian suite has. The headers are
# in an archive.
#
#   sh tests/abi/headers.sh RELEASE      such as 4.2
#
# EPHEMERAL_HEADERS_4_2 (and so on) names the archive, which unpacks to usr/include/wireshark. Without it, the script takes
# wireshark-4.2*-headers.tar.* in the folder `headers` of the cache, or in ../shared/releases. Wireshark's
# `make install-headers` installs the headers for one. GLib's headers are this system's.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

release=${1:?name a release}
find_headers "$release" || not_run "$why"
is_in_table "$release" || not_run "Wireshark $release is not in the table of releases (docs/releases.md)"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
tar -xf "$archive" -C "$scratch"
sh tests/abi/row.sh "$scratch" >"$scratch/row"
grep -q "release: ($(printf '%s' "$release" | sed 's/\./, /'))" "$scratch/row" ||
    fail "$archive is not of $release: $(cat "$scratch/row")"
EPHEMERAL_HOST_ROOT=$scratch run_tests abi --ignored
heading "On a Mac"
sh tests/abi/darwin.sh "$scratch" || [ $? = 77 ] # it has printed why
