#!/bin/sh
# Installs Ephemeral Ports into every Wireshark that is found, or removes it.
#
#   sh install.sh                 for the user who runs it, for every release that the file supports
#   sh install.sh --global        for all users of this computer (needs root)
#   sh install.sh --uninstall     removes what was installed, for the same user, or with --global for all
#   sh install.sh --check         says what is installed where, and whether Wireshark loads it
#
# Options:
#   --file FILE           the plugin's file, if it is not beside this script
#   --wireshark PROGRAM   only for this Wireshark (tshark, wireshark or an AppImage), wherever it is
#   --release 4.6         for yourself, for this release and all that are supported, without asking any Wireshark
#   --plugins FOLDER      for packages: the plugin into this folder (pkg-config --variable=plugindir wireshark), without
#                         asking any Wireshark
#   --profiles FOLDER     likewise the profile, for example into /usr/share/wireshark/profiles
#
# The script asks each tshark for its folders: on PATH (in its absolute folders only), in a Mac's app, and in Flatpak. It
# cannot ask a wireshark without tshark, and derives the folders from its version. If DESTDIR is set, it goes in front of
# them. The script removes a plugin again that Wireshark does not load. It downloads nothing and asks the user nothing.
# Running it again changes nothing.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
umask 022

# Programs in the current folder must not run, so empty and relative elements of PATH are left out.
absolute_path=
set -f
IFS=:
for element in $PATH; do
    case $element in /*) absolute_path=$absolute_path${absolute_path:+:}$element ;; esac
done
unset IFS
set +f
PATH=$absolute_path
export PATH
unset CDPATH

here=$(cd "$(dirname "$0")" && pwd)
me=$(id -u)
plugin_name=libephemeral.so
profile_name='Ephemeral Ports'
releases='3.4 3.6 4.0 4.2 4.4 4.6 4.7'
next_releases='4.8 5.0' # these then say that the file is for an older Wireshark; without a file they say nothing
flatpak=org.wireshark.Wireshark
mark=.installed # in the profile: the checksums of its files as they were installed

say() { printf '%s\n' "$*"; }
die() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# ---- where ----

# Prints the FOLDER of the line "NAME: FOLDER" in a host's -G folders.
folder_line() { printf '%s\n' "$folders" | sed -n "s/^$1:[[:space:]]*//p" | head -n 1; }

# Prints one program of each Wireshark that it finds, a line each; with --wireshark, only that one. For Wireshark in
# Flatpak, the line is the word flatpak.
find_hosts() {
    if [ -n "$named_host" ]; then
        say "$named_host"
        return
    fi
    [ -z "$named_release" ] || return 0
    printf "%s:/Applications/Wireshark.app/Contents/MacOS:%s/Applications/Wireshark.app/Contents/MacOS\n" "$PATH" "$HOME" |
        tr ":" "\n" | while IFS= read -r directory; do
        directory=$(cd -P "$directory" 2>/dev/null && pwd) || continue # /bin is often /usr/bin
        for program in tshark wireshark; do
            if [ -f "$directory/$program" ] && [ -x "$directory/$program" ]; then
                printf '%s\n' "$directory/$program"
                break
            fi
        done
    done | awk '!seen[$0]++'
    if command -v flatpak >/dev/null && flatpak info $flatpak >/dev/null 2>&1; then say flatpak; fi
}

# Runs a host with these options; only tshark answers.
ask() {
    asked=$1
    shift
    if [ "$asked" = flatpak ]; then
        flatpak run --command=tshark $flatpak "$@" 2>/dev/null </dev/null
    else
        "$asked" "$@" 2>/dev/null </dev/null
    fi
}

folders_of() {
    case $1 in
        */tshark | flatpak) ask "$1" -G folders ;;
        *) usual_folders "$1" ;;
    esac
}

# Where Wireshark looks for the user's own files, unless the system sets other folders.
personal_plugins=$HOME/.local/lib/wireshark/plugins
personal_configuration=${WIRESHARK_CONFIG_DIR:-${XDG_CONFIG_HOME:-$HOME/.config}/wireshark}

# Prints the folders of a wireshark without tshark, in the format of tshark -G folders.
usual_folders() {
    release=$(ask "$1" --version | sed -n 's/^Wireshark \([0-9]*\.[0-9]*\)\..*/\1/p' | head -n 1)
    [ -n "$release" ] || return 0
    prefix=$(dirname "$(dirname "$1")")
    say "Personal Plugins: $personal_plugins/$release"
    say "Personal configuration: $personal_configuration"
    say "Global configuration: $prefix/share/wireshark"
    for directory in "$prefix"/lib/*/wireshark/plugins/"$release" "$prefix"/lib*/wireshark/plugins/"$release"; do
        [ ! -d "$directory" ] || say "Global Plugins: $directory"
    done
}

