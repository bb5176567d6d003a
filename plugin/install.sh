#!/bin/sh
# Installs Ephemeral Ports into every Wireshark that is found, or removes it.
#
#   sh install.sh                 for the user who runs it
#   sh install.sh --global        for all users of this computer (needs root)
#   sh install.sh --uninstall     takes out what was installed, for the same user or with --global
#   sh install.sh --file FILE     the plugin's file, if it is not libephemeral.so beside this script
#
# Each tshark on PATH is asked for its folders; where there is only wireshark, which does not tell, they
# follow from its version. DESTDIR, if set, goes in front of them.
# Nothing is downloaded, nothing is asked. Running it again changes nothing.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
umask 022

here=$(cd "$(dirname "$0")" && pwd)
me=$(id -u)
plugin_name=libephemeral.so
profile_name='Ephemeral Ports'
mark=.installed # in the profile: the checksums of its files as they were installed

say() { printf '%s\n' "$*"; }
die() {
    printf 'install.sh: %s\n' "$*" >&2
    exit 1
}

# ---- where ----

# The line "NAME: FOLDER" of a host's -G folders.
folder_line() { printf '%s\n' "$folders" | sed -n "s/^$1:[[:space:]]*//p" | head -n 1; }

# Every Wireshark on PATH, one program of each a line.
hosts_on_path() {
    printf "%s:/Applications/Wireshark.app/Contents/MacOS\n" "$PATH" | tr ":" "\n" | while IFS= read -r directory; do
        directory=$(cd -P "$directory" 2>/dev/null && pwd) || continue # /bin is often /usr/bin
        for program in tshark wireshark; do
            if [ -f "$directory/$program" ] && [ -x "$directory/$program" ]; then
                printf '%s\n' "$directory/$program"
                break
            fi
        done
    done | awk '!seen[$0]++'
}

folders_of() {
    case $1 in
        */tshark) "$1" -G folders 2>/dev/null </dev/null ;;
        *) usual_folders "$1" ;;
    esac
}

# The folders of a wireshark without tshark, in the words of tshark -G folders.
usual_folders() {
    release=$("$1" --version 2>/dev/null </dev/null | sed -n 's/^Wireshark \([0-9]*\.[0-9]*\)\..*/\1/p' | head -n 1)
    [ -n "$release" ] || return 0
    prefix=$(dirname "$(dirname "$1")")
    say "Personal Plugins: $HOME/.local/lib/wireshark/plugins/$release"
    say "Personal configuration: ${WIRESHARK_CONFIG_DIR:-${XDG_CONFIG_HOME:-$HOME/.config}/wireshark}"
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

# Stops where a symbolic link that somebody else planted would lead us astray.
refuse_planted_links() {
    path=$1
    while [ "$path" != / ] && [ "$path" != . ]; do
        if [ -L "$path" ] && ! is_ours_or_roots "$path"; then
            die "$path is a symbolic link of another user: not writing there"
        fi
        path=$(dirname "$path")
    done
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

# Puts a copy of $1 at $2, all at once: a host that has the old file open keeps it.
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

# Which machine and system a program or library is for, by its first bytes (ELF, Mach-O); nothing if they are others.
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
    hosts=$(hosts_on_path)
    while IFS= read -r program; do
        [ -n "$program" ] || continue
        theirs=$(built_for "$program")
        [ -z "$theirs" ] || [ "$theirs" = "$ours" ] ||
            die "this archive is for $ours, but $program is for $theirs: take the archive for $theirs"
    done <<EOF
$hosts
EOF
}

install_plugin() {
    target=$1/$plugin_name
    make_folder "$1"
    if [ -f "$target" ] && cmp -s "$file" "$target"; then
        say "Already there: $target"
        return
    fi
    put_file "$file" "$target"
    say "Installed $target"
}

# Whether the program takes the plugin; otherwise it would complain at each start.
check_plugin() {
    program=$1
    case $program in
        */wireshark)
            say "Not checked: $program does not list its plugins; see Help, About Wireshark, Plugins"
            loaded=yes
            return
            ;;
    esac
    if "$program" -G plugins 2>/dev/null </dev/null | grep -q "$plugin_name"; then
        say "Loaded by $program ($version)"
        loaded=yes
    else
        say "NOT loaded by $program ($version): see the releases that the README lists" >&2
        failed=yes
    fi
}

uninstall_plugin() {
    target=$1/$plugin_name
    [ -e "$target" ] || [ -L "$target" ] || return 0
    is_our_plugin "$target" || die "$target is not Ephemeral Ports: left as it is"
    refuse_planted_links "$1"
    rm -f "$target" 2>/dev/null || die "cannot remove $target$(permission_hint)"
    say "Removed $target"
    removed=yes
    if [ "$global" = no ]; then
        remove_if_empty "$1"
        remove_if_empty "$(dirname "$1")"
    fi
}

# ---- the profile ----

