#!/bin/sh
# Runs a program for Windows under Wine, which is under EPHEMERAL_WINDOWS_ROOT, with the settings that are in the folder
# EPHEMERAL_WINE_PREFIX there (see lib.sh). One that does not end within EPHEMERAL_WINE_SECONDS (120) is ended, with a
# line that says so and status 124.
#
#   sh tests/windows/wine.sh [VARIABLE=VALUE...] PROGRAM [ARGUMENT...]     paths as they are seen from there; that of
#                                                                          the program also as it is seen from here
#   sh tests/windows/wine.sh wineserver [ARGUMENT...]                      Wine's own
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=${EPHEMERAL_WINDOWS_ROOT:-/}
seconds=${EPHEMERAL_WINE_SECONDS:-120}
while case ${1:-} in *=*) true ;; *) false ;; esac; do
    assignments="${assignments:-}${assignments:+
}$1"
    shift
done
program=${1#"${root%/}"}
shift
set -- "$program" "$@"
[ "$program" = wineserver ] || set -- wine "$@"
# The assignments go in front of the program again, each as one word.
set -f
IFS='
'
set -- env -i PATH=/usr/bin:/bin HOME="${EPHEMERAL_WINE_PREFIX:?}" XDG_RUNTIME_DIR=/tmp LC_ALL=C.UTF-8 WINEDEBUG=-all \
    WINEPREFIX="$EPHEMERAL_WINE_PREFIX" ${assignments:-} "$@"
# Wine's other processes may outlive the program and keep the files that they inherit, so a pipe would not end with the
# program. It writes to files instead.
printed=$(mktemp -d)
trap 'rm -rf "$printed"' EXIT
status=0
if [ "$root" = / ]; then
    timeout -k 5 "$seconds" "$@"
else
    # Wine wants /proc. The mount is gone with the command.
    timeout -k 5 "$seconds" unshare --mount sh -euc 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$root" "$@"
fi >"$printed/out" 2>"$printed/err" || status=$?
cat "$printed/out"
cat "$printed/err" >&2
case $status in 124 | 137) echo "$program did not end within $seconds s" >&2 && exit 124 ;; esac
exit $status