# ---- writing, safely ----

owner_of() { ls -ldn "$1" | awk '{ print $3 }'; }

is_ours_or_roots() {
    owner=$(owner_of "$1")
    [ "$owner" = "$me" ] || [ "$owner" = 0 ]
}

# Stops if the path has a symbolic link that belongs to another user.
refuse_planted_links() {
    path=$1
    while [ "$path" != / ] && [ "$path" != . ]; do
        if [ -L "$path" ] && ! is_ours_or_roots "$path"; then
            die "$path is a symbolic link of another user: not writing there"
        fi
        path=$(dirname "$path")
    done
}

# Stops if a file or folder belongs to another user, before the script reads it.
refuse_anothers() {
    refuse_planted_links "$1"
    [ ! -e "$1" ] || is_ours_or_roots "$1" || die "$1 belongs to another user: not writing there"
}

make_folder() {
    refuse_planted_links "$1"
    mkdir -p "$1" 2>/dev/null || die "cannot make $1$(permission_hint)"
    is_ours_or_roots "$1" || die "$1 belongs to another user: not writing there"
    [ -w "$1" ] || die "cannot write to $1$(permission_hint)"
    # Whoever can write there can put a plugin of their own into Wireshark.
    ! is_writable_by_all "$1" || die "$1 can be written by everybody: not writing there (chmod o-w it first)"
}

is_writable_by_all() { case $(ls -ldn "$1/.") in ????????w*) return 0 ;; esac; return 1; }

permission_hint() {
    if [ "$global" = yes ] && [ "$me" != 0 ]; then
        printf ': run this as root (sudo sh install.sh --global)'
    fi
}

# Puts a copy of $1 at $2, atomically: a host that has the old file open keeps it.
put_file() {
    refuse_planted_links "$2"
    [ ! -d "$2" ] || die "$2 is a folder"
    temporary=$(mktemp "$(dirname "$2")/.ephemeral.XXXXXX") || die "cannot write to $(dirname "$2")$(permission_hint)"
    if ! { cat "$1" >"$temporary" && chmod 0644 "$temporary" && mv -f "$temporary" "$2"; }; then
        rm -f "$temporary"
        die "cannot write $2"
    fi
}

remove_if_empty() { rmdir "$1" 2>/dev/null || true; }

# ---- the plugin ----

is_our_plugin() { grep -q 'ephemeral\.port_misnamed' "$1" 2>/dev/null; }

# Prints which machine and system a program or library is for, by its first bytes (ELF, Mach-O, PE); nothing if they are
# other bytes.
# A script is for the machine that runs it.
built_for() {
    case $(od -An -tx1 -N20 "$1" | tr -d ' \n') in
        7f454c46????????????????????????????3e00) say "Linux on x86-64" ;;
        7f454c46????????????????????????????b700) say "Linux on ARM64" ;;
        7f454c46????????????????????????????2800) say "Linux on 32-bit ARM" ;;
        7f454c46????????????????????????????0300) say "Linux on 32-bit x86" ;;
        7f454c46*) say "Linux on another machine" ;;
        cafebabe* | cffaedfe*) say "the Mac" ;;
        4d5a*) say "Windows" ;;
        2321*)
            case $(uname -sm) in
                "Linux x86_64") say "Linux on x86-64" ;;
                "Linux aarch64") say "Linux on ARM64" ;;
                Darwin*) say "the Mac" ;;
            esac
            ;;
    esac
}

# Stops, before anything is written, if one of the hosts cannot load our file.
refuse_other_machines() {
    ours=$(built_for "$file")
    [ -n "$ours" ] || return 0
    hosts=$(find_hosts)
    while IFS= read -r program; do
        [ -f "$program" ] || continue
        theirs=$(built_for "$program")
        [ -z "$theirs" ] || [ "$theirs" = "$ours" ] ||
            die "this archive is for $ours, but $program is for $theirs: take the archive for $theirs"
    done <<EOF
$hosts
EOF
}

