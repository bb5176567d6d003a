#!/bin/sh
# Checks that rustfmt, clippy and rustdoc report nothing (Cargo.toml lists the lints, one of which requires a SAFETY
# comment for each unsafe block), that the pages agree with the source, and that the crates agree with deny.toml.
#
#   sh tests/lints.sh
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

cargo fmt --version >/dev/null 2>&1 || not_run "this Rust toolchain does not have rustfmt"
cargo clippy --version >/dev/null 2>&1 || not_run "this Rust toolchain does not have clippy"
check "rustfmt changes nothing" cargo fmt --check
check "clippy reports nothing" cargo clippy --all-targets --locked --quiet -- -D warnings
check "nor for the build with faults" cargo clippy --all-targets --locked --quiet --features faults -- -D warnings
check "rustdoc reports nothing" \
    env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --document-private-items --locked --quiet
check "nor for the public items alone" env RUSTDOCFLAGS="-D warnings" cargo doc --no-deps --locked --quiet

if has python3; then
    check "links in pages resolve, pictures are shown, sources name license and holder (tests/docs.py)" python3 tests/docs.py
    sh tests/rust-version.sh
else
    say "not run: tests/docs.py and tests/rust-version.sh: there is no python3 here"
fi

if cargo deny --version >/dev/null 2>&1; then
    # The advisories come from a repository; only public runners check them.
    check "cargo-deny accepts the crates' licenses, versions and sources (deny.toml)" \
        cargo deny --locked --log-level error check bans licenses sources
else
    say "not run: deny.toml: cargo-deny is not installed (cargo install --locked cargo-deny)"
fi

# Prints the commands in the suites' scripts with which cargo writes programs to the shared target folder, each in one
# line. build.sh may do that, as it makes the copies; twice.sh and fresh.sh work in another copy of the source.
builds_beside_others() {
    for script in tests/*.sh tests/*/*.sh; do
        case $script in tests/build.sh | tests/twice.sh | tests/fresh.sh | tests/lints.sh) continue ;; esac
        sed -e ':again' -e '/\\$/N; s/\\\n//; t again' "$script" | grep -E '^[^#]*\<cargo (build|test|run|rustc)\>' |
            grep -v -e '--target-dir' -e ' echo ' | sed "s|^ *|$script: |"
    done
}
found=$(builds_beside_others)
[ -z "$found" ] || say "$found"
check "no suite builds in the folder that all share (tests/README.md)" test -z "$found"
