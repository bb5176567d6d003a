#!/bin/sh
# Makes dist/ephemeral-VERSION-linux-x86_64.tar.gz, which users unpack and install from.
#
# The same source gives the same bytes, wherever and whenever it is built (with the same Rust).
#
#   sh plugin/release.sh
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. plugin/packaging/lib.sh
. plugin/packaging/linux.sh

# When the source was last changed, in seconds since 1970.
source_date() {
    if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
        say "$SOURCE_DATE_EPOCH"
    elif ! git log -1 --format=%ct 2>/dev/null; then
        day=$(sed -n 's/^## .*\([0-9]\{4\}-[0-9]\{2\}-[0-9]\{2\}\).*/\1/p' CHANGELOG.md | head -n 1)
        date -u -d "${day:?CHANGELOG.md has no date}" +%s
    fi
}

# The archive's files, in dist/$name.
collect() {
    rm -rf "dist/$name"
    mkdir -p "dist/$name/profiles"
    cp "$portable_plugin" plugin/install.sh README.md LICENSE "dist/$name/"
    cp -R "plugin/profile/Ephemeral Ports" "dist/$name/profiles/"
    (
        cd "dist/$name"
        find . -type d -exec chmod 0755 {} +
        find . -type f -exec chmod 0644 {} +
        chmod 0755 install.sh
        find . -type f ! -name SHA256SUMS | sed 's|^\./||' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum >SHA256SUMS
    )
}

pack() {
    date=$(source_date)
    (cd dist && tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$date" \
        -cf - "$name") | gzip -9 -n >"dist/$name.tar.gz"
    rm -rf "dist/$name"
}

[ "$(uname -sm)" = "Linux x86_64" ] || die "the released plugin is for Linux on x86-64, and is built there"
version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
name=ephemeral-$version-linux-x86_64
need_build_tools
build_portable "${CARGO_TARGET_DIR:-target}"
collect
pack
say "dist/$name.tar.gz"
(cd dist && sha256sum "$name.tar.gz")
