# Builds a plugin for the Mac, for both of its processors in one file; to be read with `.` from the root of the
# project after plugin/packaging/lib.sh, not run.
#
# It is built here and cannot be run here.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/packaging/cross.sh

oldest_macos=11.0 # the first for Apple's processors

# build_macos FOLDER [OPTION...]: a release build, with these options of cargo besides, in a target folder; sets
# `portable_plugin`. The linker signs each half ad hoc, which is what Apple's processors ask for.
build_macos() {
    find_rust aarch64-apple-darwin x86_64-apple-darwin || die "no build for the Mac: $why"
    find_zig || die "no build for the Mac: $why"
    # What is set for this build is not for the next one, of another system.
    (
        # Nothing here strips a Mach-O file afterwards without breaking its signature.
        export CARGO_PROFILE_RELEASE_STRIP=none MACOSX_DEPLOYMENT_TARGET=$oldest_macos
        # zig's compiler would leave the objects' paths for a debugger.
        export CFLAGS="${CFLAGS:-} -g0"
        # The libc crate names libiconv, of which nothing is used; zig's linker takes no list of what is exported, so
        # the compiler hides the rest.
        cross_flags="-Clink-arg=-Wl,-dead_strip_dylibs$separator-Clink-arg=-Wl,-install_name,libephemeral.so"
        cross_flags="$cross_flags$separator-Clink-arg=-mmacosx-version-min=$oldest_macos"
        [ -z "$rust_path" ] || cross_flags="$cross_flags$separator-Zdefault-visibility=hidden"
        cross_build universal2-apple-darwin "$@"
    ) || die "the build for the Mac failed"
    # zig leaves an empty object where it is asked for its version.
    [ -s a.o ] || rm -f a.o
    # Wireshark loads no other names than those that end in .so.
    portable_plugin=$1/universal2-apple-darwin/release/libephemeral.so
    cp "$1/universal2-apple-darwin/release/libephemeral.dylib" "$portable_plugin"
}
