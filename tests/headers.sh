#!/bin/sh
# Builds a plugin for a release without a row, from that release's headers: removes the row of 4.4 from a copy of the
# source, and runs the built plugin in 4.4. Headers that do not fit stop the build.
#
#   sh tests/headers.sh ROOT      a host of tests/hosts.sh with a release that the table has
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

root=${1:-}
[ -n "$root" ] || not_run "there is no host with another release (tests/hosts.sh)"
headers=$root/usr/include/wireshark
[ -d "$headers/epan" ] || not_run "Wireshark's headers are not installed under $root (libwireshark-dev)"
need_known_release "$root"
release=$(release_of "$root")
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
target=$(mkdir -p "${CARGO_TARGET_DIR:-target}/headers" && cd "${CARGO_TARGET_DIR:-target}/headers" && pwd)
seed_crates release "$target/release"
plugin=$target/release/libephemeral.so

mkdir -p "$scratch/source/plugin" "$scratch/source/tests" "$scratch/source/benches"
cp -R Cargo.toml Cargo.lock build.rs include src "$scratch/source/"
cp -R plugin/dissector "$scratch/source/plugin/"
cp -R tests/abi "$scratch/source/tests/"
cp benches/make_capture.rs "$scratch/source/benches/"
sed -i "/Row { release: ($(printf '%s' "$release" | sed 's/\./, /'))/,/} },/d" "$scratch/source/src/host/api/releases.rs"

# build [VARIABLE=VALUE...]: builds the copy; the output of cargo is in out.
build() {
    (cd "$scratch/source" && env "$@" cargo build --release --locked --lib --target-dir "$target") >"$scratch/out" 2>&1
}
says() { grep -q "$1" "$scratch/out" || { cat "$scratch/out"; return 1; }; }
end_to_end() { EPHEMERAL_HOST_ROOT=$root EPHEMERAL_PLUGIN=$plugin run_tests e2e "$1" >"$scratch/tests" 2>&1; }
passed() { grep -q 'test result: ok. [1-9]' "$scratch/tests" || { cat "$scratch/tests"; return 1; }; }

check "without the headers it builds" build A=
check_not "and $release does not take it" end_to_end seed::
check "with EPHEMERAL_HEADERS it builds" build EPHEMERAL_HEADERS="$headers"
check "and says for which release" says "built for Wireshark $release by its headers in $headers"
check "in $release the seed's cases pass" end_to_end seed::
check "all of them" passed

heading "A structure that grew"
mkdir -p "$scratch/grown/usr/include"
cp -R "$headers" "$scratch/grown/usr/include/"
grown=$scratch/grown/usr/include/wireshark
# 4.7 did this to expert_field_info, which is in the middle of the registered structure.
sed -i 's/^\([[:space:]]*\)hf_register_info[[:space:]]*hf_info;/\1void *one_more;\n&/' "$grown/epan/expert.h"
sed -i 's/^\([[:space:]]*\)header_field_info[[:space:]]*\*same_name_next;/&\n\1void *one_more;/' "$grown/epan/proto.h"
check "the headers say so" test "$(cat "$grown/epan/expert.h" "$grown/epan/proto.h" | grep -c one_more)" = 2
check "it builds" build EPHEMERAL_HEADERS="$grown"

heading "Signs"
sed -i '/^proto_tree_add_item(/{n;s/int start, [a-z]* length/unsigned start, unsigned length/}
    /^proto_tree_add_boolean(/{s/int start/unsigned start/}' "$grown/epan/proto.h"
sed -i 's/\(tvb_get_ptr(tvbuff_t \*tvb, const \)[a-z]* offset/\1unsigned offset/' "$grown/epan/tvbuff.h"
check "it builds" build EPHEMERAL_HEADERS="$grown"
for function in proto_tree_add_item proto_tree_add_boolean tvb_get_ptr; do
    check "and says so of $function" says "take int for unsigned.*$function"
done
sed -i '/^proto_tree_add_item(/{n;s/unsigned start/uint64_t start/}' "$grown/epan/proto.h"
check_not "another size stops the build" build EPHEMERAL_HEADERS="$grown"
check "which names the function alone" says "does not fit: include/epan.h declares another prototype of proto_tree_add_item\$"

heading "Wireshark's source"
rm "$grown/ws_symbol_export.h" "$grown/ws_version.h"
check_not "headers that are not installed stop the build" build EPHEMERAL_HEADERS="$grown"
check "which says what is missing" says "has no ws_symbol_export.h and no ws_version.h"

heading "Headers that do not fit"
check_not "a folder without headers stops the build" build EPHEMERAL_HEADERS="$scratch"
check "which says what is missing" says "no epan/packet.h"
mkdir -p "$scratch/usr/include"
cp -R "$headers" "$scratch/usr/include/"
other=$scratch/usr/include/wireshark
sed -i 's/\(void col_set_fence(column_info \*cinfo, const\) [a-z]*/\1 long/; s/\bhave_tap_listener(/had_tap_listener(/' \
    "$other/epan/column-utils.h" "$other/epan/tap.h"
check_not "another prototype stops the build" build EPHEMERAL_HEADERS="$other"
check "which names the functions" says "does not fit: .*prototype of .*have_tap_listener.*col_set_fence"
