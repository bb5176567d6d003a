#!/bin/sh
# Runs AddressSanitizer and UndefinedBehaviorSanitizer on the C code that changes columns and explains packets, and
# AddressSanitizer on the Rust tests that need no host (with layout_check.rs, which calls plugin/dissector/layout_check.c).
#
#   sh tests/sanitize/run.sh
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

heading "The C part"
echo 'int main(void) { return 0; }' >"$scratch/try.c"
if cc -fsanitize=address,undefined -o "$scratch/try" "$scratch/try.c" 2>/dev/null && "$scratch/try"; then
    # sanitized NAME: compiles a test with the C file of the same subject.
    sanitized() {
        cc -std=c11 -g -O1 -Wall -Wextra -fsanitize=address,undefined -fno-sanitize-recover=all -o "$scratch/$1" \
            "tests/sanitize/$1.c" "plugin/dissector/$1.c"
    }
    sanitized info
    check "columns change as the model does, in ${CASES:-20000} random cases" "$scratch/info" "${CASES:-20000}"
    sanitized conversation
    check "an explanation that is too long ends with a whole line, and says so" "$scratch/conversation"
else
    say "not run: the C part: this C compiler has no sanitizers"
fi

heading "The Rust part"
target=$(rustc -vV | sed -n 's/^host: //p')
# Only nightly allows the option, but the stable toolchain has the runtime as well.
if ls "$(rustc --print sysroot)/lib/rustlib/$target/lib/"*asan* >/dev/null 2>&1; then
    seed_crates debug "${CARGO_TARGET_DIR:-target}/sanitize/debug"
    RUSTC_BOOTSTRAP=1 RUSTFLAGS=-Zsanitizer=address PROPTEST_CASES=${PROPTEST_CASES:-32} cargo test --locked --quiet \
        --target "$target" --target-dir "${CARGO_TARGET_DIR:-target}/sanitize" --lib --test engine
else
    say "not run: the Rust part: this Rust toolchain has no AddressSanitizer"
fi
cargo miri --version >/dev/null 2>&1 || say "not run: Miri: this Rust toolchain does not have it (a nightly one can)"
