# Builds a plugin that loads on any Linux since 2012, whichever glibc this system has. Source it with `.` from the root of
# the project, after plugin/packaging/lib.sh; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/packaging/cross.sh

oldest_glibc=2.17

# build_linux MACHINE FOLDER [OPTION...]: makes a release build for x86_64 or aarch64 in a target folder, with these
# additional options for cargo. Sets `portable_plugin`.
build_linux() {
    machine=$1
    shift
    find_rust "$machine-unknown-linux-gnu" || die "no build for Linux on $machine: $why"
    find_zig || die "no build for Linux on $machine: $why"
    cross_build "$machine-unknown-linux-gnu.$oldest_glibc" "$@" || die "the build for Linux on $machine failed"
    portable_plugin=$1/$machine-unknown-linux-gnu/release/libephemeral.so
}
