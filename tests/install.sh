#!/bin/sh
# Tests all cases of plugin/install.sh, with a fake Wireshark that is only a folder and a script.
#
#   sh tests/install.sh user      as an ordinary user
#   sh tests/install.sh root
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
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
# The fake Wireshark lists the plugins that the real one would load, so not those in root's personal folder.
cat >"$prefix/bin/tshark" <<EOF
#!/bin/sh
case \$2 in
    folders)
        echo "Personal configuration:	$home/.config/wireshark"
        echo "Global configuration:	$prefix/share/wireshark"
        echo "Personal Plugins:    	$personal"
        echo "Global Plugins:      	$global"
        ;;
    currentprefs) echo "ephemeral.note: Never" ;;
    plugins)
        [ ! -e "$scratch/refuses" ] || exit 0
        ls $global/epan
        [ "\$(id -u)" = 0 ] || ls $personal/epan
        ;;
esac
EOF
chmod 0755 "$prefix/bin/tshark"
# PATH has only the programs that install.sh uses, because the real Wireshark is in the same folders as these.
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
check "the script knows the releases of src/host/api/releases.rs" grep -qx "releases='$(sed -n \
    's/.*release: (\([0-9]*\), \([0-9]*\)).*/\1.\2/p' src/host/api/releases.rs | tr '\n' ' ' | sed 's/ $//')'" plugin/install.sh

run_as() { if [ "$who" = user ]; then as_nobody "$@"; else "$@"; fi; }
[ "$who" = root ] || open_to_nobody "$scratch"

# Runs the installer; its output is in $scratch/out.
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
# Prints each folder in which a personal installation has the plugin, with a space at the end.
filled() { (cd "$home/.local/lib/wireshark/plugins" && ls -d */epan/libephemeral.so | sed 's|/.*||' | tr '\n' ' '); }
supported=$(sed -n 's/.*release: (\([0-9]*\), \([0-9]*\)).*/\1.\2/p' src/host/api/releases.rs | tr '\n' ' ')
next=$(sed -n "s/^next_releases='\(.*\)'.*/\1 /p" plugin/install.sh)
releases=$supported$next
nothing_left() { [ -z "$(find "$home" "$prefix" -iname '*ephemeral*')" ]; }

heading "Installing"
check "it installs" installer
[ "$who" = user ] || check "it says that root's personal plugins are ignored" says "Wireshark ignores root's personal plugins"
check "the plugin is there" cmp -s "$scratch/archive/libephemeral.so" "$epan/libephemeral.so"
check "the file has mode 644" mode_is "$epan/libephemeral.so" 644
check "the folder has mode 755" mode_is "$epan" 755
check "the profile is there" grep -q "one setting" "$profile/preferences"
check "it says that tshark loads it" says "Loaded by $prefix/bin/tshark"
if [ "$who" = user ]; then
    check "it is there for each release of src/host/api/releases.rs, and for the next ones: $next" test "$(filled)" = "$releases"
    check "and it says so" says "Installed in ${personal%/4.0} for ${next% } as well: these will say that they need a newer plugin"
    for release in $next; do check_not "$release is none of the former" is_in_table "$release"; done
else
    check_not "nothing is in root's own folder" test -e "$personal"
fi
check "it says what to do next" says 'Choose the profile "Ephemeral Ports"'
check "--check says what is where" installer --check
check "that it is loaded" says "loads: libephemeral.so"
check "which preferences differ" says "preference that differs: ephemeral.note: Never"
check "and how the profile is" says "the profile is as it was installed"

heading "Installing again"
before=$(ls -il "$epan" "$profile")
check "it can be run again" installer
check "that changes nothing" test "$before" = "$(ls -il "$epan" "$profile")"

heading "Another version"
echo "ephemeral.port_misnamed, version 2" >"$scratch/archive/libephemeral.so"
echo "another setting" >"$scratch/archive/profiles/Ephemeral Ports/preferences"
# The link keeps the old file, as a running host does that has it open.
ln "$epan/libephemeral.so" "$scratch/old"
check "it installs" installer
check "the plugin is the new one" grep -q "version 2" "$epan/libephemeral.so"
check_not "who has the old one open keeps it" grep -q "version 2" "$scratch/old"
check "and nothing else is in the folder" test "$(ls -A "$epan")" = libephemeral.so
check "and so is the profile" grep -q another "$profile/preferences"
check_not "nobody had changed it, so no copy of it is made" test -e "$profile.backup-1"

