#!/bin/sh
# Tests the archive for Windows: its contents, which DLLs the plugin needs, that the archive has the same bytes wherever it
# is built, and that tshark.exe shows our fields after a double click on install.cmd.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
need objdump binutils
SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 1700000000)}
export SOURCE_DATE_EPOCH

heading "Making it"
seed_windows_crates
sh plugin/release.sh windows-x86_64 || fail "plugin/release.sh"
keep_windows_crates
archive=$(archive_of windows-x86_64)
python3 -m zipfile -e "$archive" "$scratch/unpacked"
unpacked=$(ls -d "$scratch"/unpacked/*)
plugin=$unpacked/ephemeral.dll

heading "What is in it"
for file in ephemeral.dll install.cmd README.md LICENSE CHANGELOG.md THIRD-PARTY.md sample.pcap SHA256SUMS "profiles/Ephemeral Ports/preferences"; do
    check "$file" test -s "$unpacked/$file"
done
check "the checksums are right" sh -c 'cd "$1" && sha256sum --check --quiet SHA256SUMS' sh "$unpacked"
check "each line of install.cmd ends as cmd.exe wants it" \
    test "$(grep -c "$(printf '\r')\$" "$unpacked/install.cmd")" = "$(wc -l <"$unpacked/install.cmd")"

heading "The plugin's file"
needed=$(objdump -p "$plugin" | sed -n 's/.*DLL Name: //p' | tr '[:upper:]' '[:lower:]' | sort -u)
# All of these are part of Windows 10 since its first release.
for dll in $needed; do
    case $dll in
        kernel32.dll | ntdll.dll | msvcrt.dll | ws2_32.dll | userenv.dll | bcryptprimitives.dll | api-ms-win-core-synch-l1-2-0.dll)
            say "ok: it needs $dll, which is part of Windows" ;;
        *) fail "it needs $dll" ;;
    esac
done
check "it needs something" test -n "$needed"
size=$(wc -c <"$plugin")
check "it has $size bytes, at most 800000" test "$size" -le 800000
exported=$(objdump -p "$plugin" | sed -n 's/.*\[ *[0-9]*\].* \(plugin_[a-z_]*\)$/\1/p' | LC_ALL=C sort | tr '\n' ' ')
check "it exports the five names and nothing else: $exported" \
    test "$exported" = "plugin_describe plugin_register plugin_version plugin_want_major plugin_want_minor "
check_not "no path of this computer is in it" grep -qaF -e "$PWD" -e "$HOME/" -e /build/source -e /build/target -e /build/cargo "$plugin"

heading "Installed as a user would"
key='HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe'
windows() { printf 'Z:%s' "$1" | tr / '\\'; }
wine reg add "$key" /v Path /t REG_SZ /d "$(windows "$windows_host")" /f >/dev/null 2>&1
cp tests/captures/seed.pcap "$scratch"
shows_our_fields() {
    wine "$windows_host/tshark.exe" -r "$(windows "${scratch#"${windows_root%/}"}/seed.pcap")" -T fields \
        -e ephemeral.label -e ephemeral.misnamed.name 2>/dev/null |
        grep -q "192.168.1.23:1140 .* 198.51.100.10:80 (http).autonoc"
}
installer() {
    wine EPHEMERAL_AT_ONCE=yes cmd /c "$(windows "${unpacked#"${windows_root%/}"}/install.cmd")" "$@" 2>/dev/null
}
check_not "before, tshark.exe does not know our fields" shows_our_fields
check "install.cmd" installer
check "tshark.exe shows them" shows_our_fields
check "install.cmd --uninstall" installer --uninstall
check_not "tshark.exe no longer does" shows_our_fields

heading "As on a public runner"
sed 's/$/\r/' tests/windows/unpacked.cmd >"$scratch/unpacked.cmd"
check "tests/windows/unpacked.cmd" wine cmd /c "$(windows "${scratch#"${windows_root%/}"}/unpacked.cmd")" \
    "$(windows "${unpacked#"${windows_root%/}"}")" "$(windows "$windows_host")"

check_same_again windows-x86_64 "$archive"
