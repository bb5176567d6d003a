#!/bin/sh
# The plugin's own functions stay within a budget of instructions for each packet. The count is the
# same on a busy machine; compilers of other versions move it by a few percent.
#
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

# Per packet of whole TCP connections, with one line per packet, names off: about 15 % above what was
# measured last (see docs/performance.md).
budget=2200

has valgrind || not_run "valgrind is not installed"
has python3 || not_run "python3 is not installed"
[ "$(uname -m)" = x86_64 ] || not_run "the budget is one of x86_64 instructions"
check "at most $budget instructions a packet" sh benches/instructions.sh --budget $budget
