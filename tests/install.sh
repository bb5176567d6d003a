#!/bin/sh
# plugin/install.sh in all its cases, with a Wireshark that is only a folder and a script.
#
#   sh tests/install.sh user      as an ordinary user
#   sh tests/install.sh root
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

who=${1:?user or root}
[ "$who" = user ] || is_root || not_run "only root can test how root installs"

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
prefix=$scratch/prefix
home=$scratch/home
global=$prefix/lib/wireshark/plugins/4.0
personal=$home/.local/lib/wireshark/plugins/4.0
profiles=$home/.config/wireshark/profiles
[ "$who" = user ] || profiles=$prefix/share/wireshark/profiles
if [ "$who" = user ]; then epan=$personal/epan; else epan=$global/epan; fi
profile="$profiles/Ephemeral Ports"

mkdir -p "$prefix/bin" "$home" "$global" "$prefix/share/wireshark" "$scratch/archive/profiles/Ephemeral Ports"
# It lists the plugins that the real one would load: root's personal ones are not among them.
cat >"$prefix/bin/tshark" <<EOF
#!/bin/sh
case \$2 in
    folders)
        echo "Personal configuration:	$home/.config/wireshark"
        echo "Global configuration:	$prefix/share/wireshark"
        echo "Personal Plugins:    	$personal"
        echo "Global Plugins:      	$global"
        ;;
    plugins)
        ls $global/epan
        [ "\$(id -u)" = 0 ] || ls $personal/epan
        ;;
esac
EOF
chmod 0755 "$prefix/bin/tshark"
# The real Wireshark is on PATH with everything else, so PATH is made of what install.sh uses.
mkdir "$scratch/tools"
for tool in sh id ls awk sed head tr dirname basename mktemp cat chmod mv rm rmdir mkdir cmp cksum grep env od uname; do
    ln -s "$(command -v $tool)" "$scratch/tools/$tool"
done
path=$prefix/bin:$scratch/tools
cp plugin/install.sh "$scratch/archive/"
echo "ephemeral.port_misnamed, version 1" >"$scratch/archive/libephemeral.so"
echo "one setting" >"$scratch/archive/profiles/Ephemeral Ports/preferences"
echo "a window's size" >"$scratch/archive/profiles/Ephemeral Ports/recent"
chmod 0755 "$scratch"

run_as() { if [ "$who" = user ]; then as_nobody "$@"; else "$@"; fi; }
[ "$who" = root ] || open_to_nobody "$scratch"

# Runs the installer; what it says is in $scratch/out.
installer() {
    run_as env PATH="$path" HOME="$home" sh "$scratch/archive/install.sh" "$@" >"$scratch.out" 2>&1 &&
        return
    status=$?
    sed 's/^/    /' "$scratch.out"
    return $status
}
trap 'rm -rf "$scratch" "$scratch.out"' EXIT
says() { grep -q -- "$1" "$scratch.out"; }
mode_is() { [ "$(stat -c %a "$1")" = "$2" ]; }
nothing_left() { [ -z "$(find "$home" "$prefix" -iname '*ephemeral*')" ]; }

heading "Installing"
check "it installs" installer
[ "$who" = user ] || check "it says that root's personal plugins are ignored" says "Wireshark ignores root's personal plugins"
check "the plugin is there" cmp -s "$scratch/archive/libephemeral.so" "$epan/libephemeral.so"
check "the file has mode 644" mode_is "$epan/libephemeral.so" 644
check "the folder has mode 755" mode_is "$epan" 755
check "the profile is there" grep -q "one setting" "$profile/preferences"
check "it says that tshark loads it" says "Loaded by $prefix/bin/tshark"
[ "$who" = user ] || check_not "nothing is in root's own folder" test -e "$personal"

heading "Installing again"
before=$(ls -il "$epan" "$profile")
check "it can be run again" installer
check "that changes nothing" test "$before" = "$(ls -il "$epan" "$profile")"

heading "Another version, and a profile that the user changed"
echo "ephemeral.port_misnamed, version 2" >"$scratch/archive/libephemeral.so"
run_as sh -c 'echo "mine" >"$1/preferences"' sh "$profile"
check "it installs" installer
check "the plugin is the new one" grep -q "version 2" "$epan/libephemeral.so"
check "the user's profile is kept" grep -q mine "$profile.backup-1/preferences"
check "and the backup is named" says "Ephemeral Ports.backup-1"

