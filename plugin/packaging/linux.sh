# Builds a plugin that loads on any system since 2012, whatever glibc is here; to be read with `.` from the
# root of the project after plugin/packaging/lib.sh, not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later

oldest_glibc=2.17
triple=x86_64-unknown-linux-gnu
zig_version=0.17.1
zigbuild_version=0.24.0

# Finds zig and cargo-zigbuild; they come from Python's package index, once.
find_zig() {
    tools=$(cache)/tools/zig-$zig_version-$zigbuild_version
    [ ! -e "$tools/.ready" ] || return 0
    need python3 python3 python3-venv
    say "Fetching zig $zig_version and cargo-zigbuild $zigbuild_version"
    rm -rf "$tools"
    python3 -m venv "$tools" 2>/dev/null || { install_packages python3-venv && python3 -m venv "$tools"; } ||
        die "python3 -m venv does not work: install the package python3-venv"
    "$tools/bin/pip" install --quiet --disable-pip-version-check "ziglang==$zig_version" "cargo-zigbuild==$zigbuild_version"
    touch "$tools/.ready"
}

# build_portable FOLDER [OPTION...]: a release build, with these options of cargo besides, in a target
# folder; sets `portable_plugin`. No path of this computer gets into the file. The encoded form of RUSTFLAGS
# lets paths have spaces.
build_portable() {
    find_zig
    portable_plugin=$1/$triple/release/libephemeral.so
    separator=$(printf '\037')
    CARGO_ENCODED_RUSTFLAGS="--remap-path-prefix=$PWD=ephemeral-ports${separator}--remap-path-prefix=${CARGO_HOME:-$HOME/.cargo}=cargo" \
        PATH=$tools/bin:$PATH \
        cargo zigbuild --release --locked --lib --target "$triple.$oldest_glibc" --target-dir "$@"
}
