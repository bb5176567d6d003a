# Shell functions of the tests for Windows; to be read with `.` from the root of the project, not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/lib.sh
. plugin/packaging/windows.sh

# A Wireshark for Windows and what runs it: Wine 10, in the Debian 13 that plugin/packaging/windows.sh sets up. Sets
# `windows_root`, and `windows_host`, the folder of tshark.exe as it is seen from there.
#
# EPHEMERAL_WINDOWS_HOST names an archive that has it (tshark.exe, sharkd.exe and all they need, in one folder named
# wireshark-RELEASE-windows). Otherwise one in ../shared/hosts is taken; what was unpacked once stays in the cache.
need_windows_host() {
    why=$(no_windows)
    [ -z "$why" ] || not_run "$why"
    need_windows_tools
    if [ ! -e "${windows_root%/}/usr/bin/wine-stable" ]; then
        say "Installing Wine"
        if [ "$windows_root" = / ]; then install_packages wine wine64; else install_in_windows_root wine wine64; fi ||
            not_run "Wine cannot be installed"
    fi
    unpacked=${windows_root%/}/opt
    [ "$windows_root" != / ] || unpacked=$(cache)/windows
    mkdir -p "$unpacked"
    for archive in "${EPHEMERAL_WINDOWS_HOST:-}" ../shared/hosts/wireshark-*-windows.tar.xz; do
        [ -f "$archive" ] || continue
        folder=$unpacked/$(basename "$archive" .tar.xz)
        [ -x "$folder/tshark.exe" ] || tar -xJf "$archive" -C "$unpacked" || fail "$archive cannot be unpacked"
        break
    done
    for folder in "$unpacked"/wireshark-*-windows; do
        [ -e "$folder/tshark.exe" ] ||
            not_run "there is no Wireshark for Windows: name an archive in EPHEMERAL_WINDOWS_HOST"
    done
    windows_host=$folder
    [ "$windows_root" = / ] || windows_host=${folder#"$windows_root"}
    EPHEMERAL_WINDOWS_ROOT=$windows_root
    export EPHEMERAL_WINDOWS_ROOT
}

# wine [VARIABLE=VALUE...] PROGRAM [ARGUMENT...]: runs a program for Windows.
wine() { sh tests/windows/wine.sh "$@"; }

# The build under test, and the one with faults; EPHEMERAL_WINDOWS_PLUGIN and EPHEMERAL_FAULTY_WINDOWS_PLUGIN name ones
# that are made already. Sets `plugin` and `faulty_plugin`.
build_windows_plugin() {
    [ -n "${EPHEMERAL_WINDOWS_PLUGIN:-}" ] || build_windows "${CARGO_TARGET_DIR:-target}/windows" --quiet
    plugin=${EPHEMERAL_WINDOWS_PLUGIN:-$windows_plugin}
}
build_faulty_windows_plugin() {
    [ -n "${EPHEMERAL_FAULTY_WINDOWS_PLUGIN:-}" ] ||
        build_windows "${CARGO_TARGET_DIR:-target}/windows/faults" --quiet --features faults
    faulty_plugin=${EPHEMERAL_FAULTY_WINDOWS_PLUGIN:-$windows_plugin}
}
