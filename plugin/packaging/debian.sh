# Sets up a small Debian in a folder; to be read with `.` from the root of the project after
# plugin/packaging/lib.sh, not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later

# The mirror that apt uses here.
debian_mirror() {
    apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -v security | head -n 1
}

# make_debian SUITE FOLDER: with what Debian calls required and nothing else. Where that fails, `no_debian` says why.
make_debian() {
    no_debian="debootstrap is not installed"
    has debootstrap || return 1
    no_debian="apt here has no mirror to take $1 from"
    site=$(debian_mirror)
    [ -n "$site" ] || return 1
    rm -rf "$2"
    mkdir -p "$2"
    say "Setting up Debian $1 from $site (some minutes, once)"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    # Archived suites are signed with keys that have run out; without a keyring nothing is checked.
    check=--keyring=$keyring
    [ -r "$keyring" ] || check=--no-check-gpg
    debootstrap --variant=minbase "$check" "$1" "$2" "$site" >"$2.log" 2>&1 && return
    no_debian="debootstrap of $1 from $site failed: $(tail -n 1 "$2.log")"
    return 1
}
