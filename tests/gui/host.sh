#!/bin/sh
# The checks of the window, with the released plugin, in another host.
#
#   sh tests/gui/host.sh ROOT     a host of tests/hosts.sh
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

root=${1:?name the root directory of a host}
need_known_release "$root"
unpack_release linux-x86_64
EPHEMERAL_PLUGIN=$scratch/libephemeral.so sh tests/gui/run.sh "$root"
