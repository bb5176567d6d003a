# Shell functions of the benchmarks; to be read with `.` after tests/lib.sh, not run.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

# A folder for the homes of an ordinary user, who may not be able to read where we are: as root,
# Wireshark ignores the personal plugin folder. Sets $homes, with the folders none, ours and empty.
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

# Whether the host knows a protocol, in one of the homes.
loads() { as_nobody env HOME="$homes/$1" tshark -G protocols 2>/dev/null | cut -f 3 | grep -qx "$2"; }

# a_capture KIND CONVERSATIONS: makes it, if it is not in the cache, and prints where it can be read.
a_capture() {
    made=$(cache)/bench/$1-$2-$(cksum <benches/make_capture.rs | cut -d ' ' -f 1).pcap
    if [ ! -e "$made" ]; then
        mkdir -p "$(dirname "$made")"
        maker=$(built make_capture)
        # Who makes the same one meanwhile writes a file of its own.
        "$maker/make_capture" "$made.$$" "$1" "$2" >&2
        mv "$made.$$" "$made"
    fi
    open_capture "$made" "$homes/$1-$2.pcap"
    printf '%s\n' "$homes/$1-$2.pcap"
}

# Puts a capture where an ordinary user can read it, at no cost in space where that is possible.
open_capture() {
    if ! is_root; then
        ln -sf "$1" "$2"
    elif ! cp -l "$1" "$2" 2>/dev/null; then
        cp "$1" "$2"
    fi
    ! is_root || chmod a+r "$2"
}