# Writes the plugin into a folder. `kept` is a copy of the file that was there before, if it was another.
install_plugin() {
    target=$1/$plugin_name
    kept=
    make_folder "$1"
    refuse_anothers "$target"
    if [ -f "$target" ] && cmp -s "$file" "$target"; then
        already=yes
        return
    fi
    already=no
    if [ -f "$target" ]; then
        kept=$(mktemp "$1/.ephemeral.XXXXXX") || die "cannot write to $1$(permission_hint)"
        cat "$target" >"$kept"
        chmod 0644 "$kept"
    fi
    put_file "$file" "$target"
}

# Undoes the last install_plugin().
take_back() {
    if [ -n "$kept" ]; then
        mv -f "$kept" "$target"
    elif [ "$already" = no ]; then
        rm -f "$target"
        remove_empty_folders "$(dirname "$target")"
    fi
}

# Removes empty folders from epan up to wireshark. The folders for all users belong to Wireshark's package, and stay.
remove_empty_folders() {
    [ "$global" = no ] || return 0
    remove_if_empty "$1"
    remove_if_empty "$(dirname "$1")"
    remove_if_empty "$(dirname "$(dirname "$1")")"
    remove_if_empty "$(dirname "$(dirname "$(dirname "$1")")")"
}

# Whether the program loads the plugin. If not, it would report an error at each start.
loads_plugin() { ask "$1" -G plugins | grep -q "$plugin_name"; }

# Whether it lists its plugins at all.
lists_plugins() { case $1 in */tshark | flatpak) return 0 ;; esac; return 1; }

# release_folders FOLDER RELEASE...: prints the releases in the form of that folder's name, which has a hyphen on a Mac.
release_folders() {
    case $1 in
        *-*) shift && say "$*" | tr . - ;;
        *) shift && say "$*" ;;
    esac
}

# Whether the file supports that release. True as well if no release is named.
is_known() { [ -z "$1" ] || case " $releases " in *" $(printf '%s' "$1" | tr - .) "*) ;; *) return 1 ;; esac; }

# Installs for the other releases that the file supports, so that an upgraded Wireshark finds it.
install_for_other_releases() {
    base=$(dirname "$plugins")
    for release in $(release_folders "$(basename "$plugins")" "$releases") $named_release; do
        install_plugin "${DESTDIR:-}$base/$release/epan"
        [ -z "$kept" ] || rm -f "$kept"
    done
    say "Installed in ${DESTDIR:-}$base for each release that it supports: $releases"
    is_known "$named_release" || say "Installed there for $named_release as well: a file that was built for it loads there"
}

# Installs for the next releases, beside each folder that now has the plugin. A file that is already there stays, because it
# may have been built for that release. A folder of a Wireshark that has just refused the file is left out.
install_for_next_releases() {
    while IFS= read -r plugins; do
        [ -n "$plugins" ] || continue
        next_put=
        for release in $(release_folders "$(basename "$plugins")" "$next_releases"); do
            folder=$(dirname "$plugins")/$release
            case $refused in *"$folder
"*) continue ;; esac
            [ ! -e "${DESTDIR:-}$folder/epan/$plugin_name" ] || continue
            install_plugin "${DESTDIR:-}$folder/epan"
            next_put="$next_put $release"
        done
        [ -z "$next_put" ] || say "Installed in ${DESTDIR:-}$(dirname "$plugins") for$next_put as well: these will say that they need a newer plugin"
    done <<EOF
$accepted
EOF
}

uninstall_plugin() {
    target=$1/$plugin_name
    [ -e "$target" ] || [ -L "$target" ] || return 0
    refuse_planted_links "$target"
    if ! is_our_plugin "$target"; then
        say "$target is not Ephemeral Ports: left as it is" >&2
        failed=yes
        return
    fi
    rm -f "$target" 2>/dev/null || die "cannot remove $target$(permission_hint)"
    say "Removed $target"
    removed=yes
    remove_empty_folders "$1"
}

