# Sets up a small Debian in a folder, or unpacks Debian's packages for any machine. Source it with `.` from the root of
# the project, after plugin/packaging/lib.sh; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

# Prints the mirror that apt uses here.
debian_mirror() {
    apt-get indextargets --format '$(SITE)' 2>/dev/null | grep -v security | head -n 1
}

# Finds the keys with which Debian signs its packages. Unsigned packages are refused, because a release may be built with
# them. Sets `keyring`. Without the keys, it fails, and sets `no_debian` to the reason.
keyrings=/usr/share/keyrings
find_keyring() {
    for again in no yes; do
        for keyring in "$keyrings/debian-archive-keyring.gpg" "$keyrings/debian-archive-keyring.pgp"; do
            [ ! -r "$keyring" ] || return 0
        done
        [ $again = yes ] || install_packages debian-archive-keyring >/dev/null 2>&1 || break
    done
    no_debian="the keys of Debian's packages are missing: install the package debian-archive-keyring"
    return 1
}

# make_debian SUITE FOLDER: sets up a minimal Debian (debootstrap's minbase). If that fails, `no_debian` says why.
make_debian() {
    no_debian="debootstrap is not installed"
    has debootstrap || return 1
    no_debian="apt here has no mirror to take $1 from"
    site=$(debian_mirror)
    [ -n "$site" ] || return 1
    find_keyring || return 1
    rm -rf "$2"
    mkdir -p "$2"
    say "Setting up Debian $1 from $site (some minutes, once)"
    debootstrap --variant=minbase --force-check-gpg "--keyring=$keyring" "$1" "$2" "$site" >"$2.log" 2>&1 && return
    no_debian="debootstrap of $1 from $site failed: $(tail -n 1 "$2.log")"
    return 1
}

# install_in_debian FOLDER PACKAGE...: installs packages in a Debian that was set up, perhaps long ago. Adds the output to
# FOLDER.log.
install_in_debian() {
    in_debian=$1
    shift
    set -- env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "$@"
    {
        chroot "$in_debian" "$@" || { chroot "$in_debian" apt-get update -q && chroot "$in_debian" "$@"; }
        installed=$?
        chroot "$in_debian" apt-get clean || true
    } >>"$in_debian.log" 2>&1
    return $installed
}

# private_apt FOLDER KIND SUITE ARCHITECTURE: sets up a separate apt in FOLDER.apt. It knows the packages of that suite, and
# nothing about this system. KIND is deb, or deb-src for sources. The output is in FOLDER.log. Needs no root.
private_apt() {
    private=$1.apt
    site=$(debian_mirror)
    [ -n "$site" ] || return 1
    find_keyring || { say "$no_debian" >"$1.log"; return 1; }
    rm -rf "$private"
    mkdir -p "$private/lists/partial" "$private/archives/partial" "$private/parts"
    : >"$private/status"
    say "$2 [signed-by=$keyring] $site $3 main" >"$private/sources.list"
    cat >"$private/apt.conf" <<END
Dir::State "$private";
Dir::State::status "$private/status";
Dir::Cache "$private";
Dir::Etc::sourcelist "$private/sources.list";
Dir::Etc::sourceparts "$private/parts";
Dir::Etc::preferencesparts "$private/parts";
Dir::Etc::parts "$private/parts";
Dir::Log "$private";
APT::Architecture "$4";
#clear APT::Architectures;
APT::Architectures { "$4"; };
APT::Install-Recommends "0";
Acquire::Check-Valid-Until "false";
APT::Sandbox::User "";
Acquire::Languages "none";
Debug::NoLocking "1";
END
    APT_CONFIG=$private/apt.conf apt-get -q update >"$1.log" 2>&1
}

# fetch_debian_sources SUITE FOLDER PACKAGE...: fetches the upstream sources of these packages into a folder, as
# PACKAGE_VERSION.orig.tar.*, unless they are already there. Sets `lacking` to the packages whose sources it did not get,
# and fails if there are any.
fetch_debian_sources() {
    sources=$2
    mkdir -p "$sources"
    private_apt "$sources" deb-src "$1" amd64 || :
    shift 2
    lacking=
    for package in "$@"; do
        # A mirror may lack Debian's own changes, which are not needed. So apt's status does not matter, only the file.
        ls "$sources/$package"_*.orig.tar.*[z2] >/dev/null 2>&1 ||
            (cd "$sources" && APT_CONFIG=$sources.apt/apt.conf apt-get -q source --download-only --tar-only "$package") \
                >>"$sources.log" 2>&1 || :
        ls "$sources/$package"_*.orig.tar.*[z2] >/dev/null 2>&1 || lacking="$lacking $package"
    done
    rm -rf "$sources.apt"
    [ -z "$lacking" ]
}

# unpack_debian SUITE ARCHITECTURE FOLDER PACKAGE...: unpacks these packages and their dependencies into a folder, without
# configuring them. Needs no root. The caller marks the folder as complete.
unpack_debian() (
    root=$3
    rm -rf "$root"
    mkdir -p "$root"
    private_apt "$root" deb "$1" "$2" || return 1
    shift 3
    APT_CONFIG=$root.apt/apt.conf apt-get -q -y --download-only install "$@" >>"$root.log" 2>&1 || return 1
    # Some packages put files into /bin, and others expect them in /usr/bin: links make both paths work.
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