heading "A profile that the user changed"
run_as sh -c 'echo "mine" >"$1/preferences"' sh "$profile"
check "it installs" installer
check "the user's profile is kept" grep -q mine "$profile.backup-1/preferences"
check "and the backup is named" says "it is kept as .*Ephemeral Ports.backup-1"
run_as sh -c 'echo "mine" >"$1/decode_as_entries"' sh "$profile"
check "it uninstalls" installer --uninstall
check_not "no half of a profile is left" test -e "$profile"
check "one with a file of the user's is whole under another name" \
    test -s "$profile.backup-2/preferences" -a -s "$profile.backup-2/decode_as_entries"
check "which is said" says "it is kept as .*Ephemeral Ports.backup-2"

heading "Uninstalling"
rm -rf "$profile.backup-2"
check "it installs" installer
run_as sh -c 'echo "moved" >"$1/recent"' sh "$profile"
check "it uninstalls" installer --uninstall
check_not "the plugin is gone" test -e "$epan/libephemeral.so"
check_not "the profile is gone" test -e "$profile"
check "it says what it left" says "Left your own profile"
rm -rf "$profile.backup-1"
check "nothing else is left" nothing_left
[ "$who" = root ] || check_not "nor an empty folder" test -e "$home/.local/lib/wireshark"
check "it can be run again" installer --uninstall
check "and says that there is nothing" says "Nothing of Ephemeral Ports was installed"

heading "After an upgrade of Wireshark"
check "it installs" installer
old=${epan%/4.0/epan}/2.6/epan
run_as mkdir -p "$old"
run_as cp "$epan/libephemeral.so" "$old/"
check "it uninstalls" installer --uninstall
check_not "from the folders of all releases" test -e "$old/libephemeral.so"
check "nothing is left" nothing_left
if [ "$who" = user ]; then
    check "it installs" installer
    mv "$prefix/bin/tshark" "$scratch/tshark"
    check "it uninstalls where there is no Wireshark any more" installer --uninstall
    mv "$scratch/tshark" "$prefix/bin/tshark"
    check "nothing is left" nothing_left
fi

if [ "$who" = user ]; then
    heading "The releases after those that it supports"
    after=$home/.local/lib/wireshark/plugins/4.8
    run_as mkdir -p "$after/epan"
    run_as sh -c 'echo "ephemeral.port_misnamed, built for 4.8" >"$1/epan/libephemeral.so"' sh "$after"
    check "it installs" installer
    check "a file that was built for one of them stays" grep -q "built for 4.8" "$after/epan/libephemeral.so"
    check "it uninstalls" installer --uninstall
    mkdir "$scratch/next-bin"
    sed "s|$personal|$after|; s|ls $global/epan|exit|" "$prefix/bin/tshark" >"$scratch/next-bin/tshark"
    chmod 0755 "$scratch/next-bin/tshark"
    for path in "$scratch/next-bin:$prefix/bin:$scratch/tools" "$prefix/bin:$scratch/next-bin:$scratch/tools"; do
        check_not "where such a Wireshark is beside another, it fails" installer
        check "and says so" says "NOT loaded by $scratch/next-bin/tshark (Wireshark 4.8), so it was taken out again"
        check "and is there for all but that one" test "$(filled)" = "$(say "$releases" | sed 's/4\.8 //')"
        check "it uninstalls" installer --uninstall
    done
    path=$prefix/bin:$scratch/tools
    check "it installs" installer
    path=$scratch/next-bin:$scratch/tools
    check_not "run again after an upgrade to such a Wireshark, it fails" installer
    check "and says that the file stays" says "It was there before, and stays: --uninstall removes it"
    check "it uninstalls" installer --uninstall
    path=$prefix/bin:$scratch/tools
    check "nothing is left" nothing_left
fi