# Removes the plugin from the folders of all releases, because the release that it was installed for may be gone.
uninstall_plugins() {
    for folder in "$1"/*/epan; do uninstall_plugin "$folder"; done
}

# ---- the profile ----

# Prints the folder of the profile's files: in the archive, or in the source tree.
profile_source() {
    for source in "$here/profiles/$profile_name" "$here/profile/$profile_name"; do
        if [ -d "$source" ]; then
            printf '%s\n' "$source"
            return
        fi
    done
}

# Wireshark keeps window sizes and the like in these files. They are not settings of the user.
is_scratch() { case $1 in recent | recent_common) return 0 ;; esac; return 1; }

same_profile() {
    for path in "$1"/*; do
        name=$(basename "$path")
        is_scratch "$name" || cmp -s "$path" "$2/$name" || return 1
    done
}

# Whether the profile is as it was installed, so that removing it loses no settings of the user.
is_untouched() {
    [ -f "$1/$mark" ] || return 1
    while read -r sum size name; do
        case $name in '' | */*) continue ;; esac
        is_scratch "$name" || [ "$(cksum <"$1/$name" 2>/dev/null)" = "$sum $size" ] || return 1
    done <"$1/$mark"
    for path in "$1"/*; do
        name=$(basename "$path")
        [ -f "$path" ] || return 1
        is_scratch "$name" || grep -q "^[0-9]* [0-9]* $name\$" "$1/$mark" || return 1
    done
}

# Renames the user's profile to a backup, and says so.
set_aside() {
    number=1
    while [ -e "$1.backup-$number" ] || [ -L "$1.backup-$number" ]; do
        number=$((number + 1))
    done
    backup=$1.backup-$number
    mv "$1" "$backup" 2>/dev/null || die "cannot move $1 out of the way$(permission_hint)"
    rm -f "$backup/$mark"
    say "Your profile was changed: it is kept as $backup"
}

install_profile() {
    source=$(profile_source)
    [ -n "$source" ] || return 0
    target=$1/$profile_name
    make_folder "$1"
    refuse_anothers "$target"
    if [ -d "$target" ]; then
        make_folder "$target"
        for path in "$target"/*; do refuse_anothers "$path"; done
        if same_profile "$source" "$target"; then
            say "Already there: $target"
            return
        fi
        if is_untouched "$target"; then
            rm -rf "$target"
        else
            set_aside "$target"
        fi
    fi
    make_folder "$target"
    for path in "$source"/*; do
        put_file "$path" "$target/$(basename "$path")"
    done
    sums=$(mktemp)
    (cd "$source" && cksum -- *) >"$sums"
    put_file "$sums" "$target/$mark"
    rm -f "$sums"
    say "Installed the profile $target"
}

uninstall_profile() {
    target=$1/$profile_name
    [ -f "$target/$mark" ] || return 0
    refuse_planted_links "$target/$mark"
    removed=yes
    if ! is_untouched "$target"; then
        set_aside "$target"
        return
    fi
    rm -rf "$target" 2>/dev/null || die "cannot remove $target$(permission_hint)"
    say "Removed the profile $target"
    for backup in "$target".backup-*; do
        [ ! -d "$backup" ] || say "Left your own profile in $backup"
    done
    remove_if_empty "$1"
}

# ---- for each host ----

# for_each_host ACTION: runs ACTION for each Wireshark, with its folders in `plugins` and `configuration`.
for_each_host() {
    action=$1
    seen=
    while IFS= read -r program; do
        [ -n "$program" ] || continue
        case $program in
            */snap/bin/*)
                say "$program is a snap, whose folders are its own: run this again with --plugins and the folder that Help, About Wireshark, Folders calls Personal Plugins" >&2
                continue
                ;;
        esac
        folders=$(folders_of "$program") || folders=
        if [ "$global" = yes ]; then
            plugins=$(folder_line 'Global Plugins')
            configuration=$(folder_line 'Global configuration')
        else
            plugins=$(folder_line 'Personal Plugins')
            configuration=$(folder_line 'Personal configuration')
        fi
        case $plugins in
            *.app/*)
                say "$plugins is part of an app, where macOS lets nobody write: install without --global" >&2
                continue
                ;;
            /*) ;;
            *)
                say "$program has no folder for plugins: passed over" >&2
                continue
                ;;
        esac
        found=yes
        version="Wireshark $(basename "$plugins" | tr - .)"
        $action
        seen="$seen$plugins
"
    done <<EOF
$hosts
EOF
}

# Whether an earlier Wireshark has the same folder for plugins.
is_seen() { case $seen in *"$plugins
"*) return 0 ;; esac; return 1; }

install_for_host() {
    install_plugin "${DESTDIR:-}$plugins/epan"
    if [ -n "${DESTDIR:-}" ]; then
        loaded=yes
    elif ! lists_plugins "$program"; then
        say "Not checked: $program does not list its plugins; see Help, About Wireshark, Plugins"
        loaded=yes
    elif loads_plugin "$program"; then
        say "Loaded by $program ($version)"
        loaded=yes
    else
        failed=yes
        refused="$refused$plugins
"
        if is_seen; then
            say "NOT loaded by $program ($version), which has its folder in common with one that loads it" >&2
        elif [ "$already" = yes ]; then
            say "NOT loaded by $program ($version): it supports $releases, with glibc. It was there before, and stays: --uninstall removes it" >&2
        else
            take_back
            say "NOT loaded by $program ($version), so it was taken out again: it supports $releases, with glibc" >&2
        fi
        return
    fi
    [ -z "$kept" ] || rm -f "$kept"
    ! is_seen || return 0
    if [ "$already" = yes ]; then say "Already there: $target"; else say "Installed $target"; fi
    if [ "$global" = no ]; then
        install_for_other_releases
        accepted="$accepted$plugins
"
    fi
    install_profile "${DESTDIR:-}$configuration/profiles"
}

uninstall_for_host() {
    ! is_seen || return 0
    uninstall_plugins "${DESTDIR:-}$(dirname "$plugins")"
    uninstall_profile "${DESTDIR:-}$configuration/profiles"
}

# Prints the path of the sample, in the archive or in the source; nothing if neither has it.
sample() {
    for path in "$here/sample.pcap" "${here%/plugin}/tests/captures/seed.pcap"; do
        [ ! -f "$path" ] || { say "$path" && return; }
    done
}

# Prints the plugin's log while a host reads the sample: which offsets it uses, what it checked and what it left out.
# Wireshark 3.4 has no such log.
own_log() {
    "$1" -r "$(sample)" --log-level debug --log-domains Ephemeral 2>&1 >/dev/null </dev/null |
        sed -n 's/.*\[Ephemeral [A-Z]*\][^a-zA-Z]*/    log: /p'
}

