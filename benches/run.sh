#!/bin/sh
# Measures the cost of the plugin, in time and in instructions: whole tshark processes without it, with it, and with
# comparable postdissectors. Prints tables and draws docs/images/cost.png. Takes some minutes. Use an idle machine.
#
#   sh benches/run.sh                  with a generated capture (make_capture.rs)
#   sh benches/run.sh --capture FILE   with your capture
#   sh benches/run.sh --rounds N       more or fewer than 7
#   sh benches/run.sh --plugin FILE    with another libephemeral.so than that of this source
#   sh benches/run.sh --only GROUP     one of lines, names, midstream, filters, tree, start,
#                                      instructions
#   sh benches/run.sh --memory         the memory for a million conversations, instead
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
caller=$PWD
cd "$(dirname "$0")/.."
. tests/lib.sh
. benches/lib.sh

usage() { sed -n 's/^#   //p' benches/run.sh; }
from_caller() { case $1 in /*) printf '%s\n' "$1" ;; *) printf '%s\n' "$caller/$1" ;; esac; }

rounds=7
only=
capture=
plugin=
memory=
while [ $# -gt 0 ]; do
    case $1 in
        --capture) capture=$(from_caller "${2:?}") && shift 2 ;;
        --plugin) plugin=$(from_caller "${2:?}") && shift 2 ;;
        --rounds) rounds=${2:?} && shift 2 ;;
        --only) only=${2:?} && shift 2 ;;
        --memory) memory=1 && shift ;;
        *) usage && exit 2 ;;
    esac
done

heading "Setting up"
need_build_tools
need tshark tshark
need python3 python3
need valgrind valgrind
has rsvg-convert || install_packages librsvg2-bin || say "Without rsvg-convert, the plot stays an SVG"
if [ -z "$plugin" ]; then
    build_plugin /
fi

heading "Captures and homes"
make_homes "$plugin"
set -- --homes "$homes" --lua "$homes/ephemeral.lua" --rounds "$rounds" --empty-capture "$(a_capture mixed 0)"
if [ -n "$memory" ]; then
    conversations=1000000
    set -- "$@" --memory-capture "$(a_capture short $conversations)" --memory-conversations $conversations
fi
if [ -n "$capture" ]; then
    open_capture "$capture" "$homes/yours"
    set -- "$@" --capture "$homes/yours" --tree-capture "$homes/yours"
else
    set -- "$@" --capture "$(a_capture mixed 9000)" --midstream-capture "$(a_capture midstream 9000)" \
        --tree-capture "$(a_capture mixed 1000)" --counted-captures "$(a_capture mixed 200)" "$(a_capture midstream 200)" \
        --plot docs/images/cost.png
fi

[ -z "$only" ] || set -- "$@" --only "$only"

heading "Measuring"
python3 benches/measure.py "$@"
# If the plugin was installed for all users during the run, it was compared with itself.
! loads none ephemeral || die "the plugin was installed for all users meanwhile: the figures are void"
