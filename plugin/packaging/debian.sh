# Sets up a small Debian in a folder, or unpacks packages of one for any machine; to be read with `.` from the root
# of the project after plugin/packaging/lib.sh, not run.
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

# unpack_debian SUITE ARCHITECTURE FOLDER PACKAGE...: unpacks these and all that they need into a folder, in which
# nothing is configured. Needs no root. Whoever calls it marks what is complete.
unpack_debian() (
    suite=$1
    architecture=$2
    root=$3
    shift 3
    site=$(debian_mirror)
    [ -n "$site" ] || return 1
    rm -rf "$root" "$root.apt"
    mkdir -p "$root.apt/lists/partial" "$root.apt/archives/partial" "$root.apt/parts"
    : >"$root.apt/status"
    keyring=/usr/share/keyrings/debian-archive-keyring.gpg
    check=signed-by=$keyring
    [ -r "$keyring" ] || check=trusted=yes # as debootstrap does without a keyring
    say "deb [$check] $site $suite main" >"$root.apt/sources.list"
    cat >"$root.apt/apt.conf" <<END
Dir::State "$root.apt";
Dir::State::status "$root.apt/status";
Dir::Cache "$root.apt";
Dir::Etc::sourcelist "$root.apt/sources.list";
Dir::Etc::sourceparts "$root.apt/parts";
Dir::Etc::preferencesparts "$root.apt/parts";
Dir::Etc::parts "$root.apt/parts";
Dir::Log "$root.apt";
APT::Architecture "$architecture";
#clear APT::Architectures;
APT::Architectures { "$architecture"; };
APT::Install-Recommends "0";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Debug::NoLocking "1";
END
    APT_CONFIG=$root.apt/apt.conf apt-get -q update >"$root.log" 2>&1 || return 1
    APT_CONFIG=$root.apt/apt.conf apt-get -q -y --download-only install "$@" >>"$root.log" 2>&1 || return 1
    # Where /bin and the like are folders of their own, packages that expect /usr/bin are found as well.
    for directory in bin sbin lib lib64; do
        mkdir -p "$root/usr/$directory"
        ln -s "usr/$directory" "$root/$directory"
    done
    for package in "$root.apt"/archives/*.deb; do
        dpkg-deb --fsys-tarfile "$package" |
            tar -x --keep-directory-symlink --no-same-owner -C "$root" -f - 2>>"$root.log" || return 1
    done
    rm -rf "$root.apt"
)
