#!/bin/sh
# Prints the row of src/host/api/releases.rs for the Wireshark whose headers are under ROOT.
#
#   sh tests/abi/row.sh [ROOT]        ROOT/usr/include/wireshark; without it, this system's
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../../plugin/packaging/lib.sh"
root=${1:-}
root=${root%/}

[ -d "$root/usr/include/wireshark" ] || die "$root/usr/include/wireshark is missing: install libwireshark-dev there"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cc -std=gnu11 -w -o "$scratch/layout" "$here/layout.c" -I "$root/usr/include/wireshark" -I "$here" \
    -I "$root/usr/include/glib-2.0" -I "$root/usr/lib/x86_64-linux-gnu/glib-2.0/include" -I "$root/usr/lib/glib-2.0/include" \
    -I /usr/include/glib-2.0 -I /usr/lib/x86_64-linux-gnu/glib-2.0/include -I /usr/lib/glib-2.0/include
"$scratch/layout" | awk '
    $1 == "release" { sub(/\./, ", ", $2); release = $2 " " $3; sub(/ $/, "", release) }
    /^row\./ { sub(/^row\./, "", $1); members = members (n++ % 6 ? " " : "\n        ") $1 ": " $2 "," }
    END { printf "    Row { release: (%s), basis: Basis::ByHeaders, layout: eph_layout {%s\n    } },\n", release, members }'
