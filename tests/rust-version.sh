#!/bin/sh
# Checks that the source, its tests and all dependencies build with the oldest supported Rust, `rust-version` in
# Cargo.toml.
#
#   sh tests/rust-version.sh             no package of Cargo.lock asks for a newer one
#   sh tests/rust-version.sh --builds    and that Rust (rustup's, or else Debian 13's) compiles everything, and the tests
#                                        that need no Wireshark pass
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

oldest=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)

asks_for_newer() {
    cargo metadata --locked --format-version 1 | python3 -c '
import json, sys
number = lambda version: tuple(int(part) for part in version.split(".")[:2])
for package in json.load(sys.stdin)["packages"]:
    needs = package.get("rust_version")
    if needs and number(needs) > number(sys.argv[1]):
        print(package["name"], package["version"], "needs Rust", needs)
' "$oldest"
}
has python3 || not_run "there is no python3"
found=$(asks_for_newer)
[ -z "$found" ] || say "$found"
check "no package of Cargo.lock needs a newer Rust than $oldest" test -z "$found"
[ "${1:-}" = --builds ] || exit 0

if cargo "+$oldest" --version >/dev/null 2>&1; then
    oldest_cargo() { cargo "+$oldest" "$@"; }
else
    # Debian's, which archives are built with where rustup has no other targets.
    . plugin/packaging/cross.sh
    find_rust "a target that no Rust has" >&2 && "$rust_path/rustc" --version | grep -qF "rustc $oldest." ||
        not_run "Rust $oldest is missing: rustup toolchain install $oldest --profile minimal"
    oldest_cargo() { env -u RUSTUP_TOOLCHAIN PATH="$rust_path:$PATH" RUSTC="$rust_path/rustc" CARGO="$rust_path/cargo" cargo "$@"; }
fi
target=${CARGO_TARGET_DIR:-target}/rust-$oldest
check "Rust $oldest compiles the plugin and every test" \
    oldest_cargo check --locked --quiet --all-targets --target-dir "$target"
check "the tests that need no Wireshark pass in what it compiles" \
    oldest_cargo test --locked --quiet --lib --test roles --test engine --target-dir "$target"
