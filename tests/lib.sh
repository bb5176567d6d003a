# Shell functions for the tests. Source it with `.` from the root of the project; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/packaging/lib.sh

nobody=65534 # user and group, on Debian and most others

# Ends a suite that cannot be run here. tests/run.sh tells this from a failure by the status.
not_run() {
    say "not run: $*"
    exit 77
}

fail() {
    say "FAILED: $*" >&2
    exit 1
}

# check WHAT COMMAND...: the command succeeds.
check() {
    what=$1
    shift
    "$@" || fail "$what"
    say "ok: $what"
}

# check_not WHAT COMMAND...: the command fails.
check_not() {
    what=$1
    shift
    ! "$@" || fail "$what"
    say "ok: $what"
}

# Prints the name of the archive that plugin/release.sh makes of this version for a system: linux-x86_64, ...
archive_of() {
    case $1 in windows-*) suffix=zip ;; *) suffix=tar.gz ;; esac
    say "dist/ephemeral-$(sed -n 's/^version = "\(.*\)"/\1/p' Cargo.toml | head -n 1)-$1.$suffix"
}

# Runs a command of the system under a root directory. For a directory other than /, this needs root.
in_root() {
    root_directory=$1
    shift
    if [ "$root_directory" = / ]; then "$@"; else chroot "$root_directory" "$@"; fi
}

# Prints the release of the Wireshark under a root directory, such as 4.0.
release_of() { in_root "$1" tshark --version 2>/dev/null | sed -n 's/^TShark (Wireshark) \([0-9]*\.[0-9]*\)\..*/\1/p'; }

# is_in_table RELEASE: whether src/host/api/releases.rs has a row for the release.
is_in_table() { grep -q "release: ($(printf '%s' "$1" | sed 's/\./, /'))" src/host/api/releases.rs; }

# Ends a suite in a release that the plugin does not support.
need_known_release() {
    known=$(release_of "$1")
    is_in_table "$known" || not_run "Wireshark $known is not in the table of releases (docs/releases.md)"
}

# find_headers RELEASE: finds an archive of that release's headers (tests/abi/headers.sh says more). Sets `archive`, or
# fails and sets `why` if there is none.
find_headers() {
    variable=EPHEMERAL_HEADERS_$(printf '%s' "$1" | tr . _)
    eval "archive=\${$variable:-}"
    if [ -z "$archive" ]; then
        for archive in "$(cache)/headers/wireshark-$1"*-headers.tar.* ../shared/releases/wireshark-"$1"*-headers.tar.*; do
            [ ! -e "$archive" ] || break
        done
    fi
    why="there are no headers of Wireshark $1 ($variable, or $(cache)/headers)"
    [ -e "$archive" ]
}

# Prints the folder of the cache for compiled crates of others: those of this Cargo.lock, compiled by this Rust.
crates() { say "$(cache)/crates/$({ cat Cargo.lock && rustc -vV; } | cksum | tr ' ' -)"; }

# keep_crates FOLDER NAME: copies compiled crates of others from a folder of a target folder (target/release) to that
# cache, under NAME. The caller must ensure that no build writes to FOLDER at the same time.
keep_crates() {
    [ -d "$1/.fingerprint" ] || return 0
    kept=$(crates)/$2
    mkdir -p "$kept"
    {
        ! has flock || flock 8
        # The names of a crate's files contain its hash, and no spaces.
        ours=$(cd "$1/.fingerprint" && find . -maxdepth 1 -name 'ephemeral-ports-*' | sed 's/.*-/-e -/')
        for part in build deps .fingerprint; do
            mkdir -p "$kept/$part"
            # shellcheck disable=SC2086
            (cd "$1/$part" && find . -mindepth 1 -maxdepth 1 | grep -v -e ephemeral $ours | xargs -r cp -au -t "$kept/$part")
        done
        # A folder that was not used for a month belongs to another Cargo.lock.
        touch "$(crates)"
        find "$(cache)/crates" -mindepth 1 -maxdepth 1 -mtime +30 -exec rm -rf {} +
    } 8>>"$kept.lock"
}

# seed_crates NAME FOLDER: copies the crates kept under NAME to a folder of a target folder that does not exist yet. A
# build there then compiles only our crate.
seed_crates() {
    has rustc && [ ! -e "$2" ] || return 0
    kept=$(crates)/$1
    [ -d "$kept/.fingerprint" ] || return 0
    mkdir -p "$(dirname "$2")"
    {
        ! has flock || flock 8
        [ -e "$2" ] || { cp -a "$kept" "$2.part.$$" && mv "$2.part.$$" "$2"; }
    } 8>>"$kept.lock"
}

