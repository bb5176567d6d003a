#!/bin/sh
# Tests the release archive: its contents, and that it has the same bytes wherever it is built.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1700000000)}
export SOURCE_DATE_EPOCH

heading "What is downloaded for it"
. plugin/packaging/cross.sh
wanted=$(grep -c '^[a-z].*==' "$cross_tools")
check "each of the $wanted tools is pinned by hashes" test "$(grep -c '==.*\\$' "$cross_tools")" = "$wanted" -a "$wanted" -gt 0
check_not "no script takes what is not signed" grep -rnE 'no-check-(gpg|certificate)|trusted=yes|allow-(unauthenticated|insecure)|curl.* -k' plugin
# None of them begins with 1.
sed 's/sha256:./sha256:1/' "$cross_tools" >"$scratch/tools.txt"
other_tools() { (cross_tools=$scratch/tools.txt; XDG_CACHE_HOME=$scratch/cache; find_zig) >"$scratch/log" 2>&1; }
check_not "tools with other hashes are refused" other_tools
if grep -qi 'do not match the hashes' "$scratch/log"; then
    check "and nothing marks them as complete" test -z "$(find "$scratch/cache" -name .ready)"
else
    say "not run: that it is the hash that they are refused for: Python's package index cannot be reached"
fi
unsigned() { (keyrings=$scratch/none; install_packages() { return 1; }; make_debian trixie "$scratch/debian") >"$scratch/log" 2>&1; }
check_not "nor is a Debian without the keys of its packages" unsigned
check_not "of which nothing was fetched" test -e "$scratch/debian"

heading "Making it"
archive=$(built linux-x86_64)
archive=$archive/$(basename "$(archive_of linux-x86_64)")
tar -xzf "$archive" -C "$scratch"
cd "$scratch"/ephemeral-*-linux-x86_64
unpacked=$PWD
plugin=$unpacked/libephemeral.so

heading "What is in it"
for file in libephemeral.so install.sh README.md LICENSE CHANGELOG.md THIRD-PARTY.md sample.pcap SHA256SUMS "profiles/Ephemeral Ports/preferences"; do
    check "$file" test -s "$file"
done
check_not "its README has no link to a file that is not there, and no mark that was not filled in" grep -nE '\]\(|@[A-Z]+@' README.md
check "it says how to make the same bytes" grep -q "SOURCE_DATE_EPOCH=$SOURCE_DATE_EPOCH sh plugin/release.sh linux-x86_64" README.md
(cd "$OLDPWD" && python3 plugin/packaging/notices.py) >"$scratch/notices" || fail "plugin/packaging/notices.py"
check "its notices are those of Cargo.lock" cmp "$scratch/notices" THIRD-PARTY.md
check "the checksums are right" sha256sum --check --quiet SHA256SUMS
listed=$(wc -l <SHA256SUMS)
check "each file has one" test "$listed" = "$(find . -type f ! -name SHA256SUMS | wc -l)"

heading "The plugin's file"
newest=$(objdump -T "$plugin" | sed -n 's/.*(\{0,1\}GLIBC_\([0-9.]*\).*/\1/p' | sort -uV | tail -n 1)
check "it needs glibc $newest" test -n "$newest"
check "and 2.17 is enough" test "$(printf '%s\n2.17\n' "$newest" | sort -V | tail -n 1)" = 2.17
needed=$(objdump -p "$plugin" | awk '$1 == "NEEDED" { print $2 }' | sort | tr '\n' ' ')
say "it is linked to: $needed"
check_not "not to libgcc_s, GLib or Wireshark" sh -c 'printf "%s" "$1" | grep -qE "gcc_s|glib|shark|wsutil|wiretap"' sh "$needed"
size=$(wc -c <"$plugin")
check "it has $size bytes, fewer than 1000000" test "$size" -lt 1000000
check "it is stripped" test -z "$(objdump -h "$plugin" | grep -E '\.symtab|\.debug')"
exported=$(objdump -T "$plugin" | awk '$4 != "*UND*" && $0 ~ /^[0-9a-f]/ && $2 == "g" { print $NF }' | LC_ALL=C sort | tr '\n' ' ')
check "it exports the five names and nothing else: $exported" \
    test "$exported" = "plugin_describe plugin_register plugin_version plugin_want_major plugin_want_minor "
check_not "no path of this computer is in it" grep -qaF -e "$OLDPWD" -e "$HOME/" "$plugin"
cd "$OLDPWD"
check "dist/SHA256SUMS has the archive" sh -c 'cd "$2" && sha256sum --check --quiet --ignore-missing SHA256SUMS && grep -q " $1\$" SHA256SUMS' sh "$(basename "$archive")" "$(dirname "$archive")"

heading "Unpacked and installed"
sh tests/unpacked.sh "$archive" || [ $? = 77 ]

check_package "$(dirname "$archive")" linux-x86_64 "$plugin"
[ -z "$package" ] || cp "$package" "$scratch/first.deb"

check_same_again linux-x86_64 "$archive"
[ ! -f "$scratch/first.deb" ] || ! [ -d "$scratch/a copy" ] ||
    check "and so has the package" cmp "$scratch/first.deb" "$scratch/a copy/dist/$(basename "$package")"
