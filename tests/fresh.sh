#!/bin/sh
# Fresh machines: what the README tells a newcomer to run, on a Debian that has Rust and nothing else.
#
#   sh tests/fresh.sh             each of the machines below, once
#   sh tests/fresh.sh --full      each on both Debians
#
# One is Debian 12 with LLVM but not libclang, for an ordinary user; the other Debian 13 with nothing but Rust, for root.
# A machine is a chroot on an overlay, which is thrown away. This computer's Rust and the crates that it has
# fetched are brought in; Debian's packages come from its mirror. Needs root.
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

# A pristine Debian, made once and kept. Sets `pristine`.
need_pristine() {
    pristine=$(cache)/fresh/$1
    lock "$pristine.lock" "Debian $1"
    if [ ! -e "$pristine.ready" ]; then
        make_debian "$1" "$pristine" || not_run "$no_debian"
        date >"$pristine.ready"
    fi
    unlock
}

# start DEBIAN: switches a machine on, which has this source and Rust. Sets `machine`, its root.
start() {
    need_pristine "$1"
    here=$(mktemp -d "$scratch/machine.XXXXXX")
    machine=$here/root
    mkdir "$machine" "$here/written" "$here/work"
    # Nothing there has to outlive a loss of power.
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

# as WHO COMMAND...: on the machine, in the source, as `root` or as the `newcomer`.
as() {
    case $1 in root) who=0 ;; newcomer) who=$user ;; esac
    shift
    chroot --userspec=$who:$who "$machine" env -i HOME=$home LC_ALL=C.UTF-8 CARGO_NET_OFFLINE=true \
        PATH=/opt/rust/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin \
        sh -c 'cd "$1" && shift && exec "$@"' sh $source "$@"
}

# install PACKAGE...: root does, on the machine.
install() {
    quietly as root apt-get update -q && quietly as root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -y -q --no-install-recommends "$@"
}

# ---- what is said ----

quietly() { "$@" >"$out" 2>&1; }
stops() { ! "$@" >"$out" 2>&1; }
says() { grep -q -- "$1" "$out"; }
# In one line that names these packages of Debian, and no others.
asks_for() { [ "$(grep -c missing "$out")" = 1 ] && says "^[a-z]*\.sh: missing: .*, then run this again: apt-get install $1\$"; }

# A check that fails shows what was said last.
fail() {
    cat "$out"
    say "FAILED: $*" >&2
    exit 1
}

# ---- the two commands of the README ----

# demo WHO: plugin/demo.sh, to its end.
demo() {
    check "demo.sh runs to its end" quietly as "$1" sh plugin/demo.sh
    check "it shows the wrong name" says 'autonoc(1140) → http(80) .*\[SYN\]'
    check "and then the port alone" says ' 1140 → http(80) .*\[SYN\]'
    check "it runs again" quietly as "$1" sh plugin/demo.sh
    check_not "and installs no more packages" says '^Installing [a-z]'
}

# run_tests WHO: tests/run.sh sets itself up; two cheap suites show that it does its work then.
run_tests() {
    check "tests/run.sh runs to its end" quietly as "$1" sh tests/run.sh "install.sh as"
    check "everything was set up" says '^Everything is in place'
    check "and what it tested passed" says '^2 passed, 0 failed, 0 not run'
}

# ---- libclang ----