# Where the profile's files come from: the archive, or the source tree.
profile_source() {
    for source in "$here/profiles/$profile_name" "$here/profile/$profile_name"; do
        if [ -d "$source" ]; then
            printf '%s\n' "$source"
            return
        fi
    done
}

# Wireshark keeps window sizes and the like in these; they are nobody's settings.
is_scratch() { case $1 in recent | recent_common) return 0 ;; esac; return 1; }

same_profile() {
    for path in "$1"/*; do
        name=$(basename "$path")
        is_scratch "$name" || cmp -s "$path" "$2/$name" || return 1
    done
}

unused_backup_name() {
    number=1
    while [ -e "$1.backup-$number" ] || [ -L "$1.backup-$number" ]; do
        number=$((number + 1))
    done
    printf '%s\n' "$1.backup-$number"
}

install_profile() {
    source=$(profile_source)
    [ -n "$source" ] || return 0
    target=$1/$profile_name
    make_folder "$1"
    refuse_planted_links "$target"
    if [ -d "$target" ]; then
        if same_profile "$source" "$target"; then
            say "Already there: $target"
            return
        fi
        backup=$(unused_backup_name "$target")
        mv "$target" "$backup"
        say "Kept your profile as $backup"
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
    while read -r sum size name; do
        case $name in '' | */*) continue ;; esac
        path=$target/$name
        [ -f "$path" ] || continue
        if is_scratch "$name" || [ "$(cksum <"$path")" = "$sum $size" ]; then
            rm -f "$path"
        else
            say "Left, because it was changed: $path"
        fi
    done <"$target/$mark"
    rm -f "$target/$mark"
    if rmdir "$target" 2>/dev/null; then
        say "Removed the profile $target"
    else
        say "Left what is not ours in $target"
    fi
    removed=yes
    for backup in "$target".backup-*; do
        [ ! -d "$backup" ] || say "Left your own profile in $backup"
    done
    remove_if_empty "$1"
}

# ---- for each host ----

# Each Wireshark's own folders, each of them once.
for_each_host() {
    action=$1
    hosts=$(hosts_on_path)
    [ -n "$hosts" ] || die "no tshark or wireshark on PATH: install Wireshark first (Debian, Ubuntu: apt-get install wireshark tshark)"
    seen=
    found=no
    while IFS= read -r program; do
        folders=$(folders_of "$program") || folders=
        if [ "$global" = yes ]; then
            plugins=$(folder_line 'Global Plugins')
            configuration=$(folder_line 'Global configuration')
        else
            plugins=$(folder_line 'Personal Plugins')
            configuration=$(folder_line 'Personal configuration')
        fi
        case $plugins in
            /*) found=yes ;;
            *)
                say "$program has no folder for plugins: passed over" >&2
                continue
                ;;
        esac
        version="Wireshark $(basename "$plugins")"
        $action
        seen="$seen$plugins
"
    done <<EOF
$hosts
EOF
    [ "$found" = yes ] || die "no Wireshark here can load plugins"
}

# Whether another Wireshark with the same folders came before.
is_seen() { case $seen in *"$plugins
"*) return 0 ;; esac; return 1; }

install_for_host() {
    if ! is_seen; then
        install_plugin "${DESTDIR:-}$plugins/epan"
        install_profile "${DESTDIR:-}$configuration/profiles"
    fi
    [ -n "${DESTDIR:-}" ] || check_plugin "$program"
}

uninstall_for_host() {
    is_seen && return
    uninstall_plugin "${DESTDIR:-}$plugins/epan"
    uninstall_profile "${DESTDIR:-}$configuration/profiles"
}

# ---- the command line ----

file=
global=no
action=install
while [ $# -gt 0 ]; do
    case $1 in
        --global) global=yes ;;
        --uninstall) action=uninstall ;;
        --file)
            [ $# -gt 1 ] || die "--file needs the name of a file"
            file=$2
            shift
            ;;
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
        for file in "$here/$plugin_name" "$here/../target/release/$plugin_name"; do
            [ ! -f "$file" ] || break
        done
    fi
    [ -f "$file" ] || die "$file is missing: build it (cargo build --release), or name it with --file"
    is_our_plugin "$file" || die "$file is not the plugin Ephemeral Ports"
    refuse_other_machines
    [ "$ours" != "the Mac" ] || say "This file was built for the Mac and never run on one by us: please tell us how it went."
fi

if [ "$me" = 0 ] && [ "$global" = no ]; then
    say "You are root, and Wireshark ignores root's personal plugins: this is for all users, as with --global."
    global=yes
fi

if [ "$action" = uninstall ]; then
    removed=no
    for_each_host uninstall_for_host
    [ "$removed" = yes ] || say "Nothing of Ephemeral Ports was installed here."
    exit 0
fi

loaded=no
failed=no
for_each_host install_for_host
if [ -n "${DESTDIR:-}" ]; then
    exit 0
fi
[ "$loaded" = yes ] || die "no Wireshark here loads the plugin; sh install.sh --uninstall takes it out again"
[ "$failed" = no ] || exit 1
say "Done. Restart Wireshark if it is open."
