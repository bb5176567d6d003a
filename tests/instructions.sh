#!/bin/sh
# Checks that the plugin's own functions stay within a budget of instructions for each packet. Other programs do not
# affect the count. Another version of the compiler changes it by a few percent.
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/.."
. tests/lib.sh

# The instructions allowed for each packet: at most 10 % above the last measurement (docs/performance.md).
budgets="up=455 average=640 midstream=865 settled=460 udp=900 udp-settled=490 misnamed=2720"

has valgrind || not_run "valgrind is not installed"
has python3 || not_run "python3 is not installed"
[ "$(uname -m)" = x86_64 ] || not_run "the budget is one of x86_64 instructions"
check "few instructions a packet" sh benches/instructions.sh --budget $budgets
