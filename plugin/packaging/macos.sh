# Builds a plugin for macOS, for both of its processors in one file. Source it with `.` from the root of the project, after
# plugin/packaging/lib.sh; do not run it.
#
# The build runs on other systems, which cannot run the plugin.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/packaging/cross.sh

oldest_macos=11.0 # the first for Apple's processors

# build_macos FOLDER [OPTION...]: makes a release build in a target folder, with these additional options for cargo. Sets
# `portable_plugin`. The linker signs each half ad hoc, because Apple's processors require a signature.
build_macos() {
    find_rust aarch64-apple-darwin x86_64-apple-darwin || die "no build for the Mac: $why"
    find_zig || die "no build for the Mac: $why"
    # The subshell keeps these variables out of the next build, which is for another system.
    (
        # Stripping a Mach-O file afterwards with the tools here would break its signature.
        export CARGO_PROFILE_RELEASE_STRIP=none MACOSX_DEPLOYMENT_TARGET=$oldest_macos
        # Without -g0, zig's compiler writes the paths of the objects into the file, for a debugger.
        export CFLAGS="${CFLAGS:-} -g0"
        # The libc crate links libiconv, but nothing uses it. zig's linker takes no list of exported symbols, so the
        # compiler hides the others.
        cross_flags="-Clink-arg=-Wl,-dead_strip_dylibs$separator-Clink-arg=-Wl,-install_name,libephemeral.so"
        cross_flags="$cross_flags$separator-Clink-arg=-mmacosx-version-min=$oldest_macos"
        [ -z "$rust_path" ] || cross_flags="$cross_flags$separator-Zdefault-visibility=hidden"
        cross_build universal2-apple-darwin "$@"
    ) || die "the build for the Mac failed"
    # When asked for its version, zig leaves an empty object here.
    [ -s a.o ] || rm -f a.o
    # Wireshark loads only files whose names end in .so.
    portable_plugin=$1/universal2-apple-darwin/release/libephemeral.so
    cp "$1/universal2-apple-darwin/release/libephemeral.dylib" "$portable_plugin"
}
