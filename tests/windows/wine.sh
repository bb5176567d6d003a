#!/bin/sh
# Runs a program for Windows under Wine, which is under EPHEMERAL_WINDOWS_ROOT (see lib.sh).
#
#   sh tests/windows/wine.sh [VARIABLE=VALUE...] PROGRAM [ARGUMENT...]     paths as they are seen from there; that of
#                                                                          the program also as it is seen from here
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
root=${EPHEMERAL_WINDOWS_ROOT:-/}
while case ${1:-} in *=*) true ;; *) false ;; esac; do
    assignments="${assignments:-}${assignments:+
}$1"
    shift
done
program=${1#"${root%/}"}
shift
set -- "$program" "$@"
# The assignments go in front of the program again, each as one word.
set -- wine "$@"
set -f
IFS='
'
set -- ${assignments:-} "$@"
# Wine's services, which start with the first program and outlive it, keep what they inherit: a pipe would not end with
# the program. So the program writes to files. One that does not end is ended.
printed=$(mktemp -d)
trap 'rm -rf "$printed"' EXIT
status=0
if [ "$root" = / ]; then
    timeout -k 5 120 env LC_ALL=C.UTF-8 WINEDEBUG=-all "$@"
else
    # Wine wants /proc. The mount is gone with the command.
    timeout -k 5 120 unshare --mount sh -euc 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$root" \
        env -i PATH=/usr/bin:/bin HOME=/root XDG_RUNTIME_DIR=/tmp LC_ALL=C.UTF-8 WINEDEBUG=-all "$@"
fi >"$printed/out" 2>"$printed/err" || status=$?
cat "$printed/out"
cat "$printed/err" >&2
exit $status
