# Shell functions for the tests on Windows. Source it with `.` from the root of the project; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/lib.sh
. plugin/packaging/windows.sh

# Finds the Debian 13 that plugin/packaging/windows.sh sets up, which has Wine. Sets `windows_root`, and `windows_hosts`, the
# folder that has each Wireshark for Windows.
find_windows_root() {
    why=$(no_windows)
    [ -z "$why" ] || not_run "$why"
    # In a subshell, so that the suite ends as not run, rather than as failed, if the set-up fails.
    (need_windows_tools) || not_run "the tools for Windows cannot be set up, as said above"
    need_windows_tools
    windows_hosts=${windows_root%/}/opt
    [ "$windows_root" != / ] || windows_hosts=$(cache)/windows
    mkdir -p "$windows_hosts"
}

# Prints the folder of a Wireshark for Windows that is in the cache, if any.
made_windows_host() {
    for folder in "$windows_hosts"/wireshark-*-windows; do
        [ ! -e "$folder/tshark.exe" ] || { say "$folder" && return; }
    done
}

# Provides a Wireshark for Windows, and Wine 10 to run it. Sets `windows_root`; `windows_host`, the path of the folder of
# tshark.exe in that root; `release`, its release; `scratch`, a folder in the /tmp of that root, which is removed at the
# end and has Wine's own folder (start_wine); `inside`, the path of $scratch in that root.
#
# EPHEMERAL_WINDOWS_HOST names an archive with Wireshark (tshark.exe, sharkd.exe and all they need, in one folder named
# wireshark-RELEASE-windows). Without it, an archive in ../shared/hosts is taken. An unpacked archive stays in the cache.
# If there is no archive, EPHEMERAL_MAKE_WINDOWS_HOST=yes builds Wireshark.
need_windows_host() {
    find_windows_root
    for archive in "${EPHEMERAL_WINDOWS_HOST:-}" ../shared/hosts/wireshark-*-windows.tar.xz; do
        [ -f "$archive" ] || continue
        need xz xz-utils
        folder=$windows_hosts/$(basename "$archive" .tar.xz)
        [ -x "$folder/tshark.exe" ] || tar -xJf "$archive" -C "$windows_hosts" || fail "$archive cannot be unpacked"
        break
    done
    if [ -z "$(made_windows_host)" ]; then
        [ "${EPHEMERAL_MAKE_WINDOWS_HOST:-}" = yes ] ||
            not_run "there is no Wireshark for Windows: sh tests/windows/host.sh makes one in a quarter of an hour" \
                "(EPHEMERAL_MAKE_WINDOWS_HOST=yes: as part of the tests)"
        sh tests/windows/host.sh
    fi
    if [ ! -e "${windows_root%/}/usr/bin/wine-stable" ]; then
        say "Installing Wine"
        install_in_windows_root wine wine64 || not_run "Wine cannot be installed"
    fi
    windows_host=$(made_windows_host)
    release=$(basename "$(ls -d "$windows_host"/plugins/*.*)")
    windows_host=${windows_host#"${windows_root%/}"}
    scratch=$(mktemp -d "${windows_root%/}/tmp/ephemeral-test.XXXXXX")
    inside=${scratch#"${windows_root%/}"}
    trap end_wine EXIT
    start_wine
}

# Starts Wine for this suite alone, with its own registry and drives, and keeps it running. Otherwise, Debian's Wine ends
# with each program and starts all of its services again for the next, which doubles the time of tshark.exe. If a suite is
# killed, Wine ends by itself after a minute without a program.
start_wine() {
    EPHEMERAL_WINDOWS_ROOT=$windows_root
    template=$windows_hosts/wine
    EPHEMERAL_WINE_PREFIX=${template#"${windows_root%/}"}
    export EPHEMERAL_WINDOWS_ROOT EPHEMERAL_WINE_PREFIX
    if [ ! -e "$template/ready" ]; then
        say "Setting up Wine (once)"
        rm -rf "$template"
        wine wineboot --init >/dev/null 2>&1 && wine wineserver --wait || not_run "Wine does not start"
        date >"$template/ready"
    fi
    mkdir "$scratch/wine"
    # The files of Windows are hard links, if possible. The registry is copied, because Wine overwrites it.
    cp -al "$template/drive_c" "$scratch/wine/" 2>/dev/null || cp -a "$template/drive_c" "$scratch/wine/"
    cp -a "$template"/*.reg "$template/dosdevices" "$template/.update-timestamp" "$scratch/wine/"
    EPHEMERAL_WINE_PREFIX=$inside/wine
    wine wineserver --persistent=60
    wine wineboot >/dev/null 2>&1 || not_run "Wine does not start"
}

# Ends Wine and every program in it. Removes $scratch and the folder of Wine's socket.
end_wine() {
    wine wineserver --kill >/dev/null 2>&1 || true
    socket=$(cat "$scratch/wine/wineserver" 2>/dev/null || true)
    case $socket in wine-*) rm -rf "${windows_root%/}/tmp/$socket" ;; esac
    rm -rf "$scratch"
}

# in_windows_root COMMAND...: runs a command there, with /proc. The mount ends with the command.
in_windows_root() {
    if [ "$windows_root" = / ]; then
        "$@"
    else
        unshare --mount sh -euc 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$windows_root" "$@"
    fi
}

# wine [VARIABLE=VALUE...] PROGRAM [ARGUMENT...]: runs a program for Windows, or `wineserver`.
wine() { sh tests/windows/wine.sh "$@"; }

# make_windows_home NAME FILE...: makes a configuration folder in $scratch, with these files as the user's own plugins.
make_windows_home() {
    epan=$scratch/$1/plugins/$release/epan
    mkdir -p "$epan"
    shift
    copy=
    for file in "$@"; do
        cp "$file" "$epan/ephemeral$copy.dll"
        copy=$copy-copy
    done
}

# The crates of others in that target folder, with the standard library; and the programs that cargo runs to build them. The
# build sees all by the same paths, wherever the source is.
seed_windows_crates() {
    seed_crates windows-tools "${CARGO_TARGET_DIR:-target}/windows/release"
    seed_crates windows "${CARGO_TARGET_DIR:-target}/windows/$windows_triple/release"
}
keep_windows_crates() {
    keep_crates "${CARGO_TARGET_DIR:-target}/windows/release" windows-tools
    keep_crates "${CARGO_TARGET_DIR:-target}/windows/$windows_triple/release" windows
}

# The build under test, and the one with faults; EPHEMERAL_WINDOWS_PLUGIN and EPHEMERAL_FAULTY_WINDOWS_PLUGIN name ones
# that are made already. Sets `plugin` and `faulty_plugin`. Both are built in one folder, which has the standard library.
build_windows_plugin() {
    seed_windows_crates
    [ -n "${EPHEMERAL_WINDOWS_PLUGIN:-}" ] || build_windows "${CARGO_TARGET_DIR:-target}/windows" --quiet
    plugin=${EPHEMERAL_WINDOWS_PLUGIN:-$windows_plugin}
}
build_faulty_windows_plugin() {
    faulty_plugin=${EPHEMERAL_FAULTY_WINDOWS_PLUGIN:-}
    [ -z "$faulty_plugin" ] || return 0
    seed_windows_crates
    build_windows "${CARGO_TARGET_DIR:-target}/windows" --quiet --features faults
    faulty_plugin=$scratch/faulty.dll
    cp "$windows_plugin" "$faulty_plugin"
}
