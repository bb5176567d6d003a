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
if [ "$root" = / ]; then
    exec env LC_ALL=C.UTF-8 WINEDEBUG=-all "$@"
fi
# Wine wants /proc. The mount is gone with the command.
exec unshare --mount sh -euc 'mount -t proc proc "$1/proc" && exec chroot "$@"' sh "$root" \
    env -i PATH=/usr/bin:/bin HOME=/root XDG_RUNTIME_DIR=/tmp LC_ALL=C.UTF-8 WINEDEBUG=-all "$@"
