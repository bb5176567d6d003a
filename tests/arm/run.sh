#!/bin/sh
# The plugin for Linux on ARM64, from its archive, in real tshark of one release, run by qemu: the ABI against the
# release's headers for ARM64, the end-to-end cases, installing.
#
#   sh tests/arm/run.sh SUITE [CASE...]    a suite of tests/arm/host.sh; only cases whose names contain CASE
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh
. plugin/packaging/cross.sh

suite=${1:?name a suite}
shift
is_root || not_run "only root can use another root directory"
found=$(sh tests/arm/host.sh "$suite") || { say "$found"; exit 77; }
root=$(printf '%s\n' "$found" | tail -n 1)
archive=$(ls dist/ephemeral-*-linux-aarch64.tar.gz 2>/dev/null) || not_run "dist has no archive for ARM64: sh plugin/release.sh says why"
# A processor without pointer authentication, which qemu is seven times slower at.
emulator="/usr/libexec/qemu-aarch64-static -cpu cortex-a57"
release=$(chroot "$root" $emulator /usr/bin/tshark --version 2>/dev/null | sed -n 's/^TShark (Wireshark) \([0-9]*\.[0-9]*\)\..*/\1/p')
[ -n "$release" ] || fail "tshark in $root does not run; remove $root.ready to have it made again"
is_in_table "$release" || not_run "Wireshark $release is not in the table of releases (docs/releases.md)"

heading "ABI of Wireshark $release on ARM64"
find_zig
EPHEMERAL_HOST_ROOT=$root EPHEMERAL_CC="$tools/bin/python-zig cc -target aarch64-linux-gnu" \
    EPHEMERAL_ABI_RUNNER="qemu-aarch64-static -L $root" cargo test --locked --quiet --test abi -- --ignored

heading "End to end in Wireshark $release on ARM64${*:+: $*}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch" "$root"/tmp/ephemeral-ports-*' EXIT
tar -xzf "$archive" -C "$scratch" --strip-components=1
EPHEMERAL_HOST_ROOT=$root EPHEMERAL_HOST_RUNNER=$emulator EPHEMERAL_PLUGIN=$scratch/libephemeral.so \
    cargo test --locked --quiet --test e2e -- "$@"

heading "The archive in Wireshark $release on ARM64"
copy=$(copy_root "$root")
trap 'rm -rf "$scratch" "$copy" "$root"/tmp/ephemeral-ports-*' EXIT
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

heading "An archive on another machine"
# What is not for this machine cannot be run: the installer looks at the first bytes of its file.
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
