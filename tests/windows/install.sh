#!/bin/sh
# install.cmd in all its cases, in Wine's cmd.exe, with a Wireshark that is only folders: in the registry, in a folder
# with spaces and letters beyond ASCII, portable, none.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
# As Windows sees a folder in $scratch.
windows_path() { printf 'Z:%s/%s' "$inside" "$1" | tr / '\\'; }
home="$scratch/home/jo é"
archive="$scratch/down load"
mkdir -p "$home" "$archive/profiles/Ephemeral Ports"
echo "the plugin" >"$archive/ephemeral.dll"
echo "one setting" >"$archive/profiles/Ephemeral Ports/preferences"
sed 's/$/\r/' plugin/install.cmd >"$archive/install.cmd"

# make_wireshark FOLDER RELEASE
make_wireshark() {
    mkdir -p "$1/plugins/$2/epan" "$1/plugins/not a release"
    : >"$1/libwireshark.dll"
}
# install.cmd from $archive with these options and, if `named` is set, this folder; what it says is in $scratch/out.
# Paths come in variables, as cmd.exe reads a batch file in a code page that may not have their letters.
printf '@set "APPDATA=%%TEST_HOME%%"\r\n@set "ProgramFiles=%%TEST_PROGRAMS%%"\r\n@call "%%TEST_FOLDER%%\\install.cmd" %%*\r\n@exit /b %%errorlevel%%\r\n' >"$scratch/plain.cmd"
printf '@set "APPDATA=%%TEST_HOME%%"\r\n@set "ProgramFiles=%%TEST_PROGRAMS%%"\r\n@call "%%TEST_FOLDER%%\\install.cmd" %%* "%%TEST_NAMED%%"\r\n@exit /b %%errorlevel%%\r\n' >"$scratch/named.cmd"
named=
installer() { from "$archive" "$@"; }
from() {
    folder=${1#"$scratch/"}
    shift
    status=0
    script=plain
    [ -z "$named" ] || script=named
    wine TEST_HOME="$(windows_path "${home#"$scratch/"}")" TEST_FOLDER="$(windows_path "$folder")" \
        TEST_PROGRAMS="$(windows_path "${programs:-nowhere}")" TEST_NAMED="$(windows_path "$named")" EPHEMERAL_AT_ONCE=yes \
        cmd /c "$(windows_path $script.cmd)" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    [ "$status" = 0 ] || sed 's/^/    /' "$scratch/out" "$scratch/err"
    return $status
}
says() { LC_ALL=C grep -qa -- "$1" "$scratch/out" || { sed 's/^/    /' "$scratch/out"; return 1; }; }
key='HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe'
personal="$home/Wireshark"

heading "No Wireshark"
check_not "it fails" installer
check "and says what to do" says "There is no Wireshark here"
check_not "nothing was written" test -e "$personal"

# Wine's reg.exe and its cmd.exe write and read text in different code pages, so this name has no such letters.
heading "One in the registry, in a folder with spaces"
make_wireshark "$scratch/My programs/Wire shark" 4.4
wine reg add "$key" /v Path /t REG_SZ /d "$(windows_path 'My programs/Wire shark')" /f >/dev/null 2>&1
check "it installs" installer
check "the plugin is in the personal folder of that release" cmp "$archive/ephemeral.dll" "$personal/plugins/4.4/epan/ephemeral.dll"
check "and so is the profile" test -s "$personal/profiles/Ephemeral Ports/preferences"
check "it says so" says "^Installed .*4.4.epan.ephemeral.dll"
check "nothing is in a folder that is no release's" test "$(ls "$personal/plugins")" = 4.4
echo "my setting" >"$personal/profiles/Ephemeral Ports/preferences"
check "it installs again" installer
check "a profile that is there stays" grep -q "my setting" "$personal/profiles/Ephemeral Ports/preferences"
check "it uninstalls" installer --uninstall
check_not "the plugin is gone" test -e "$personal/plugins/4.4"
check "the profile that was changed is not" test -s "$personal/profiles/Ephemeral Ports/preferences"
check "it says so" says "^Removed "
check "it uninstalls again" installer --uninstall
wine reg delete "$key" /f >/dev/null 2>&1

heading "One in the folder for programs, whose name has letters beyond ASCII"
make_wireshark "$scratch/Prógrams/Wireshark" 4.2
programs=Prógrams
check "it installs" installer
check "the plugin is in the personal folder of that release" test -s "$personal/plugins/4.2/epan/ephemeral.dll"
check_not "and not in the program's" test -e "$scratch/Prógrams/Wireshark/plugins/4.2/epan/ephemeral.dll"
check "it uninstalls" installer --uninstall
check_not "the plugin is gone" test -e "$personal/plugins/4.2"
programs=

heading "A portable one"
make_wireshark "$scratch/portáble/App/Wireshark" 4.6
named=portáble
check "named" installer
check "it is in the program's own folder" test -s "$scratch/portáble/App/Wireshark/plugins/4.6/epan/ephemeral.dll"
check "named, it uninstalls" installer --uninstall
named=
check_not "it is gone" test -e "$scratch/portáble/App/Wireshark/plugins/4.6/epan/ephemeral.dll"
cp -r "$archive" "$scratch/portáble/ephemeral"
check "unpacked within it" from "$scratch/portáble/ephemeral"
check "it is there" test -s "$scratch/portáble/App/Wireshark/plugins/4.6/epan/ephemeral.dll"

heading "An archive that was not unpacked"
rm "$archive/ephemeral.dll"
check_not "it fails" installer
check "and says why" says "unpack the whole archive"
