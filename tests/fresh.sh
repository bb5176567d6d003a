#!/bin/sh
# Fresh machines: runs the commands of the README, on a Debian with Rust and nothing else.
#
#   sh tests/fresh.sh             each of the machines below, once
#   sh tests/fresh.sh --full      each on both Debians
#
# One is Debian 12 with a C compiler, for an ordinary user; the other is Debian 13 with only Rust, for root. A machine
# is a chroot on a temporary overlay. It gets this computer's Rust and the crates that are already fetched; Debian's
# packages come from its mirror. Needs root.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh
. plugin/packaging/debian.sh

user=1000 # the newcomer, and the group
home=/home/newcomer
source=$home/ephemeral-ports

# ---- machines ----

# Makes a pristine Debian once, and keeps it. Sets `pristine`.
need_pristine() {
    pristine=$(cache)/fresh/$1
    lock "$pristine.lock" "Debian $1"
    if [ ! -e "$pristine.ready" ]; then
        make_debian "$1" "$pristine" || not_run "$no_debian"
        date >"$pristine.ready"
    fi
    unlock
}

# start DEBIAN: starts a machine with this source and Rust. Sets `machine`, its root.
start() {
    need_pristine "$1"
    here=$(mktemp -d "$scratch/machine.XXXXXX")
    machine=$here/root
    mkdir "$machine" "$here/written" "$here/work"
    # The files need not survive a crash of the computer.
    mount -t overlay -o "lowerdir=$pristine,upperdir=$here/written,workdir=$here/work,volatile" overlay "$machine" 2>/dev/null ||
        cp -a "$pristine/." "$machine"
    mount -t proc proc "$machine/proc"
    # Packages are fetched once.
    mkdir -p "$pristine.packages/partial" "$machine/opt/rust"
    mount --bind "$pristine.packages" "$machine/var/cache/apt/archives"
    mount --bind -o ro "$(rustc --print sysroot)" "$machine/opt/rust"
    chroot "$machine" useradd --create-home --uid $user newcomer
    mkdir -p "$machine$source" "$machine$home/.cargo/registry"
    cp -R "${CARGO_HOME:-$HOME/.cargo}/registry/index" "${CARGO_HOME:-$HOME/.cargo}/registry/cache" "$machine$home/.cargo/registry/"
    tar --exclude=./target --exclude=./build --exclude=./dist --exclude=./.git -cf - . | tar -C "$machine$source" -xf -
    chown -R $user:$user "$machine$home"
}

# as WHO COMMAND...: runs a command on the machine, in the source, as `root` or as the `newcomer`.
as() {
    case $1 in root) who=0 ;; newcomer) who=$user ;; esac
    shift
    chroot --userspec=$who:$who "$machine" env -i HOME=$home LC_ALL=C.UTF-8 CARGO_NET_OFFLINE=true \
        PATH=/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c 'cd "$1" && shift && exec "$@"' sh $source "$@"
}

# install PACKAGE...: installs packages on the machine, as root.
install() {
    quietly as root apt-get update -q && quietly as root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@"
}

# ---- what is said ----

quietly() { "$@" >"$out" 2>&1; }
stops() { ! "$@" >"$out" 2>&1; }
says() { grep -q -- "$1" "$out"; }
# Checks for one line that names these packages of Debian, and no others.
asks_for() { [ "$(grep -c missing "$out")" = 1 ] && says "^[a-z]*\.sh: missing: .*, then run this again: apt-get install $1\$"; }

# A check that fails shows the last output.
fail() {
    cat "$out"
    say "FAILED: $*" >&2
    exit 1
}

# ---- the two commands of the README ----

# demo WHO: runs plugin/demo.sh to its end.
demo() {
    check "demo.sh runs to its end" quietly as "$1" sh plugin/demo.sh
    check "it shows the wrong name" says 'autonoc(1140) → http(80) .*\[SYN\]'
    check "and then the port alone" says ' 1140 → http(80) .*\[SYN\]'
    check "it runs again" quietly as "$1" sh plugin/demo.sh
    check_not "and installs no more packages" says '^Installing [a-z]'
}

