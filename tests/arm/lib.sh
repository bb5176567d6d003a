# Shell functions for the tests on ARM64. Source it with `.` from the root of the project; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
. tests/lib.sh

# need_arm_host SUITE: sets up the Wireshark for ARM64 of a Debian suite (tests/arm/host.sh). The plugin must know its
# release. Sets `root`; `emulator`, the command that starts that system's programs in it; and `release`.
need_arm_host() {
    is_root || not_run "only root can use another root directory"
    found=$(sh tests/arm/host.sh "$1") || {
        no_host=$?
        say "$found"
        exit $no_host
    }
    root=$(printf '%s\n' "$found" | tail -n 1)
    # A processor without pointer authentication: with it, qemu is seven times slower.
    emulator="/usr/libexec/qemu-aarch64-static -cpu cortex-a57"
    release=$(chroot "$root" $emulator /usr/bin/tshark --version 2>/dev/null | sed -n 's/^TShark (Wireshark) \([0-9]*\.[0-9]*\)\..*/\1/p')
    [ -n "$release" ] || fail "tshark in $root does not run; remove $root.ready to have it made again"
    is_in_table "$release" || not_run "Wireshark $release is not in the table of releases (docs/releases.md)"
}

# Unpacks the archive for ARM64, as unpack_release does.
unpack_arm_archive() {
    built linux-aarch64 >/dev/null || not_run "there is no $(archive_of linux-aarch64): sh plugin/release.sh linux-aarch64 says why"
    unpack_release linux-aarch64
}
