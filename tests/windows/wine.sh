#!/bin/sh
# Runs a program for Windows under the Wine in EPHEMERAL_WINDOWS_ROOT, with the settings in that root's folder
# EPHEMERAL_WINE_PREFIX (see lib.sh). If the program does not end within EPHEMERAL_WINE_SECONDS (120), the script ends it,
# says so, and exits with status 124.
#
#   sh tests/windows/wine.sh [VARIABLE=VALUE...] PROGRAM [ARGUMENT...]     paths in that root; the program's path may
#                                                                          also be one outside it
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
# Puts the assignments in front of the program again, each as one word.
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
    # Wine needs /proc. The mount ends with the command.
    timeout -k 5 "$seconds" unshare --mount sh -euc 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$root" "$@"
fi >"$printed/out" 2>"$printed/err" || status=$?
cat "$printed/out"
cat "$printed/err" >&2
case $status in 124 | 137) echo "$program did not end within $seconds s" >&2 && exit 124 ;; esac
exit $status
