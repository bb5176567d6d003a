#!/bin/sh
# Runs every test. Installs what is missing, and at the end prints the result of each suite, failures first. A suite
# that cannot run here is listed as not run, with the reason, and does not count as passed. The exit status is 0 if no
# suite failed.
#
#   sh tests/run.sh               all suites
#   sh tests/run.sh WORD          only those whose name contains WORD
#   sh tests/run.sh --help        this, and the names of the suites
#
# Suites run in parallel, one more than there are processors, because those of the window mostly wait (EPHEMERAL_JOBS
# sets another number). No suite writes files that another one may be reading: tests/README.md says how. If two runs
# share a cache, one waits for the other.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

# ---- the suites ----

# The end-to-end cases about client and server. The same code judges the same bytes in each host, so they run in this
# system's Wireshark, and by hand in others.
judged="agreement handshake headers hostile inference on_purpose udp"
# shellcheck disable=SC2086
end_to_end_facing_host() { sh tests/e2e.sh "$1" $(printf -- '--skip %s:: ' $judged); }
end_to_end_on_windows() { sh tests/windows/e2e.sh $(printf -- '--skip %s:: ' $judged); }

# The suites that may run in parallel, longest first.
suites() {
    suite --alone wine "Windows: end to end in tshark.exe and sharkd.exe, what faces the host" end_to_end_on_windows
    by_hand "Windows: end to end, all cases (besides: $judged)" "sh tests/windows/e2e.sh"
    suite "fresh machines" sh tests/fresh.sh
    suite --alone window "window" sh tests/gui/host.sh /
    for debian in $(sh tests/hosts.sh --list); do
        suite --alone window "window of $(host_name "$debian")" in_host "$debian" sh tests/gui/host.sh
    done
    suite --alone wine "Windows: release archive" sh tests/windows/release.sh
    suite --alone wine "Windows: faults put in on purpose" sh tests/windows/faults.sh
    suite --alone wine "Windows: damaged captures in tshark.exe" sh tests/fuzz.sh --windows yes --seconds 30
    suite --alone wine "Windows: layouts and prototypes" sh tests/windows/abi.sh
    suite --alone wine "Windows: install.cmd" sh tests/windows/install.sh
    suite "end to end in this system's Wireshark" sh tests/e2e.sh /
    for debian in $(sh tests/hosts.sh --list); do
        suite "end to end in $(host_name "$debian"), what faces the host" in_host "$debian" end_to_end_facing_host
    done
    by_hand "end to end in other releases, all cases (besides: $judged)" "sh tests/e2e.sh ROOT"
    suite "sanitizers in tshark" sh tests/sanitize/tshark.sh
    suite "release archive" sh tests/release.sh
    suite "archives for ARM64 and the Mac" sh tests/archives.sh
    suite "valgrind" sh tests/memcheck.sh
    suite "little memory" sh tests/memory.sh
    suite "instructions per packet" sh tests/instructions.sh
    suite "sanitizers" sh tests/sanitize/run.sh
    suite "CMake" sh tests/cmake.sh
    suite "end to end on ARM64, the seed (bullseye)" sh tests/arm/e2e.sh bullseye seed::
    suite "end to end on ARM64, the seed (trixie)" sh tests/arm/e2e.sh trixie seed::
    by_hand "end to end on ARM64, all cases" "sh tests/arm/e2e.sh SUITE"
    suite "archive on ARM64 (trixie)" sh tests/arm/archive.sh trixie
    suite "faults put in on purpose" sh tests/faults.sh
    for debian in $(sh tests/hosts.sh --list); do
        in=$(host_name "$debian")
        suite "faults in $in" in_host "$debian" sh tests/faults.sh
        suite "release archive in $in" in_host "$debian" sh tests/archive.sh
        suite "ABI of $in" in_host "$debian" sh tests/abi/run.sh
        suite "ABI of a Mac's $in" in_host "$debian" sh tests/abi/darwin.sh
    done
    suite "nothing for what is not asked for" sh tests/unasked.sh
    suite "statistics of many servers" sh tests/statistics.sh
    suite "damaged captures" sh tests/fuzz.sh --seconds 60
    suite "what public runners do" sh tests/workflows.sh
    suite "format and lints" sh tests/lints.sh
    suite "bindings" sh tests/bindings.sh
    suite "units and engine" sh tests/programs.sh
    suite "a release by its headers" in_host trixie sh tests/headers.sh
    for debian in $(sh tests/arm/host.sh --list); do
        suite "ABI on ARM64 ($debian)" sh tests/arm/abi.sh "$debian"
    done
    suite "ABI of this system's Wireshark" sh tests/abi/run.sh
    suite "ABI of a Mac's Wireshark (this system's headers)" sh tests/abi/darwin.sh /
    suite "ABI of Wireshark 4.2 (headers)" sh tests/abi/headers.sh 4.2
    suite "a stub of 4.6, changed on purpose" in_host sid sh tests/stub/run.sh
    suite "loading" sh tests/loading/run.sh
    suite "install.sh as an ordinary user" sh tests/install.sh user
    suite "install.sh as root" sh tests/install.sh root
}