heading "Uninstalling"
run_as sh -c 'echo "moved" >"$1/recent"' sh "$profile"
check "it uninstalls" installer --uninstall
check_not "the plugin is gone" test -e "$epan/libephemeral.so"
check_not "the profile is gone" test -e "$profile"
check "it says what it left" says "Left your own profile"
rm -rf "$profile.backup-1"
check "nothing else is left" nothing_left
check "it can be run again" installer --uninstall
check "and says that there is nothing" says "Nothing of Ephemeral Ports was installed"

heading "Another machine"
# The first bytes of a file for the machine with this number, in octal: 076 is x86-64, 267 ARM64.
elf() { printf '\177ELF\2\1\1\0\0\0\0\0\0\0\0\0\3\0\'"$1"'\0 ephemeral.port_misnamed'; }
mkdir "$scratch/second"
elf 076 >"$scratch/x86-64"
elf 267 >"$scratch/arm64"
path=$prefix/bin:$scratch/second:$scratch/tools
for machines in "x86-64 arm64" "arm64 x86-64"; do
    cp "$scratch/${machines#* }" "$scratch/second/tshark"
    chmod 0755 "$scratch/second/tshark" "$scratch/${machines% *}"
    check_not "the file for ${machines% *} is refused, as one Wireshark is for ${machines#* }" \
        installer --file "$scratch/${machines% *}"
    check "in one line" test "$(wc -l <"$scratch.out")" = 1
    check "which says what to take" says "take the archive for Linux on"
    check "nothing was written" nothing_left
done
path=$prefix/bin:$scratch/tools

heading "What it must not touch"
run_as mkdir -p "$epan"
run_as sh -c 'echo "another plugin" >"$1/libephemeral.so"' sh "$epan"
check_not "another's file of that name is not removed" installer --uninstall
check "it is still there" grep -q "another plugin" "$epan/libephemeral.so"
run_as rm "$epan/libephemeral.so"
echo "something else" >"$scratch/other"
chmod 0644 "$scratch/other"
check_not "a file that is not the plugin is not installed" installer --file "$scratch/other"

if is_root; then
    heading "Symbolic links that another user planted"
    stranger=12345
    mkdir "$scratch/elsewhere"
    rm -rf "$epan"
    ln -s "$scratch/elsewhere" "$epan"
    chown -h $stranger "$epan"
    check_not "a folder that is one is refused" installer
    check "and nothing was written through it" test -z "$(ls "$scratch/elsewhere")"
    rm "$epan"
    run_as mkdir "$epan"
    ln -s "$scratch/elsewhere/file" "$epan/libephemeral.so"
    chown -h $stranger "$epan/libephemeral.so"
    check_not "a file that is one is refused" installer
    check "and nothing was written through it" test -z "$(ls "$scratch/elsewhere")"
    rm "$epan/libephemeral.so"
else
    say "not run: symbolic links of another user, which only root can plant"
fi

heading "Modes, whatever the umask"
rm -rf "$epan" "$profile"
umask 000
check "it installs under umask 000" installer
umask 022
check "the file has mode 644" mode_is "$epan/libephemeral.so" 644
check "the folder has mode 755" mode_is "$epan" 755
check "nothing else can be written by everybody" test -z "$(find "$epan" "$profile" ! -type l -perm -002)"
chmod 0777 "$epan"
echo "ephemeral.port_misnamed, version 3" >"$scratch/archive/libephemeral.so"
check_not "a folder that everybody can write to is refused" installer
check "and is named" says "$epan can be written by everybody"
check_not "nothing was written there" grep -q "version 3" "$epan/libephemeral.so"
chmod 0755 "$epan"

heading "For all users"
if [ "$who" = root ]; then
    check "--global installs" installer --global
    check "in the global folder" test -f "$global/epan/libephemeral.so"
    check "--uninstall --global removes" installer --uninstall --global
    check_not "the plugin" test -e "$global/epan/libephemeral.so"
else
    chmod a-w "$global"
    ! is_root || chown 0:0 "$global"
    check_not "an ordinary user cannot" installer --global
    check "and is told how" says "sudo sh install.sh --global"
fi

heading "DESTDIR"
mkdir "$scratch/dest"
! is_root || chmod 0777 "$scratch/dest"
check "it installs there" run_as env PATH="$path" HOME="$home" DESTDIR="$scratch/dest" \
    sh "$scratch/archive/install.sh"
check "under the whole path" test -f "$scratch/dest$epan/libephemeral.so"

heading "A system without Wireshark"
check_not "it stops" run_as env PATH="$scratch/tools" HOME="$home" sh "$scratch/archive/install.sh"
