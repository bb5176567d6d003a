#!/bin/sh
# Checks the C ABI of Wireshark on a Mac, for both processors, with its headers and a compiler. Every value that
# tests/abi/layout.c prints on this system must be the same there at compile time, and every prototype must be as in our
# bindings. Nothing is run. tests/abi/run.sh compares the values of this system with src/host/api/releases.rs.
#
#   sh tests/abi/darwin.sh ROOT       headers under ROOT/usr/include; GLib's may be this system's
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh
. plugin/packaging/cross.sh

root=${1:?name the root directory of a system with the headers of Wireshark}
[ -d "$root/usr/include/wireshark" ] || not_run "Wireshark's headers are not installed under $root (libwireshark-dev)"
find_zig || not_run "$why"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
source=$PWD/tests/abi
mkdir "$scratch/config"
# 3.4 installs its own configuration, which has the features of the processor that it was built for.
[ ! -e "$root/usr/include/wireshark/config.h" ] ||
    grep -v '\<HAVE_SSE4_2\>' "$root/usr/include/wireshark/config.h" >"$scratch/config/config.h"
set -- -std=gnu11 -w -I "$scratch/config" -I "$root/usr/include/wireshark" -I "$source" -I "$root/usr/include/glib-2.0"
for folder in "$root"/usr/lib/*/glib-2.0/include "$root/usr/lib/glib-2.0/include" \
    /usr/include/glib-2.0 /usr/lib/*/glib-2.0/include /usr/lib/glib-2.0/include; do
    set -- "$@" -I "$folder"
done
cc "$@" -o "$scratch/layout" "$source/layout.c"
"$scratch/layout" >"$scratch/facts"

# The members of a row for which layout.c prints an offset: "member structure member".
sed -n 's/^ *ROW(\([a-z_]*\), offsetof(\([a-z_]*\), \([a-z_]*\)));/\1 \2 \3/p' "$source/layout.c" >"$scratch/rows"
{
    say '#include "host.h"'
    say 'enum { COLUMN_MAX = COL_MAX_INFO_LEN };'
    awk '
        FNR == NR { row[$1] = "offsetof(" $2 ", " $3 ")"; next }
        { value = $NF; name = $0; sub(/ [^ ]*$/, "", name) }
        name == "release" || name == "row.text_window" { next }
        name ~ /^row\./ { name = row[substr(name, 5)]; if (name == "" || value == 0) next }
        name ~ /^[A-Za-z_]+(\.[A-Za-z_]+)+$/ { sub(/\./, ", ", name); name = "offsetof(" name ")" }
        { printf "_Static_assert((long)(%s) == %s, \"%s is %s on Linux\");\n", name, value, name, value }
    ' "$scratch/rows" "$scratch/facts"
} >"$scratch/same.c"
held=$(grep -c _Static_assert "$scratch/same.c")
check "there are facts to hold ($held)" test "$held" -gt 70

cd "$scratch"
for machine in aarch64 x86_64; do
    mac() { "$tools/bin/python-zig" cc -target "$machine-macos" "$@"; }
    check "the layout on the Mac, $machine" mac "$@" -c -o "$scratch/same.o" "$scratch/same.c"
    check "the prototypes on the Mac, $machine" mac "$@" -c -o "$scratch/prototypes.o" "$source/prototypes.c"
    sed 's/== \([0-9]*\), "offsetof(packet_info, cinfo)/== 1\1, "offsetof(packet_info, cinfo)/' same.c >other.c
    check_not "another offset is found" mac "$@" -c -o "$scratch/other.o" "$scratch/other.c" 2>/dev/null
done