# run_tests WHO: runs tests/run.sh, which installs what it needs; two cheap suites show that it then works.
run_tests() {
    check "tests/run.sh runs to its end" quietly as "$1" sh tests/run.sh "install.sh as"
    check "everything was set up" says '^Everything is in place'
    check "and what it tested passed" says '^2 passed, 0 failed, 0 not run'
}

# ---- the cases ----

# compiler DEBIAN: a machine with a C compiler, and an ordinary user without sudo.
compiler() {
    heading "Debian $1 with Rust and a C compiler; an ordinary user"
    start "$1"
    check "a C compiler is installed" install gcc libc6-dev
    check_not "there is no libclang" as newcomer sh -c 'find / -xdev -name "libclang*.so*" 2>/dev/null | grep .'
    check "cargo build by hand is all that it takes" quietly as newcomer cargo build --release --locked
    check "demo.sh stops" stops as newcomer sh plugin/demo.sh
    check "and asks for what is missing" asks_for "tshark"
    check "bindings.sh, which needs libclang, is not run" stops as newcomer sh tests/bindings.sh
    check "and says so" says '^not run: libclang is missing'

    check "what demo.sh asked for is installed" install tshark
    demo newcomer
}

# nothing DEBIAN
nothing() {
    heading "Debian $1 with Rust and nothing else"
    start "$1"
    check_not "there is no compiler" as root sh -c 'command -v cc'
    check "without Rust, demo.sh stops" stops as newcomer env PATH=/usr/bin:/bin sh plugin/demo.sh
    check "and says so" says '^demo.sh: Rust 1\.[0-9]* or newer is missing: install it as'
    mkdir "$machine/opt/old"
    printf '#!/bin/sh\necho rustc 1.63.0\n' >"$machine/opt/old/rustc"
    cp "$machine/opt/old/rustc" "$machine/opt/old/cargo"
    chmod 0755 "$machine/opt/old/rustc" "$machine/opt/old/cargo"
    check "with too old a Rust, demo.sh stops" stops as newcomer env PATH=/opt/old:/usr/bin:/bin sh plugin/demo.sh
    check "and says so" says '^demo.sh: Rust 1\.[0-9]* or newer is missing (this is 1\.63\.0): install it as'
    check "demo.sh stops for an ordinary user" stops as newcomer sh plugin/demo.sh
    check "and asks for what is missing, all at once" asks_for "gcc libc6-dev tshark"
    check "tests/run.sh stops" stops as newcomer sh tests/run.sh
    check "and asks for what is missing, all at once" \
        asks_for "gcc libc6-dev tshark wireshark-common cmake make binutils python3 python3-venv"
    mv "$machine/usr/bin/apt-get" "$machine/usr/bin/apt-get.away"
    check "without apt, demo.sh stops for root" stops as root sh plugin/demo.sh
    check "and says what is missing" says "^demo.sh: missing: cc tshark\. Install them with this system's packages"
    mv "$machine/usr/bin/apt-get.away" "$machine/usr/bin/apt-get"
    run_tests root
    demo root
}

case ${1:-} in
    "" | --full) ;;
    --inside)
        # Runs in a separate mount namespace.
        scratch=$2
        out=$scratch/out
        compiler bookworm
        nothing trixie
        if [ "$3" = --full ]; then
            compiler trixie
            nothing bookworm
        fi
        exit 0
        ;;
    *) die "what is $1?" ;;
esac

is_root || not_run "only root can set up fresh machines"
unshare --mount true 2>/dev/null || not_run "nothing can be mounted here"
toolchain=$(rustc --print sysroot)
[ "$toolchain" != /usr ] || not_run "Rust here is not in a folder of its own, as rustup's is"
cargo fetch --locked --quiet
mkdir -p "$(cache)/fresh"
for debian in bookworm trixie; do
    need_pristine $debian
done
scratch=$(mktemp -d "$(cache)/fresh/run.XXXXXX")
# The end of the namespace unmounts everything, before this removes the rest.
trap 'rm -rf --one-file-system "$scratch"' EXIT
unshare --mount sh tests/fresh.sh --inside "$scratch" "${1:-}"