# built KIND: builds it, and prints the folder with a copy to which nothing writes (tests/build.sh). A suite tests that
# copy. It runs no cargo command in the target folder, because others may build there at the same time.
built() { sh tests/build.sh "$1"; }

# Sets `plugin` to the plugin under test: the file in EPHEMERAL_PLUGIN, or else a build of this source for a host, which
# may have an older glibc than this system.
build_plugin() {
    plugin=${EPHEMERAL_PLUGIN:-}
    if [ -z "$plugin" ]; then
        if [ "$1" = / ]; then plugin=$(built release); else plugin=$(built portable); fi
        plugin=$plugin/libephemeral.so
    fi
}

# Sets `faulty_plugin` to a plugin in which EPHEMERAL_FAULT injects faults: the file in EPHEMERAL_FAULTY_PLUGIN, or else
# a build of this source with the feature `faults`.
build_faulty_plugin() {
    faulty_plugin=${EPHEMERAL_FAULTY_PLUGIN:-}
    if [ -z "$faulty_plugin" ]; then
        if [ "$1" = / ]; then faulty_plugin=$(built faults); else faulty_plugin=$(built portable-faults); fi
        faulty_plugin=$faulty_plugin/libephemeral.so
    fi
}

# entries WHEN: prints the names of the entries that the host calls then: Start, File, Packet, Statistics, Menu.
entries() {
    named=$(sed -n "s/^    [A-Za-z]* = \"\([a-z_]*\)\", $1;\$/\1/p" src/host/guard/entries.rs)
    [ -n "$named" ] || fail "src/host/guard/entries.rs names no entry with the word $1"
    say "$named"
}

# run_tests PROGRAM [OPTION...]: runs a copy of a test program of `cargo test`.
run_tests() {
    programs=$(built debug) || fail "the test programs cannot be built"
    tested=$1
    shift
    "$programs/$tested" --quiet "$@"
}

# unpack_release SYSTEM: unpacks the release archive, whose plugin runs in any host of that system, into a new folder
# `scratch`. At the end, removes that folder, and `copy` if it is set. Sets `archive`.
unpack_release() {
    archive=$(built "$1")
    archive=$archive/$(basename "$(archive_of "$1")")
    scratch=$(mktemp -d)
    trap 'rm -rf "$scratch" "${copy:-$scratch}"' EXIT
    tar -xzf "$archive" -C "$scratch" --strip-components=1
}

# need_no_plugin ROOT HOME: ends a suite that needs a Wireshark without the plugin, if the plugin is installed for all
# users.
need_no_plugin() {
    ! in_root "$1" env HOME="$2" tshark -G plugins 2>/dev/null | grep -q '^libephemeral' ||
        not_run "Ephemeral Ports is installed for all users: sh install.sh --uninstall --global"
}

# make_home NAME FILE...: creates a home directory in $scratch, with these files as the user's personal plugins for
# Wireshark $release.
make_home() {
    plugin_folder=$scratch/$1/.local/lib/wireshark/plugins/$release/epan
    mkdir -p "$plugin_folder"
    shift
    copy=
    for file in "$@"; do
        cp "$file" "$plugin_folder/libephemeral$copy.so"
        copy=$copy-copy
    done
}