heading "A Wireshark that does not load it"
: >"$scratch/refuses"
check_not "it fails" installer
check "and says so" says "NOT loaded by $prefix/bin/tshark (Wireshark 4.0), so it was taken out again"
check "nothing is left" nothing_left
run_as mkdir -p "$epan"
run_as sh -c 'echo "ephemeral.port_misnamed, version 0" >"$1/libephemeral.so"' sh "$epan"
check_not "it fails where an older plugin is there" installer
check "which is there afterwards" grep -q "version 0" "$epan/libephemeral.so"
check "alone" test "$(ls -A "$epan")" = libephemeral.so
check_not "--check fails" installer --check
check "and says so" says "does not load libephemeral.so"
rm "$scratch/refuses"
check "once it loads it, it uninstalls" installer --uninstall

heading "A Wireshark elsewhere"
mkdir "$scratch/elsewhere-bin" "$scratch/AppImages"
printf '#!/bin/sh\necho "Wireshark 4.4.2."\n' >"$scratch/AppImages/Wireshark.AppImage"
cp "$prefix/bin/tshark" "$scratch/elsewhere-bin/tshark"
chmod 0755 "$scratch/elsewhere-bin/tshark" "$scratch/AppImages/Wireshark.AppImage"
path=$scratch/tools
check_not "it is not found" installer
check "and it says how to name it" says "--wireshark PROGRAM"
check "--wireshark names it" installer --wireshark "$scratch/elsewhere-bin/tshark"
check "the plugin is there" test -f "$epan/libephemeral.so"
check "it uninstalls" installer --uninstall --wireshark "$scratch/elsewhere-bin/tshark"
check "nothing is left" nothing_left
if [ "$who" = user ]; then
    check "an AppImage" installer --wireshark "$scratch/AppImages/Wireshark.AppImage"
    check "the plugin is there" test "$(filled)" = "$releases"
    check "it says that it did not ask" says "^Not checked"
    check "it uninstalls" installer --uninstall
    check "nothing is left" nothing_left
    check "--release" installer --release 4.8
    check "it says that for that one it takes another file" says "for 4.8 as well: a file that was built for it"
    check "the plugin is there for that one, too" test "$(filled)" = "$releases"
    check "it uninstalls" installer --uninstall
    check "--release for one that was never heard of" installer --release 6.2
    check "the plugin is there for that one, too" test "$(filled)" = "${releases}6.2 "
    check "it uninstalls" installer --uninstall
    check "nothing is left" nothing_left

    heading "A Wireshark in Flatpak"
    mkdir "$scratch/flatpak"
    sed "s|$home/.config/wireshark|$home/.var/app/org.wireshark.Wireshark/config/wireshark|; s/case \$2 in/[ \$1 != info ] || exit 0; shift 3; &/" \
        "$prefix/bin/tshark" >"$scratch/flatpak/flatpak"
    chmod 0755 "$scratch/flatpak/flatpak"
    path=$scratch/flatpak:$scratch/tools
    check "it installs" installer
    check "the plugin is in the home" test "$(filled)" = "$releases"
    check "the profile where Flatpak has it" \
        test -s "$home/.var/app/org.wireshark.Wireshark/config/wireshark/profiles/Ephemeral Ports/preferences"
    check "it says that it is loaded" says "Loaded by flatpak"
    path=$scratch/tools
    check "it uninstalls" installer --uninstall
    check "nothing is left" nothing_left
fi

heading "A Wireshark in a snap"
mkdir -p "$scratch/snap/bin"
cp "$prefix/bin/tshark" "$scratch/snap/bin/"
path=$scratch/snap/bin:$scratch/tools
check_not "it is not installed" installer
check "and says how" says "is a snap.*--plugins"
check "nothing is left" nothing_left
path=$prefix/bin:$scratch/tools

heading "A Wireshark in an app of a Mac"
mkdir "$scratch/mac"
sed "s|$global|$scratch/Wireshark.app/Contents/PlugIns/wireshark/4-0|" "$prefix/bin/tshark" >"$scratch/mac/tshark"
chmod 0755 "$scratch/mac/tshark"
path=$scratch/mac:$scratch/tools
check_not "--global is refused" installer --global
check "with the reason" says "install without --global"
check "nothing is left" nothing_left
path=$prefix/bin:$scratch/tools

heading "An odd PATH"
mkdir "$scratch/cwd" "$scratch/cwd/bin"
for program in tshark id ls cksum bin/tshark; do
    printf '#!/bin/sh\n: >%s/ran\n' "$scratch" >"$scratch/cwd/$program"
    chmod 0755 "$scratch/cwd/$program"
