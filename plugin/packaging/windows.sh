# Builds the plugin for Windows on x86-64, with Debian 13's Rust, the source of its standard library, and MinGW-w64.
# Source it with `.` from the root of the project, after plugin/packaging/lib.sh; do not run it.
#
# On Debian 13, it installs the packages. On another system, it needs root, and sets up a small Debian 13 in the cache,
# once. The build in there sees the source and the target folder under /build.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

windows_triple=x86_64-pc-windows-gnu
windows_packages="rustc cargo rust-src gcc-mingw-w64-x86-64-win32 gcc libc6-dev ca-certificates"

. plugin/packaging/debian.sh

is_debian_13() { grep -qs '^ID=debian$' /etc/os-release && grep -qs '^VERSION_ID="13"$' /etc/os-release; }

# Prints why the plugin cannot be built for Windows here; prints nothing if it can.
no_windows() {
    [ "$(uname -m)" = x86_64 ] || { say "it is built on x86-64"; return; }
    ! is_debian_13 || return 0
    [ ! -e "$(cache)/windows/debian.ready" ] || ! is_root || return 0
    is_root || { say "outside Debian 13 only root can set up its tools"; return; }
    has debootstrap || install_packages debootstrap >/dev/null || { say "debootstrap is not installed"; return; }
    [ -n "$(debian_mirror)" ] || { say "apt here has no mirror to take Debian 13 from"; return; }
    unshare --mount true 2>/dev/null || say "this system does not let root mount (unshare --mount)"
}

# Sets up the tools, once. Sets `windows_root`, the root directory that has them: / on Debian 13 itself.
need_windows_tools() {
    if is_debian_13; then
        windows_root=/
        has x86_64-w64-mingw32-gcc && [ -d /usr/lib/rustlib/src ] && [ -x /usr/bin/rustc ] ||
            install_in_windows_root $windows_packages || die "install the packages $windows_packages"
        return
    fi
    windows_root=$(cache)/windows/debian
    [ ! -e "$windows_root.ready" ] || return 0
    make_debian trixie "$windows_root" || die "no Debian 13 for Windows's tools: $no_debian"
    say "Installing Rust and MinGW-w64 there"
    install_in_windows_root $windows_packages ||
        die "installing Windows's tools failed: $(tail -n 1 "$windows_root.log")"
    date >"$windows_root.ready"
}

# install_in_windows_root PACKAGE...: installs packages on Debian 13 itself, or in the one that was set up here.
install_in_windows_root() {
    if [ "$windows_root" = / ]; then install_packages "$@"; else install_in_debian "$windows_root" "$@"; fi
}

# Prints the version of the Rust that builds there. Call need_windows_tools() first.
version_of_windows_rust() {
    if [ "$windows_root" = / ]; then /usr/bin/rustc --version; else chroot "$windows_root" /usr/bin/rustc --version; fi
}

# build_windows FOLDER [OPTION...]: makes a release build in a target folder, with these additional options for cargo. Sets
# `windows_plugin`. No path of this computer gets into the file.
build_windows() {
    why=$(no_windows)
    [ -z "$why" ] || die "no build for Windows: $why"
    need_windows_tools
    windows_plugin=$1/$windows_triple/release/ephemeral.dll
    mkdir -p "$1"
    if [ "$windows_root" = / ]; then
        cargo_for_windows "$PWD" "${CARGO_HOME:-$HOME/.cargo}" "$@"
        return
    fi
    windows_target=$(cd "$1" && pwd)
    windows_cargo=${CARGO_HOME:-$HOME/.cargo}
    shift
    mkdir -p "$windows_cargo" "$windows_root/build/source" "$windows_root/build/target" "$windows_root/build/cargo"
    # The mounts end with the command.
    unshare --mount sh -euc '
        root=$1
        mount --bind "$2" "$root/build/source"
        mount --bind "$3" "$root/build/target"
        mount --bind "$4" "$root/build/cargo"
        for file in /etc/resolv.conf /etc/ssl/certs/ca-certificates.crt; do
            [ ! -r "$file" ] || [ ! -e "$root$file" ] || mount --bind "$file" "$root$file"
        done
        shift 4
        unset SSL_CERT_DIR
        exec chroot "$root" env PATH=/usr/bin:/bin HOME=/root CARGO_HOME=/build/cargo sh -euc "
            cd /build/source
            . plugin/packaging/lib.sh
            . plugin/packaging/windows.sh
            cargo_for_windows /build/source /build/cargo /build/target \"\$@\"" sh "$@"
    ' sh "$windows_root" "$PWD" "$windows_target" "$windows_cargo" "$@"
}

# cargo_for_windows SOURCE CARGO_HOME FOLDER [OPTION...]: the build itself, on Debian 13. Debian has no standard library
# for Windows, so it is built with the plugin, without support for backtraces. So are the two objects that rustc links at
# the start and the end of a DLL.
#
# cargo makes the DLL alone (--crate-type cdylib). If it made the rlib in the same run, rustc would not optimize at link
# time. The linker removes no unused function from a DLL by itself, so the file would be twice as large.
cargo_for_windows() {
    windows_source=$1
    windows_cargo_home=$2
    windows_folder=$3
    shift 3
    mkdir -p "$windows_folder/rtstartup"
    windows_objects=$(cd "$windows_folder/rtstartup" && pwd)
    windows_rust=$(/usr/bin/rustc --print sysroot)/lib/rustlib/src/rust
    for object in rsbegin rsend; do
        RUSTC_BOOTSTRAP=1 /usr/bin/rustc --target $windows_triple --crate-type lib --emit obj \
            -o "$windows_objects/$object.o" "$windows_rust/library/rtstartup/$object.rs"
    done
    separator=$(printf '\037')
    flags="--remap-path-prefix=$windows_source=ephemeral-ports$separator--remap-path-prefix=$windows_cargo_home=cargo"
    flags="$flags$separator--remap-path-prefix=${windows_objects%/rtstartup}=target"
    flags="$flags$separator-Lnative=$windows_objects$separator-Clink-arg=-Wl,--no-insert-timestamp"
    flags="$flags$separator-Clink-arg=-static-libgcc"
    CARGO_ENCODED_RUSTFLAGS=$flags RUSTC_BOOTSTRAP=1 RUSTC=/usr/bin/rustc \
        /usr/bin/cargo rustc --release --locked --lib --crate-type cdylib --target $windows_triple --target-dir "$windows_folder" \
        -Zbuild-std=std,panic_unwind -Zbuild-std-features=panic-unwind "$@"
}
