# Builds a plugin that loads on any Linux since 2012, whatever glibc is here; to be read with `.` from the
# root of the project after plugin/packaging/lib.sh, not run.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/packaging/cross.sh

oldest_glibc=2.17

# build_linux MACHINE FOLDER [OPTION...]: a release build for x86_64 or aarch64, with these options of cargo
# besides, in a target folder; sets `portable_plugin`.
build_linux() {
    machine=$1
    shift
    find_rust "$machine-unknown-linux-gnu" || die "no build for Linux on $machine: $why"
    find_zig || die "no build for Linux on $machine: $why"
    cross_build "$machine-unknown-linux-gnu.$oldest_glibc" "$@" || die "the build for Linux on $machine failed"
    portable_plugin=$1/$machine-unknown-linux-gnu/release/libephemeral.so
}
