# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
#
# tools.sh: functions that the scripts in this folder share. They source it.
here=$(cd "$(dirname "$0")" && pwd)

# need PROGRAM PACKAGE ...: installs the packages of missing programs, as root and if there is apt-get.
# If a program stays missing, it fails, and sets `missing`.
need() {
    missing=
    packages=
    while [ $# -gt 0 ]; do
        if ! command -v "$1" >/dev/null 2>&1; then
            missing="$missing $1"
            packages="$packages $2"
        fi
        shift 2
    done
    [ -n "$missing" ] || return 0
    if [ "$(id -u)" != 0 ] || ! command -v apt-get >/dev/null 2>&1; then
        return 1
    fi
    echo "installing:$packages"
    # $packages is a list of words.
    # shellcheck disable=SC2086
    DEBIAN_FRONTEND=noninteractive apt-get install -y -q $packages >/dev/null 2>&1 && missing=
}

need_window() {
    need Xvfb xvfb xdotool xdotool xclip xclip import imagemagick compare imagemagick convert imagemagick \
        wireshark wireshark tshark tshark python3 python3
}

# Fails without the plugin, because there is nothing to check.
need_plugin() {
    plugin=${EPHEMERAL_PLUGIN:-$here/../../target/release/libephemeral.so}
    if [ ! -f "$plugin" ]; then
        echo "$(basename "$0"): there is no $plugin; cargo build --release makes it" >&2
        exit 1
    fi
}

# drive SECONDS WHAT PROGRAM [ARGUMENT...]: runs a Python program of this folder. Its first argument is the folder for
# screenshots. Sets `status`.
drive() {
    need_plugin
    pictures=$here/../../target/gui
    mkdir -p "$pictures"
    seconds=$1
    what=$2
    program=$3
    shift 3
    status=0
    timeout "$seconds" python3 "$here/$program" "$pictures" "$@" || status=$?
    [ "$status" != 124 ] || echo "FAILED: $what: not done after $seconds seconds"
}
