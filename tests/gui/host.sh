#!/bin/sh
# Checks the window: with the released plugin in another host, or with a build of this source in this system's Wireshark.
#
#   sh tests/gui/host.sh ROOT     a host of tests/hosts.sh, or /
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

root=${1:?name the root directory of a host}
need_known_release "$root"
if [ "$root" = / ]; then
    build_plugin /
else
    unpack_release linux-x86_64
    plugin=$scratch/libephemeral.so
fi
EPHEMERAL_PLUGIN=$plugin sh tests/gui/run.sh "$root"