# Prints what a bug report needs.
check_host() {
    say "$version: $program"
    ask "$program" --version | sed -n '1s/^/    /p'
    say "    plugins: $plugins/epan"
    say "    profile: $configuration/profiles/$profile_name"
    if ! lists_plugins "$program"; then
        say "    does not list its plugins; see Help, About Wireshark, Plugins"
    elif line=$(ask "$program" -G plugins | grep "$plugin_name"); then
        say "    loads: $line"
        loaded=yes
        # A Wireshark in a sandbox cannot read the sample.
        [ "$program" = flatpak ] || own_log "$program"
        ask "$program" -G currentprefs | sed -n 's/^ephemeral\./    preference that differs: &/p'
    else
        say "    does not load $plugin_name"
        [ ! -e "$plugins/epan/$plugin_name" ] || say "    although it is there, for $(built_for "$plugins/epan/$plugin_name")"
    fi
    for path in "$(dirname "$plugins")"/*/epan/"$plugin_name"; do
        [ ! -e "$path" ] || say "    $(cksum <"$path") $path"
    done
    if [ ! -d "$configuration/profiles/$profile_name" ]; then
        say "    the profile is not installed"
    elif is_untouched "$configuration/profiles/$profile_name"; then
        say "    the profile is as it was installed"
    else
        say "    the profile was changed"
    fi
}

say_what_to_do_next() {
    say "Done. What to do next:"
    say "  1. Start Wireshark; if it is open, close it first."
    say "  2. Choose the profile \"$profile_name\" in the lower right corner of its window."
    [ -z "$(sample)" ] || say "  3. Open $(sample): the port 1140 is not called \"autonoc\"."
}

# ---- the command line ----

file=
global=no
action=install
named_host=
named_release=
named_plugins=
named_profiles=
value() {
    [ $# -gt 1 ] && [ -n "$2" ] || die "$1 needs a value (try --help)"
}
while [ $# -gt 0 ]; do
    case $1 in
        --global) global=yes ;;
        --uninstall) action=uninstall ;;
        --check) action=check ;;
        --file) value "$@"; file=$2; shift ;;
        --wireshark)
            value "$@"
            named_host=$(cd "$(dirname "$2")" 2>/dev/null && pwd)/$(basename "$2")
            [ -f "$named_host" ] && [ -x "$named_host" ] || die "$2 is not a program"
            shift
            ;;
        --release)
            value "$@"
            case $2 in *[!0-9.-]* | *.*.* | .* | *.) die "--release takes a release such as 4.6" ;; esac
            named_release=$2
            shift
            ;;
        --plugins) value "$@"; named_plugins=$2; shift ;;
        --profiles) value "$@"; named_profiles=$2; shift ;;
        --help | -h)
            sed -n '2,/^# SPDX/{/^# SPDX/d;s/^# \{0,1\}//p;}' "$0"
            exit 0
            ;;
        *) die "unknown option $1 (try --help)" ;;
    esac
    shift
done

if [ "$action" = install ]; then
    if [ -z "$file" ]; then
        built=${CARGO_TARGET_DIR:-$here/../target}/release
        for file in "$here/$plugin_name" "$built/$plugin_name" "$built/libephemeral.dylib"; do
            [ ! -f "$file" ] || break
        done
        [ -f "$file" ] || die "$here/$plugin_name is missing: build it (cargo build --release), or name it with --file"
    fi
    [ -f "$file" ] || die "$file is missing"
    is_our_plugin "$file" || die "$file is not the plugin Ephemeral Ports"
fi

if [ -n "$named_plugins$named_profiles" ]; then
    for folder in "$named_plugins" "$named_profiles"; do
        case $folder in '' | /*) ;; *) die "$folder is not an absolute path" ;; esac
    done
    global=yes
    failed=no
    if [ "$action" = uninstall ]; then
        [ -z "$named_plugins" ] || uninstall_plugin "${DESTDIR:-}$named_plugins/epan"
        [ -z "$named_profiles" ] || uninstall_profile "${DESTDIR:-}$named_profiles"
        [ "$failed" = no ] || exit 1
        exit 0
    fi
    if [ -n "$named_plugins" ]; then
        install_plugin "${DESTDIR:-}$named_plugins/epan"
        [ -z "$kept" ] || rm -f "$kept"
        say "Installed $target"
    fi
    [ -z "$named_profiles" ] || install_profile "${DESTDIR:-}$named_profiles"
    exit 0
fi

if [ "$action" = install ]; then
    refuse_other_machines
    [ "$ours" != "the Mac" ] || say "This file was built for the Mac and never run on one by us: please tell us how it went."
fi

if [ "$me" = 0 ] && [ "$global" = no ] && [ -z "$named_release" ]; then
    say "You are root, and Wireshark ignores root's personal plugins: this is for all users, as with --global."
    global=yes
fi

hosts=$(find_hosts)
found=no
removed=no
loaded=no
failed=no
accepted= # the folders of plugins, a line each, of hosts that load it
refused=

if [ "$action" = check ]; then
    uname -srm
    [ -n "$hosts" ] || say "no Wireshark is found"
    for_each_host check_host
    [ "$loaded" = yes ] || exit 1
    exit 0
fi

if [ "$action" = uninstall ]; then
    for_each_host uninstall_for_host
    # The files are still there if Wireshark is gone, or does not tell its folders.
    if [ "$global" = no ] && [ -z "$named_host" ]; then
        uninstall_plugins "${DESTDIR:-}$personal_plugins"
        uninstall_profile "${DESTDIR:-}$personal_configuration/profiles"
        uninstall_profile "${DESTDIR:-}$HOME/.var/app/$flatpak/config/wireshark/profiles"
    fi
    [ "$failed" = no ] || exit 1
    [ "$removed" = yes ] || say "Nothing of Ephemeral Ports was installed here."
    exit 0
fi

if [ -n "$named_release" ]; then
    [ "$global" = no ] || die "--release is for yourself: with --global, name the program with --wireshark"
    plugins=$personal_plugins/$named_release
    install_for_other_releases
    accepted=$plugins
    install_for_next_releases
    install_profile "${DESTDIR:-}$personal_configuration/profiles"
    say "Not checked, as no Wireshark was asked: see Help, About Wireshark, Plugins"
    say_what_to_do_next
    exit 0
fi

# A package may be built on a machine that has Wireshark's headers, but no Wireshark.
if [ -z "$hosts" ] && [ -n "${DESTDIR:-}" ] && pkg-config --exists wireshark 2>/dev/null; then
    install_plugin "$DESTDIR$(pkg-config --variable=plugindir wireshark)/epan"
    say "Installed $target"
    install_profile "$DESTDIR$(pkg-config --variable=prefix wireshark)/share/wireshark/profiles"
    exit 0
fi

[ -n "$hosts" ] || die "no tshark or wireshark on PATH: install Wireshark first (Debian, Ubuntu: apt-get install wireshark tshark), or name it (--wireshark PROGRAM, as for an AppImage), or its release (--release 4.6)"
for_each_host install_for_host
install_for_next_releases
[ "$found" = yes ] || die "no Wireshark here can load plugins"
[ -z "${DESTDIR:-}" ] || exit 0
[ "$loaded" = yes ] || die "no Wireshark here loads the plugin: nothing was installed"
[ "$failed" = no ] || exit 1
say_what_to_do_next