# The suites that measure time: nothing runs in parallel with them.
timed_suites() {
    suite "floods and scans" sh tests/hostile.sh
    suite "what the worst packets cost" sh tests/growth.sh
    suite "every way in" sh tests/ways.sh
    by_hand "every way in, counted in instructions" "sh tests/ways.sh --instructions"
}

all_suites() {
    suites
    timed_suites
}

# ---- other releases of Wireshark ----

# host_name DEBIAN: prints the name of a host (tests/hosts.sh), with the release of its Wireshark if it is set up. The
# name does not change while suites run.
host_name() {
    if [ -e "$scratch/$1.name" ]; then
        cat "$scratch/$1.name"
        return
    fi
    release=
    [ ! -e "$(cache)/hosts/$1.ready" ] || ! is_root || release=$(release_of "$(cache)/hosts/$1")
    say "Wireshark ${release:+$release }($1)"
}

# in_host DEBIAN COMMAND...: runs the command, with the root directory of that host as its last argument.
in_host() {
    debian=$1
    shift
    found=$(need_host "$debian") || { no_host=$? && say "$found" && return $no_host; }
    "$@" "$(printf '%s\n' "$found" | tail -n 1)"
}

# need_host DEBIAN: sets up the host, once; prints what tests/hosts.sh prints.
need_host() (
    ! has flock || flock 8
    if [ ! -e "$scratch/$1.status" ]; then
        status=0
        sh tests/hosts.sh "$1" >"$scratch/$1.host" || status=$?
        say $status >"$scratch/$1.status"
    fi
    cat "$scratch/$1.host"
    exit "$(cat "$scratch/$1.status")"
) 8>>"$scratch/$1.lock"

# ---- running them ----

# suite [--alone WHAT] NAME COMMAND...: lists, counts or runs a suite, depending on `doing`. The command ends with 0 if
# the suite passed, and with 77 (see not_run) if it cannot run here. Suites with the same WHAT do not run in parallel.
suite() {
    with=
    if [ "$1" = --alone ]; then
        with=$2
        shift 2
    fi
    name=$1
    shift
    case $name in *"$only"*) ;; *) return 0 ;; esac
    case $doing in
        list) say "    $name" ;;
        count) matching=$((matching + 1)) ;;
        run) claim "$@" ;;
    esac
}

# by_hand NAME COMMAND: a suite that takes too long to run each time.
by_hand() { suite "$1" not_run "it takes long, by hand: $2"; }

