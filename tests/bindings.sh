#!/bin/sh
# Checks that the committed bindings agree with our headers: bindgen generates them again. Needs libclang.
#
#   sh tests/bindings.sh            compares
#   sh tests/bindings.sh --write    replaces them, after a change of include/epan.h or of a header in plugin/dissector
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

rust=src/host/api/bindings.rs
c=plugin/dissector/layout.c
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

# Only the build script has to run. The compiler may reject the old bindings afterwards.
if ! EPHEMERAL_BINDINGS=$scratch cargo check --lib --locked --quiet --color never --features bindgen \
    --target-dir "${CARGO_TARGET_DIR:-target}/bindings" >"$scratch/said" 2>&1 && [ ! -e "$scratch/layout.c" ]; then
    ! grep -q "libclang is missing\|libclang's headers are missing" "$scratch/said" ||
        not_run "libclang is missing, with which bindgen reads the headers: install libclang-dev"
    cat "$scratch/said"
    fail "cargo check --features bindgen"
fi
if [ "${1:-}" = --write ]; then
    cp "$scratch/bindings.rs" $rust
    cp "$scratch/layout.c" $c
    say "Written: $rust $c"
    exit 0
fi
check "$rust is what bindgen makes of the headers" diff -u $rust "$scratch/bindings.rs"
check "so is $c" diff -u $c "$scratch/layout.c"
