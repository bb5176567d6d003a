#!/bin/sh
# Tests all cases of plugin/install.cmd in Wine's cmd.exe, with a fake Wireshark of folders and a small program
# (pretend.c): in the registry, in folders whose names have all the special characters of batch files, portable, one that
# refuses the plugin, one of another release, none. The current folder and the first folder on PATH have programs that the
# script must not run.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/windows/lib.sh

need_windows_host
# Prints the Windows path of a folder in $scratch.
windows_path() { printf 'Z:%s/%s' "$inside" "$1" | tr / '\\'; }
home="$scratch/home/jo é"
archive="$scratch/down load"
mkdir -p "$home" "$archive/profiles/Ephemeral Ports"
echo "the plugin" >"$archive/ephemeral.dll"
echo "one setting" >"$archive/profiles/Ephemeral Ports/preferences"
echo "a window's size" >"$archive/profiles/Ephemeral Ports/recent"
sed 's/$/\r/' plugin/install.cmd >"$archive/install.cmd"
releases=$(sed -n 's/.*release: (\([0-9]*\), \([0-9]*\)).*/\1.\2/p' src/host/api/releases.rs | tr '\n' ' ')
next=$(sed -n 's/^set "next_releases=\(.*\)"/\1 /p' plugin/install.cmd)

cp tests/windows/pretend.c "$scratch/"
in_windows_root x86_64-w64-mingw32-gcc -O1 -municode -s -o "$inside/pretend.exe" "$inside/pretend.c" || fail "pretend.c"
planted="$scratch/planted"
mkdir "$planted"
for program in reg fc findstr find timeout tshark where xcopy chcp cmd planted; do
    ln "$scratch/pretend.exe" "$planted/$program.exe"
done
mv "$planted/tshark.exe" "$planted/wireshark.exe"

# make_wireshark FOLDER RELEASE
make_wireshark() {
    mkdir -p "$1/plugins/$2/epan" "$1/plugins/not a release"
    : >"$1/libwireshark.dll"
    ln -f "$scratch/pretend.exe" "$1/tshark.exe"
}
# Runs install.cmd from $archive with these options and, if `named` is set, this folder. Its output is in $scratch/out.
# Paths are in variables, because the code page in which cmd.exe reads a batch file may not have their letters, and CALL
# would expand them twice. Also fails if a program was run that must not be run.
for script in plain named; do
    {
        printf '@set "APPDATA=%%TEST_HOME%%"\r\n@set "ProgramFiles=%%TEST_PROGRAMS%%"\r\n@set "PATH=%%TEST_PLANTED%%;%%PATH%%"\r\n'
        printf '@cd /d "%%TEST_PLANTED%%"\r\n@"%%TEST_FOLDER%%\\install.cmd" %%*'
        [ $script = plain ] || printf ' "%%TEST_NAMED%%"'
        printf '\r\n'
    } >"$scratch/$script.cmd"
