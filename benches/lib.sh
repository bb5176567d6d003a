# Shell functions for the benchmarks. Source it with `.` after tests/lib.sh; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

# Creates home folders of an ordinary user, because Wireshark ignores root's personal plugin folder. They are in a
# folder that this user can read. Sets $homes, with the folders none, ours and empty.
make_homes() {
    homes=$(mktemp -d)
    trap 'rm -rf "$homes"' EXIT
    release=$(release_of /)
    epan=.local/lib/wireshark/plugins/$release/epan
    mkdir -p "$homes/none" "$homes/ours/$epan" "$homes/empty/$epan"
    cp "$1" "$homes/ours/$epan/libephemeral.so"
    cc -shared -fPIC -O2 -Wall -Wextra -Werror "-DWIRESHARK_MAJOR=${release%.*}" "-DWIRESHARK_MINOR=${release#*.}" \
        -o "$homes/empty/$epan/empty.so" benches/empty.c
    cp benches/ephemeral.lua "$homes/"
    open_to_nobody "$homes"
    loads ours ephemeral || die "$1 does not load in Wireshark $release"
    loads empty empty || die "benches/empty.c does not load in Wireshark $release"
    ! loads none ephemeral || die "the plugin is installed for all users: sh plugin/install.sh --uninstall"
}

# loads HOME PROTOCOL: whether the host knows a protocol with one of the homes.
loads() { as_nobody env HOME="$homes/$1" tshark -G protocols 2>/dev/null | cut -f 3 | grep -qx "$2"; }

# a_capture KIND CONVERSATIONS: creates the capture if it is not in the cache, and prints a path that the user can read.
a_capture() {
    made=$(cache)/bench/$1-$2-$(cksum <benches/make_capture.rs | cut -d ' ' -f 1).pcap
    if [ ! -e "$made" ]; then
        mkdir -p "$(dirname "$made")"
        maker=$(built make_capture)
        # Another process that creates the same capture at the same time writes another file.
        "$maker/make_capture" "$made.$$" "$1" "$2" >&2
        mv "$made.$$" "$made"
    fi
    open_capture "$made" "$homes/$1-$2.pcap"
    printf '%s\n' "$homes/$1-$2.pcap"
}

# Puts a capture where an ordinary user can read it: as a link if possible, to save space.
open_capture() {
    if ! is_root; then
        ln -sf "$1" "$2"
    elif ! cp -l "$1" "$2" 2>/dev/null; then
        cp "$1" "$2"
    fi
    ! is_root || chmod a+r "$2"
}