# claim COMMAND...: runs the suite, unless another worker took it, or this worker ran one in this round already. Sets
# `left` if the suite has to wait, for another one or for the next round.
claim() {
    [ ! -e "$scratch/$name.claimed" ] || return 0
    if [ -n "$ran" ] || { [ -n "$with" ] && ! mkdir "$scratch/$with.busy" 2>/dev/null; }; then
        left=yes
        return 0
    fi
    if mkdir "$scratch/$name.claimed" 2>/dev/null; then
        run_suite "$@"
        ran=yes
    fi
    [ -z "$with" ] || rmdir "$scratch/$with.busy"
}

# worker SUITES: runs the suites of a function that calls `suite`; each time the first one that no other worker took.
worker() {
    trap 'kill $running 2>/dev/null; exit 1' TERM
    left=yes
    while [ -n "$left" ]; do
        left=
        ran=
        "$1"
        [ -z "$left" ] || [ -n "$ran" ] || sleep 1
    done
}

run_suite() {
    log=$scratch/$name.log
    [ "$jobs" = 1 ] || say "started: $name"
    began=$(date +%s)
    : >"$log"
    (trap 'times >"$log.times"' EXIT && "$@") >"$log" 2>&1 9>&- &
    running=$!
    [ "$jobs" != 1 ] || { heading "$name" && tail -f -n +1 --pid=$running "$log"; }
    status=0
    wait $running || status=$?
    took=$(($(date +%s) - began))
    case $status in
        0) became=passed ;;
        77) became="not run" ;;
        *) became=FAILED ;;
    esac
    {
        ! has flock || flock 8
        [ "$jobs" = 1 ] || { heading "$name" && cat "$log"; }
        used=$(seconds_of_times "$log.times")
        say "$became: $name ($took s, $used s of a processor)"
        printf '%s\t%s\t%s\t%s\n' "$became" "$took" "$used" "$name" >>"$scratch/results"
        # The list also has what a passed suite left out.
        case $status in
            0) sed -n 's/^not run: //p' "$log" ;;
            77) sed -n 's/^not run: //p' "$log" | tail -n 1 ;;
            *) first_failure "$log" >"$scratch/$name.first" ;;
        esac | while read -r reason; do
            printf '%s\t%s\n' "$reason" "$name" >>"$scratch/reasons"
        done
    } 8>>"$scratch/printing"
}

# Prints the sum of the processor seconds that the shell's `times` reports, without processes that a suite left running.
seconds_of_times() {
    cat "$1" 2>/dev/null |
        awk '{ for (i = 1; i <= NF; i++) { split($i, part, "[ms]"); all += part[1] * 60 + part[2] } } END { printf "%d\n", all }'
}

# Prints the line of a log that says what failed first.
first_failure() {
    awk '/^FAILED: |^BAD: |^error/ { print; exit } / panicked at / { getline why; print $0 " " why; exit }' "$1"
}

# Runs the suites that a function calls.
run() {
    if [ "$jobs" = 1 ]; then
        worker "$1"
        return
    fi
    workers=
    started=0
    while [ $started -lt "$jobs" ]; do
        started=$((started + 1))
        worker "$1" &
        workers="$workers $!"
    done
    # shellcheck disable=SC2086
    wait $workers
    workers=
}

# ---- what became of them ----

# span SECONDS
span() { printf '%d min %02d s\n' $(($1 / 60)) $(($1 % 60)); }

# print_those_that WHAT: prints the suites with that result in columns, the longest first; a failed suite with its first
# error. The second time is processor time, which does not depend on what runs in parallel.
print_those_that() {
    grep "^$1$tab" "$scratch/results" | sort -t "$tab" -k 2,2nr | while IFS=$tab read -r became took used name; do
        printf '%-7s %5s s  %5s s  %s\n' "$became" "$took" "$used" "$name"
        [ ! -s "$scratch/$name.first" ] || sed 's/^/                 /' "$scratch/$name.first"
    done
}

