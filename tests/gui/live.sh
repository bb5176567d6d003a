#!/bin/sh
# Checks a live capture on loopback, in tshark and in the window. Screenshots go to target/gui.
set -eu
. "$(dirname "$0")/tools.sh"

if ! need_window || ! need dumpcap wireshark-common; then
    echo "not run: live capture: missing:$missing"
    exit 0
fi
need_plugin
pictures=$here/../../target/gui
mkdir -p "$pictures"
status=0
timeout 120 python3 "$here/live.py" "$pictures" || status=$?
[ "$status" != 124 ] || echo "FAILED: live capture: not done after 120 seconds"
exit "$status"
