#!/bin/sh
# Runs the plugin in a stub of Wireshark (host.c). The stub is compiled against the headers of 4.6 as they are, and against
# copies with one change each, as a later release or a distribution could make it. The plugin must notice each change that
# matters before it writes anything. If a change does not matter, it must work.
#
#   sh tests/stub/run.sh ROOT      the headers are under ROOT/usr/include; a host of tests/hosts.sh with 4.6
#
# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later
set -eu
cd "$(dirname "$0")/../.."
. tests/lib.sh

root=${1:-}
[ -n "$root" ] || not_run "there is no host with Wireshark 4.6 (tests/hosts.sh)"
release=$(release_of "$root")
[ "$release" = 4.6 ] || not_run "the changes are made to the headers of 4.6, $root has those of ${release:-nothing}"
[ -d "$root/usr/include/wireshark/epan" ] || not_run "Wireshark's headers are not installed under $root (libwireshark-dev)"
build_plugin /
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
cp -R "$root/usr/include/wireshark" "$scratch/headers"

compile() {
    cc -std=gnu11 -w -rdynamic -o "$scratch/host" "$@" -I tests/abi -I "$scratch/headers" -I "$root/usr/include/glib-2.0" \
        -I "$root/usr/lib/x86_64-linux-gnu/glib-2.0/include" tests/stub/*.c -ldl || fail "the stub does not compile"
}

# The value of each byte in members that we do not know: zero, or another one.
fills="0 165"

# run FILL: runs the stub; its output is in `out`.
run() { "$scratch/host" "$plugin" "$1" >"$scratch/out" 2>&1 || { cat "$scratch/out"; return 1; }; }
printed() { grep -q "$1" "$scratch/out"; }

is_untouched() { ! printed '^wrote: \|^changed: \|^note: '; }
is_noticed() { is_untouched && printed "^log: .*${1:-}" && ! printed "^about: .*Switched off: no"; }
is_right() {
    ! printed '^log: \|^changed: ' && printed '^note: ephemeral.port_misnamed: Port 1140' &&
        printed '^line: *tcp: .*Src Port: 1140, Dst Port: http (80)$' && printed '^info: 1140 .* http(80)' &&
        printed '^line: *ephemeral.label generated$' && printed '^line: *tcp.port hidden: tcp.port: 1140$'
}
is_without_lines() {
    printed '^log: .*do not fit this Wireshark: proto_node leads to no field_info' && ! printed '^changed: ' &&
        ! printed ' generated' && printed 'Src Port: autonoc (1140), Dst Port: http (80)$'
}

# in_each_fill COMMAND...
in_each_fill() {
    for fill in $fills; do
        run "$fill" || return 1
        "$@" || { cat "$scratch/out"; return 1; }
    done
}

kinds=0
# changed WHAT HEADER STRUCTURE SED [FLAG...]: compiles the stub with one change. A command of sed makes it, between the
# line that has STRUCTURE and the end of the block.
changed() {
    what=$1
    header=$scratch/headers/$2
    cp "$header" "$scratch/kept"
    sed -i "/$3/,/^}/ { $4
        }" "$header"
    ! cmp -s "$header" "$scratch/kept" || fail "$what: nothing was changed in $2"
    shift 4
    compile "$@"
    cp "$scratch/kept" "$header"
}

# noticed NAME WHAT HEADER STRUCTURE SED [FLAG...]: checks that the log names NAME, and that nothing was written.
noticed() {
    named=$1
    shift
    changed "$@"
    check "noticed: $what" in_each_fill is_noticed "$named"
    kinds=$((kinds + 1))
}

harmless() {
    changed "$@"
    check "does not matter: $what" in_each_fill is_right
}

# before MEMBER TEXT, after MEMBER TEXT, instead_of MEMBER TEXT, without MEMBER: print commands of sed.
before() { say "s/^[^*]*[ *]$1;/$2\\n&/"; }
after() { say "s/^[^*]*[ *]$1;/&\\n$2/"; }
instead_of() { say "s/^[^*]*[ *]$1;/$2/"; }
without() { instead_of "$1" ""; }

heading "The headers as they are"
compile
check "it works" in_each_fill is_right

heading "A click that does nothing"
is_click_logged() { printed '^log: this Wireshark opened no window for the text' && ! printed '^about: '; }
compile -DWITHOUT_TEXT_WINDOW
check "without windows for texts, the log says so" in_each_fill is_click_logged

heading "packet_info and frame_data"
packet_info() {
    described=$1
    shift
    noticed "do not fit this Wireshark: packet_info" "$described" epan/packet_info.h '^typedef struct _packet_info {' "$@"
}
for member in cinfo fd data_src src dst layers; do
    packet_info "a pointer before $member" "$(before $member 'void *one_more;')"
done
for member in num ptype srcport destport; do
    packet_info "an int before $member" "$(before $member 'int one_more;')"
done
packet_info "a structure before src" "$(before src 'address one_more;')"
for member in pseudo_header net_dst private_table; do
    packet_info "without $member" "$(without $member)"
done
packet_info "fd is after the addresses" "$(without fd); $(after dst 'frame_data *fd;')"
packet_info "layers is in front" "$(without layers); $(before cinfo 'wmem_list_t *layers;')"
packet_info "layers and private_table have changed places" "$(without layers); $(before private_table 'wmem_list_t *layers;')"
packet_info "cinfo and current_proto have changed places" "$(without cinfo); $(before current_proto 'struct epan_column_info *cinfo;')"
packet_info "data_src and rec have changed places" "$(without data_src); $(before rec 'GSList *data_src;')"
packet_info "ports of 16 bits" "$(instead_of srcport 'uint16_t srcport;'); $(instead_of destport 'uint16_t destport;')"
packet_info "ports of 64 bits" "$(instead_of srcport 'uint64_t srcport;'); $(instead_of destport 'uint64_t destport;')"
packet_info "a number of 64 bits" "$(instead_of num 'uint64_t num;')"
noticed "packet_info.num is not frame_data.num" "an int before frame_data.num" epan/frame_data.h \
    '^typedef struct _frame_data {' "$(before num 'int one_more;')"
packet_info "srcport and destport have changed places" "$(without destport); $(before srcport 'uint32_t destport;')"

heading "address"
address() {
    noticed "do not fit this Wireshark: packet_info" "$1" epan/address.h '^typedef struct _address {' "$2"
}
address "an int before type" "$(before type 'int one_more;')"
address "an int before len" "$(before len 'int one_more;')"
address "a pointer before data" "$(before data 'void *one_more;')"
address "a length of 64 bits" "$(instead_of len 'int64_t len;')"
address "data is in front" "$(without data); $(before type 'const void *data;')"

heading "What a field and an expert item are registered with"
field() {
    described=$1
    shift
    noticed "not loaded: this Wireshark has something else for" "a field: $described" epan/proto.h \
        '^struct _header_field_info {' "$@"
}
for member in name abbrev strings blurb; do
    field "a pointer before $member" "$(before $member 'void *one_more;')"
done
for member in type display id parent ref_type; do
    field "an int before $member" "$(before $member 'int one_more;')"
done
field "without bitmask" "$(without bitmask)" -DWITHOUT_BITMASK
field "name and abbrev have changed places" "$(without abbrev); $(before name 'const char *abbrev;')"
field "display and type have changed places" "$(without display); $(before type 'int display;')"
field "id and parent have changed places" "$(without parent); $(before id 'int parent;')"
field "a display of 64 bits" "$(instead_of display 'int64_t display;')"
registered() {
    noticed "not loaded: this Wireshark has something else for" "a field as it is registered: $1" epan/proto.h \
        '^typedef struct hf_register_info {' "$2"
}
registered "a member before hfinfo" "$(before hfinfo 'void *one_more;')"
registered "p_id behind hfinfo" "$(without p_id); $(after hfinfo 'int *p_id;')"
noticed "not loaded: this Wireshark has something else for" "the name of a value in front of it" wsutil/value_string.h \
    '^typedef struct _value_string {' "$(without strptr); $(before value 'const char *strptr;')"
noticed "not loaded: this Wireshark has something else for" "the name of a value and one member more" \
    wsutil/value_string.h '^typedef struct _value_string {' "$(before strptr 'void *one_more;')"

heading "Numbers"
noticed "something else for the type" "a type of fields before FT_BOOLEAN" epan/ftypes/ftypes.h '^enum ftenum {' \
    's/FT_BOOLEAN,/FT_ONE_MORE, &/'
noticed "something else for the type" "a type of fields before FT_STRING" epan/ftypes/ftypes.h '^enum ftenum {' \
    's/FT_STRING,/FT_ONE_MORE, &/'
noticed "something else for the display" "a display of fields before BASE_DEC" epan/proto.h '^typedef enum {' \
    's/BASE_DEC,/BASE_ONE_MORE, &/'
noticed "something else for the number of Note" "another number for PI_NOTE" epan/proto.h 'define PI_NOTE' 's/0x00[0-9]*/0x00100000/'
noticed "something else for the number of Assumption" "another number for PI_ASSUMPTION" epan/proto.h \
    'define PI_ASSUMPTION' 's/0x0[0-9a-f]*/0x0f000000/'
noticed "packet_info" "a kind of addresses before AT_IPv4" epan/address.h '^typedef enum {' 's/AT_IPv4,/AT_ONE_MORE, &/'
noticed "packet_info" "a kind of ports before PT_TCP" epan/address.h '^typedef enum {' 's/PT_TCP,/PT_ONE_MORE, &/'

heading "field_info: nothing in it is written to, what the host's functions write is left"
line() {
    changed "$1" epan/proto.h '^typedef struct field_info {' "$2" ${3:+"$3"}
    check "noticed: $what" in_each_fill is_without_lines
    kinds=$((kinds + 1))
}
line "a pointer before hfinfo" "$(before hfinfo 'void *one_more;')"
for member in start length appendix_start appendix_length tree_type flags; do
    line "an int before $member" "$(before $member 'int one_more;')"
done
for member in rep ds_tvb; do
    line "a pointer before $member" "$(before $member 'void *one_more;')"
done
line "flags of 64 bits" "$(instead_of flags 'uint64_t flags;')"
line "without the appendix" "$(without appendix_start); $(without appendix_length)" -DWITHOUT_APPENDIX

heading "What the plugin does not rest on"
node() { harmless "$1" epan/proto.h '^typedef struct _proto_node {' "$2"; }
node "a pointer before proto_node.finfo" "$(before finfo 'void *one_more;')"
node "two pointers before proto_node.finfo" "$(before finfo 'void *one_more, *another;')"
node "proto_node without hfinfo" "$(without hfinfo)"
harmless "a longer field_info" epan/proto.h '^typedef struct field_info {' "$(after value 'void *one_more;')"
harmless "a longer header_field_info" epan/proto.h '^struct _header_field_info {' "$(after same_name_next 'void *one_more[4];')"
harmless "a longer hf_register_info" epan/proto.h '^typedef struct hf_register_info {' "$(after hfinfo 'void *one_more[4];')"
harmless "expert_field_info as in 4.7" epan/expert.h '^typedef struct expert_field_info {' "$(before hf_info 'void *one_more;')"
harmless "a longer ei_register_info" epan/expert.h '^typedef struct ei_register_info {' "$(after eiinfo 'void *one_more[4];')"
harmless "a longer packet_info" epan/packet_info.h '^typedef struct _packet_info {' "$(after track_ctype 'void *one_more[4];')"
harmless "a longer frame_data" epan/frame_data.h '^typedef struct _frame_data {' "$(before file_off 'void *one_more[4];')"
# There is no such kind of address then: they are taken from the packet's bytes.
harmless "len in front of type in address" epan/address.h '^typedef struct _address {' "$(without len); $(before type 'int len;')"
harmless "another column_info" epan/column-info.h '^struct epan_column_info {' "$(before columns 'void *one_more[4];')"
harmless "another column" epan/column-info.h '^typedef struct {' "$(before col_buf 'void *one_more[4];')"
harmless "a column more before Info" epan/column-utils.h '^enum {' 's/COL_INFO,/COL_ONE_MORE, &/'

say
say "$kinds kinds of change were noticed"
[ "$kinds" -ge 20 ] || fail "fewer than twenty kinds of change"