# Prepares to run a host with the plugin and without: creates $scratch in the /tmp of the host under that root, with the
# homes `with` and `without`, and removes it at the end. Also sets `root`, `release` and `plugin`, and `inside`, the
# path of $scratch in the host.
make_homes() {
    root=$1
    need_known_release "$root"
    release=$(release_of "$root")
    build_plugin "$root"
    scratch=$(mktemp -d "${root%/}/tmp/ephemeral-test.XXXXXX")
    trap 'rm -rf "$scratch"' EXIT
    inside=${scratch#"${root%/}"}
    make_home with "$plugin"
    make_home without
    open_to_nobody "$scratch"
    need_no_plugin "$root" "$inside/without"
}

# Does the same, with a third home, `faulty`, and the seed capture in $scratch. Also sets `faulty_plugin`.
make_homes_for_faults() {
    make_homes "$1"
    build_faulty_plugin "$root"
    make_home faulty "$faulty_plugin"
    cp tests/captures/seed.pcap "$scratch/"
    open_to_nobody "$scratch"
}

# in_home NAME [VARIABLE=VALUE...] COMMAND...: runs a command of that host, as an ordinary user with that home.
in_home() {
    home=$inside/$1
    shift
    set -- env -i PATH="$PATH:/usr/bin:/bin" HOME="$home" LC_ALL=C.UTF-8 "$@"
    if [ "$root" = / ]; then as_nobody "$@"; else chroot --userspec=$nobody:$nobody "$root" "$@"; fi
}

# Builds a library in $scratch that makes callgrind count from the time when tshark or sharkd opens a capture. Sets
# `count_from_capture`, the file for LD_PRELOAD, and `callgrind`, the options for valgrind.
build_count_from_capture() {
    count_from_capture=$scratch/count_from_capture.so
    callgrind="--tool=callgrind --instr-atstart=no"
    cc -shared -fPIC -O2 -Wall -Wextra -Werror -o "$count_from_capture" benches/count_from_capture.c -ldl
}

# check_same_again SYSTEM ARCHIVE: the archive of plugin/release.sh has the same bytes when it is built from scratch in
# another folder, in $scratch.
check_same_again() {
    heading "The same bytes again"
    if ! git rev-parse --git-dir >/dev/null 2>&1; then
        say "not run: building from another folder, which takes git to copy the source"
        return
    fi
    mkdir "$scratch/a copy"
    # The programs that cargo runs to build it are copied, since no part of them is in the archive. All else is compiled again.
    case $1 in
        linux-*) seed_crates release "$scratch/target/release" ;;
        windows-*) seed_crates windows-tools "$scratch/target/windows/release" ;;
    esac
    git ls-files -z --cached --others --exclude-standard | xargs -0 cp --parents -t "$scratch/a copy"
    (
        cd "$scratch/a copy"
        CARGO_TARGET_DIR=$scratch/target sh plugin/release.sh "$1" >"$scratch/log" 2>&1 || { cat "$scratch/log"; exit 1; }
    ) || fail "plugin/release.sh in another folder"
    check "from another folder" cmp "$2" "$scratch/a copy/$(archive_of "$1")"
}

# check_package ARCHIVES SYSTEM PLUGIN: the package for Debian and Ubuntu beside the archive of linux-x86_64 or
# linux-aarch64 in the folder ARCHIVES. It has the archive's plugin for each release, and lintian finds no error. Sets
# `package`, empty if there is none.
check_package() {
    heading "The package for Debian and Ubuntu"
    package=
    if ! has dpkg-deb; then
        say "not run: the package for Debian and Ubuntu: there is no dpkg-deb here"
        return
    fi
    machine=${2#linux-}
    case $machine in x86_64) architecture=amd64 ;; aarch64) architecture=arm64 ;; esac
    package=$(ls "$1"/ephemeral-ports_*_"$architecture".deb)
    check "$(basename "$package") says that it is for $architecture" \
        test "$(dpkg-deb --field "$package" Architecture)" = "$architecture"
    check "SHA256SUMS has it" grep -q " $(basename "$package")\$" "$1/SHA256SUMS"
    package_files=$scratch/package-$architecture
    mkdir "$package_files"
    dpkg-deb -x "$package" "$package_files"
    for release in $(sed -n 's/.*release: (\([0-9]*\), \([0-9]*\)).*/\1.\2/p' src/host/api/releases.rs); do
        check "it has the archive's file for Wireshark $release" \
            cmp "$3" "$package_files/usr/lib/$machine-linux-gnu/wireshark/plugins/$release/epan/libephemeral.so"
    done
    check "and the profile" test -s "$package_files/usr/share/wireshark/profiles/Ephemeral Ports/preferences"
    if has lintian; then
        check "lintian finds no error in it" lintian --fail-on error "$package"
    else
        say "not run: lintian, of the package for $architecture: it is not installed"
    fi
}

# A copy of a host's root that may be written to, at no cost in space. What a program changes by
# writing a new file over the old name (as install.sh does) stays in the copy. Its /tmp is empty: another suite may be
# using the host's.
copy_root() {
    copy=$(mktemp -d "$(dirname "$1")/copy.XXXXXX")
    chmod 0755 "$copy"
    find "$1" -mindepth 1 -maxdepth 1 ! -name tmp -exec cp -al -t "$copy" {} +
    mkdir -m 1777 "$copy/tmp"
    printf '%s\n' "$copy"
}

# Runs a command as an ordinary user: as nobody, if we are root. Debian 11's setpriv would need /proc.
as_nobody() {
    if is_root; then
        chroot --userspec=$nobody:$nobody --groups= --skip-chdir / "$@"
    else
        "$@"
    fi
}

# Lets that user read and write a folder of ours.
open_to_nobody() {
    chmod -R a+rX "$1"
    ! is_root || chown -R $nobody:$nobody "$1"
}
