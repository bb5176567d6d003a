#!/bin/sh
# Runs every test: sets up what is missing, prints a heading for each suite and, at the end, what
# became of each. A suite that cannot be run here is listed as not run, with the reason, and is not
# counted as passed. The status is that of the tests: 0 if none failed.
#
#   sh tests/run.sh [WORD]        only the suites whose name contains WORD
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

only=${1:-}
passed=0
failed=0
skipped=0
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
output=$scratch/output
summary=$scratch/summary
: >"$summary"

# suite NAME COMMAND...: a suite ends with 0 if it passed, 77 (see not_run) if it cannot be run.
suite() {
    suite_name=$1
    shift
    case $suite_name in *"$only"*) ;; *) return 0 ;; esac
    heading "$suite_name"
    started=$(date +%s)
    # set -e would end the subshell before it has told the status of a command that fails.
    status=$({ { ended=0; "$@" 3>&- 4>&- || ended=$?; echo $ended >&3; } 2>&1 | tee "$output" >&4; } 3>&1) 4>&1
    seconds=$(($(date +%s) - started))
    case $status in
        0)
            passed=$((passed + 1))
            line="passed: $suite_name (${seconds} s)"
            ;;
        77)
            skipped=$((skipped + 1))
            line="not run: $suite_name: $(sed -n 's/^not run: //p' "$output" | tail -n 1)"
            ;;
        *)
            failed=$((failed + 1))
            line="FAILED: $suite_name (${seconds} s)"
            ;;
    esac
    say "$line"
    # What a suite that passed left out is listed as well.
    [ "$status" != 0 ] || line="$line$(sed -n "s/^not run: /\\
  not run: $suite_name: /p" "$output")"
    printf '%s\n' "$line" >>"$summary"
}

# beside SUITES: a function that calls `suite`, in the background. What it said and counted is told by `told_of SUITES`.
beside() {
    {
        output=$scratch/$1.output
        summary=$scratch/$1.summary
        : >"$summary"
        "$1"
        printf '%s %s %s\n' "$passed" "$failed" "$skipped" >"$scratch/$1.counts"
    } >"$scratch/$1.log" 2>&1 &
}

told_of() {
    wait
    cat "$scratch/$1.log"
    read -r and_passed and_failed and_skipped <"$scratch/$1.counts"
    passed=$((passed + and_passed))
    failed=$((failed + and_failed))
    skipped=$((skipped + and_skipped))
    cat "$scratch/$1.summary" >>"$summary"
}

# by_hand NAME COMMAND: a suite that takes too long to be run each time.
by_hand() {
    case $1 in *"$only"*) ;; *) return 0 ;; esac
    skipped=$((skipped + 1))
    say "not run: $1: it takes long, by hand: $2" >>"$summary"
}

# The suites for one more release of Wireshark. Which release that is shows only when it is set up, which is not
# done for a WORD that is in none of the names.
host_suites() {
    case $only in
        *[0-9].[0-9]*) ;; # a release, perhaps this one
        *)
            case "ABI of Wireshark ($1), end to end in Wireshark ($1), window of Wireshark ($1), release archive in Wireshark ($1), faults in Wireshark ($1)" in
                *"$only"*) ;;
                *) return 0 ;;
            esac
            ;;
    esac
    if found=$(sh tests/hosts.sh "$1"); then
        host=$(printf '%s\n' "$found" | tail -n 1)
        release=$(release_of "$host")
        suite "ABI of Wireshark $release ($1)" sh tests/abi/run.sh "$host"
        suite "ABI of a Mac's Wireshark $release ($1's headers)" sh tests/abi/darwin.sh "$host"
        suite "end to end in Wireshark $release ($1)" sh tests/e2e.sh "$host"
        suite "window of Wireshark $release ($1)" sh tests/gui/host.sh "$host"
        suite "release archive in Wireshark $release ($1)" sh tests/archive.sh "$host"
        suite "faults in Wireshark $release ($1)" sh tests/faults.sh "$host"
    else
        suite "Wireshark of Debian $1" sh tests/hosts.sh "$1"
    fi
}

heading "Setting up"
sh tests/setup.sh
[ ! -r "$HOME/.cargo/env" ] || . "$HOME/.cargo/env"

# These keep one processor busy for long, and what they find does not depend on the load.
single_threaded() {
    suite "instructions per packet" sh tests/instructions.sh
    suite "nothing for what is not asked for" sh tests/unasked.sh
    suite "valgrind" sh tests/memcheck.sh
    suite "sanitizers in tshark" sh tests/sanitize/tshark.sh
    suite "archives for ARM64 and the Mac" sh tests/archives.sh
}

suite "format and lints" sh tests/lints.sh
beside single_threaded
suite "cargo test" cargo test --locked
suite "loading" sh tests/loading/run.sh
suite "install.sh as an ordinary user" sh tests/install.sh user
suite "install.sh as root" sh tests/install.sh root
suite "faults put in on purpose" sh tests/faults.sh
suite "little memory" sh tests/memory.sh
suite "fresh machines" sh tests/fresh.sh
suite "damaged captures" sh tests/fuzz.sh --seconds 60
suite "sanitizers" sh tests/sanitize/run.sh
suite "CMake" sh tests/cmake.sh
told_of single_threaded
suite "floods and scans" sh tests/hostile.sh
suite "window" sh tests/gui/run.sh
suite "release archive" sh tests/release.sh
suite "ABI of this system's Wireshark" sh tests/abi/run.sh
suite "ABI of a Mac's Wireshark (this system's headers)" sh tests/abi/darwin.sh /
suite "ABI of Wireshark 4.2 (headers)" sh tests/abi/headers.sh 4.2
suite "a release by its headers" sh tests/headers.sh "$(sh tests/hosts.sh trixie 2>/dev/null | tail -n 1)"

# Linux on ARM64, in an emulator: what takes few minutes.
for debian in $(sh tests/arm/host.sh --list); do
    suite "ABI on ARM64 ($debian)" sh tests/arm/abi.sh "$debian"
done
suite "end to end on ARM64, the seed (bullseye)" sh tests/arm/e2e.sh bullseye seed::
suite "end to end on ARM64, the seed (trixie)" sh tests/arm/e2e.sh trixie seed::
suite "archive on ARM64 (trixie)" sh tests/arm/archive.sh trixie
by_hand "end to end on ARM64, all cases" "sh tests/arm/e2e.sh SUITE"

for debian in $(sh tests/hosts.sh --list); do
    host_suites "$debian"
done

suite "Windows: layouts and prototypes" sh tests/windows/abi.sh
suite "Windows: end to end in tshark.exe and sharkd.exe" sh tests/windows/e2e.sh
suite "Windows: faults put in on purpose" sh tests/windows/faults.sh
suite "Windows: damaged captures in tshark.exe" sh tests/fuzz.sh --windows yes --seconds 30
suite "Windows: install.cmd" sh tests/windows/install.sh
suite "Windows: release archive" sh tests/windows/release.sh

heading "Summary"
cat "$summary"
say "$passed passed, $failed failed, $skipped skipped"
[ "$failed" = 0 ]
