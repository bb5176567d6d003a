#!/bin/sh
# The source is formatted as rustfmt does it, and clippy has nothing to say, not even that an unsafe
# block lacks its reason (src/lib.rs asks for that).
#
#   sh tests/lints.sh
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

cargo fmt --version >/dev/null 2>&1 || not_run "this Rust toolchain does not have rustfmt"
cargo clippy --version >/dev/null 2>&1 || not_run "this Rust toolchain does not have clippy"
check "rustfmt changes nothing" cargo fmt --check
check "clippy has nothing to say" cargo clippy --all-targets --locked --quiet -- -D warnings
check "nor of the build with faults" cargo clippy --all-targets --locked --quiet --features faults -- -D warnings
