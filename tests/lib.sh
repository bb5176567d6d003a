# Shell functions of the tests; to be read with `.` from the root of the project, not run.
#
# SPDX-License-Identifier: GPL-2.0-or-later
. plugin/lib.sh

nobody=65534 # user and group, on Debian and most others

# Ends a suite that cannot be run here. tests/run.sh tells this from a failure by the status.
not_run() {
    say "not run: $*"
    exit 77
}

fail() {
    say "FAILED: $*" >&2
    exit 1
}

# check WHAT COMMAND...: the command succeeds.
check() {
    what=$1
    shift
    "$@" || fail "$what"
    say "ok: $what"
}

# check_not WHAT COMMAND...: the command fails.
check_not() {
    what=$1
    shift
    ! "$@" || fail "$what"
    say "ok: $what"
}

# Runs a command of the system under a root directory; only root can, but for /.
in_root() {
    root_directory=$1
    shift
    if [ "$root_directory" = / ]; then "$@"; else chroot "$root_directory" "$@"; fi
}

# The release of the Wireshark under a root: 4.0
release_of() { in_root "$1" tshark --version 2>/dev/null | sed -n 's/^TShark (Wireshark) \([0-9]*\.[0-9]*\)\..*/\1/p'; }

# Whether src/host/releases.rs has a row for it.
is_in_table() { grep -q "release: ($(printf '%s' "$1" | sed 's/\./, /'))" src/host/releases.rs; }

# Ends a suite in a release that the plugin does not support (yet).
need_known_release() {
    known=$(release_of "$1")
    is_in_table "$known" || not_run "Wireshark $known is not in the table of releases (docs/releases.md)"
}

# Ends a suite that compares with a Wireshark without the plugin, where it is installed for all users.
# need_no_plugin ROOT HOME
need_no_plugin() {
    ! in_root "$1" env HOME="$2" tshark -G plugins 2>/dev/null | grep -q '^libephemeral' ||
        not_run "Ephemeral Ports is installed for all users: sh install.sh --uninstall --global"
}

# A copy of a host's root that may be written to, at no cost in space. What a program changes by
# writing a new file over the old name (as install.sh does) stays in the copy.
copy_root() {
    copy=$(mktemp -d "$(dirname "$1")/copy.XXXXXX")
    rmdir "$copy"
    cp -al "$1" "$copy"
    printf '%s\n' "$copy"
}

# Runs a command as an ordinary user: as nobody, if we are root.
as_nobody() {
    if is_root; then
        setpriv --reuid $nobody --regid $nobody --clear-groups "$@"
    else
        "$@"
    fi
}

# Lets that user read and write a folder of ours.
open_to_nobody() {
    chmod -R a+rX "$1"
    ! is_root || chown -R $nobody:$nobody "$1"
}
