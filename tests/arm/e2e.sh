#!/bin/sh
# Runs the end-to-end tests with the released plugin, in one release's tshark for ARM64, under qemu.
#
#   sh tests/arm/e2e.sh SUITE [CASE...]    a suite of tests/arm/host.sh; only cases whose names contain a CASE
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/arm/lib.sh

need_arm_host "${1:?name a suite}"
shift
unpack_arm_archive
say "Wireshark $release${*:+: $*}"
EPHEMERAL_HOST_ROOT=$root EPHEMERAL_HOST_RUNNER=$emulator EPHEMERAL_PLUGIN=$scratch/libephemeral.so \
    run_tests e2e "$@"
