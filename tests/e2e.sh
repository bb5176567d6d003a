#!/bin/sh
# The end-to-end tests, with the released plugin, in another host.
#
#   sh tests/e2e.sh ROOT [CASE]   a host of tests/hosts.sh; only the cases whose name contains CASE
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

root=${1:?name the root directory of a host}
need_known_release "$root"

unpack_release linux-x86_64
EPHEMERAL_HOST_ROOT=$root EPHEMERAL_PLUGIN=$scratch/libephemeral.so cargo test --locked --quiet --test e2e \
    -- ${2:+"$2"}
