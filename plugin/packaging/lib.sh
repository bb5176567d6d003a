# Shell functions of the project's scripts; to be read with `.`, not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later

say() { printf '%s\n' "$*"; }
heading() { printf '\n== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# Folder for what is costly to make and may be deleted at any time.
cache() { printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/ephemeral-ports"; }

# Runs a command as root, without asking for a password; fails where that cannot be.
as_root() {
    if is_root; then
        "$@"
    elif has sudo && sudo -n true 2>/dev/null; then
        sudo -n "$@"
    else
        return 1
    fi
}

# Installs Debian or Ubuntu packages; fails if that is not possible here.
install_packages() {
    has apt-get || return 1
    say "Installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
        { as_root apt-get update -q >/dev/null 2>&1 &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@" >/dev/null; }
}

# need COMMAND PACKAGE...: the command is there, or its packages are installed, or we stop.
need() {
    command=$1
    shift
    has "$command" || { install_packages "$@" && has "$command"; } ||
        die "$command is missing, and cannot be installed from here: install the package $* (or your system's like)"
}

# bindgen, which makes the bindings, opens libclang at build time.
has_libclang() {
    [ -z "${LIBCLANG_PATH:-}" ] || return 0
    for library in /usr/lib/llvm-*/lib/libclang.so* /usr/lib/*/libclang*.so* /usr/lib64/libclang.so* \
        /usr/lib/libclang.so* /usr/local/lib/libclang.so*; do
        [ ! -e "$library" ] || return 0
    done
    return 1
}

# What a build takes: Rust, a C compiler, libclang with its headers.
need_build_tools() {
    has cargo || [ ! -r "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"
    has cargo || die "Rust is missing: install it as https://rustup.rs says, then run this again"
    need cc gcc libc6-dev
    has_libclang || install_packages libclang-dev ||
        die "libclang is missing, and cannot be installed from here: install libclang-dev (or your system's like)"
}