# with_old_check COMMAND...: where libclang is looked for as it was until now.
with_old_check() {
    lib=$machine$source/plugin/packaging/lib.sh
    cp "$lib" "$here/lib.sh"
    cat >>"$lib" <<'EOF'
has_libclang() {
    [ -z "${LIBCLANG_PATH:-}" ] || return 0
    for library in /usr/lib/llvm-*/lib/libclang.so* /usr/lib/*/libclang*.so* /usr/lib64/libclang.so* \
        /usr/lib/libclang.so* /usr/local/lib/libclang.so*; do
        [ ! -e "$library" ] || return 0
    done
    return 1
}
EOF
    old_status=0
    "$@" || old_status=$?
    cp "$here/lib.sh" "$lib"
    return $old_status
}

# finds_libclang [VARIABLE=VALUE]: the scripts' check says so.
finds_libclang() { quietly as newcomer env "$@" sh -c '. plugin/packaging/lib.sh && has_libclang'; }
# builds [VARIABLE=VALUE]: what comes of it.
builds() { quietly as newcomer env "$@" cargo check --release --locked --lib; }

# ---- the cases ----

# llvm_only DEBIAN VERSION: LLVM of that version, but not libclang; and an ordinary user without sudo.
llvm_only() {
    heading "Debian $1 with a compiler and LLVM, but no libclang; an ordinary user"
    start "$1"
    check "LLVM and a compiler are installed" install gcc libc6-dev "llvm-$2" "libclang-cpp$2"
    check "with a libclang-cpp" test -n "$(find "$machine/usr/lib" -name 'libclang-cpp*.so*')"

    check "cargo build by hand stops" stops as newcomer cargo build --release --locked
    check "it says what to install" says '^error: .*libclang is missing: install libclang-dev (Debian, Ubuntu), clang-devel (Fedora'
    check "in one line" test "$(grep -c libclang "$out")" = 1
    check_not "without a panic or a backtrace" says 'panicked\|BACKTRACE\|Caused by'
    check "demo.sh stops" stops as newcomer sh plugin/demo.sh
    check "and asks for what is missing, all at once" asks_for "libclang-dev tshark"
    check "with the old check it stops" with_old_check stops as newcomer sh plugin/demo.sh
    check_not "but does not ask for libclang" asks_for "libclang-dev tshark"

    check_not "LIBCLANG_PATH is wrong: not found" finds_libclang LIBCLANG_PATH=/nowhere
    check_not "nor by the build" builds LIBCLANG_PATH=/nowhere
    check "the old check finds it" with_old_check finds_libclang LIBCLANG_PATH=/nowhere
    check "demo.sh stops" stops as newcomer env LIBCLANG_PATH=/nowhere sh plugin/demo.sh
    check "and says that it is wrong" says '^demo.sh: libclang is missing: .*LIBCLANG_PATH, /nowhere$'

    check "libclang is installed, without its headers" install "libclang1-$2"
    check_not "not found" finds_libclang
    check_not "nor by the build" builds
    check "which says so" says "^error: .*libclang's headers are missing: install libclang-dev"
    check "the old check finds it" with_old_check finds_libclang
    check "its headers are installed" install "libclang-common-$2-dev"
    library=$(find "$machine/usr/lib" -name "libclang-$2.so*" | head -n 1)
    library=${library#"$machine"}
    check_not "and no libclang without a version in its name" test -e "$machine/usr/lib/llvm-$2/lib/libclang.so"
    check "found" finds_libclang
    check "by the build as well" builds
    check "found where LIBCLANG_PATH is its file, $library" finds_libclang "LIBCLANG_PATH=$library"
    check "by the build as well" builds "LIBCLANG_PATH=$library"

    check "what demo.sh asked for is installed" install libclang-dev tshark
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
    check "and asks for what is missing, all at once" asks_for "gcc libc6-dev libclang-dev tshark"
    check "tests/run.sh stops" stops as newcomer sh tests/run.sh
    check "and asks for what is missing, all at once" \
        asks_for "gcc libc6-dev libclang-dev tshark wireshark-common cmake make binutils python3 python3-venv"
    mv "$machine/usr/bin/apt-get" "$machine/usr/bin/apt-get.away"
    check "without apt, demo.sh stops for root" stops as root sh plugin/demo.sh
    check "and says what is missing" says "^demo.sh: missing: cc libclang tshark\. Install them with this system's packages"
    mv "$machine/usr/bin/apt-get.away" "$machine/usr/bin/apt-get"
    run_tests root
    demo root
}

case ${1:-} in
    "" | --full) ;;
    --inside)
        # In a mount namespace of our own.
        scratch=$2
        out=$scratch/out
        llvm_only bookworm 14
        nothing trixie
        if [ "$3" = --full ]; then
            llvm_only trixie 19
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
# What is mounted is unmounted with the namespace, before this removes the rest.
trap 'rm -rf --one-file-system "$scratch"' EXIT
unshare --mount sh tests/fresh.sh --inside "$scratch" "${1:-}"