done
chmod 0777 "$scratch"
for odd in ":$path" "$path:" "$prefix/bin::$scratch/tools" ".:bin:$path"; do
    # The interpreter of the script is given by its absolute path.
    check "it installs with PATH=$odd" run_as "$scratch/tools/env" -C "$scratch/cwd" PATH="$odd" HOME="$home" \
        "$scratch/tools/sh" "$scratch/archive/install.sh" >"$scratch.out"
    check_not "and runs nothing that is in the current folder" test -e "$scratch/ran"
done
chmod 0755 "$scratch"
check "it uninstalls" installer --uninstall

heading "What cargo built"
mkdir -p "$scratch/source/plugin" "$scratch/built/release"
cp plugin/install.sh "$scratch/source/plugin/"
echo "ephemeral.port_misnamed, by cargo" >"$scratch/built/release/libephemeral.dylib"
chmod -R a+rX "$scratch/source" "$scratch/built"
check "it is found below CARGO_TARGET_DIR, and on a Mac by its name there" run_as env PATH="$path" HOME="$home" \
    CARGO_TARGET_DIR="$scratch/built" sh "$scratch/source/plugin/install.sh" >"$scratch.out"
check "it is installed by the name that Wireshark loads" grep -q "by cargo" "$epan/libephemeral.so"
check "it uninstalls" installer --uninstall

heading "Another machine"
# Writes the first bytes of an ELF file for the machine with this number, in octal: 076 is x86-64, 267 is ARM64.
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
    cp "$scratch/archive/libephemeral.so" "$scratch/elsewhere/file"
    check_not "also where it leads to the same contents, which its owner may change later" installer
    rm "$epan/libephemeral.so" "$scratch/elsewhere/file"
    cp "$scratch/archive/libephemeral.so" "$epan/"
    chown $stranger "$epan/libephemeral.so"
    check_not "so is another user's file of the same contents" installer
    echo "ephemeral.port_misnamed, by a stranger" >"$epan/libephemeral.so"
    check_not "and one of others" installer
    check "which is as it was" grep -q "by a stranger" "$epan/libephemeral.so"
    rm -f "$epan/libephemeral.so"
    for whose in "$profile" "$profile/preferences"; do
        rm -rf "$profile"
        run_as mkdir -p "$profiles"
        cp -R "$scratch/archive/profiles/Ephemeral Ports" "$profile"
        [ "$who" = root ] || chown -R 65534 "$profile"
        chown $stranger "$whose"
        check_not "so is the same profile if $(basename "$whose") belongs to another user" installer
    done
    rm -rf "$profile" "$epan/libephemeral.so"
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
packaged() { run_as env PATH="$scratch/tools${pkg_config:+:$pkg_config}" HOME="$home" DESTDIR="$scratch/dest" sh "$scratch/archive/install.sh" "$@"; }
check "with folders named, it needs no Wireshark" packaged --plugins /usr/lib/wireshark/plugins/4.6 --profiles /usr/share/wireshark/profiles
check "the plugin is there" test -f "$scratch/dest/usr/lib/wireshark/plugins/4.6/epan/libephemeral.so"
check "and the profile" test -f "$scratch/dest/usr/share/wireshark/profiles/Ephemeral Ports/preferences"
check "and it uninstalls" packaged --uninstall --plugins /usr/lib/wireshark/plugins/4.6 --profiles /usr/share/wireshark/profiles
check "both" test -z "$(find "$scratch/dest/usr" -iname '*ephemeral*')"
pkg_config=$scratch/pkg-config
mkdir "$pkg_config"
cat >"$pkg_config/pkg-config" <<'EOF'
#!/bin/sh
case $1 in *=plugindir) echo /usr/lib/wireshark/plugins/4.4 ;; *=prefix) echo /usr ;; esac
EOF
chmod 0755 "$pkg_config/pkg-config"
check "or where pkg-config says" packaged
check "the plugin is there" test -f "$scratch/dest/usr/lib/wireshark/plugins/4.4/epan/libephemeral.so"
check "and the profile" test -f "$scratch/dest/usr/share/wireshark/profiles/Ephemeral Ports/preferences"

heading "A system without Wireshark"
check_not "it stops" run_as env PATH="$scratch/tools" HOME="$home" sh "$scratch/archive/install.sh"
