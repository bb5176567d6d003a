#!/bin/sh
# Makes the archives that users install from, for each system that this one can build for:
#
#   dist/ephemeral-VERSION-linux-x86_64.tar.gz
#   dist/ephemeral-VERSION-linux-aarch64.tar.gz
#   dist/ephemeral-VERSION-macos-universal.tar.gz
#   dist/ephemeral-VERSION-windows-x86_64.zip
#   dist/ephemeral-ports_VERSION-1_amd64.deb, _arm64.deb (beside those for Linux)
#   dist/SHA256SUMS
#
# The same source and the same Rust give the same bytes on every computer, at any time. The script prints which archives
# it does not make, and why.
#
#   sh plugin/release.sh [SYSTEM...]      only these: linux-x86_64, linux-aarch64, ...
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. plugin/packaging/lib.sh
. plugin/packaging/linux.sh
. plugin/packaging/macos.sh
. plugin/packaging/windows.sh
. plugin/packaging/deb.sh

# Prints when the source was last changed, in seconds since 1970. Without git, it is the time of the newest file; an
# archive of the source keeps these times.
source_date() {
    if [ -n "${SOURCE_DATE_EPOCH:-}" ]; then
        say "$SOURCE_DATE_EPOCH"
    elif ! git log -1 --format=%ct 2>/dev/null; then
        find Cargo.toml Cargo.lock build.rs README.md LICENSE include plugin src -type f -exec stat -c %Y {} + | sort -n | tail -n 1
    fi
}

# collect FILE...: puts the archive's files into dist/$name: these, and those that all archives have. `compiler` is the Rust
# that compiled them.
collect() {
    rm -rf "dist/$name"
    mkdir -p "dist/$name/profiles"
    cp "$@" LICENSE CHANGELOG.md plugin/packaging/THIRD-PARTY.md "dist/$name/"
    cp tests/captures/seed.pcap "dist/$name/sample.pcap"
    case $system in windows-*) suffix=zip ;; *) suffix=tar.gz ;; esac
    sed "s/@VERSION@/$version/; s/@ARCHIVE@/$name.$suffix/; s/@DATE@/$date/; s/@SYSTEM@/$system/; s/@RUST@/$compiler/; s|@REPOSITORY@|$repository|" \
        plugin/packaging/README.md >"dist/$name/README.md"
    cp -R "plugin/profile/Ephemeral Ports" "dist/$name/profiles/"
    find "dist/$name" -type d -exec chmod 0755 {} +
    find "dist/$name" -type f -exec chmod 0644 {} +
}

# Writes the checksums of the collected files.
sum_up() {
    (
        cd "dist/$name"
        find . -type f ! -name SHA256SUMS | sed 's|^\./||' | LC_ALL=C sort | tr '\n' '\0' | xargs -0 sha256sum >SHA256SUMS
        chmod 0644 SHA256SUMS
    )
}

linux_archive() {
    need_build_tools
    build_linux "${system#linux-}" "${CARGO_TARGET_DIR:-target}"
    pack
    if has dpkg-deb; then
        make_deb "${system#linux-}"
    else
        say "Not made: the package for Debian and Ubuntu: there is no dpkg-deb here"
    fi
}

macos_archive() {
    need_build_tools
    build_macos "${CARGO_TARGET_DIR:-target}"
    pack
}

# Makes an archive with install.sh, for a system with a shell.
pack() {
    compiler=$(version_of_rust)
    collect "$portable_plugin" plugin/install.sh
    chmod 0755 "dist/$name/install.sh"
    sum_up
    (cd dist && tar --sort=name --format=ustar --owner=0 --group=0 --numeric-owner --mtime="@$date" \
        -cf - "$name") | gzip -9 -n >"dist/$name.tar.gz"
    archive=$name.tar.gz
}

windows_archive() {
    need zip zip
    build_windows "${CARGO_TARGET_DIR:-target}/windows"
    compiler=$(version_of_windows_rust)
    collect "$windows_plugin"
    # cmd.exe needs CRLF at the end of each line.
    sed 's/$/\r/' plugin/install.cmd >"dist/$name/install.cmd"
    chmod 0644 "dist/$name/install.cmd"
    sum_up
    find "dist/$name" -exec touch -d "@$date" {} +
    rm -f "dist/$name.zip"
    (cd dist && find "$name" | LC_ALL=C sort | TZ=UTC zip -q -9 -X -@ "$name.zip")
    archive=$name.zip
}

version=$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)
repository=$(sed -n 's/^repository = "\(.*\)"/\1/p' Cargo.toml)
date=$(source_date)
made=
for system in ${*:-linux-x86_64 linux-aarch64 macos-universal windows-x86_64}; do
    name=ephemeral-$version-$system
    why=
    case $system in
        linux-x86_64) [ "$(uname -sm)" = "Linux x86_64" ] || why="it is built on Linux on x86-64" ;;
        linux-aarch64) find_rust aarch64-unknown-linux-gnu && find_zig || true ;;
        macos-universal) find_rust aarch64-apple-darwin x86_64-apple-darwin && find_zig || true ;;
        windows-x86_64) why=$(no_windows) ;;
        *) die "there is no archive for $system" ;;
    esac
    if [ -n "$why" ]; then
        say "Not made: dist/$name: $why"
        continue
    fi
    "${system%%-*}_archive"
    rm -rf "dist/$name"
    made="$made $archive"
done
[ -n "$made" ] || die "no archive can be made here"
for archive in $made; do say "dist/$archive"; done
# The checksums of all archives of this version, made now or earlier. The names have no spaces.
(cd dist && sha256sum "ephemeral-$version-"*.tar.gz "ephemeral-$version-"*.zip "ephemeral-ports_$version-"*.deb 2>/dev/null >SHA256SUMS.$$; mv SHA256SUMS.$$ SHA256SUMS) || :
cat dist/SHA256SUMS
