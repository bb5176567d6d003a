# Shell functions that set up a small Debian in a folder; to be read with `.` after tests/lib.sh, not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# The mirror that apt uses here.
mirror() {
    apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -v security | head -n 1
}

# make_debian SUITE FOLDER: with what Debian calls required and nothing else. Ends the suite of tests where that cannot be.
make_debian() {
    has debootstrap || not_run "debootstrap is not installed"
    site=$(mirror)
    [ -n "$site" ] || not_run "apt here has no mirror to take $1 from"
    rm -rf "$2"
    mkdir -p "$2"
    say "Setting up Debian $1 from $site (some minutes, once)"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    # Archived suites are signed with keys that have run out; without a keyring nothing is checked.
    check=--keyring=$keyring
    [ -r "$keyring" ] || check=--no-check-gpg
    debootstrap --variant=minbase "$check" "$1" "$2" "$site" >"$2.log" 2>&1 ||
        not_run "debootstrap of $1 from $site failed: $(tail -n 1 "$2.log")"
}