print_summary() {
    heading "Summary"
    say "became     took     CPU  suite"
    print_those_that FAILED
    print_those_that passed
    awk -F "$tab" '
        !($1 in names) { reasons[++count] = $1; names[$1] = $2; next }
        { names[$1] = names[$1] "; " $2 }
        END { for (i = 1; i <= count; i++) print "not run: " reasons[i] " (" names[reasons[i]] ")" }
    ' "$scratch/reasons"
    count() { grep -c "^$1$tab" "$scratch/results" || true; }
    say "$(count passed) passed, $(count FAILED) failed, $(count "not run") not run, in $(span $(($(date +%s) - run_began)))" \
        "($(span "$(seconds_of_times "$scratch/times")") of a processor)"
}

# ---- what is asked for ----

tab=$(printf '\t')
scratch=$(mktemp -d)
running=
workers=
trap 'rm -rf "$scratch"' EXIT
# shellcheck disable=SC2086
trap 'kill $workers $running 2>/dev/null || true; exit 130' INT TERM
only=
case ${1:-} in
    -h | --help)
        sed -n 's/^# \{0,1\}//; 2,/^SPDX/p' "$0" | sed '/^SPDX/d'
        say "The suites:"
        say
        doing=list
        all_suites
        exit 0
        ;;
    -*) die "what is $1? sh tests/run.sh --help" ;;
    *) only=${1:-} ;;
esac
[ $# -le 1 ] || die "one WORD: sh tests/run.sh --help"

count_matching() {
    doing=count
    matching=0
    all_suites
}
count_matching
# Once a host is set up, the names contain its release.
case $matching$only in
    0*[0-9].[0-9]*)
        for debian in $(sh tests/hosts.sh --list); do need_host "$debian" || true; done
        count_matching
        ;;
esac
[ "$matching" != 0 ] || die "there is no suite with $only in its name: sh tests/run.sh --help lists them"
doing=run

jobs=${EPHEMERAL_JOBS:-$(($(getconf _NPROCESSORS_ONLN) + 1))}
[ "$matching" -gt 1 ] || jobs=1

# ---- the run ----

mkdir -p "$(cache)"
exec 9>>"$(cache)/tests.lock"
if has flock && ! flock -n 9; then
    say "Another run of the tests holds $(cache)/tests.lock ($(cat "$(cache)/tests.lock")): waiting for its end"
    flock 9
fi
say "process $$, in $PWD, since $(date)" >"$(cache)/tests.lock"

run_began=$(date +%s)
: >"$scratch/results"
: >"$scratch/reasons"
EPHEMERAL_BUILT=$scratch/built
export EPHEMERAL_BUILT

# Crates of others that an earlier run compiled, in any clone.
target=${CARGO_TARGET_DIR:-target}
keep_all_crates() {
    for profile in debug release; do
        keep_crates "$target/$profile" $profile || say "The crates in $target/$profile are not kept: the next run compiles them again"
    done
}
[ ! -r "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"
for profile in debug release; do seed_crates $profile "$target/$profile"; done

heading "Setting up"
sh tests/setup.sh
building=
if [ -z "$only" ]; then
    say "Building what most suites test"
    { sh tests/build.sh debug && sh tests/build.sh release; } >"$scratch/building" 2>&1 9>&- &
    building=$!
    running=$building
fi
for debian in $(sh tests/hosts.sh --list); do
    case $only in "" | *[0-9].[0-9]* | *"$debian"*) need_host "$debian" || true ;; esac
    name=$(host_name "$debian")
    say "$name" >"$scratch/$debian.name"
done
[ -z "$building" ] || wait $building || { cat "$scratch/building" && die "the source does not build: no suite was run"; }
keep_all_crates

run suites
jobs=1
run timed_suites

keep_all_crates
# If a copy changed, the results would be worthless.
sh tests/build.sh --unchanged >"$scratch/unchanged" 2>&1 || {
    cat "$scratch/unchanged"
    name="what was tested stayed as it was"
    printf 'FAILED\t0\t0\t%s\n' "$name" >>"$scratch/results"
    first_failure "$scratch/unchanged" >"$scratch/$name.first"
}
times >"$scratch/times"
print_summary
! grep -q "^FAILED$tab" "$scratch/results"
