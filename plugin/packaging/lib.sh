# Shell functions for the project's scripts. Source it with `.`; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

say() { printf '%s\n' "$*"; }
heading() { printf '\n== %s\n' "$*"; }
die() {
    printf '%s: %s\n' "$(basename "$0")" "$*" >&2
    exit 1
}

is_root() { [ "$(id -u)" = 0 ]; }
has() { command -v "$1" >/dev/null 2>&1; }

# Prints the folder for files that take long to make. They may be deleted at any time.
cache() { printf '%s\n' "${XDG_CACHE_HOME:-$HOME/.cache}/ephemeral-ports"; }

# lock FILE WHAT: takes a lock. If another process has it, says so and waits. `unlock` or our exit releases it.
lock() {
    has flock || return 0
    mkdir -p "$(dirname "$1")"
    exec 7>>"$1"
    flock -n 7 || { say "$2 is being made by another process: waiting for it ($1)" && flock 7; }
}
unlock() { exec 7>&-; }

# Whether we are root, or can be without being asked for a password.
can_be_root() { is_root || { has sudo && sudo -n true 2>/dev/null; }; }

# Runs a command as root; fails if that is not possible.
as_root() {
    can_be_root || return 1
    if is_root; then "$@"; else sudo -n "$@"; fi
}

# Installs Debian or Ubuntu packages; fails if that is not possible here.
install_packages() {
    has apt-get || return 1
    say "Installing $*"
    as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@" >/dev/null 2>&1 ||
        { as_root apt-get update -q >/dev/null 2>&1 &&
            as_root env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=300 install -y -q --no-install-recommends "$@" >/dev/null; }
}

# The commands that want() found missing, and the Debian or Ubuntu packages that have them.
missing=
missing_packages=

# want WHAT PACKAGE...: notes WHAT as missing if it is not here: a command, or another word that is_here() knows.
want() {
    wanted=$1
    shift
    ! is_here "$wanted" || return 0
    missing="$missing $wanted"
    for package in "$@"; do
        case "$missing_packages " in *" $package "*) ;; *) missing_packages="$missing_packages $package" ;; esac
    done
}

is_here() {
    case $1 in
        cc) has_compiler ;;
        venv) python3 -c 'import ensurepip, venv' 2>/dev/null ;;
        *) has "$1" ;;
    esac
}

# Installs everything that want() noted, or stops with one line that names all of it.
install_wanted() {
    # Both $missing and $missing_packages are lists of words.
    # shellcheck disable=SC2086
    set -- $missing
    [ $# != 0 ] || return 0
    if has apt-get && can_be_root; then
        # shellcheck disable=SC2086
        install_packages $missing_packages || die "missing:$missing. apt-get could not install$missing_packages"
    elif has apt-get; then
        sudo=$(! has sudo || printf 'sudo ')
        die "missing:$missing. Install them as root, then run this again: ${sudo}apt-get install$missing_packages"
    else
        die "missing:$missing. Install them with this system's packages (Debian's are$missing_packages), then run this again"
    fi
    missing=
    missing_packages=
    for wanted in "$@"; do
        is_here "$wanted" || missing="$missing $wanted"
    done
    [ -z "$missing" ] || die "still missing with its packages installed:$missing"
}

# need COMMAND PACKAGE...: installs the packages if the command is missing; stops if that fails.
need() {
    want "$@"
    install_wanted
}

# Whether Rust is installed, and is at least the version in Cargo.toml. Sets `rust`, the installed version, and
# `rust_needed`.
has_rust() {
    rust_needed=$(sed -n 's/^rust-version = "\(.*\)"/\1/p' Cargo.toml)
    rust=
    ! cargo --version >/dev/null 2>&1 || rust=$(rustc --version 2>/dev/null | cut -d ' ' -f 2)
    [ -n "$rust" ] && [ "$(printf '%s\n' "$rust_needed" "$rust" | sort -V | head -n 1)" = "$rust_needed" ]
}

need_rust() {
    if ! has_rust && [ -r "$HOME/.cargo/env" ]; then
        . "$HOME/.cargo/env"
    fi
    has_rust || die "Rust $rust_needed or newer is missing${rust:+ (this is $rust)}: install it as https://rustup.rs says, then run this again"
}

# Whether the C compiler can link a program. That takes the C library's headers and start files as well.
has_compiler() {
    has cc || return 1
    compiled=$(mktemp)
    compiler=0
    printf '#include <stdint.h>\nint main(void) { return 0; }\n' | cc -x c -o "$compiled" - 2>/dev/null || compiler=$?
    rm -f "$compiled"
    return $compiler
}

# Stops without Rust. Notes what else a build needs: a C compiler.
want_build_tools() {
    need_rust
    want cc gcc libc6-dev
}

need_build_tools() {
    want_build_tools
    install_wanted
}
