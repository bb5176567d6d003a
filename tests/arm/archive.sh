#!/bin/sh
# Installs the archive for Linux on ARM64 in a Wireshark of one release, which runs under qemu. Also checks that the
# installer refuses a plugin for another machine: for ARM64 with this machine's Wireshark, and the reverse.
#
#   sh tests/arm/archive.sh SUITE     a suite of tests/arm/host.sh; the test works in a copy of it
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/arm/lib.sh

need_arm_host "${1:?name a suite}"
unpack_arm_archive

heading "In Wireshark $release on ARM64"
copy=$(copy_root "$root")
cp tests/captures/seed.pcap "$copy/tmp/"
# The installer runs here, and takes this for the machine of that host.
mkdir "$scratch/bin"
printf '#!/bin/sh\nexec chroot "%s" %s /usr/bin/tshark "$@"\n' "$copy" "$emulator" >"$scratch/bin/tshark"
printf '#!/bin/sh\necho Linux aarch64\n' >"$scratch/bin/uname"
chmod +x "$scratch/bin/tshark" "$scratch/bin/uname"
mkdir "$scratch/tools"
for tool in sh sed head tr awk od ls dirname basename mkdir rmdir mktemp cat chmod mv rm cmp cp id cksum chroot grep; do
    ln -s "$(command -v $tool)" "$scratch/tools/$tool"
done
install() { PATH=$scratch/bin:$scratch/tools DESTDIR=$copy sh "$scratch/install.sh" --global "$@" >"$scratch/out" 2>&1 || { cat "$scratch/out"; return 1; }; }
shows_our_fields() {
    "$scratch/bin/tshark" -r /tmp/seed.pcap -T fields -e ephemeral.label -e ephemeral.misnamed.name 2>/dev/null |
        grep -q "192.168.1.23:1140 .* 198.51.100.10:80 (http).autonoc"
}
check_not "before, tshark does not know our fields" shows_our_fields
check "install.sh" install
check "tshark shows our fields" shows_our_fields
check "install.sh --uninstall" install --uninstall
check_not "tshark no longer does" shows_our_fields

heading "The package for Debian and Ubuntu"
if has dpkg-deb; then
    dpkg-deb --fsys-tarfile "$(dirname "$archive")"/ephemeral-ports_*_arm64.deb | tar -x --keep-directory-symlink -C "$copy" -f -
    check "tshark shows our fields with the files of the package" shows_our_fields
else
    say "not run: the package for ARM64: there is no dpkg-deb here"
fi

heading "An archive on another machine"
# A program for another machine cannot run here, so the installer looks at the first bytes of its file.
refused() {
    ! PATH=$1:$scratch/tools sh "$scratch/install.sh" $2 >"$scratch/out" 2>&1 &&
        test "$(wc -l <"$scratch/out")" = 1 && grep "$3" "$scratch/out"
}
mkdir "$scratch/here" "$scratch/there"
cp /bin/ls "$scratch/here/tshark"
cp "$root/usr/bin/tshark" "$scratch/there/tshark"
check "ours in a Wireshark of this machine is refused in one line" \
    refused "$scratch/here" "" "this archive is for Linux on ARM64, but $scratch/here/tshark is for Linux on"
build_plugin /
check "this machine's in a Wireshark for ARM64 likewise" \
    refused "$scratch/there" "--file $plugin" "but $scratch/there/tshark is for Linux on ARM64"
