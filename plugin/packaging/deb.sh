# Makes a package for Debian and Ubuntu from a plugin that is already built. Source it with `.` from the root of the
# project, after plugin/packaging/lib.sh; do not run it.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

# Prints the control file of the package whose files are in `deb_root`.
deb_control() {
    cat <<END
Package: ephemeral-ports
Version: $version-1
Architecture: $deb_architecture
Maintainer: $deb_maintainer
Installed-Size: $(find "$deb_root/usr" -type f -exec stat -c %s {} + | awk '{ sum += int(($1 + 1023) / 1024) } END { print sum }')
Depends: libc6 (>= 2.17)
Recommends: wireshark | tshark
Enhances: tshark, wireshark
Section: net
Priority: optional
Description: Wireshark plugin that tells ephemeral ports from services
 With names of ports on, Wireshark shows the name that IANA registered for a
 number, and a client's port, which was picked at random, often has the name of
 a service that nobody speaks. This plugin tells client from server, notes each
 port with a wrong name in Expert Information, takes that name out of what
 Wireshark shows, and labels each conversation.
 .
 One file serves Wireshark 3.4, 3.6, 4.0, 4.2, 4.4, 4.6 and 4.7.
END
}

# make_deb MACHINE: makes a package from $portable_plugin, for x86_64 or aarch64. The folder of each release of Wireshark
# has a link to the plugin's file, so an upgraded Wireshark finds it. Sets `deb`, and adds it to `made`. `version` and
# `date` are those of the archive.
make_deb() {
    case $1 in
        x86_64) deb_architecture=amd64 ;;
        aarch64) deb_architecture=arm64 ;;
        *) die "there is no package for $1" ;;
    esac
    deb=ephemeral-ports_$version-1_$deb_architecture.deb
    deb_root=dist/deb-$deb_architecture
    rm -rf "$deb_root"
    deb_library=usr/lib/$1-linux-gnu
    deb_documents=$deb_root/usr/share/doc/ephemeral-ports
    mkdir -p "$deb_root/DEBIAN" "$deb_root/$deb_library/ephemeral-ports" "$deb_documents" "$deb_root/usr/share/wireshark/profiles"
    cp "$portable_plugin" "$deb_root/$deb_library/ephemeral-ports/libephemeral.so"
    for deb_release in $(sed -n "s/^releases='\(.*\)'/\1/p" plugin/install.sh); do
        deb_folder=$deb_root/$deb_library/wireshark/plugins/$deb_release/epan
        mkdir -p "$deb_folder"
        ln -s ../../../../ephemeral-ports/libephemeral.so "$deb_folder/libephemeral.so"
    done
    cp -R "plugin/profile/Ephemeral Ports" "$deb_root/usr/share/wireshark/profiles/"
    cp tests/captures/seed.pcap "$deb_documents/sample.pcap"
    gzip -9 -n <CHANGELOG.md >"$deb_documents/changelog.gz"
    {
        say "ephemeral-ports ($version-1) unstable; urgency=medium"
        say
        say "  * The package that plugin/release.sh makes; changelog.gz has what is new."
        say
        say " -- $deb_maintainer  $(LC_ALL=C date -u -R -d "@$date")"
    } | gzip -9 -n >"$deb_documents/changelog.Debian.gz"
    {
        say "Ephemeral Ports, Copyright The Ephemeral Ports authors"
        say
        say "License: GPL-2.0-or-later. On Debian systems, the text of the GPL 2 is in /usr/share/common-licenses/GPL-2."
        say
        cat plugin/packaging/THIRD-PARTY.md
    } >"$deb_documents/copyright"
    find "$deb_root" -type d -exec chmod 0755 {} +
    find "$deb_root" -type f -exec chmod 0644 {} +
    deb_control >"$deb_root/DEBIAN/control"
    (cd "$deb_root" && find usr -type f ! -path usr/share/doc | LC_ALL=C sort | tr '\n' '\0' | xargs -0 md5sum >DEBIAN/md5sums && chmod 0644 DEBIAN/*)
    SOURCE_DATE_EPOCH=$date dpkg-deb --root-owner-group -Zxz --build "$deb_root" "dist/$deb" >/dev/null || die "dpkg-deb failed"
    rm -rf "$deb_root"
    made="$made $deb"
}

deb_maintainer="The Ephemeral Ports authors <ephemeral-ports@example.invalid>"
