# Builds the plugin for other machines and systems than this one. Source it with `.` from the root of the project, after
# plugin/packaging/lib.sh; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/packaging/debian.sh

rust_suite=trixie # its Rust is the oldest that Cargo.toml allows

# Finds zig and cargo-zigbuild, or fetches them once from Python's package index. Their hashes must be those in
# `cross_tools`. Sets `tools`. If it cannot get them, it fails, and sets `why` to the reason.
cross_tools=plugin/packaging/tools.txt
find_zig() {
    tools=$(cache)/tools/zig-$(cksum <"$cross_tools" | tr ' ' -)
    [ ! -e "$tools/.ready" ] || return 0
    why="python3 -m venv does not work: install the packages python3 and python3-venv"
    lock "$tools.lock" "zig"
    [ ! -e "$tools/.ready" ] || { unlock && return 0; }
    say "Fetching zig and cargo-zigbuild"
    rm -rf "$tools"
    python3 -m venv "$tools" 2>/dev/null ||
        { install_packages python3 python3-venv && python3 -m venv "$tools"; } || return 1
    why="zig and cargo-zigbuild cannot be had from Python's package index as $cross_tools has them"
    "$tools/bin/pip" install --quiet --disable-pip-version-check --no-deps --only-binary :all: \
        --require-hashes --requirement "$cross_tools" || return 1
    why=
    touch "$tools/.ready"
    unlock
}

# find_rust TRIPLE...: finds a Rust that can build for these targets: the one on PATH if it has their standard
# libraries (rustup target add), or else Debian's with the library's source. Sets `rust_path`, a folder that goes in
# front of PATH if it is not empty, and `rust_options`, options for cargo. If it finds none, it fails, and sets `why` to
# the reason.
find_rust() {
    need_rust
    rust_path=
    rust_options=
    rust_lacks=
    for triple in "$@"; do
        [ -d "$(rustc --print sysroot)/lib/rustlib/$triple/lib" ] || rust_lacks="$rust_lacks $triple"
    done
    [ -n "$rust_lacks" ] || return 0
    rust_root=$(cache)/tools/rust-$rust_suite
    if [ ! -e "$rust_root/.ready" ]; then
        why="Rust's standard library is missing (rustup target add$rust_lacks)"
        [ "$(uname -sm)" = "Linux x86_64" ] && has apt-get && has dpkg-deb || return 1
        lock "$rust_root.lock" "the Rust of Debian $rust_suite"
    fi
    if [ ! -e "$rust_root/.ready" ]; then
        say "Unpacking the Rust of Debian $rust_suite (once)"
        why="$why, and Debian's cannot be had from here: see $rust_root.log"
        unpack_debian "$rust_suite" amd64 "$rust_root" cargo rustc rust-src || return 1
        why=
        mkdir "$rust_root/wrappers"
        for program in cargo rustc; do
            # Runs the program with its own C library, not with this system's.
            cat >"$rust_root/wrappers/$program" <<END
#!/bin/sh
exec "$rust_root/lib64/ld-linux-x86-64.so.2" --library-path "$rust_root/usr/lib/x86_64-linux-gnu" "$rust_root/usr/bin/$program" "\$@"
END
            chmod +x "$rust_root/wrappers/$program"
        done
        touch "$rust_root/.ready"
    fi
    unlock
    why=
    rust_path=$rust_root/wrappers
    rust_options="-Zbuild-std=std,panic_unwind"
}

# Prints the version of the Rust that find_rust() found.
version_of_rust() { "${rust_path:+$rust_path/}rustc" --version; }

# cross_build TARGET FOLDER [OPTION...]: makes a release build of the library in a target folder, for a target of
# cargo-zigbuild (a triple, or TRIPLE.GLIBC), with these additional options for cargo. Call find_zig() and find_rust()
# first. No path of this computer gets into the file. The encoded form of RUSTFLAGS allows spaces in paths. If
# `cross_flags` is set, it has more flags with the same separator.
separator=$(printf '\037')
cross_flags=
cross_build() {
    target=$1
    shift
    flags="--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo${cross_flags:+$separator$cross_flags}"
    if [ -z "$rust_path" ]; then
        CARGO_ENCODED_RUSTFLAGS=$flags PATH=$tools/bin:$PATH \
            cargo zigbuild --release --locked --lib --target "$target" --target-dir "$@"
        return
    fi
    # The standard library is built from source. The stable compiler allows that only if RUSTC_BOOTSTRAP is set. The
    # file then names the library's sources, so their path is replaced as well.
    flags="$flags${separator}--remap-path-prefix=$rust_root/usr=rust"
    CARGO_ENCODED_RUSTFLAGS=$flags PATH=$rust_path:$tools/bin:$PATH RUSTC_BOOTSTRAP=1 \
        RUSTC=$rust_path/rustc CARGO=$rust_path/cargo RUSTUP_TOOLCHAIN= \
        cargo zigbuild $rust_options --release --locked --lib --target "$target" --target-dir "$@"
}
