#!/bin/sh
# The end-to-end tests in tshark.exe and sharkd.exe, under Wine.
#
#   sh tests/windows/e2e.sh [CASE]      only the cases whose name contains CASE
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
build_windows_plugin
EPHEMERAL_HOST_ROOT=$windows_root EPHEMERAL_WINDOWS_HOST_FOLDER=$windows_host EPHEMERAL_PLUGIN=$(realpath "$plugin") \
    cargo test --locked --quiet --test e2e -- ${1:+"$1"}
