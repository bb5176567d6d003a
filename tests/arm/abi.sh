#!/bin/sh
# Compares the C ABI on ARM64 with the real headers of one release. The test is compiled for ARM64 and runs under qemu.
#
#   sh tests/arm/abi.sh SUITE     a suite of tests/arm/host.sh
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/arm/lib.sh
. plugin/packaging/cross.sh

need_arm_host "${1:?name a suite}"
find_zig || not_run "$why"
say "Wireshark $release"
EPHEMERAL_HOST_ROOT=$root EPHEMERAL_CC="$tools/bin/python-zig cc -target aarch64-linux-gnu" \
    EPHEMERAL_ABI_RUNNER="qemu-aarch64-static -L $root" run_tests abi --ignored
