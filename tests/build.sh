#!/bin/sh
# Builds what suites test, and copies it to a folder to which no cargo command writes. Prints that folder.
#
#   sh tests/build.sh KIND
#
#     debug             the test programs of `cargo test`, named as they are in tests/ (that of src/ is `lib`), and the
#                       plugin beside them; `programs` lists them
#     make_capture      benches/make_capture.rs
#     worst             tests/hostile/worst.rs, optimized
#     release           the plugin as `cargo build --release` makes it
#     faults            the same with the feature `faults`
#     portable          the plugin for any Linux on x86-64, whatever its glibc
#     portable-faults   the same with the feature `faults`
#     linux-x86_64, linux-aarch64, macos-universal
#                       the release archive for that system; 77 if it cannot be made here
#
#   sh tests/build.sh --unchanged     whether all copies of this run are unchanged
#
# tests/run.sh sets EPHEMERAL_BUILT to a folder for its run, in which each kind is built once. Otherwise the copies are
# in target/tests, and are updated each time. Files are replaced atomically, and a running program keeps the old file.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

# The output of cargo goes to standard error; only the answer goes to standard output.
exec 3>&1 1>&2
target=${CARGO_TARGET_DIR:-target}
copies=${EPHEMERAL_BUILT:-$target/tests}

# Prints two lines for each file: its hash; its inode and modification time.
signs() { find . -mindepth 1 -name '.*' -prune -o ! -type d -exec sha256sum {} + -exec stat -L -c '%n %i %Y' {} + | LC_ALL=C sort; }

if [ "${1:?name a kind}" = --unchanged ]; then
    for copy in "$copies"/*/; do
        [ -e "$copy/.signs" ] || continue
        (cd "$copy" && signs 2>&1 | diff .signs -) ||
            fail "$(basename "$copy") was built again while it was tested (< when it was copied, > now)"
    done
    exit 0
fi
kind=$1
copy=$copies/$kind
mkdir -p "$copy" "$target"
copy=$(cd "$copy" && pwd)

# put FILE [NAME]: copies a file, unless the copy is the same already.
put() {
    put_as=$copy/${2:-$(basename "$1")}
    ! cmp -s "$1" "$put_as" || return 0
    # The fault that tests/twice.sh injects: suites test the file that cargo writes.
    if [ "${EPHEMERAL_BUILT_LINKS:-}" = yes ]; then
        ln -sf "$(readlink -f "$1")" "$put_as"
        return
    fi
    cp "$1" "$put_as.part"
    mv "$put_as.part" "$put_as"
}

build_debug() {
    cargo test --no-run --locked --quiet --message-format=json >"$copy/.said" || {
        sed -n 's/.*"rendered":"\(\([^"\\]\|\\.\)*\)".*/\1/p' "$copy/.said" | sed 's/\\n/\n/g; s/\\"/"/g'
        fail "cargo test --no-run"
    }
    # Each artifact is an object in a line of its own: its kind, its name, and its program if it has one.
    sed -n 's/.*"target":{"kind":\["\([^"]*\)".*"name":"\([^"]*\)".*"executable":"\([^"]*\)".*/\1 \2 \3/p' "$copy/.said" |
        while read -r what name program; do
            case $what in
                example) continue ;;
                test) ;;
                *) name=lib ;;
            esac
            put "$program" "$name"
            say "$name"
        done >"$copy/.programs"
    put "$copy/.programs" programs
    put "$(sed -n 's/.*"filenames":\["\([^"]*\/libephemeral\.so\)".*/\1/p' "$copy/.said" | tail -n 1)"
    [ -s "$copy/programs" ] || fail "cargo test --no-run names no programs"
}

build_make_capture() {
    cargo build --locked --quiet --example make_capture
    put "$target/debug/examples/make_capture"
}

build_worst() {
    cargo build --release --locked --quiet --example worst
    put "$target/release/examples/worst"
}

# build_release FOLDER [OPTION...]
build_release() {
    built_in=$1
    shift
    cargo build --release --locked --quiet --target-dir "$built_in" "$@"
    put "$built_in/release/libephemeral.so"
}

build_portable() {
    built_in=$1
    shift
    . plugin/packaging/linux.sh
    build_linux x86_64 "$built_in" --quiet "$@"
    put "$portable_plugin"
}

build_archive() {
    archive=$(archive_of "$1")
    # The archives of targets that no other kind needs. Each build compiles Rust's standard library for its target.
    case $1 in
        linux-aarch64) triples=aarch64-unknown-linux-gnu ;;
        macos-universal) triples="aarch64-apple-darwin x86_64-apple-darwin" ;;
        *) triples= ;;
    esac
    for triple in $triples; do seed_crates "$triple" "$target/$triple/release"; done
    # An archive of another source must not pass for this one.
    rm -f "$archive"
    sh plugin/release.sh "$1" >"$copy/.said" 2>&1 || {
        cat "$copy/.said"
        ! grep -q "^Not made: $archive: " "$copy/.said" || exit 77
        fail "plugin/release.sh $1"
    }
    for triple in $triples; do keep_crates "$target/$triple/release" "$triple"; done
    put "$archive"
    put dist/SHA256SUMS
    case $1 in
        linux-x86_64) package=dist/ephemeral-ports_*_amd64.deb ;;
        linux-aarch64) package=dist/ephemeral-ports_*_arm64.deb ;;
        *) package= ;;
    esac
    for package in $package; do [ ! -f "$package" ] || put "$package"; done
}

(
    # One build of a kind at a time, with its copy.
    ! has flock || flock 9
    # Each kind is built once in a run.
    [ -z "${EPHEMERAL_BUILT:-}" ] || [ ! -e "$copy/.signs" ] || exit 0
    case $kind in
        debug) build_debug ;;
        make_capture) build_make_capture ;;
        worst) build_worst ;;
        release) build_release "$target" ;;
        faults) seed_crates release "$target/faults/release" && build_release "$target/faults" --features faults ;;
        portable) build_portable "$target" ;;
        portable-faults) seed_crates release "$target/faults/release" && build_portable "$target/faults" --features faults ;;
        linux-* | macos-*) build_archive "$kind" ;;
        *) die "there is no $kind" ;;
    esac
    (cd "$copy" && signs) >"$copy/.signs.part"
    mv "$copy/.signs.part" "$copy/.signs"
) 9>"$target/tests-$kind.lock"
say "$copy" >&3
