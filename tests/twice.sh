#!/bin/sh
# Checks that the tests pass on a machine with an empty cache, and that no suite disturbs another. Takes long: run it by
# hand.
#
#   sh tests/twice.sh                 a clean clone with an empty target folder and an empty cache, and all of
#                                     tests/run.sh in it, twice
#   sh tests/twice.sh --fault [WORD]  injects a fault: while suites with WORD in their name run ("end to end in this",
#                                     which test the plugin that cargo builds for tests), cargo builds another plugin
#                                     in the target folder. If the suites test the file in that folder, the run must
#                                     fail and say so; if they test a copy, it must pass.
#
# The clone is of the last commit. The output is kept in target/twice. EPHEMERAL_WINDOWS_HOST and EPHEMERAL_HEADERS_4_2
# may name files by their absolute path.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

has git || die "git is missing"
logs=${CARGO_TARGET_DIR:-$PWD/target}/twice
mkdir -p "$logs"
scratch=$(mktemp -d)
# Hosts are in the cache: find must not descend into what may be mounted there.
trap 'rm -rf --one-file-system "$scratch"' EXIT
trap 'exit 130' INT TERM
git clone --quiet . "$scratch/ephemeral-ports"
[ -z "$(git status --porcelain)" ] || say "What is not committed is not tested."
say "Testing $(git log -1 --format='%h, %s'), in $scratch"
cd "$scratch/ephemeral-ports"
unset CARGO_TARGET_DIR EPHEMERAL_PLUGIN EPHEMERAL_FAULTY_PLUGIN EPHEMERAL_BUILT
export XDG_CACHE_HOME="$scratch/cache"

summary() { sed -n '/^== Summary/,$p' "$1"; }
says() { grep -q "$1" "$2" || { tail -n 20 "$2"; return 1; }; }

twice() {
    results=
    for round in first second; do
        heading "The $round run"
        status=0
        sh tests/run.sh >"$logs/$round" 2>&1 || status=$?
        summary "$logs/$round"
        results="$results
$round run: $([ $status = 0 ] && echo passed || echo "FAILED, see $logs/$round"): $(tail -n 1 "$logs/$round")"
    done
    heading "Twice from nothing"
    say "$results"
    case $results in *FAILED*) return 1 ;; esac
}

# disturbed NAME [VARIABLE=VALUE]: runs the suites while cargo builds in the same target folder. Sets `status`.
disturbed() {
    log=$logs/$1
    shift
    rm -f "$log"
    env EPHEMERAL_JOBS=1 "$@" sh tests/run.sh "$word" >"$log" 2>&1 &
    run=$!
    until grep -q '^running [0-9]* tests\|^ok: ' "$log" 2>/dev/null; do
        kill -0 $run 2>/dev/null || fail "it ended before anything was tested: $(tail -n 5 "$log")"
        sleep 0.2
    done
    cargo build --locked --quiet --features faults
    kill -0 $run 2>/dev/null || fail "it ended before cargo did: take suites that run longer than $word"
    status=0
    wait $run || status=$?
    summary "$log"
}

fault() {
    word=${1:-end to end in this}
    heading "Building, so that it is quick in the middle of the runs"
    cargo build --locked --quiet --features faults
    cargo test --locked --quiet --no-run
    heading "The fault put back: what is tested is what cargo writes"
    disturbed with-fault EPHEMERAL_BUILT_LINKS=yes
    check "the run fails" test "$status" != 0
    check "and says why" says "^FAILED: .* was built again while it was tested" "$logs/with-fault"
    heading "Without it"
    disturbed without-fault
    check "the run passes" test "$status" = 0
}

case ${1:-} in
    "") twice ;;
    --fault) fault "${2:-}" ;;
    *) die "what is $1?" ;;
esac