done
named=
installer() { from "$archive" "$@"; }
from() {
    folder=${1#"$scratch/"}
    shift
    status=0
    script=plain
    [ -z "$named" ] || script=named
    wine TEST_HOME="$(windows_path "${home#"$scratch/"}")" TEST_FOLDER="$(windows_path "$folder")" \
        TEST_PROGRAMS="$(windows_path "${programs:-nowhere}")" TEST_NAMED="$(windows_path "$named")" \
        TEST_PLANTED="$(windows_path planted)" ProgramW6432= ${at_once-EPHEMERAL_AT_ONCE=yes} \
        cmd /c "$(windows_path $script.cmd)" "$@" >"$scratch/out" 2>"$scratch/err" || status=$?
    [ "$status" = 0 ] || sed 's/^/    /' "$scratch/out" "$scratch/err"
    ran=$(cd "$planted" && ls | grep '\.ran$' || true)
    [ -z "$ran" ] || fail "it ran what is in the current folder: $ran"
    return $status
}
says() { LC_ALL=C grep -qa -- "$1" "$scratch/out" || { sed 's/^/    /' "$scratch/out"; return 1; }; }
key='HKLM\SOFTWARE\Microsoft\Windows\CurrentVersion\App Paths\Wireshark.exe'
personal="$home/Wireshark"
profile="$personal/profiles/Ephemeral Ports"
is_in_each_release() {
    [ "$(ls "$personal/plugins" | tr '\n' ' ')" = "$releases$next" ] || { ls "$personal/plugins"; return 1; }
    for known in $releases $next; do cmp "$archive/ephemeral.dll" "$personal/plugins/$known/epan/ephemeral.dll" || return 1; done
}

heading "The script itself"
check "it knows the releases of src/host/api/releases.rs" grep -qx "set \"releases=${releases% }\"" plugin/install.cmd
check "and the same next ones as install.sh: $next" grep -q "^next_releases='${next% }'" plugin/install.sh
grep -v '^rem ' plugin/install.cmd >"$scratch/code"
# cmd.exe looks for a name without a path in the current folder first.
check_not "it runs no program by its name alone" sh -c 'sed "s/echo .*//" "$1" |
    grep -nE "(^|[ (&|@])(reg|fc|find|findstr|timeout|tshark|xcopy|where|chcp|cmd|powershell)(\.exe)? "' sh "$scratch/code"
check_not "no path is an argument of CALL, which would read it twice" grep -n 'call :[a-z_]* .*["%]%*[a-z_]\{2,\}' "$scratch/code"
check_not "nor is one written without quotes" \
    sh -c 'sed "s/\"[^\"]*\"//g" "$1" | grep -nE "%(here|folder|named|into|epan|target|backup|personal|system|ProgramFiles|APPDATA)%"' sh "$scratch/code"

heading "No Wireshark"
check_not "it fails" installer
check "and says what to do" says "There is no Wireshark here"
check_not "nothing was written" test -e "$personal"
check_not "asked what is installed, it fails" installer --check
check "and says that nothing loads it" says "^No Wireshark loads it"

# Wine's reg.exe and its cmd.exe write and read text in different code pages, so this name has no such letters.
heading "One in the registry, in a folder with spaces"
make_wireshark "$scratch/My programs/Wire shark" 4.4
wine reg add "$key" /v Path /t REG_SZ /d "$(windows_path 'My programs/Wire shark')" /f >/dev/null 2>&1
check "it installs" installer
check "the plugin is in the personal folder of each release and of the next ones, and in no other" is_in_each_release
check "and so is the profile" test -s "$profile/preferences"
check "it says so" says '^Installed in .*plugins" for each release'
check "and for which others it is there" says "^Installed in .* for ${next% } as well: these will say"
check "and that Wireshark loads it" says "^Loaded by Wireshark 4.4"
check "and what to do next" says 'Choose the profile "Ephemeral Ports"'
check "asked what is installed" installer --check
check "it names the system" says "^Processor: "
check "and Wireshark" says '^Wireshark 4.4 in ".*My programs.Wire shark"'
check "and the plugin as tshark.exe lists it" says "^ephemeral.dll.*dissector"
check "and the files of all releases" test "$(grep -c '^File: 11 bytes' "$scratch/out")" = "$(echo "$releases$next" | wc -w)"
check_not "all of them those of the archive" says "is not the one"
check "and the profile" says "is as it was installed"
echo "another" >"$personal/plugins/4.2/epan/ephemeral.dll"
echo "my setting" >"$profile/preferences"
check "asked again" installer --check
check "it says which file is another" test "$(grep -c "is not the one beside" "$scratch/out")" = 1
check "and that the profile was changed" says "was changed"
check "it has changed nothing" grep -q another "$personal/plugins/4.2/epan/ephemeral.dll"
cp "$archive/profiles/Ephemeral Ports/preferences" "$profile/preferences"
check "it installs again" installer
check "a profile that is as it was stays" says "^Already there: the profile"
check_not "and no copy of it is made" test -e "$profile.backup-1"
check_not "nor of the plugin" test -e "$personal/plugins/4.4/epan/ephemeral.dll.before"
check "it uninstalls" installer --uninstall
check_not "the plugin is gone" test -e "$personal/plugins"
check_not "the profile is gone" test -e "$profile"
check "it says so" says "^Removed "
check "it uninstalls again" installer --uninstall
check "and says that there is nothing" says "Nothing of Ephemeral Ports was installed"

heading "A profile that was changed"
check "it installs" installer
echo "my setting" >"$profile/preferences"
echo "my size" >"$profile/recent"
check "it installs again" installer
check "what was changed is kept under another name" grep -q "my setting" "$profile.backup-1/preferences"
check "which is said" says "it is kept as .*Ephemeral Ports.backup-1"
check "the profile is the new one" grep -q "one setting" "$profile/preferences"
echo "my size" >"$profile/recent"
check "it uninstalls" installer --uninstall
check_not "a profile in which only windows were moved is gone" test -e "$profile"
check "it installs" installer
: >"$profile/decode_as_entries"
check "it uninstalls" installer --uninstall
check_not "one with a file of the user's is no longer there by halves" test -e "$profile"
check "but whole under another name" test -s "$profile.backup-2/preferences" -a -e "$profile.backup-2/decode_as_entries"
rm -rf "$personal/profiles"

heading "A Wireshark that does not load it"
: >"$scratch/My programs/Wire shark/refuses"
check_not "it fails" installer
check "and says so" says "^NOT loaded by Wireshark 4.4"
check_not "nothing is left" test -e "$personal/plugins"
check_not "asked what is installed, it fails" installer --check
check "and says that it is not loaded" says "does not load it"
check_not "no profile either" test -e "$profile"
mkdir -p "$personal/plugins/4.4/epan"
echo "an older plugin" >"$personal/plugins/4.4/epan/ephemeral.dll"
check_not "it fails where an older plugin is there" installer
check "which is there afterwards" grep -q older "$personal/plugins/4.4/epan/ephemeral.dll"
check "alone" test "$(ls "$personal/plugins/4.4/epan")" = ephemeral.dll
rm -r "$scratch/My programs/Wire shark/refuses" "$personal/plugins"
rm "$scratch/My programs/Wire shark/tshark.exe"
check "without tshark.exe it installs" installer
check "and says that it asked nobody" says "^Not checked"
check "it uninstalls" installer --uninstall

heading "A release that is not known"
mv "$scratch/My programs/Wire shark/plugins/4.4" "$scratch/My programs/Wire shark/plugins/4.8"
check_not "it fails" installer
check "and names those that are" says "of no release that this file supports: ${releases% }"
check_not "nothing was written" test -e "$personal/plugins"
make_wireshark "$scratch/beside/Wireshark" 4.4
programs=beside
check_not "it fails as well beside one that is known" installer
check "into which it installs" says "^Loaded by Wireshark 4.4"
check_not "but not for the one that refused it" test -e "$personal/plugins/4.8"
mkdir -p "$personal/plugins/4.8/epan"
echo "built for 4.8" >"$personal/plugins/4.8/epan/ephemeral.dll"
mv "$scratch/My programs/Wire shark" "$scratch/away"
check "it installs again" installer
check "what was built for such a release stays" grep -q "built for 4.8" "$personal/plugins/4.8/epan/ephemeral.dll"
check "it uninstalls" installer --uninstall
check_not "from the folders of all releases" test -e "$personal/plugins"
programs=
wine reg delete "$key" /f >/dev/null 2>&1

number=0
for name in "a & planted.exe & b" "John (Work)" ") & planted & (" "100%TEST_HOME%" "50% off %1 %~2" "hey!TEST_HOME!" "up^ & ^^planted" \
    "it's, all; =of+it" "Prógrams" "a & b (c) !x! ^^ 'q' é;=" "a & b (c) %PATH% !x! ^^ 'q' é;="; do
    number=$((number + 1))
    heading "Folders named $name"
    odd="$scratch/$number/$name"
    mkdir -p "$odd/home"
    unpacked="$odd/archive"
    case $name in
        *%*)
            say "not run: the archive and a portable Wireshark in $name: Wine's cmd.exe expands %~dp0 and %~f1 twice"
            unpacked="$scratch/archive $number"
            ;;
    esac
    cp -r "$archive" "$unpacked"
    home="$odd/home"
    personal="$home/Wireshark"
    profile="$personal/profiles/Ephemeral Ports"
    make_wireshark "$odd/Wireshark" 4.2
    programs="$number/$name"
    check "it installs" from "$unpacked"
    check "the plugin is in the personal folder of each release" is_in_each_release
    check_not "and not in the program's" test -e "$odd/Wireshark/plugins/4.2/epan/ephemeral.dll"
    check "tshark.exe was asked" says "^Loaded by Wireshark 4.2"
    echo "my setting" >"$profile/preferences"
    check "it installs again" from "$unpacked"
    check "what was changed is kept" test -s "$profile.backup-1/preferences"
    check "asked what is installed" from "$unpacked" --check
    check "it names the files" says "^File: 11 bytes"
    check "it uninstalls" from "$unpacked" --uninstall
    check "nothing else is left" test -z "$(find "$odd/home" -type f ! -path '*.backup-1/*')"
    programs=
    [ "$unpacked" = "$odd/archive" ] || continue
    mkdir -p "$odd/portable/App"
    make_wireshark "$odd/portable/App/Wireshark" 4.6
    named="$number/$name/portable"
    check "a portable one, named" from "$unpacked"
    [ $number != 1 ] || check "named, it is asked what is installed" from "$unpacked" --check
    check "it is in the program's own folder" test -s "$odd/portable/App/Wireshark/plugins/4.6/epan/ephemeral.dll"
    check "named, it uninstalls" from "$unpacked" --uninstall
    named=
    check_not "it is gone" test -e "$odd/portable/App/Wireshark/plugins/4.6/epan/ephemeral.dll"
    cp -r "$archive" "$odd/portable/ephemeral"
    check "unpacked within it" from "$odd/portable/ephemeral"
    check "it is there" test -s "$odd/portable/App/Wireshark/plugins/4.6/epan/ephemeral.dll"
    check "nothing was written elsewhere" test "$(ls "$scratch/$number")" = "$name"
done
home="$scratch/home/jo é"

heading "An archive that was not unpacked"
rm "$archive/ephemeral.dll"
check_not "it fails" installer
check "and says why" says "unpack the whole archive"
at_once=
check_not "waiting for the reader, it fails as well" installer
