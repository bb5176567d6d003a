#!/bin/sh
# Takes the pictures in docs/images anew. Look at them before you commit them.
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
timeout 170 python3 "$here/pictures.py" "$here/../../docs/images"
