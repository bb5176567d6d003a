#!/bin/sh
# Takes the pictures in docs/images anew, in the newest release's window. Look at them before you commit them.
#
#   sh tests/gui/pictures.sh [ROOT]    ROOT: a folder with another system; the cut-out areas fit 4.6
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
. "$(dirname "$0")/tools.sh"

if ! need_window; then
    echo "pictures.sh: no pictures taken: missing:$missing" >&2
    exit 1
fi
need_plugin
root=${1:-$(sh "$here/../hosts.sh" sid | tail -n 1)}
timeout 240 python3 "$here/pictures.py" "$here/../../docs/images" "$root"
