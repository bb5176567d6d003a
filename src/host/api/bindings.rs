// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

// Made by `sh tests/bindings.sh --write` from include/epan.h and the headers in plugin/dissector: do not edit.

pub const EPH_SET_BY_HAND: &[u8; 12] = b"set by hand\0";
#[repr(C)]
#[derive(Debug)]
pub struct tvbuff {
    _unused: [u8; 0],
}
pub type tvbuff_t = tvbuff;
#[repr(C)]
#[derive(Debug)]
pub struct _packet_info {
    _unused: [u8; 0],
}
pub type packet_info = _packet_info;
#[repr(C)]
#[derive(Debug)]
pub struct _proto_node {
    _unused: [u8; 0],
}
pub type proto_node = _proto_node;
pub type proto_tree = proto_node;
pub type proto_item = proto_node;
#[repr(C)]
#[derive(Debug)]
pub struct epan_column_info {
    _unused: [u8; 0],
}
pub type column_info = epan_column_info;
#[repr(C)]
#[derive(Debug)]
pub struct _protocol {
    _unused: [u8; 0],
}
pub type protocol_t = _protocol;
#[repr(C)]
#[derive(Debug)]
pub struct pref_module {
    _unused: [u8; 0],
}
pub type module_t = pref_module;
#[repr(C)]
#[derive(Debug)]
pub struct preference {
    _unused: [u8; 0],
}
pub type pref_t = preference;
#[repr(C)]
#[derive(Debug)]
pub struct expert_module {
    _unused: [u8; 0],
}
pub type expert_module_t = expert_module;
#[repr(C)]
#[derive(Debug)]
pub struct dissector_handle {
    _unused: [u8; 0],
}
pub type dissector_handle_t = *mut dissector_handle;
#[repr(C)]
#[derive(Debug)]
pub struct epan_range {
    _unused: [u8; 0],
}
pub type range_t = epan_range;
#[repr(C)]
#[derive(Debug)]
pub struct _wmem_list_t {
    _unused: [u8; 0],
}
pub type wmem_list_t = _wmem_list_t;
#[repr(C)]
#[derive(Debug)]
pub struct _wmem_list_frame_t {
    _unused: [u8; 0],
}
pub type wmem_list_frame_t = _wmem_list_frame_t;
#[repr(C)]
#[derive(Debug)]
pub struct _wmem_allocator_t {
    _unused: [u8; 0],
}
pub type wmem_allocator_t = _wmem_allocator_t;
#[repr(C)]
#[derive(Debug)]
pub struct epan_dissect {
    _unused: [u8; 0],
}
pub type epan_dissect_t = epan_dissect;
#[repr(C)]
#[derive(Debug)]
pub struct _stats_tree {
    _unused: [u8; 0],
}
pub type stats_tree = _stats_tree;
#[repr(C)]
#[derive(Debug)]
pub struct _ext_menubar_t {
    _unused: [u8; 0],
}
pub type ext_menu_t = _ext_menubar_t;
#[repr(C)]
#[derive(Debug)]
pub struct _conversation_hash_t {
    _unused: [u8; 0],
}
pub type conv_hash_t = _conversation_hash_t;
#[repr(C)]
#[derive(Debug)]
pub struct _fvalue_t {
    _unused: [u8; 0],
}
pub type fvalue_t = _fvalue_t;
#[repr(C)]
#[derive(Debug)]
pub struct _nstime_t {
    _unused: [u8; 0],
}
pub type nstime_t = _nstime_t;
#[repr(C)]
#[derive(Debug)]
pub struct epan_uat {
    _unused: [u8; 0],
}
pub type uat_t = epan_uat;
#[repr(C)]
#[derive(Debug)]
pub struct dissector_table {
    _unused: [u8; 0],
}
pub type dissector_table_t = *mut dissector_table;
#[repr(C)]
#[derive(Debug)]
pub struct heur_dissector_list {
    _unused: [u8; 0],
}
pub type heur_dissector_list_t = *mut heur_dissector_list;
#[repr(C)]
#[derive(Debug)]
pub struct heur_dtbl_entry {
    _unused: [u8; 0],
}
pub type heur_dtbl_entry_t = heur_dtbl_entry;
#[repr(C)]
#[derive(Debug)]
pub struct data_source {
    _unused: [u8; 0],
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _address {
    pub type_: ::std::os::raw::c_int,
    pub len: ::std::os::raw::c_int,
    pub data: *const ::std::os::raw::c_void,
    pub priv_: *mut ::std::os::raw::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _address"][::std::mem::size_of::<_address>() - 24usize];
    ["Alignment of _address"][::std::mem::align_of::<_address>() - 8usize];
    [
        "Offset of field: _address::type_",
    ][::std::mem::offset_of!(_address, type_) - 0usize];
    ["Offset of field: _address::len"][::std::mem::offset_of!(_address, len) - 4usize];
    ["Offset of field: _address::data"][::std::mem::offset_of!(_address, data) - 8usize];
    [
        "Offset of field: _address::priv_",
    ][::std::mem::offset_of!(_address, priv_) - 16usize];
};
pub type address = _address;
pub const FT_PROTOCOL: ftenum = 1;
pub const FT_BOOLEAN: ftenum = 2;
pub const FT_UINT8: ftenum = 4;
pub const FT_UINT16: ftenum = 5;
pub const FT_STRING: ftenum = 26;
pub const FT_FRAMENUM: ftenum = 35;
pub type ftenum = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _header_field_info {
    pub name: *const ::std::os::raw::c_char,
    pub abbrev: *const ::std::os::raw::c_char,
    pub type_: ftenum,
    pub display: ::std::os::raw::c_int,
    pub strings: *const ::std::os::raw::c_void,
    pub bitmask: u64,
    pub blurb: *const ::std::os::raw::c_char,
    pub id: ::std::os::raw::c_int,
    pub parent: ::std::os::raw::c_int,
    pub ref_type: ::std::os::raw::c_int,
    pub same_name_prev_id: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of _header_field_info",
    ][::std::mem::size_of::<_header_field_info>() - 64usize];
    [
        "Alignment of _header_field_info",
    ][::std::mem::align_of::<_header_field_info>() - 8usize];
    [
        "Offset of field: _header_field_info::name",
    ][::std::mem::offset_of!(_header_field_info, name) - 0usize];
    [
        "Offset of field: _header_field_info::abbrev",
    ][::std::mem::offset_of!(_header_field_info, abbrev) - 8usize];
    [
        "Offset of field: _header_field_info::type_",
    ][::std::mem::offset_of!(_header_field_info, type_) - 16usize];
    [
        "Offset of field: _header_field_info::display",
    ][::std::mem::offset_of!(_header_field_info, display) - 20usize];
    [
        "Offset of field: _header_field_info::strings",
    ][::std::mem::offset_of!(_header_field_info, strings) - 24usize];
    [
        "Offset of field: _header_field_info::bitmask",
    ][::std::mem::offset_of!(_header_field_info, bitmask) - 32usize];
    [
        "Offset of field: _header_field_info::blurb",
    ][::std::mem::offset_of!(_header_field_info, blurb) - 40usize];
    [
        "Offset of field: _header_field_info::id",
    ][::std::mem::offset_of!(_header_field_info, id) - 48usize];
    [
        "Offset of field: _header_field_info::parent",
    ][::std::mem::offset_of!(_header_field_info, parent) - 52usize];
    [
        "Offset of field: _header_field_info::ref_type",
    ][::std::mem::offset_of!(_header_field_info, ref_type) - 56usize];
    [
        "Offset of field: _header_field_info::same_name_prev_id",
    ][::std::mem::offset_of!(_header_field_info, same_name_prev_id) - 60usize];
};
pub type header_field_info = _header_field_info;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct hf_register_info {
    pub p_id: *mut ::std::os::raw::c_int,
    pub hfinfo: header_field_info,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of hf_register_info"][::std::mem::size_of::<hf_register_info>() - 72usize];
    [
        "Alignment of hf_register_info",
    ][::std::mem::align_of::<hf_register_info>() - 8usize];
    [
        "Offset of field: hf_register_info::p_id",
    ][::std::mem::offset_of!(hf_register_info, p_id) - 0usize];
    [
        "Offset of field: hf_register_info::hfinfo",
    ][::std::mem::offset_of!(hf_register_info, hfinfo) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct expert_field {
    pub ei: ::std::os::raw::c_int,
    pub hf: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of expert_field"][::std::mem::size_of::<expert_field>() - 8usize];
    ["Alignment of expert_field"][::std::mem::align_of::<expert_field>() - 4usize];
    [
        "Offset of field: expert_field::ei",
    ][::std::mem::offset_of!(expert_field, ei) - 0usize];
    [
        "Offset of field: expert_field::hf",
    ][::std::mem::offset_of!(expert_field, hf) - 4usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct expert_field_info {
    pub name: *const ::std::os::raw::c_char,
    pub group: ::std::os::raw::c_int,
    pub severity: ::std::os::raw::c_int,
    pub summary: *const ::std::os::raw::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of expert_field_info"][::std::mem::size_of::<expert_field_info>() - 24usize];
    [
        "Alignment of expert_field_info",
    ][::std::mem::align_of::<expert_field_info>() - 8usize];
    [
        "Offset of field: expert_field_info::name",
    ][::std::mem::offset_of!(expert_field_info, name) - 0usize];
    [
        "Offset of field: expert_field_info::group",
    ][::std::mem::offset_of!(expert_field_info, group) - 8usize];
    [
        "Offset of field: expert_field_info::severity",
    ][::std::mem::offset_of!(expert_field_info, severity) - 12usize];
    [
        "Offset of field: expert_field_info::summary",
    ][::std::mem::offset_of!(expert_field_info, summary) - 16usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ei_register_info {
    pub ids: *mut expert_field,
    pub eiinfo: expert_field_info,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of ei_register_info"][::std::mem::size_of::<ei_register_info>() - 32usize];
    [
        "Alignment of ei_register_info",
    ][::std::mem::align_of::<ei_register_info>() - 8usize];
    [
        "Offset of field: ei_register_info::ids",
    ][::std::mem::offset_of!(ei_register_info, ids) - 0usize];
    [
        "Offset of field: ei_register_info::eiinfo",
    ][::std::mem::offset_of!(ei_register_info, eiinfo) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct enum_val {
    pub name: *const ::std::os::raw::c_char,
    pub description: *const ::std::os::raw::c_char,
    pub value: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of enum_val"][::std::mem::size_of::<enum_val>() - 24usize];
    ["Alignment of enum_val"][::std::mem::align_of::<enum_val>() - 8usize];
    ["Offset of field: enum_val::name"][::std::mem::offset_of!(enum_val, name) - 0usize];
    [
        "Offset of field: enum_val::description",
    ][::std::mem::offset_of!(enum_val, description) - 8usize];
    [
        "Offset of field: enum_val::value",
    ][::std::mem::offset_of!(enum_val, value) - 16usize];
};
pub type enum_val_t = enum_val;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _value_string {
    pub value: u32,
    pub strptr: *const ::std::os::raw::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _value_string"][::std::mem::size_of::<_value_string>() - 16usize];
    ["Alignment of _value_string"][::std::mem::align_of::<_value_string>() - 8usize];
    [
        "Offset of field: _value_string::value",
    ][::std::mem::offset_of!(_value_string, value) - 0usize];
    [
        "Offset of field: _value_string::strptr",
    ][::std::mem::offset_of!(_value_string, strptr) - 8usize];
};
pub type value_string = _value_string;
pub const PT_TXTMOD_NONE: uat_text_mode_t = 0;
pub const PT_TXTMOD_STRING: uat_text_mode_t = 1;
pub const PT_TXTMOD_ENUM: uat_text_mode_t = 3;
pub type uat_text_mode_t = ::std::os::raw::c_uint;
pub type uat_fld_chk_cb_t = ::std::option::Option<
    unsafe extern "C" fn(
        record: *mut ::std::os::raw::c_void,
        ptr: *const ::std::os::raw::c_char,
        len: ::std::os::raw::c_uint,
        chk_data: *const ::std::os::raw::c_void,
        fld_data: *const ::std::os::raw::c_void,
        error: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
>;
pub type uat_fld_set_cb_t = ::std::option::Option<
    unsafe extern "C" fn(
        record: *mut ::std::os::raw::c_void,
        ptr: *const ::std::os::raw::c_char,
        len: ::std::os::raw::c_uint,
        set_data: *const ::std::os::raw::c_void,
        fld_data: *const ::std::os::raw::c_void,
    ),
>;
pub type uat_fld_tostr_cb_t = ::std::option::Option<
    unsafe extern "C" fn(
        record: *mut ::std::os::raw::c_void,
        out_ptr: *mut *mut ::std::os::raw::c_char,
        out_len: *mut ::std::os::raw::c_uint,
        tostr_data: *const ::std::os::raw::c_void,
        fld_data: *const ::std::os::raw::c_void,
    ),
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct uat_callbacks {
    pub chk: uat_fld_chk_cb_t,
    pub set: uat_fld_set_cb_t,
    pub tostr: uat_fld_tostr_cb_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of uat_callbacks"][::std::mem::size_of::<uat_callbacks>() - 24usize];
    ["Alignment of uat_callbacks"][::std::mem::align_of::<uat_callbacks>() - 8usize];
    [
        "Offset of field: uat_callbacks::chk",
    ][::std::mem::offset_of!(uat_callbacks, chk) - 0usize];
    [
        "Offset of field: uat_callbacks::set",
    ][::std::mem::offset_of!(uat_callbacks, set) - 8usize];
    [
        "Offset of field: uat_callbacks::tostr",
    ][::std::mem::offset_of!(uat_callbacks, tostr) - 16usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct uat_callback_data {
    pub chk: *const ::std::os::raw::c_void,
    pub set: *const ::std::os::raw::c_void,
    pub tostr: *const ::std::os::raw::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of uat_callback_data"][::std::mem::size_of::<uat_callback_data>() - 24usize];
    [
        "Alignment of uat_callback_data",
    ][::std::mem::align_of::<uat_callback_data>() - 8usize];
    [
        "Offset of field: uat_callback_data::chk",
    ][::std::mem::offset_of!(uat_callback_data, chk) - 0usize];
    [
        "Offset of field: uat_callback_data::set",
    ][::std::mem::offset_of!(uat_callback_data, set) - 8usize];
    [
        "Offset of field: uat_callback_data::tostr",
    ][::std::mem::offset_of!(uat_callback_data, tostr) - 16usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _uat_field_t {
    pub name: *const ::std::os::raw::c_char,
    pub title: *const ::std::os::raw::c_char,
    pub mode: uat_text_mode_t,
    pub cb: uat_callbacks,
    pub cbdata: uat_callback_data,
    pub fld_data: *const ::std::os::raw::c_void,
    pub desc: *const ::std::os::raw::c_char,
    pub priv_: *mut _fld_data_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _uat_field_t"][::std::mem::size_of::<_uat_field_t>() - 96usize];
    ["Alignment of _uat_field_t"][::std::mem::align_of::<_uat_field_t>() - 8usize];
    [
        "Offset of field: _uat_field_t::name",
    ][::std::mem::offset_of!(_uat_field_t, name) - 0usize];
    [
        "Offset of field: _uat_field_t::title",
    ][::std::mem::offset_of!(_uat_field_t, title) - 8usize];
    [
        "Offset of field: _uat_field_t::mode",
    ][::std::mem::offset_of!(_uat_field_t, mode) - 16usize];
    [
        "Offset of field: _uat_field_t::cb",
    ][::std::mem::offset_of!(_uat_field_t, cb) - 24usize];
    [
        "Offset of field: _uat_field_t::cbdata",
    ][::std::mem::offset_of!(_uat_field_t, cbdata) - 48usize];
    [
        "Offset of field: _uat_field_t::fld_data",
    ][::std::mem::offset_of!(_uat_field_t, fld_data) - 72usize];
    [
        "Offset of field: _uat_field_t::desc",
    ][::std::mem::offset_of!(_uat_field_t, desc) - 80usize];
    [
        "Offset of field: _uat_field_t::priv_",
    ][::std::mem::offset_of!(_uat_field_t, priv_) - 88usize];
};
pub type uat_field_t = _uat_field_t;
pub const UAT_AFFECTS_DISSECTION: _bindgen_ty_3 = 1;
pub type _bindgen_ty_3 = ::std::os::raw::c_uint;
pub type uat_copy_cb_t = ::std::option::Option<
    unsafe extern "C" fn(
        dest: *mut ::std::os::raw::c_void,
        source: *const ::std::os::raw::c_void,
        len: usize,
    ) -> *mut ::std::os::raw::c_void,
>;
pub type uat_update_cb_t = ::std::option::Option<
    unsafe extern "C" fn(
        record: *mut ::std::os::raw::c_void,
        error: *mut *mut ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
>;
pub type uat_free_cb_t = ::std::option::Option<
    unsafe extern "C" fn(record: *mut ::std::os::raw::c_void),
>;
pub type uat_post_update_cb_t = ::std::option::Option<unsafe extern "C" fn()>;
pub type uat_reset_cb_t = ::std::option::Option<unsafe extern "C" fn()>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _proto_plugin {
    pub register_protoinfo: ::std::option::Option<unsafe extern "C" fn()>,
    pub register_handoff: ::std::option::Option<unsafe extern "C" fn()>,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _proto_plugin"][::std::mem::size_of::<_proto_plugin>() - 16usize];
    ["Alignment of _proto_plugin"][::std::mem::align_of::<_proto_plugin>() - 8usize];
    [
        "Offset of field: _proto_plugin::register_protoinfo",
    ][::std::mem::offset_of!(_proto_plugin, register_protoinfo) - 0usize];
    [
        "Offset of field: _proto_plugin::register_handoff",
    ][::std::mem::offset_of!(_proto_plugin, register_handoff) - 8usize];
};
pub type proto_plugin = _proto_plugin;
pub type dissector_t = ::std::option::Option<
    unsafe extern "C" fn(
        arg1: *mut tvbuff_t,
        arg2: *mut packet_info,
        arg3: *mut proto_tree,
        arg4: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
pub type proto_tree_foreach_func = ::std::option::Option<
    unsafe extern "C" fn(arg1: *mut proto_node, arg2: *mut ::std::os::raw::c_void),
>;
pub const PT_NONE: port_type = 0;
pub const PT_SCTP: port_type = 1;
pub const PT_TCP: port_type = 2;
pub const PT_UDP: port_type = 3;
pub const PT_DCCP: port_type = 4;
pub type port_type = ::std::os::raw::c_uint;
pub const AT_NONE: _bindgen_ty_4 = 0;
pub const AT_IPv4: _bindgen_ty_4 = 2;
pub const AT_IPv6: _bindgen_ty_4 = 3;
pub const AT_STRINGZ: _bindgen_ty_4 = 7;
pub type _bindgen_ty_4 = ::std::os::raw::c_uint;
pub const BASE_NONE: _bindgen_ty_5 = 0;
pub const BASE_DEC: _bindgen_ty_5 = 1;
pub type _bindgen_ty_5 = ::std::os::raw::c_uint;
pub const PI_ASSUMPTION: _bindgen_ty_6 = 218103808;
pub const PI_NOTE: _bindgen_ty_6 = 4194304;
pub type _bindgen_ty_6 = ::std::os::raw::c_uint;
pub const FI_HIDDEN: _bindgen_ty_7 = 1;
pub const FI_GENERATED: _bindgen_ty_7 = 2;
pub type _bindgen_ty_7 = ::std::os::raw::c_uint;
pub const pref_current: pref_source_t = 2;
pub type pref_source_t = ::std::os::raw::c_uint;
pub const TAP_PACKET_DONT_REDRAW: tap_packet_status = 0;
pub const TAP_PACKET_REDRAW: tap_packet_status = 1;
pub type tap_packet_status = ::std::os::raw::c_uint;
pub const STAT_DT_INT: stat_node_datatype = 0;
pub type stat_node_datatype = ::std::os::raw::c_uint;
pub const MN_INCREASE: manip_node_mode = 0;
pub const MN_SET: manip_node_mode = 1;
pub const MN_SET_FLAGS: manip_node_mode = 4;
pub type manip_node_mode = ::std::os::raw::c_uint;
pub const ST_FLG_SORT_TOP: _bindgen_ty_8 = 4194304;
pub const ST_FLG_SORT_DESC: _bindgen_ty_8 = 8388608;
pub type _bindgen_ty_8 = ::std::os::raw::c_uint;
pub const ST_FLG_SRTCOL_SHIFT: _bindgen_ty_9 = 16;
pub const ST_SORT_COL_COUNT: _bindgen_ty_9 = 2;
pub type _bindgen_ty_9 = ::std::os::raw::c_uint;
pub type stat_tree_packet_cb = ::std::option::Option<
    unsafe extern "C" fn(
        arg1: *mut stats_tree,
        arg2: *mut packet_info,
        arg3: *mut epan_dissect_t,
        arg4: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status,
>;
pub type stat_tree_init_cb = ::std::option::Option<
    unsafe extern "C" fn(arg1: *mut stats_tree),
>;
pub type stat_tree_cleanup_cb = ::std::option::Option<
    unsafe extern "C" fn(arg1: *mut stats_tree),
>;
pub type tap_packet_cb = ::std::option::Option<
    unsafe extern "C" fn(
        tapdata: *mut ::std::os::raw::c_void,
        arg1: *mut packet_info,
        arg2: *mut epan_dissect_t,
        arg3: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status,
>;
pub const REGISTER_STAT_GROUP_UNSORTED_OF_PACKETS: register_stat_group_t = 2;
pub type register_stat_group_t = ::std::os::raw::c_uint;
pub const TABLE_ITEM_NONE: stat_tap_table_item_enum = 0;
pub const TABLE_ITEM_UINT: stat_tap_table_item_enum = 1;
pub const TABLE_ITEM_STRING: stat_tap_table_item_enum = 3;
pub type stat_tap_table_item_enum = ::std::os::raw::c_uint;
pub const TAP_ALIGN_LEFT: tap_alignment_type = 0;
pub const TAP_ALIGN_RIGHT: tap_alignment_type = 1;
pub type tap_alignment_type = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Copy, Clone)]
pub union stat_tap_value {
    pub uint_value: ::std::os::raw::c_uint,
    pub string_value: *const ::std::os::raw::c_char,
    pub float_value: f64,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of stat_tap_value"][::std::mem::size_of::<stat_tap_value>() - 8usize];
    ["Alignment of stat_tap_value"][::std::mem::align_of::<stat_tap_value>() - 8usize];
    [
        "Offset of field: stat_tap_value::uint_value",
    ][::std::mem::offset_of!(stat_tap_value, uint_value) - 0usize];
    [
        "Offset of field: stat_tap_value::string_value",
    ][::std::mem::offset_of!(stat_tap_value, string_value) - 0usize];
    [
        "Offset of field: stat_tap_value::float_value",
    ][::std::mem::offset_of!(stat_tap_value, float_value) - 0usize];
};
#[repr(C)]
#[derive(Copy, Clone)]
pub struct _stat_tap_table_item_type {
    pub type_: stat_tap_table_item_enum,
    pub value: stat_tap_value,
    pub user_data: stat_tap_value,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of _stat_tap_table_item_type",
    ][::std::mem::size_of::<_stat_tap_table_item_type>() - 24usize];
    [
        "Alignment of _stat_tap_table_item_type",
    ][::std::mem::align_of::<_stat_tap_table_item_type>() - 8usize];
    [
        "Offset of field: _stat_tap_table_item_type::type_",
    ][::std::mem::offset_of!(_stat_tap_table_item_type, type_) - 0usize];
    [
        "Offset of field: _stat_tap_table_item_type::value",
    ][::std::mem::offset_of!(_stat_tap_table_item_type, value) - 8usize];
    [
        "Offset of field: _stat_tap_table_item_type::user_data",
    ][::std::mem::offset_of!(_stat_tap_table_item_type, user_data) - 16usize];
};
pub type stat_tap_table_item_type = _stat_tap_table_item_type;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _stat_tap_table_item {
    pub type_: stat_tap_table_item_enum,
    pub align: tap_alignment_type,
    pub column_name: *const ::std::os::raw::c_char,
    pub field_format: *const ::std::os::raw::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of _stat_tap_table_item",
    ][::std::mem::size_of::<_stat_tap_table_item>() - 24usize];
    [
        "Alignment of _stat_tap_table_item",
    ][::std::mem::align_of::<_stat_tap_table_item>() - 8usize];
    [
        "Offset of field: _stat_tap_table_item::type_",
    ][::std::mem::offset_of!(_stat_tap_table_item, type_) - 0usize];
    [
        "Offset of field: _stat_tap_table_item::align",
    ][::std::mem::offset_of!(_stat_tap_table_item, align) - 4usize];
    [
        "Offset of field: _stat_tap_table_item::column_name",
    ][::std::mem::offset_of!(_stat_tap_table_item, column_name) - 8usize];
    [
        "Offset of field: _stat_tap_table_item::field_format",
    ][::std::mem::offset_of!(_stat_tap_table_item, field_format) - 16usize];
};
pub type stat_tap_table_item = _stat_tap_table_item;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _stat_tap_table {
    pub title: *const ::std::os::raw::c_char,
    pub filter_string: *const ::std::os::raw::c_char,
    pub num_fields: ::std::os::raw::c_uint,
    pub num_elements: ::std::os::raw::c_uint,
    pub elements: *mut *mut stat_tap_table_item_type,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _stat_tap_table"][::std::mem::size_of::<_stat_tap_table>() - 32usize];
    ["Alignment of _stat_tap_table"][::std::mem::align_of::<_stat_tap_table>() - 8usize];
    [
        "Offset of field: _stat_tap_table::title",
    ][::std::mem::offset_of!(_stat_tap_table, title) - 0usize];
    [
        "Offset of field: _stat_tap_table::filter_string",
    ][::std::mem::offset_of!(_stat_tap_table, filter_string) - 8usize];
    [
        "Offset of field: _stat_tap_table::num_fields",
    ][::std::mem::offset_of!(_stat_tap_table, num_fields) - 16usize];
    [
        "Offset of field: _stat_tap_table::num_elements",
    ][::std::mem::offset_of!(_stat_tap_table, num_elements) - 20usize];
    [
        "Offset of field: _stat_tap_table::elements",
    ][::std::mem::offset_of!(_stat_tap_table, elements) - 24usize];
};
pub type stat_tap_table = _stat_tap_table;
#[repr(C)]
#[derive(Debug)]
pub struct _tap_param {
    _unused: [u8; 0],
}
pub type GArray = _GArray;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _GArray {
    pub data: *mut ::std::os::raw::c_char,
    pub len: ::std::os::raw::c_uint,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _GArray"][::std::mem::size_of::<_GArray>() - 16usize];
    ["Alignment of _GArray"][::std::mem::align_of::<_GArray>() - 8usize];
    ["Offset of field: _GArray::data"][::std::mem::offset_of!(_GArray, data) - 0usize];
    ["Offset of field: _GArray::len"][::std::mem::offset_of!(_GArray, len) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _stat_tap_table_ui {
    pub group: register_stat_group_t,
    pub title: *const ::std::os::raw::c_char,
    pub tap_name: *const ::std::os::raw::c_char,
    pub cli_string: *const ::std::os::raw::c_char,
    pub stat_tap_init_cb: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut _stat_tap_table_ui),
    >,
    pub packet_func: tap_packet_cb,
    pub stat_tap_reset_table_cb: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut stat_tap_table),
    >,
    pub stat_tap_free_table_item_cb: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut stat_tap_table,
            row: ::std::os::raw::c_uint,
            column: ::std::os::raw::c_uint,
            arg2: *mut stat_tap_table_item_type,
        ),
    >,
    pub stat_filter_check_cb: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const ::std::os::raw::c_char,
            arg2: *mut *const ::std::os::raw::c_char,
            arg3: *mut *mut ::std::os::raw::c_char,
        ),
    >,
    pub nfields: usize,
    pub fields: *mut stat_tap_table_item,
    pub nparams: usize,
    pub params: *mut _tap_param,
    pub tables: *mut GArray,
    pub refcount: ::std::os::raw::c_uint,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of _stat_tap_table_ui",
    ][::std::mem::size_of::<_stat_tap_table_ui>() - 120usize];
    [
        "Alignment of _stat_tap_table_ui",
    ][::std::mem::align_of::<_stat_tap_table_ui>() - 8usize];
    [
        "Offset of field: _stat_tap_table_ui::group",
    ][::std::mem::offset_of!(_stat_tap_table_ui, group) - 0usize];
    [
        "Offset of field: _stat_tap_table_ui::title",
    ][::std::mem::offset_of!(_stat_tap_table_ui, title) - 8usize];
    [
        "Offset of field: _stat_tap_table_ui::tap_name",
    ][::std::mem::offset_of!(_stat_tap_table_ui, tap_name) - 16usize];
    [
        "Offset of field: _stat_tap_table_ui::cli_string",
    ][::std::mem::offset_of!(_stat_tap_table_ui, cli_string) - 24usize];
    [
        "Offset of field: _stat_tap_table_ui::stat_tap_init_cb",
    ][::std::mem::offset_of!(_stat_tap_table_ui, stat_tap_init_cb) - 32usize];
    [
        "Offset of field: _stat_tap_table_ui::packet_func",
    ][::std::mem::offset_of!(_stat_tap_table_ui, packet_func) - 40usize];
    [
        "Offset of field: _stat_tap_table_ui::stat_tap_reset_table_cb",
    ][::std::mem::offset_of!(_stat_tap_table_ui, stat_tap_reset_table_cb) - 48usize];
    [
        "Offset of field: _stat_tap_table_ui::stat_tap_free_table_item_cb",
    ][::std::mem::offset_of!(_stat_tap_table_ui, stat_tap_free_table_item_cb) - 56usize];
    [
        "Offset of field: _stat_tap_table_ui::stat_filter_check_cb",
    ][::std::mem::offset_of!(_stat_tap_table_ui, stat_filter_check_cb) - 64usize];
    [
        "Offset of field: _stat_tap_table_ui::nfields",
    ][::std::mem::offset_of!(_stat_tap_table_ui, nfields) - 72usize];
    [
        "Offset of field: _stat_tap_table_ui::fields",
    ][::std::mem::offset_of!(_stat_tap_table_ui, fields) - 80usize];
    [
        "Offset of field: _stat_tap_table_ui::nparams",
    ][::std::mem::offset_of!(_stat_tap_table_ui, nparams) - 88usize];
    [
        "Offset of field: _stat_tap_table_ui::params",
    ][::std::mem::offset_of!(_stat_tap_table_ui, params) - 96usize];
    [
        "Offset of field: _stat_tap_table_ui::tables",
    ][::std::mem::offset_of!(_stat_tap_table_ui, tables) - 104usize];
    [
        "Offset of field: _stat_tap_table_ui::refcount",
    ][::std::mem::offset_of!(_stat_tap_table_ui, refcount) - 112usize];
};
pub type stat_tap_table_ui = _stat_tap_table_ui;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _stat_data_t {
    pub stat_tap_data: *mut stat_tap_table_ui,
    pub user_data: *mut ::std::os::raw::c_void,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _stat_data_t"][::std::mem::size_of::<_stat_data_t>() - 16usize];
    ["Alignment of _stat_data_t"][::std::mem::align_of::<_stat_data_t>() - 8usize];
    [
        "Offset of field: _stat_data_t::stat_tap_data",
    ][::std::mem::offset_of!(_stat_data_t, stat_tap_data) - 0usize];
    [
        "Offset of field: _stat_data_t::user_data",
    ][::std::mem::offset_of!(_stat_data_t, user_data) - 8usize];
};
pub type stat_data_t = _stat_data_t;
pub type stat_tap_init_cb = ::std::option::Option<
    unsafe extern "C" fn(
        argument: *const ::std::os::raw::c_char,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _stat_tap_ui {
    pub group: register_stat_group_t,
    pub title: *const ::std::os::raw::c_char,
    pub cli_string: *const ::std::os::raw::c_char,
    pub tap_init_cb: stat_tap_init_cb,
    pub nparams: usize,
    pub params: *mut _tap_param,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _stat_tap_ui"][::std::mem::size_of::<_stat_tap_ui>() - 48usize];
    ["Alignment of _stat_tap_ui"][::std::mem::align_of::<_stat_tap_ui>() - 8usize];
    [
        "Offset of field: _stat_tap_ui::group",
    ][::std::mem::offset_of!(_stat_tap_ui, group) - 0usize];
    [
        "Offset of field: _stat_tap_ui::title",
    ][::std::mem::offset_of!(_stat_tap_ui, title) - 8usize];
    [
        "Offset of field: _stat_tap_ui::cli_string",
    ][::std::mem::offset_of!(_stat_tap_ui, cli_string) - 16usize];
    [
        "Offset of field: _stat_tap_ui::tap_init_cb",
    ][::std::mem::offset_of!(_stat_tap_ui, tap_init_cb) - 24usize];
    [
        "Offset of field: _stat_tap_ui::nparams",
    ][::std::mem::offset_of!(_stat_tap_ui, nparams) - 32usize];
    [
        "Offset of field: _stat_tap_ui::params",
    ][::std::mem::offset_of!(_stat_tap_ui, params) - 40usize];
};
pub type stat_tap_ui = _stat_tap_ui;
pub type tap_reset_cb = ::std::option::Option<
    unsafe extern "C" fn(tapdata: *mut ::std::os::raw::c_void),
>;
pub type tap_draw_cb = ::std::option::Option<
    unsafe extern "C" fn(tapdata: *mut ::std::os::raw::c_void),
>;
pub type tap_finish_cb = ::std::option::Option<
    unsafe extern "C" fn(tapdata: *mut ::std::os::raw::c_void),
>;
pub type GString = _GString;
pub const CONV_FT_SRC_ADDRESS: conv_filter_type_e = 0;
pub const CONV_FT_DST_ADDRESS: conv_filter_type_e = 1;
pub const CONV_FT_ANY_ADDRESS: conv_filter_type_e = 2;
pub type conv_filter_type_e = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug)]
pub struct _conversation_item_t {
    _unused: [u8; 0],
}
pub type conv_get_filter_type = ::std::option::Option<
    unsafe extern "C" fn(
        item: *mut _conversation_item_t,
        filter: conv_filter_type_e,
    ) -> *const ::std::os::raw::c_char,
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _ct_dissector_info {
    pub get_filter_type: conv_get_filter_type,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _ct_dissector_info"][::std::mem::size_of::<_ct_dissector_info>() - 8usize];
    [
        "Alignment of _ct_dissector_info",
    ][::std::mem::align_of::<_ct_dissector_info>() - 8usize];
    [
        "Offset of field: _ct_dissector_info::get_filter_type",
    ][::std::mem::offset_of!(_ct_dissector_info, get_filter_type) - 0usize];
};
pub type ct_dissector_info_t = _ct_dissector_info;
#[repr(C)]
#[derive(Debug)]
pub struct _endpoint_item_t {
    _unused: [u8; 0],
}
pub type epan_endpoint_item = _endpoint_item_t;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _et_dissector_info {
    pub get_filter_type: ::std::option::Option<
        unsafe extern "C" fn(
            item: *mut epan_endpoint_item,
            filter: conv_filter_type_e,
        ) -> *const ::std::os::raw::c_char,
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _et_dissector_info"][::std::mem::size_of::<_et_dissector_info>() - 8usize];
    [
        "Alignment of _et_dissector_info",
    ][::std::mem::align_of::<_et_dissector_info>() - 8usize];
    [
        "Offset of field: _et_dissector_info::get_filter_type",
    ][::std::mem::offset_of!(_et_dissector_info, get_filter_type) - 0usize];
};
pub type epan_endpoint_info = _et_dissector_info;
pub const CONVERSATION_NONE: epan_conversation_type = 0;
pub const CONVERSATION_TCP: epan_conversation_type = 2;
pub const CONVERSATION_UDP: epan_conversation_type = 3;
pub type epan_conversation_type = ::std::os::raw::c_uint;
pub const ENDPOINT_NONE: endpoint_type = 0;
pub type endpoint_type = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct conversation {
    pub next: *mut conversation,
    pub last: *mut conversation,
    pub latest_found: *mut conversation,
    pub conv_index: u32,
    pub setup_frame: u32,
    pub last_frame: u32,
    pub data_list: *mut ::std::os::raw::c_void,
    pub dissector_tree: *mut ::std::os::raw::c_void,
    pub options: ::std::os::raw::c_uint,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of conversation"][::std::mem::size_of::<conversation>() - 64usize];
    ["Alignment of conversation"][::std::mem::align_of::<conversation>() - 8usize];
    [
        "Offset of field: conversation::next",
    ][::std::mem::offset_of!(conversation, next) - 0usize];
    [
        "Offset of field: conversation::last",
    ][::std::mem::offset_of!(conversation, last) - 8usize];
    [
        "Offset of field: conversation::latest_found",
    ][::std::mem::offset_of!(conversation, latest_found) - 16usize];
    [
        "Offset of field: conversation::conv_index",
    ][::std::mem::offset_of!(conversation, conv_index) - 24usize];
    [
        "Offset of field: conversation::setup_frame",
    ][::std::mem::offset_of!(conversation, setup_frame) - 28usize];
    [
        "Offset of field: conversation::last_frame",
    ][::std::mem::offset_of!(conversation, last_frame) - 32usize];
    [
        "Offset of field: conversation::data_list",
    ][::std::mem::offset_of!(conversation, data_list) - 40usize];
    [
        "Offset of field: conversation::dissector_tree",
    ][::std::mem::offset_of!(conversation, dissector_tree) - 48usize];
    [
        "Offset of field: conversation::options",
    ][::std::mem::offset_of!(conversation, options) - 56usize];
};
pub type conversation_t = conversation;
pub type is_filter_valid_func = ::std::option::Option<
    unsafe extern "C" fn(arg1: *mut packet_info) -> ::std::os::raw::c_int,
>;
pub type build_filter_string_func = ::std::option::Option<
    unsafe extern "C" fn(arg1: *mut packet_info) -> *mut ::std::os::raw::c_char,
>;
pub const EXT_MENUBAR_QT_GUI: ext_menubar_gui_type = 1;
pub type ext_menubar_gui_type = ::std::os::raw::c_uint;
pub type ext_menubar_action_cb = ::std::option::Option<
    unsafe extern "C" fn(
        gui_type: ext_menubar_gui_type,
        gui_object: *mut ::std::os::raw::c_void,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _ws_info_t {
    pub ws_info_supported: ::std::os::raw::c_int,
    pub cf_state: ::std::os::raw::c_int,
    pub cf_filename: *mut ::std::os::raw::c_char,
    pub cf_count: u32,
    pub cf_framenr: u32,
    pub frame_passed_dfilter: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _ws_info_t"][::std::mem::size_of::<_ws_info_t>() - 32usize];
    ["Alignment of _ws_info_t"][::std::mem::align_of::<_ws_info_t>() - 8usize];
    [
        "Offset of field: _ws_info_t::ws_info_supported",
    ][::std::mem::offset_of!(_ws_info_t, ws_info_supported) - 0usize];
    [
        "Offset of field: _ws_info_t::cf_state",
    ][::std::mem::offset_of!(_ws_info_t, cf_state) - 4usize];
    [
        "Offset of field: _ws_info_t::cf_filename",
    ][::std::mem::offset_of!(_ws_info_t, cf_filename) - 8usize];
    [
        "Offset of field: _ws_info_t::cf_count",
    ][::std::mem::offset_of!(_ws_info_t, cf_count) - 16usize];
    [
        "Offset of field: _ws_info_t::cf_framenr",
    ][::std::mem::offset_of!(_ws_info_t, cf_framenr) - 20usize];
    [
        "Offset of field: _ws_info_t::frame_passed_dfilter",
    ][::std::mem::offset_of!(_ws_info_t, frame_passed_dfilter) - 24usize];
};
pub type ws_info_t = _ws_info_t;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _funnel_bt_t {
    pub tw: *mut ::std::os::raw::c_void,
    pub func: ::std::option::Option<
        unsafe extern "C" fn(
            window: *mut ::std::os::raw::c_void,
            data: *mut ::std::os::raw::c_void,
        ) -> ::std::os::raw::c_int,
    >,
    pub data: *mut ::std::os::raw::c_void,
    pub free_fcn: ::std::option::Option<
        unsafe extern "C" fn(button: *mut ::std::os::raw::c_void),
    >,
    pub free_data_fcn: ::std::option::Option<
        unsafe extern "C" fn(data: *mut ::std::os::raw::c_void),
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _funnel_bt_t"][::std::mem::size_of::<_funnel_bt_t>() - 40usize];
    ["Alignment of _funnel_bt_t"][::std::mem::align_of::<_funnel_bt_t>() - 8usize];
    [
        "Offset of field: _funnel_bt_t::tw",
    ][::std::mem::offset_of!(_funnel_bt_t, tw) - 0usize];
    [
        "Offset of field: _funnel_bt_t::func",
    ][::std::mem::offset_of!(_funnel_bt_t, func) - 8usize];
    [
        "Offset of field: _funnel_bt_t::data",
    ][::std::mem::offset_of!(_funnel_bt_t, data) - 16usize];
    [
        "Offset of field: _funnel_bt_t::free_fcn",
    ][::std::mem::offset_of!(_funnel_bt_t, free_fcn) - 24usize];
    [
        "Offset of field: _funnel_bt_t::free_data_fcn",
    ][::std::mem::offset_of!(_funnel_bt_t, free_data_fcn) - 32usize];
};
pub type funnel_bt_t = _funnel_bt_t;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _funnel_ops_t {
    pub ops_id: *mut ::std::os::raw::c_void,
    pub new_text_window: ::std::option::Option<unsafe extern "C" fn()>,
    pub set_text: ::std::option::Option<
        unsafe extern "C" fn(
            window: *mut ::std::os::raw::c_void,
            text: *const ::std::os::raw::c_char,
        ),
    >,
    pub not_used: [::std::option::Option<unsafe extern "C" fn()>; 7usize],
    pub add_button: ::std::option::Option<
        unsafe extern "C" fn(
            window: *mut ::std::os::raw::c_void,
            button: *mut funnel_bt_t,
            label: *const ::std::os::raw::c_char,
        ),
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _funnel_ops_t"][::std::mem::size_of::<_funnel_ops_t>() - 88usize];
    ["Alignment of _funnel_ops_t"][::std::mem::align_of::<_funnel_ops_t>() - 8usize];
    [
        "Offset of field: _funnel_ops_t::ops_id",
    ][::std::mem::offset_of!(_funnel_ops_t, ops_id) - 0usize];
    [
        "Offset of field: _funnel_ops_t::new_text_window",
    ][::std::mem::offset_of!(_funnel_ops_t, new_text_window) - 8usize];
    [
        "Offset of field: _funnel_ops_t::set_text",
    ][::std::mem::offset_of!(_funnel_ops_t, set_text) - 16usize];
    [
        "Offset of field: _funnel_ops_t::not_used",
    ][::std::mem::offset_of!(_funnel_ops_t, not_used) - 24usize];
    [
        "Offset of field: _funnel_ops_t::add_button",
    ][::std::mem::offset_of!(_funnel_ops_t, add_button) - 80usize];
};
pub type funnel_ops_t = _funnel_ops_t;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _GString {
    pub str_: *mut ::std::os::raw::c_char,
    pub len: usize,
    pub allocated_len: usize,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of _GString"][::std::mem::size_of::<_GString>() - 24usize];
    ["Alignment of _GString"][::std::mem::align_of::<_GString>() - 8usize];
    ["Offset of field: _GString::str_"][::std::mem::offset_of!(_GString, str_) - 0usize];
    ["Offset of field: _GString::len"][::std::mem::offset_of!(_GString, len) - 8usize];
    [
        "Offset of field: _GString::allocated_len",
    ][::std::mem::offset_of!(_GString, allocated_len) - 16usize];
};
pub type epan_bool_result = u8;
pub type epan_bool_arg = ::std::os::raw::c_int;
pub type epan_bool_arg_of_uat = ::std::os::raw::c_int;
pub type epan_bool_result_of_uat = u8;
pub type epan_bool_var = ::std::os::raw::c_int;
pub type epan_boolean_value = u64;
pub type epan_expert_result = ::std::os::raw::c_void;
pub type epan_stats_tree_result = ::std::os::raw::c_void;
pub type epan_get_version_number = ::std::option::Option<
    unsafe extern "C" fn(
        major: *mut ::std::os::raw::c_int,
        minor: *mut ::std::os::raw::c_int,
        micro: *mut ::std::os::raw::c_int,
    ),
>;
pub type proto_register_plugin = ::std::option::Option<
    unsafe extern "C" fn(plugin: *const proto_plugin),
>;
pub type proto_register_protocol = ::std::option::Option<
    unsafe extern "C" fn(
        name: *const ::std::os::raw::c_char,
        short_name: *const ::std::os::raw::c_char,
        filter_name: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
>;
pub type proto_register_protocol_in_name_only = ::std::option::Option<
    unsafe extern "C" fn(
        name: *const ::std::os::raw::c_char,
        short_name: *const ::std::os::raw::c_char,
        filter_name: *const ::std::os::raw::c_char,
        parent_proto: ::std::os::raw::c_int,
        field_type: ftenum,
    ) -> ::std::os::raw::c_int,
>;
pub type find_protocol_by_id = ::std::option::Option<
    unsafe extern "C" fn(proto_id: ::std::os::raw::c_int) -> *mut protocol_t,
>;
pub type proto_is_protocol_enabled = ::std::option::Option<
    unsafe extern "C" fn(protocol: *const protocol_t) -> epan_bool_result,
>;
pub type proto_register_field_array = ::std::option::Option<
    unsafe extern "C" fn(
        parent: ::std::os::raw::c_int,
        hf: *mut hf_register_info,
        num_records: ::std::os::raw::c_int,
    ),
>;
pub type proto_register_subtree_array = ::std::option::Option<
    unsafe extern "C" fn(
        indices: *const *mut ::std::os::raw::c_int,
        num_indices: ::std::os::raw::c_int,
    ),
>;
pub type expert_register_protocol = ::std::option::Option<
    unsafe extern "C" fn(id: ::std::os::raw::c_int) -> *mut expert_module_t,
>;
pub type expert_register_field_array = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut expert_module_t,
        ei: *mut ei_register_info,
        num_records: ::std::os::raw::c_int,
    ),
>;
pub type prefs_register_protocol = ::std::option::Option<
    unsafe extern "C" fn(
        id: ::std::os::raw::c_int,
        apply_cb: ::std::option::Option<unsafe extern "C" fn()>,
    ) -> *mut module_t,
>;
pub type prefs_register_bool_preference = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut module_t,
        name: *const ::std::os::raw::c_char,
        title: *const ::std::os::raw::c_char,
        description: *const ::std::os::raw::c_char,
        var: *mut epan_bool_var,
    ),
>;
pub type prefs_register_enum_preference = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut module_t,
        name: *const ::std::os::raw::c_char,
        title: *const ::std::os::raw::c_char,
        description: *const ::std::os::raw::c_char,
        var: *mut ::std::os::raw::c_int,
        enumvals: *const enum_val_t,
        radio_buttons: epan_bool_arg,
    ),
>;
pub type prefs_register_range_preference = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut module_t,
        name: *const ::std::os::raw::c_char,
        title: *const ::std::os::raw::c_char,
        description: *const ::std::os::raw::c_char,
        var: *mut *mut range_t,
        max_value: u32,
    ),
>;
pub type create_dissector_handle = ::std::option::Option<
    unsafe extern "C" fn(
        dissector: dissector_t,
        proto: ::std::os::raw::c_int,
    ) -> dissector_handle_t,
>;
pub type register_postdissector = ::std::option::Option<
    unsafe extern "C" fn(handle: dissector_handle_t),
>;
pub type register_init_routine = ::std::option::Option<
    unsafe extern "C" fn(func: ::std::option::Option<unsafe extern "C" fn()>),
>;
pub type proto_registrar_get_id_byname = ::std::option::Option<
    unsafe extern "C" fn(
        field_name: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
>;
pub type proto_get_id_by_filter_name = ::std::option::Option<
    unsafe extern "C" fn(
        filter_name: *const ::std::os::raw::c_char,
    ) -> ::std::os::raw::c_int,
>;
pub type find_tap_id = ::std::option::Option<
    unsafe extern "C" fn(name: *const ::std::os::raw::c_char) -> ::std::os::raw::c_int,
>;
pub type get_column_format_from_str = ::std::option::Option<
    unsafe extern "C" fn(str_: *const ::std::os::raw::c_char) -> ::std::os::raw::c_int,
>;
pub type prefs_find_module = ::std::option::Option<
    unsafe extern "C" fn(name: *const ::std::os::raw::c_char) -> *mut module_t,
>;
pub type prefs_find_preference = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut module_t,
        pref: *const ::std::os::raw::c_char,
    ) -> *mut pref_t,
>;
pub type try_serv_name_lookup = ::std::option::Option<
    unsafe extern "C" fn(
        proto: port_type,
        port: ::std::os::raw::c_uint,
    ) -> *const ::std::os::raw::c_char,
>;
pub type address_to_display = ::std::option::Option<
    unsafe extern "C" fn(
        allocator: *mut wmem_allocator_t,
        addr: *const address,
    ) -> *mut ::std::os::raw::c_char,
>;
pub type wmem_free = ::std::option::Option<
    unsafe extern "C" fn(
        allocator: *mut wmem_allocator_t,
        ptr: *mut ::std::os::raw::c_void,
    ),
>;
pub type value_is_in_range = ::std::option::Option<
    unsafe extern "C" fn(range: *const range_t, val: u32) -> epan_bool_result,
>;
pub type proto_get_protocol_filter_name = ::std::option::Option<
    unsafe extern "C" fn(
        proto_id: ::std::os::raw::c_int,
    ) -> *const ::std::os::raw::c_char,
>;
pub type dissector_get_default_uint_handle = ::std::option::Option<
    unsafe extern "C" fn(
        name: *const ::std::os::raw::c_char,
        uint_val: u32,
    ) -> dissector_handle_t,
>;
pub type dissector_handle_get_protocol_index = ::std::option::Option<
    unsafe extern "C" fn(handle: dissector_handle_t) -> ::std::os::raw::c_int,
>;
pub type wmem_list_tail = ::std::option::Option<
    unsafe extern "C" fn(list: *const wmem_list_t) -> *mut wmem_list_frame_t,
>;
pub type wmem_list_frame_prev = ::std::option::Option<
    unsafe extern "C" fn(frame: *const wmem_list_frame_t) -> *mut wmem_list_frame_t,
>;
pub type wmem_list_frame_data = ::std::option::Option<
    unsafe extern "C" fn(frame: *const wmem_list_frame_t) -> *mut ::std::os::raw::c_void,
>;
pub type prefs_get_bool_value = ::std::option::Option<
    unsafe extern "C" fn(pref: *mut pref_t, source: pref_source_t) -> epan_bool_result,
>;
pub type wmem_list_head = ::std::option::Option<
    unsafe extern "C" fn(list: *const wmem_list_t) -> *mut wmem_list_frame_t,
>;
pub type wmem_list_frame_next = ::std::option::Option<
    unsafe extern "C" fn(frame: *const wmem_list_frame_t) -> *mut wmem_list_frame_t,
>;
pub type call_dissector_only = ::std::option::Option<
    unsafe extern "C" fn(
        handle: dissector_handle_t,
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int,
>;
pub type tvb_captured_length = ::std::option::Option<
    unsafe extern "C" fn(tvb: *const tvbuff_t) -> ::std::os::raw::c_uint,
>;
pub type tvb_get_ptr = ::std::option::Option<
    unsafe extern "C" fn(
        tvb: *mut tvbuff_t,
        offset: ::std::os::raw::c_int,
        length: ::std::os::raw::c_int,
    ) -> *const u8,
>;
pub type get_data_source_tvb = ::std::option::Option<
    unsafe extern "C" fn(src: *const data_source) -> *mut tvbuff_t,
>;
pub type proto_field_is_referenced = ::std::option::Option<
    unsafe extern "C" fn(
        tree: *mut proto_tree,
        proto_id: ::std::os::raw::c_int,
    ) -> epan_bool_result,
>;
pub type proto_registrar_get_nth = ::std::option::Option<
    unsafe extern "C" fn(hfindex: ::std::os::raw::c_uint) -> *mut header_field_info,
>;
pub type proto_tree_children_foreach = ::std::option::Option<
    unsafe extern "C" fn(
        tree: *mut proto_tree,
        func: proto_tree_foreach_func,
        data: *mut ::std::os::raw::c_void,
    ),
>;
pub type proto_tree_add_item = ::std::option::Option<
    unsafe extern "C" fn(
        tree: *mut proto_tree,
        hfindex: ::std::os::raw::c_int,
        tvb: *mut tvbuff_t,
        start: ::std::os::raw::c_int,
        length: ::std::os::raw::c_int,
        encoding: ::std::os::raw::c_uint,
    ) -> *mut proto_item,
>;
pub type proto_item_add_subtree = ::std::option::Option<
    unsafe extern "C" fn(
        pi: *mut proto_item,
        idx: ::std::os::raw::c_int,
    ) -> *mut proto_tree,
>;
pub type proto_tree_add_string = ::std::option::Option<
    unsafe extern "C" fn(
        tree: *mut proto_tree,
        hfindex: ::std::os::raw::c_int,
        tvb: *mut tvbuff_t,
        start: ::std::os::raw::c_int,
        length: ::std::os::raw::c_int,
        value: *const ::std::os::raw::c_char,
    ) -> *mut proto_item,
>;
pub type proto_tree_add_uint = ::std::option::Option<
    unsafe extern "C" fn(
        tree: *mut proto_tree,
        hfindex: ::std::os::raw::c_int,
        tvb: *mut tvbuff_t,
        start: ::std::os::raw::c_int,
        length: ::std::os::raw::c_int,
        value: u32,
    ) -> *mut proto_item,
>;
pub type proto_tree_add_boolean = ::std::option::Option<
    unsafe extern "C" fn(
        tree: *mut proto_tree,
        hfindex: ::std::os::raw::c_int,
        tvb: *mut tvbuff_t,
        start: ::std::os::raw::c_int,
        length: ::std::os::raw::c_int,
        value: epan_boolean_value,
    ) -> *mut proto_item,
>;
pub type proto_item_set_text = ::std::option::Option<
    unsafe extern "C" fn(pi: *mut proto_item, format: *const ::std::os::raw::c_char, ...),
>;
pub type expert_add_info_format = ::std::option::Option<
    unsafe extern "C" fn(
        pinfo: *mut packet_info,
        pi: *mut proto_item,
        eiindex: *mut expert_field,
        format: *const ::std::os::raw::c_char,
        ...
    ),
>;
pub type have_tap_listener = ::std::option::Option<
    unsafe extern "C" fn(tap_id: ::std::os::raw::c_int) -> epan_bool_result,
>;
pub type col_get_text = ::std::option::Option<
    unsafe extern "C" fn(
        cinfo: *mut column_info,
        col: ::std::os::raw::c_int,
    ) -> *const ::std::os::raw::c_char,
>;
pub type col_clear = ::std::option::Option<
    unsafe extern "C" fn(cinfo: *mut column_info, col: ::std::os::raw::c_int),
>;
pub type col_clear_fence = ::std::option::Option<
    unsafe extern "C" fn(cinfo: *mut column_info, col: ::std::os::raw::c_int),
>;
pub type col_set_fence = ::std::option::Option<
    unsafe extern "C" fn(cinfo: *mut column_info, col: ::std::os::raw::c_int),
>;
pub type col_append_str = ::std::option::Option<
    unsafe extern "C" fn(
        cinfo: *mut column_info,
        col: ::std::os::raw::c_int,
        str_: *const ::std::os::raw::c_char,
    ),
>;
pub type fvalue_set_string = ::std::option::Option<
    unsafe extern "C" fn(fv: *mut fvalue_t, value: *const ::std::os::raw::c_char),
>;
pub type register_tap = ::std::option::Option<
    unsafe extern "C" fn(name: *const ::std::os::raw::c_char) -> ::std::os::raw::c_int,
>;
pub type tap_queue_packet = ::std::option::Option<
    unsafe extern "C" fn(
        tap_id: ::std::os::raw::c_int,
        pinfo: *mut packet_info,
        tap_specific_data: *const ::std::os::raw::c_void,
    ),
>;
pub type stats_tree_register_plugin = ::std::option::Option<
    unsafe extern "C" fn(
        tapname: *const ::std::os::raw::c_char,
        abbr: *const ::std::os::raw::c_char,
        name: *const ::std::os::raw::c_char,
        flags: ::std::os::raw::c_uint,
        packet: stat_tree_packet_cb,
        init: stat_tree_init_cb,
        cleanup: stat_tree_cleanup_cb,
    ),
>;
pub type stats_tree_create_node = ::std::option::Option<
    unsafe extern "C" fn(
        st: *mut stats_tree,
        name: *const ::std::os::raw::c_char,
        parent_id: ::std::os::raw::c_int,
        datatype: stat_node_datatype,
        with_children: epan_bool_arg,
    ) -> ::std::os::raw::c_int,
>;
pub type stats_tree_manip_node_int = ::std::option::Option<
    unsafe extern "C" fn(
        mode: manip_node_mode,
        st: *mut stats_tree,
        name: *const ::std::os::raw::c_char,
        parent_id: ::std::os::raw::c_int,
        with_children: epan_bool_arg,
        value: ::std::os::raw::c_int,
    ) -> ::std::os::raw::c_int,
>;
pub type register_conversation_table = ::std::option::Option<
    unsafe extern "C" fn(
        proto_id: ::std::os::raw::c_int,
        hide_ports: epan_bool_arg,
        conv_packet_func: tap_packet_cb,
        endpoint_packet_func: tap_packet_cb,
    ),
>;
pub type add_conversation_table_data = ::std::option::Option<
    unsafe extern "C" fn(
        ch: *mut conv_hash_t,
        src: *const address,
        dst: *const address,
        src_port: u32,
        dst_port: u32,
        num_frames: ::std::os::raw::c_int,
        num_bytes: ::std::os::raw::c_int,
        ts: *mut nstime_t,
        abs_ts: *mut nstime_t,
        ct_info: *mut ct_dissector_info_t,
        ctype: epan_conversation_type,
    ),
>;
pub type add_endpoint_table_data = ::std::option::Option<
    unsafe extern "C" fn(
        ch: *mut conv_hash_t,
        addr: *const address,
        port: u32,
        sender: epan_bool_arg,
        num_frames: ::std::os::raw::c_int,
        num_bytes: ::std::os::raw::c_int,
        et_info: *mut epan_endpoint_info,
        etype: endpoint_type,
    ),
>;
pub type add_hostlist_table_data = ::std::option::Option<
    unsafe extern "C" fn(
        ch: *mut conv_hash_t,
        addr: *const address,
        port: u32,
        sender: epan_bool_arg,
        num_frames: ::std::os::raw::c_int,
        num_bytes: ::std::os::raw::c_int,
        et_info: *mut epan_endpoint_info,
        etype: endpoint_type,
    ),
>;
pub type register_stat_tap_table_ui = ::std::option::Option<
    unsafe extern "C" fn(ui: *mut stat_tap_table_ui),
>;
pub type register_stat_tap_ui = ::std::option::Option<
    unsafe extern "C" fn(ui: *mut stat_tap_ui, userdata: *mut ::std::os::raw::c_void),
>;
pub type stat_tap_init_table = ::std::option::Option<
    unsafe extern "C" fn(
        name: *const ::std::os::raw::c_char,
        num_fields: ::std::os::raw::c_int,
        num_elements: ::std::os::raw::c_int,
        filter_string: *const ::std::os::raw::c_char,
    ) -> *mut stat_tap_table,
>;
pub type stat_tap_add_table = ::std::option::Option<
    unsafe extern "C" fn(new_stat: *mut stat_tap_table_ui, table: *mut stat_tap_table),
>;
pub type stat_tap_init_table_row = ::std::option::Option<
    unsafe extern "C" fn(
        stat_table: *mut stat_tap_table,
        table_index: ::std::os::raw::c_uint,
        num_fields: ::std::os::raw::c_uint,
        fields: *const stat_tap_table_item_type,
    ),
>;
pub type register_tap_listener = ::std::option::Option<
    unsafe extern "C" fn(
        tapname: *const ::std::os::raw::c_char,
        tapdata: *mut ::std::os::raw::c_void,
        fstring: *const ::std::os::raw::c_char,
        flags: ::std::os::raw::c_uint,
        tap_reset: tap_reset_cb,
        tap_packet: tap_packet_cb,
        tap_draw: tap_draw_cb,
        tap_finish: tap_finish_cb,
    ) -> *mut GString,
>;
pub type register_conversation_filter = ::std::option::Option<
    unsafe extern "C" fn(
        proto_name: *const ::std::os::raw::c_char,
        display_name: *const ::std::os::raw::c_char,
        is_filter_valid: is_filter_valid_func,
        build_filter_string: build_filter_string_func,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
pub type ext_menubar_register_menu = ::std::option::Option<
    unsafe extern "C" fn(
        proto_id: ::std::os::raw::c_int,
        menulabel: *const ::std::os::raw::c_char,
        is_plugin: epan_bool_arg,
    ) -> *mut ext_menu_t,
>;
pub type ext_menubar_set_parentmenu = ::std::option::Option<
    unsafe extern "C" fn(
        menu: *mut ext_menu_t,
        parentmenu: *const ::std::os::raw::c_char,
    ) -> *mut ext_menu_t,
>;
pub type ext_menubar_add_entry = ::std::option::Option<
    unsafe extern "C" fn(
        parent_menu: *mut ext_menu_t,
        label: *const ::std::os::raw::c_char,
        tooltip: *const ::std::os::raw::c_char,
        callback: ext_menubar_action_cb,
        user_data: *mut ::std::os::raw::c_void,
    ),
>;
pub type ext_menubar_add_separator = ::std::option::Option<
    unsafe extern "C" fn(parent_menu: *mut ext_menu_t),
>;
pub type plugin_if_apply_filter = ::std::option::Option<
    unsafe extern "C" fn(
        filter_string: *const ::std::os::raw::c_char,
        force: epan_bool_arg,
    ),
>;
pub type plugin_if_get_ws_info = ::std::option::Option<
    unsafe extern "C" fn(ws_info: *mut *mut ws_info_t),
>;
pub type plugin_if_save_preference = ::std::option::Option<
    unsafe extern "C" fn(
        pref_module: *const ::std::os::raw::c_char,
        pref_key: *const ::std::os::raw::c_char,
        pref_value: *const ::std::os::raw::c_char,
    ),
>;
pub type prefs_register_string_preference = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut module_t,
        name: *const ::std::os::raw::c_char,
        title: *const ::std::os::raw::c_char,
        description: *const ::std::os::raw::c_char,
        var: *mut *const ::std::os::raw::c_char,
    ),
>;
pub type funnel_get_funnel_ops = ::std::option::Option<
    unsafe extern "C" fn() -> *const funnel_ops_t,
>;
pub type g_strdup = ::std::option::Option<
    unsafe extern "C" fn(
        str_: *const ::std::os::raw::c_char,
    ) -> *mut ::std::os::raw::c_char,
>;
pub type uat_new = ::std::option::Option<
    unsafe extern "C" fn(
        name: *const ::std::os::raw::c_char,
        size: usize,
        filename: *const ::std::os::raw::c_char,
        from_profile: epan_bool_arg_of_uat,
        data_ptr: *mut ::std::os::raw::c_void,
        num_items_ptr: *mut ::std::os::raw::c_uint,
        flags: ::std::os::raw::c_uint,
        help: *const ::std::os::raw::c_char,
        copy_cb: uat_copy_cb_t,
        update_cb: uat_update_cb_t,
        free_cb: uat_free_cb_t,
        post_update_cb: uat_post_update_cb_t,
        reset_cb: uat_reset_cb_t,
        flds_array: *mut uat_field_t,
    ) -> *mut uat_t,
>;
pub type prefs_register_uat_preference = ::std::option::Option<
    unsafe extern "C" fn(
        module: *mut module_t,
        name: *const ::std::os::raw::c_char,
        title: *const ::std::os::raw::c_char,
        description: *const ::std::os::raw::c_char,
        uat: *mut uat_t,
    ),
>;
pub type uat_add_record = ::std::option::Option<
    unsafe extern "C" fn(
        uat: *mut uat_t,
        record: *const ::std::os::raw::c_void,
        is_valid: epan_bool_arg_of_uat,
    ) -> *mut ::std::os::raw::c_void,
>;
pub type uat_save = ::std::option::Option<
    unsafe extern "C" fn(
        uat: *mut uat_t,
        error: *mut *mut ::std::os::raw::c_char,
    ) -> epan_bool_result_of_uat,
>;
pub type find_dissector_table = ::std::option::Option<
    unsafe extern "C" fn(name: *const ::std::os::raw::c_char) -> dissector_table_t,
>;
pub type dissector_get_uint_handle = ::std::option::Option<
    unsafe extern "C" fn(
        sub_dissectors: dissector_table_t,
        uint_val: u32,
    ) -> dissector_handle_t,
>;
pub type find_dissector = ::std::option::Option<
    unsafe extern "C" fn(name: *const ::std::os::raw::c_char) -> dissector_handle_t,
>;
pub type dissector_handle_get_dissector_name = ::std::option::Option<
    unsafe extern "C" fn(handle: dissector_handle_t) -> *const ::std::os::raw::c_char,
>;
pub type find_conversation = ::std::option::Option<
    unsafe extern "C" fn(
        frame_num: u32,
        addr_a: *const address,
        addr_b: *const address,
        ctype: epan_conversation_type,
        port_a: u32,
        port_b: u32,
        options: ::std::os::raw::c_uint,
    ) -> *mut conversation_t,
>;
pub type conversation_get_dissector = ::std::option::Option<
    unsafe extern "C" fn(
        conversation: *mut conversation_t,
        frame_num: u32,
    ) -> dissector_handle_t,
>;
pub type conversation_set_dissector = ::std::option::Option<
    unsafe extern "C" fn(conversation: *mut conversation_t, handle: dissector_handle_t),
>;
pub type register_dissector = ::std::option::Option<
    unsafe extern "C" fn(
        name: *const ::std::os::raw::c_char,
        dissector: dissector_t,
        proto: ::std::os::raw::c_int,
    ) -> dissector_handle_t,
>;
pub type find_heur_dissector_list = ::std::option::Option<
    unsafe extern "C" fn(name: *const ::std::os::raw::c_char) -> heur_dissector_list_t,
>;
pub type dissector_try_heuristic = ::std::option::Option<
    unsafe extern "C" fn(
        sub_dissectors: heur_dissector_list_t,
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        hdtbl_entry: *mut *mut heur_dtbl_entry_t,
        data: *mut ::std::os::raw::c_void,
    ) -> epan_bool_result,
>;
pub type ws_log = ::std::option::Option<
    unsafe extern "C" fn(
        domain: *const ::std::os::raw::c_char,
        level: ::std::os::raw::c_int,
        format: *const ::std::os::raw::c_char,
        ...
    ),
>;
pub type g_log = ::std::option::Option<
    unsafe extern "C" fn(
        domain: *const ::std::os::raw::c_char,
        level: ::std::os::raw::c_int,
        format: *const ::std::os::raw::c_char,
        ...
    ),
>;
pub const EPH_CLIENT: eph_field = 0;
pub const EPH_CLIENT_PORT: eph_field = 1;
pub const EPH_SERVER: eph_field = 2;
pub const EPH_SERVER_PORT: eph_field = 3;
pub const EPH_FROM_CLIENT: eph_field = 4;
pub const EPH_SOURCE_PORT: eph_field = 5;
pub const EPH_DESTINATION_PORT: eph_field = 6;
pub const EPH_SERVICE: eph_field = 7;
pub const EPH_LABEL: eph_field = 8;
pub const EPH_CONFIDENCE: eph_field = 9;
pub const EPH_EVIDENCE: eph_field = 10;
pub const EPH_EVIDENCE_FRAME: eph_field = 11;
pub const EPH_MISNAMED: eph_field = 12;
pub const EPH_MISNAMED_PORT: eph_field = 13;
pub const EPH_MISNAMED_NAME: eph_field = 14;
pub const EPH_ENDPOINT: eph_field = 15;
pub const EPH_SOURCE_ENDPOINT: eph_field = 16;
pub const EPH_DESTINATION_ENDPOINT: eph_field = 17;
pub const EPH_EVIDENCE_PIECE: eph_field = 18;
pub const EPH_FROM: eph_field = 19;
pub const EPH_CONVERSATION: eph_field = 20;
pub const EPH_FIELD_COUNT: eph_field = 21;
pub type eph_field = ::std::os::raw::c_uint;
pub const EPH_PORT_MISNAMED: eph_expert = 0;
pub const EPH_LISTENER_MISNAMED: eph_expert = 1;
pub const EPH_WRONG_DISSECTOR: eph_expert = 2;
pub const EPH_OTHER_SERVICE: eph_expert = 3;
pub const EPH_SYSTEM_SOURCE: eph_expert = 4;
pub const EPH_DECLARED_DIFFERS: eph_expert = 5;
pub const EPH_BY_SERVER_PORT: eph_expert = 6;
pub const EPH_EXPERT_COUNT: eph_expert = 7;
pub type eph_expert = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_field_info {
    pub type_: ftenum,
    pub filter_name: *const ::std::os::raw::c_char,
    pub name: *const ::std::os::raw::c_char,
    pub description: *const ::std::os::raw::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_field_info"][::std::mem::size_of::<eph_field_info>() - 32usize];
    ["Alignment of eph_field_info"][::std::mem::align_of::<eph_field_info>() - 8usize];
    [
        "Offset of field: eph_field_info::type_",
    ][::std::mem::offset_of!(eph_field_info, type_) - 0usize];
    [
        "Offset of field: eph_field_info::filter_name",
    ][::std::mem::offset_of!(eph_field_info, filter_name) - 8usize];
    [
        "Offset of field: eph_field_info::name",
    ][::std::mem::offset_of!(eph_field_info, name) - 16usize];
    [
        "Offset of field: eph_field_info::description",
    ][::std::mem::offset_of!(eph_field_info, description) - 24usize];
};
unsafe extern "C" {
    pub static eph_field_infos: [eph_field_info; 21usize];
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_expert_info {
    pub filter_name: *const ::std::os::raw::c_char,
    pub summary: *const ::std::os::raw::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_expert_info"][::std::mem::size_of::<eph_expert_info>() - 16usize];
    ["Alignment of eph_expert_info"][::std::mem::align_of::<eph_expert_info>() - 8usize];
    [
        "Offset of field: eph_expert_info::filter_name",
    ][::std::mem::offset_of!(eph_expert_info, filter_name) - 0usize];
    [
        "Offset of field: eph_expert_info::summary",
    ][::std::mem::offset_of!(eph_expert_info, summary) - 8usize];
};
unsafe extern "C" {
    pub static eph_expert_infos: [eph_expert_info; 7usize];
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_layout {
    pub pinfo_cinfo: u16,
    pub pinfo_num: u16,
    pub pinfo_fd: u16,
    pub pinfo_data_src: u16,
    pub pinfo_src: u16,
    pub pinfo_dst: u16,
    pub pinfo_ptype: u16,
    pub pinfo_srcport: u16,
    pub pinfo_destport: u16,
    pub pinfo_can_desegment: u16,
    pub pinfo_layers: u16,
    pub fd_pkt_len: u16,
    pub table_flags: u16,
    pub text_window: u16,
    pub copy_text: u16,
    pub redissect: u16,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_layout"][::std::mem::size_of::<eph_layout>() - 32usize];
    ["Alignment of eph_layout"][::std::mem::align_of::<eph_layout>() - 2usize];
    [
        "Offset of field: eph_layout::pinfo_cinfo",
    ][::std::mem::offset_of!(eph_layout, pinfo_cinfo) - 0usize];
    [
        "Offset of field: eph_layout::pinfo_num",
    ][::std::mem::offset_of!(eph_layout, pinfo_num) - 2usize];
    [
        "Offset of field: eph_layout::pinfo_fd",
    ][::std::mem::offset_of!(eph_layout, pinfo_fd) - 4usize];
    [
        "Offset of field: eph_layout::pinfo_data_src",
    ][::std::mem::offset_of!(eph_layout, pinfo_data_src) - 6usize];
    [
        "Offset of field: eph_layout::pinfo_src",
    ][::std::mem::offset_of!(eph_layout, pinfo_src) - 8usize];
    [
        "Offset of field: eph_layout::pinfo_dst",
    ][::std::mem::offset_of!(eph_layout, pinfo_dst) - 10usize];
    [
        "Offset of field: eph_layout::pinfo_ptype",
    ][::std::mem::offset_of!(eph_layout, pinfo_ptype) - 12usize];
    [
        "Offset of field: eph_layout::pinfo_srcport",
    ][::std::mem::offset_of!(eph_layout, pinfo_srcport) - 14usize];
    [
        "Offset of field: eph_layout::pinfo_destport",
    ][::std::mem::offset_of!(eph_layout, pinfo_destport) - 16usize];
    [
        "Offset of field: eph_layout::pinfo_can_desegment",
    ][::std::mem::offset_of!(eph_layout, pinfo_can_desegment) - 18usize];
    [
        "Offset of field: eph_layout::pinfo_layers",
    ][::std::mem::offset_of!(eph_layout, pinfo_layers) - 20usize];
    [
        "Offset of field: eph_layout::fd_pkt_len",
    ][::std::mem::offset_of!(eph_layout, fd_pkt_len) - 22usize];
    [
        "Offset of field: eph_layout::table_flags",
    ][::std::mem::offset_of!(eph_layout, table_flags) - 24usize];
    [
        "Offset of field: eph_layout::text_window",
    ][::std::mem::offset_of!(eph_layout, text_window) - 26usize];
    [
        "Offset of field: eph_layout::copy_text",
    ][::std::mem::offset_of!(eph_layout, copy_text) - 28usize];
    [
        "Offset of field: eph_layout::redissect",
    ][::std::mem::offset_of!(eph_layout, redissect) - 30usize];
};
pub const EPH_WINDOW_NOT_KNOWN: eph_text_window = 0;
pub const EPH_WINDOW_BY_TITLE: eph_text_window = 1;
pub const EPH_WINDOW_BY_ID: eph_text_window = 2;
pub type eph_text_window = ::std::os::raw::c_uint;
pub const EPH_LAYOUT_FITS: eph_event = 0;
pub const EPH_PORTS_FIT: eph_event = 1;
pub const EPH_LAYOUT_CHECKED: eph_event = 2;
pub const EPH_NODES_FIT: eph_event = 3;
pub const EPH_LINE_TOO_LONG: eph_event = 4;
pub const EPH_INFO_TOO_LONG: eph_event = 5;
pub const EPH_EXPLANATION_TOO_LONG: eph_event = 6;
pub const EPH_TOO_MANY_SOURCES: eph_event = 7;
pub const EPH_TOO_MANY_HEADERS: eph_event = 8;
pub const EPH_TOO_MANY_LAYERS: eph_event = 9;
pub const EPH_HEADER_NOT_FOUND: eph_event = 10;
pub const EPH_NOT_JUDGED: eph_event = 11;
pub const EPH_STATISTICS_FULL: eph_event = 12;
pub const EPH_NO_TEXT_WINDOW: eph_event = 13;
pub const EPH_NAME_NOT_IN_LINE: eph_event = 14;
pub const EPH_INFO_LOCKED: eph_event = 15;
pub const EPH_NOT_BY_SERVER: eph_event = 16;
pub const EPH_NOT_COUNTED: eph_event = 17;
pub const EPH_MENU_BUSY: eph_event = 18;
pub const EPH_NOT_DISSECTED_AGAIN: eph_event = 19;
pub const EPH_NO_COPY_BUTTON: eph_event = 20;
pub const EPH_NOT_COPIED: eph_event = 21;
pub const EPH_EVENT_COUNT: eph_event = 22;
pub type eph_event = ::std::os::raw::c_uint;
pub type eph_report = ::std::option::Option<
    unsafe extern "C" fn(event: eph_event, frame: u32),
>;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_calls {
    pub tvb_captured_length: ::std::option::Option<
        unsafe extern "C" fn(arg1: *const tvbuff_t) -> ::std::os::raw::c_uint,
    >,
    pub tvb_get_ptr: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut tvbuff_t,
            arg2: ::std::os::raw::c_int,
            arg3: ::std::os::raw::c_int,
        ) -> *const u8,
    >,
    pub have_tap_listener: ::std::option::Option<
        unsafe extern "C" fn(arg1: ::std::os::raw::c_int) -> epan_bool_result,
    >,
    pub col_get_text: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut column_info,
            arg2: ::std::os::raw::c_int,
        ) -> *const ::std::os::raw::c_char,
    >,
    pub prefs_get_bool_value: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut pref_t, arg2: pref_source_t) -> epan_bool_result,
    >,
    pub call_dissector_only: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: dissector_handle_t,
            arg2: *mut tvbuff_t,
            arg3: *mut packet_info,
            arg4: *mut proto_tree,
            arg5: *mut ::std::os::raw::c_void,
        ) -> ::std::os::raw::c_int,
    >,
    pub get_data_source_tvb: ::std::option::Option<
        unsafe extern "C" fn(arg1: *const data_source) -> *mut tvbuff_t,
    >,
    pub wmem_list_head: ::std::option::Option<
        unsafe extern "C" fn(arg1: *const wmem_list_t) -> *mut wmem_list_frame_t,
    >,
    pub wmem_list_frame_next: ::std::option::Option<
        unsafe extern "C" fn(arg1: *const wmem_list_frame_t) -> *mut wmem_list_frame_t,
    >,
    pub wmem_list_frame_data: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const wmem_list_frame_t,
        ) -> *mut ::std::os::raw::c_void,
    >,
    pub proto_field_is_referenced: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_tree,
            arg2: ::std::os::raw::c_int,
        ) -> epan_bool_result,
    >,
    pub proto_registrar_get_nth: ::std::option::Option<
        unsafe extern "C" fn(arg1: ::std::os::raw::c_uint) -> *mut header_field_info,
    >,
    pub proto_registrar_get_id_byname: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const ::std::os::raw::c_char,
        ) -> ::std::os::raw::c_int,
    >,
    pub proto_tree_children_foreach: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_tree,
            arg2: proto_tree_foreach_func,
            arg3: *mut ::std::os::raw::c_void,
        ),
    >,
    pub proto_tree_add_item: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_tree,
            arg2: ::std::os::raw::c_int,
            arg3: *mut tvbuff_t,
            arg4: ::std::os::raw::c_int,
            arg5: ::std::os::raw::c_int,
            arg6: ::std::os::raw::c_uint,
        ) -> *mut proto_item,
    >,
    pub proto_item_add_subtree: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_item,
            arg2: ::std::os::raw::c_int,
        ) -> *mut proto_tree,
    >,
    pub proto_tree_add_string: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_tree,
            arg2: ::std::os::raw::c_int,
            arg3: *mut tvbuff_t,
            arg4: ::std::os::raw::c_int,
            arg5: ::std::os::raw::c_int,
            arg6: *const ::std::os::raw::c_char,
        ) -> *mut proto_item,
    >,
    pub proto_tree_add_uint: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_tree,
            arg2: ::std::os::raw::c_int,
            arg3: *mut tvbuff_t,
            arg4: ::std::os::raw::c_int,
            arg5: ::std::os::raw::c_int,
            arg6: u32,
        ) -> *mut proto_item,
    >,
    pub proto_tree_add_boolean: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_tree,
            arg2: ::std::os::raw::c_int,
            arg3: *mut tvbuff_t,
            arg4: ::std::os::raw::c_int,
            arg5: ::std::os::raw::c_int,
            arg6: u64,
        ) -> *mut proto_item,
    >,
    pub proto_item_set_text: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut proto_item,
            arg2: *const ::std::os::raw::c_char,
            ...
        ),
    >,
    pub expert_add_info_format: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut packet_info,
            arg2: *mut proto_item,
            arg3: *mut expert_field,
            arg4: *const ::std::os::raw::c_char,
            ...
        ),
    >,
    pub col_clear: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut column_info, arg2: ::std::os::raw::c_int),
    >,
    pub col_clear_fence: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut column_info, arg2: ::std::os::raw::c_int),
    >,
    pub col_set_fence: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut column_info, arg2: ::std::os::raw::c_int),
    >,
    pub col_append_str: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut column_info,
            arg2: ::std::os::raw::c_int,
            arg3: *const ::std::os::raw::c_char,
        ),
    >,
    pub fvalue_set_string: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut fvalue_t, arg2: *const ::std::os::raw::c_char),
    >,
    pub read_memory: ::std::option::Option<
        unsafe extern "C" fn(
            from: *const ::std::os::raw::c_void,
            to: *mut ::std::os::raw::c_void,
            length: usize,
        ) -> ::std::os::raw::c_int,
    >,
    pub report: eph_report,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_calls"][::std::mem::size_of::<eph_calls>() - 224usize];
    ["Alignment of eph_calls"][::std::mem::align_of::<eph_calls>() - 8usize];
    [
        "Offset of field: eph_calls::tvb_captured_length",
    ][::std::mem::offset_of!(eph_calls, tvb_captured_length) - 0usize];
    [
        "Offset of field: eph_calls::tvb_get_ptr",
    ][::std::mem::offset_of!(eph_calls, tvb_get_ptr) - 8usize];
    [
        "Offset of field: eph_calls::have_tap_listener",
    ][::std::mem::offset_of!(eph_calls, have_tap_listener) - 16usize];
    [
        "Offset of field: eph_calls::col_get_text",
    ][::std::mem::offset_of!(eph_calls, col_get_text) - 24usize];
    [
        "Offset of field: eph_calls::prefs_get_bool_value",
    ][::std::mem::offset_of!(eph_calls, prefs_get_bool_value) - 32usize];
    [
        "Offset of field: eph_calls::call_dissector_only",
    ][::std::mem::offset_of!(eph_calls, call_dissector_only) - 40usize];
    [
        "Offset of field: eph_calls::get_data_source_tvb",
    ][::std::mem::offset_of!(eph_calls, get_data_source_tvb) - 48usize];
    [
        "Offset of field: eph_calls::wmem_list_head",
    ][::std::mem::offset_of!(eph_calls, wmem_list_head) - 56usize];
    [
        "Offset of field: eph_calls::wmem_list_frame_next",
    ][::std::mem::offset_of!(eph_calls, wmem_list_frame_next) - 64usize];
    [
        "Offset of field: eph_calls::wmem_list_frame_data",
    ][::std::mem::offset_of!(eph_calls, wmem_list_frame_data) - 72usize];
    [
        "Offset of field: eph_calls::proto_field_is_referenced",
    ][::std::mem::offset_of!(eph_calls, proto_field_is_referenced) - 80usize];
    [
        "Offset of field: eph_calls::proto_registrar_get_nth",
    ][::std::mem::offset_of!(eph_calls, proto_registrar_get_nth) - 88usize];
    [
        "Offset of field: eph_calls::proto_registrar_get_id_byname",
    ][::std::mem::offset_of!(eph_calls, proto_registrar_get_id_byname) - 96usize];
    [
        "Offset of field: eph_calls::proto_tree_children_foreach",
    ][::std::mem::offset_of!(eph_calls, proto_tree_children_foreach) - 104usize];
    [
        "Offset of field: eph_calls::proto_tree_add_item",
    ][::std::mem::offset_of!(eph_calls, proto_tree_add_item) - 112usize];
    [
        "Offset of field: eph_calls::proto_item_add_subtree",
    ][::std::mem::offset_of!(eph_calls, proto_item_add_subtree) - 120usize];
    [
        "Offset of field: eph_calls::proto_tree_add_string",
    ][::std::mem::offset_of!(eph_calls, proto_tree_add_string) - 128usize];
    [
        "Offset of field: eph_calls::proto_tree_add_uint",
    ][::std::mem::offset_of!(eph_calls, proto_tree_add_uint) - 136usize];
    [
        "Offset of field: eph_calls::proto_tree_add_boolean",
    ][::std::mem::offset_of!(eph_calls, proto_tree_add_boolean) - 144usize];
    [
        "Offset of field: eph_calls::proto_item_set_text",
    ][::std::mem::offset_of!(eph_calls, proto_item_set_text) - 152usize];
    [
        "Offset of field: eph_calls::expert_add_info_format",
    ][::std::mem::offset_of!(eph_calls, expert_add_info_format) - 160usize];
    [
        "Offset of field: eph_calls::col_clear",
    ][::std::mem::offset_of!(eph_calls, col_clear) - 168usize];
    [
        "Offset of field: eph_calls::col_clear_fence",
    ][::std::mem::offset_of!(eph_calls, col_clear_fence) - 176usize];
    [
        "Offset of field: eph_calls::col_set_fence",
    ][::std::mem::offset_of!(eph_calls, col_set_fence) - 184usize];
    [
        "Offset of field: eph_calls::col_append_str",
    ][::std::mem::offset_of!(eph_calls, col_append_str) - 192usize];
    [
        "Offset of field: eph_calls::fvalue_set_string",
    ][::std::mem::offset_of!(eph_calls, fvalue_set_string) - 200usize];
    [
        "Offset of field: eph_calls::read_memory",
    ][::std::mem::offset_of!(eph_calls, read_memory) - 208usize];
    [
        "Offset of field: eph_calls::report",
    ][::std::mem::offset_of!(eph_calls, report) - 216usize];
};
pub const EPH_PROTOCOL: _bindgen_ty_1 = 28;
pub const EPH_WANTABLE_COUNT: _bindgen_ty_1 = 29;
pub const EPH_WANTS_ALL: _bindgen_ty_1 = 536870911;
pub const EPH_WANTS_EXPERTS: _bindgen_ty_1 = 266338304;
pub const EPH_WANTS_PROTOCOL: _bindgen_ty_1 = 268435456;
pub type _bindgen_ty_1 = ::std::os::raw::c_uint;
pub const EPH_TCP: eph_transport = 0;
pub const EPH_DCCP: eph_transport = 1;
pub const EPH_SCTP: eph_transport = 2;
pub const EPH_UDP: eph_transport = 3;
pub const EPH_UDP_LITE: eph_transport = 4;
pub const EPH_TRANSPORT_COUNT: eph_transport = 5;
pub type eph_transport = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_transport_ids {
    pub protocol: ::std::os::raw::c_int,
    pub srcport: ::std::os::raw::c_int,
    pub dstport: ::std::os::raw::c_int,
    pub port: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_transport_ids"][::std::mem::size_of::<eph_transport_ids>() - 16usize];
    [
        "Alignment of eph_transport_ids",
    ][::std::mem::align_of::<eph_transport_ids>() - 4usize];
    [
        "Offset of field: eph_transport_ids::protocol",
    ][::std::mem::offset_of!(eph_transport_ids, protocol) - 0usize];
    [
        "Offset of field: eph_transport_ids::srcport",
    ][::std::mem::offset_of!(eph_transport_ids, srcport) - 4usize];
    [
        "Offset of field: eph_transport_ids::dstport",
    ][::std::mem::offset_of!(eph_transport_ids, dstport) - 8usize];
    [
        "Offset of field: eph_transport_ids::port",
    ][::std::mem::offset_of!(eph_transport_ids, port) - 12usize];
};
pub const EPH_LAYER_IN_WINDOW: eph_layer = 0;
pub const EPH_LAYER_ALWAYS: eph_layer = 1;
pub const EPH_LAYER_HEADER: eph_layer = 2;
pub const EPH_LAYER_ASKED: eph_layer = 3;
pub type eph_layer = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_ids {
    pub protocol: ::std::os::raw::c_int,
    pub subtree: ::std::os::raw::c_int,
    pub fields: [::std::os::raw::c_int; 21usize],
    pub experts: [expert_field; 7usize],
    pub transport: [eph_transport_ids; 5usize],
    pub writer: dissector_handle_t,
    pub frame_protocol: ::std::os::raw::c_int,
    pub expert_protocol: ::std::os::raw::c_int,
    pub expert_tap: ::std::os::raw::c_int,
    pub tap: ::std::os::raw::c_int,
    pub col_info: ::std::os::raw::c_int,
    pub col_expert: ::std::os::raw::c_int,
    pub port_names: *mut pref_t,
    pub host_names: *mut pref_t,
    pub layer: *const ::std::os::raw::c_int,
    pub is_in_window: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_ids"][::std::mem::size_of::<eph_ids>() - 296usize];
    ["Alignment of eph_ids"][::std::mem::align_of::<eph_ids>() - 8usize];
    [
        "Offset of field: eph_ids::protocol",
    ][::std::mem::offset_of!(eph_ids, protocol) - 0usize];
    [
        "Offset of field: eph_ids::subtree",
    ][::std::mem::offset_of!(eph_ids, subtree) - 4usize];
    [
        "Offset of field: eph_ids::fields",
    ][::std::mem::offset_of!(eph_ids, fields) - 8usize];
    [
        "Offset of field: eph_ids::experts",
    ][::std::mem::offset_of!(eph_ids, experts) - 92usize];
    [
        "Offset of field: eph_ids::transport",
    ][::std::mem::offset_of!(eph_ids, transport) - 148usize];
    [
        "Offset of field: eph_ids::writer",
    ][::std::mem::offset_of!(eph_ids, writer) - 232usize];
    [
        "Offset of field: eph_ids::frame_protocol",
    ][::std::mem::offset_of!(eph_ids, frame_protocol) - 240usize];
    [
        "Offset of field: eph_ids::expert_protocol",
    ][::std::mem::offset_of!(eph_ids, expert_protocol) - 244usize];
    [
        "Offset of field: eph_ids::expert_tap",
    ][::std::mem::offset_of!(eph_ids, expert_tap) - 248usize];
    ["Offset of field: eph_ids::tap"][::std::mem::offset_of!(eph_ids, tap) - 252usize];
    [
        "Offset of field: eph_ids::col_info",
    ][::std::mem::offset_of!(eph_ids, col_info) - 256usize];
    [
        "Offset of field: eph_ids::col_expert",
    ][::std::mem::offset_of!(eph_ids, col_expert) - 260usize];
    [
        "Offset of field: eph_ids::port_names",
    ][::std::mem::offset_of!(eph_ids, port_names) - 264usize];
    [
        "Offset of field: eph_ids::host_names",
    ][::std::mem::offset_of!(eph_ids, host_names) - 272usize];
    [
        "Offset of field: eph_ids::layer",
    ][::std::mem::offset_of!(eph_ids, layer) - 280usize];
    [
        "Offset of field: eph_ids::is_in_window",
    ][::std::mem::offset_of!(eph_ids, is_in_window) - 288usize];
};
pub const EPH_MAX_SOURCES: _bindgen_ty_2 = 8;
pub const EPH_MAX_HEADERS: _bindgen_ty_2 = 4;
pub const EPH_MAX_NAMES: _bindgen_ty_2 = 3;
pub const EPH_MAX_NOTES: _bindgen_ty_2 = 5;
pub type _bindgen_ty_2 = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_bytes {
    pub data: *const u8,
    pub length: u32,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_bytes"][::std::mem::size_of::<eph_bytes>() - 16usize];
    ["Alignment of eph_bytes"][::std::mem::align_of::<eph_bytes>() - 8usize];
    [
        "Offset of field: eph_bytes::data",
    ][::std::mem::offset_of!(eph_bytes, data) - 0usize];
    [
        "Offset of field: eph_bytes::length",
    ][::std::mem::offset_of!(eph_bytes, length) - 8usize];
};
pub const EPH_SHOWS_COLUMNS: eph_shown = 1;
pub const EPH_SHOWS_TREE: eph_shown = 2;
pub const EPH_SHOWS_EXPERTS: eph_shown = 4;
pub const EPH_SHOWS_NAMES: eph_shown = 8;
pub const EPH_SHOWS_TAP: eph_shown = 16;
pub type eph_shown = ::std::os::raw::c_uint;
pub const EPH_NEW: eph_again = 0;
pub const EPH_AGAIN: eph_again = 1;
pub const EPH_EXPLAINED: eph_again = 2;
pub type eph_again = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_view {
    pub pinfo: *const packet_info,
    pub frame: eph_bytes,
    pub wanted: u32,
    pub shown: u8,
    pub again: u8,
    pub more_sources: u8,
    pub more: [eph_bytes; 7usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_view"][::std::mem::size_of::<eph_view>() - 144usize];
    ["Alignment of eph_view"][::std::mem::align_of::<eph_view>() - 8usize];
    [
        "Offset of field: eph_view::pinfo",
    ][::std::mem::offset_of!(eph_view, pinfo) - 0usize];
    [
        "Offset of field: eph_view::frame",
    ][::std::mem::offset_of!(eph_view, frame) - 8usize];
    [
        "Offset of field: eph_view::wanted",
    ][::std::mem::offset_of!(eph_view, wanted) - 24usize];
    [
        "Offset of field: eph_view::shown",
    ][::std::mem::offset_of!(eph_view, shown) - 28usize];
    [
        "Offset of field: eph_view::again",
    ][::std::mem::offset_of!(eph_view, again) - 29usize];
    [
        "Offset of field: eph_view::more_sources",
    ][::std::mem::offset_of!(eph_view, more_sources) - 30usize];
    [
        "Offset of field: eph_view::more",
    ][::std::mem::offset_of!(eph_view, more) - 32usize];
};
pub type eph_text = u32;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_name {
    pub wrong: eph_text,
    pub right: eph_text,
    pub at_source: u8,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_name"][::std::mem::size_of::<eph_name>() - 12usize];
    ["Alignment of eph_name"][::std::mem::align_of::<eph_name>() - 4usize];
    [
        "Offset of field: eph_name::wrong",
    ][::std::mem::offset_of!(eph_name, wrong) - 0usize];
    [
        "Offset of field: eph_name::right",
    ][::std::mem::offset_of!(eph_name, right) - 4usize];
    [
        "Offset of field: eph_name::at_source",
    ][::std::mem::offset_of!(eph_name, at_source) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_note {
    pub text: eph_text,
    pub expert: u8,
    pub at_source: u8,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_note"][::std::mem::size_of::<eph_note>() - 8usize];
    ["Alignment of eph_note"][::std::mem::align_of::<eph_note>() - 4usize];
    ["Offset of field: eph_note::text"][::std::mem::offset_of!(eph_note, text) - 0usize];
    [
        "Offset of field: eph_note::expert",
    ][::std::mem::offset_of!(eph_note, expert) - 4usize];
    [
        "Offset of field: eph_note::at_source",
    ][::std::mem::offset_of!(eph_note, at_source) - 5usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_header {
    pub texts: *const ::std::os::raw::c_char,
    pub confidence_name: *const ::std::os::raw::c_char,
    pub present: u32,
    pub value: [u32; 21usize],
    pub evidence_kind: eph_text,
    pub info_wrong: eph_text,
    pub info_right: eph_text,
    pub transport: u8,
    pub position: u8,
    pub declared: u8,
    pub both_agreed: u8,
    pub attempt: u8,
    pub names: u8,
    pub notes: u8,
    pub name: [eph_name; 3usize],
    pub note: [eph_note; 5usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_header"][::std::mem::size_of::<eph_header>() - 200usize];
    ["Alignment of eph_header"][::std::mem::align_of::<eph_header>() - 8usize];
    [
        "Offset of field: eph_header::texts",
    ][::std::mem::offset_of!(eph_header, texts) - 0usize];
    [
        "Offset of field: eph_header::confidence_name",
    ][::std::mem::offset_of!(eph_header, confidence_name) - 8usize];
    [
        "Offset of field: eph_header::present",
    ][::std::mem::offset_of!(eph_header, present) - 16usize];
    [
        "Offset of field: eph_header::value",
    ][::std::mem::offset_of!(eph_header, value) - 20usize];
    [
        "Offset of field: eph_header::evidence_kind",
    ][::std::mem::offset_of!(eph_header, evidence_kind) - 104usize];
    [
        "Offset of field: eph_header::info_wrong",
    ][::std::mem::offset_of!(eph_header, info_wrong) - 108usize];
    [
        "Offset of field: eph_header::info_right",
    ][::std::mem::offset_of!(eph_header, info_right) - 112usize];
    [
        "Offset of field: eph_header::transport",
    ][::std::mem::offset_of!(eph_header, transport) - 116usize];
    [
        "Offset of field: eph_header::position",
    ][::std::mem::offset_of!(eph_header, position) - 117usize];
    [
        "Offset of field: eph_header::declared",
    ][::std::mem::offset_of!(eph_header, declared) - 118usize];
    [
        "Offset of field: eph_header::both_agreed",
    ][::std::mem::offset_of!(eph_header, both_agreed) - 119usize];
    [
        "Offset of field: eph_header::attempt",
    ][::std::mem::offset_of!(eph_header, attempt) - 120usize];
    [
        "Offset of field: eph_header::names",
    ][::std::mem::offset_of!(eph_header, names) - 121usize];
    [
        "Offset of field: eph_header::notes",
    ][::std::mem::offset_of!(eph_header, notes) - 122usize];
    [
        "Offset of field: eph_header::name",
    ][::std::mem::offset_of!(eph_header, name) - 124usize];
    [
        "Offset of field: eph_header::note",
    ][::std::mem::offset_of!(eph_header, note) - 160usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_annotation {
    pub headers: u32,
    pub header: [eph_header; 4usize],
    pub info_label: *const ::std::os::raw::c_char,
    pub addresses: *const ::std::os::raw::c_char,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_annotation"][::std::mem::size_of::<eph_annotation>() - 824usize];
    ["Alignment of eph_annotation"][::std::mem::align_of::<eph_annotation>() - 8usize];
    [
        "Offset of field: eph_annotation::headers",
    ][::std::mem::offset_of!(eph_annotation, headers) - 0usize];
    [
        "Offset of field: eph_annotation::header",
    ][::std::mem::offset_of!(eph_annotation, header) - 8usize];
    [
        "Offset of field: eph_annotation::info_label",
    ][::std::mem::offset_of!(eph_annotation, info_label) - 808usize];
    [
        "Offset of field: eph_annotation::addresses",
    ][::std::mem::offset_of!(eph_annotation, addresses) - 816usize];
};
pub type eph_annotate = ::std::option::Option<
    unsafe extern "C" fn(
        view: *const eph_view,
        annotation: *mut eph_annotation,
    ) -> ::std::os::raw::c_int,
>;
pub type eph_select = ::std::option::Option<unsafe extern "C" fn(view: *const eph_view)>;
pub type eph_switch_off = ::std::option::Option<
    unsafe extern "C" fn(what: *const ::std::os::raw::c_char),
>;
unsafe extern "C" {
    pub fn eph_bind(
        calls: *const eph_calls,
        layout: *const eph_layout,
        ids: *mut eph_ids,
        annotate: eph_annotate,
        select: eph_select,
        switch_off: eph_switch_off,
    );
}
unsafe extern "C" {
    pub fn eph_open_file(is_enabled: ::std::os::raw::c_int);
}
unsafe extern "C" {
    pub fn eph_packets_checked() -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_dissect(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_write(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_shows_hosts() -> ::std::os::raw::c_int;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct ephemeral_tap_record {
    pub size: u32,
    pub evidence_frame: u32,
    pub client: *const ::std::os::raw::c_char,
    pub server: *const ::std::os::raw::c_char,
    pub client_port: u16,
    pub server_port: u16,
    pub from_client: u8,
    pub confidence: u8,
    pub protocol: u8,
    pub confidence_name: *const ::std::os::raw::c_char,
    pub evidence: *const ::std::os::raw::c_char,
    pub evidence_kind: *const ::std::os::raw::c_char,
    pub service: *const ::std::os::raw::c_char,
    pub misnamed: *const ::std::os::raw::c_char,
    pub endpoint: *const ::std::os::raw::c_char,
    pub length: u32,
    pub both_agreed: u8,
    pub attempt: u8,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of ephemeral_tap_record",
    ][::std::mem::size_of::<ephemeral_tap_record>() - 88usize];
    [
        "Alignment of ephemeral_tap_record",
    ][::std::mem::align_of::<ephemeral_tap_record>() - 8usize];
    [
        "Offset of field: ephemeral_tap_record::size",
    ][::std::mem::offset_of!(ephemeral_tap_record, size) - 0usize];
    [
        "Offset of field: ephemeral_tap_record::evidence_frame",
    ][::std::mem::offset_of!(ephemeral_tap_record, evidence_frame) - 4usize];
    [
        "Offset of field: ephemeral_tap_record::client",
    ][::std::mem::offset_of!(ephemeral_tap_record, client) - 8usize];
    [
        "Offset of field: ephemeral_tap_record::server",
    ][::std::mem::offset_of!(ephemeral_tap_record, server) - 16usize];
    [
        "Offset of field: ephemeral_tap_record::client_port",
    ][::std::mem::offset_of!(ephemeral_tap_record, client_port) - 24usize];
    [
        "Offset of field: ephemeral_tap_record::server_port",
    ][::std::mem::offset_of!(ephemeral_tap_record, server_port) - 26usize];
    [
        "Offset of field: ephemeral_tap_record::from_client",
    ][::std::mem::offset_of!(ephemeral_tap_record, from_client) - 28usize];
    [
        "Offset of field: ephemeral_tap_record::confidence",
    ][::std::mem::offset_of!(ephemeral_tap_record, confidence) - 29usize];
    [
        "Offset of field: ephemeral_tap_record::protocol",
    ][::std::mem::offset_of!(ephemeral_tap_record, protocol) - 30usize];
    [
        "Offset of field: ephemeral_tap_record::confidence_name",
    ][::std::mem::offset_of!(ephemeral_tap_record, confidence_name) - 32usize];
    [
        "Offset of field: ephemeral_tap_record::evidence",
    ][::std::mem::offset_of!(ephemeral_tap_record, evidence) - 40usize];
    [
        "Offset of field: ephemeral_tap_record::evidence_kind",
    ][::std::mem::offset_of!(ephemeral_tap_record, evidence_kind) - 48usize];
    [
        "Offset of field: ephemeral_tap_record::service",
    ][::std::mem::offset_of!(ephemeral_tap_record, service) - 56usize];
    [
        "Offset of field: ephemeral_tap_record::misnamed",
    ][::std::mem::offset_of!(ephemeral_tap_record, misnamed) - 64usize];
    [
        "Offset of field: ephemeral_tap_record::endpoint",
    ][::std::mem::offset_of!(ephemeral_tap_record, endpoint) - 72usize];
    [
        "Offset of field: ephemeral_tap_record::length",
    ][::std::mem::offset_of!(ephemeral_tap_record, length) - 80usize];
    [
        "Offset of field: ephemeral_tap_record::both_agreed",
    ][::std::mem::offset_of!(ephemeral_tap_record, both_agreed) - 84usize];
    [
        "Offset of field: ephemeral_tap_record::attempt",
    ][::std::mem::offset_of!(ephemeral_tap_record, attempt) - 85usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_service {
    pub row: u32,
    pub rows_made: u32,
    pub address: *const ::std::os::raw::c_char,
    pub transport: *const ::std::os::raw::c_char,
    pub name: *const ::std::os::raw::c_char,
    pub known: *const ::std::os::raw::c_char,
    pub port: u32,
    pub clients: u32,
    pub first_frame: u32,
    pub last_frame: u32,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_service"][::std::mem::size_of::<eph_service>() - 56usize];
    ["Alignment of eph_service"][::std::mem::align_of::<eph_service>() - 8usize];
    [
        "Offset of field: eph_service::row",
    ][::std::mem::offset_of!(eph_service, row) - 0usize];
    [
        "Offset of field: eph_service::rows_made",
    ][::std::mem::offset_of!(eph_service, rows_made) - 4usize];
    [
        "Offset of field: eph_service::address",
    ][::std::mem::offset_of!(eph_service, address) - 8usize];
    [
        "Offset of field: eph_service::transport",
    ][::std::mem::offset_of!(eph_service, transport) - 16usize];
    [
        "Offset of field: eph_service::name",
    ][::std::mem::offset_of!(eph_service, name) - 24usize];
    [
        "Offset of field: eph_service::known",
    ][::std::mem::offset_of!(eph_service, known) - 32usize];
    [
        "Offset of field: eph_service::port",
    ][::std::mem::offset_of!(eph_service, port) - 40usize];
    [
        "Offset of field: eph_service::clients",
    ][::std::mem::offset_of!(eph_service, clients) - 44usize];
    [
        "Offset of field: eph_service::first_frame",
    ][::std::mem::offset_of!(eph_service, first_frame) - 48usize];
    [
        "Offset of field: eph_service::last_frame",
    ][::std::mem::offset_of!(eph_service, last_frame) - 52usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_services_statistic_calls {
    pub stat_tap_init_table: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const ::std::os::raw::c_char,
            arg2: ::std::os::raw::c_int,
            arg3: ::std::os::raw::c_int,
            arg4: *const ::std::os::raw::c_char,
        ) -> *mut stat_tap_table,
    >,
    pub stat_tap_add_table: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut stat_tap_table_ui, arg2: *mut stat_tap_table),
    >,
    pub stat_tap_init_table_row: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut stat_tap_table,
            arg2: ::std::os::raw::c_uint,
            arg3: ::std::os::raw::c_uint,
            arg4: *const stat_tap_table_item_type,
        ),
    >,
    pub register_tap_listener: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const ::std::os::raw::c_char,
            arg2: *mut ::std::os::raw::c_void,
            arg3: *const ::std::os::raw::c_char,
            arg4: ::std::os::raw::c_uint,
            arg5: tap_reset_cb,
            arg6: tap_packet_cb,
            arg7: tap_draw_cb,
            arg8: tap_finish_cb,
        ) -> *mut GString,
    >,
    pub record_packet: ::std::option::Option<
        unsafe extern "C" fn(
            of: *const ::std::os::raw::c_void,
            arg1: *const ephemeral_tap_record,
            frame: u32,
            arg2: *mut eph_service,
        ) -> ::std::os::raw::c_int,
    >,
    pub forget: ::std::option::Option<
        unsafe extern "C" fn(of: *const ::std::os::raw::c_void),
    >,
    pub forget_all: ::std::option::Option<
        unsafe extern "C" fn(of: *const ::std::os::raw::c_void) -> u32,
    >,
    pub open_file: ::std::option::Option<
        unsafe extern "C" fn(
            argument: *const ::std::os::raw::c_char,
        ) -> *mut ::std::os::raw::c_void,
    >,
    pub write_file: ::std::option::Option<
        unsafe extern "C" fn(file: *const ::std::os::raw::c_void),
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of eph_services_statistic_calls",
    ][::std::mem::size_of::<eph_services_statistic_calls>() - 72usize];
    [
        "Alignment of eph_services_statistic_calls",
    ][::std::mem::align_of::<eph_services_statistic_calls>() - 8usize];
    [
        "Offset of field: eph_services_statistic_calls::stat_tap_init_table",
    ][::std::mem::offset_of!(eph_services_statistic_calls, stat_tap_init_table)
        - 0usize];
    [
        "Offset of field: eph_services_statistic_calls::stat_tap_add_table",
    ][::std::mem::offset_of!(eph_services_statistic_calls, stat_tap_add_table) - 8usize];
    [
        "Offset of field: eph_services_statistic_calls::stat_tap_init_table_row",
    ][::std::mem::offset_of!(eph_services_statistic_calls, stat_tap_init_table_row)
        - 16usize];
    [
        "Offset of field: eph_services_statistic_calls::register_tap_listener",
    ][::std::mem::offset_of!(eph_services_statistic_calls, register_tap_listener)
        - 24usize];
    [
        "Offset of field: eph_services_statistic_calls::record_packet",
    ][::std::mem::offset_of!(eph_services_statistic_calls, record_packet) - 32usize];
    [
        "Offset of field: eph_services_statistic_calls::forget",
    ][::std::mem::offset_of!(eph_services_statistic_calls, forget) - 40usize];
    [
        "Offset of field: eph_services_statistic_calls::forget_all",
    ][::std::mem::offset_of!(eph_services_statistic_calls, forget_all) - 48usize];
    [
        "Offset of field: eph_services_statistic_calls::open_file",
    ][::std::mem::offset_of!(eph_services_statistic_calls, open_file) - 56usize];
    [
        "Offset of field: eph_services_statistic_calls::write_file",
    ][::std::mem::offset_of!(eph_services_statistic_calls, write_file) - 64usize];
};
pub const EPH_COLUMN_ADDRESS: eph_services_statistic_column = 0;
pub const EPH_COLUMN_TRANSPORT: eph_services_statistic_column = 1;
pub const EPH_COLUMN_PORT: eph_services_statistic_column = 2;
pub const EPH_COLUMN_NAME: eph_services_statistic_column = 3;
pub const EPH_COLUMN_KNOWN: eph_services_statistic_column = 4;
pub const EPH_COLUMN_CLIENTS: eph_services_statistic_column = 5;
pub const EPH_COLUMN_FIRST_FRAME: eph_services_statistic_column = 6;
pub const EPH_COLUMN_LAST_FRAME: eph_services_statistic_column = 7;
pub const EPH_COLUMN_COUNT: eph_services_statistic_column = 8;
pub type eph_services_statistic_column = ::std::os::raw::c_uint;
unsafe extern "C" {
    pub fn eph_services_statistic_bind(calls: *const eph_services_statistic_calls);
}
unsafe extern "C" {
    pub fn eph_services_statistic_init(ui: *mut stat_tap_table_ui);
}
unsafe extern "C" {
    pub fn eph_services_statistic_packet(
        data: *mut ::std::os::raw::c_void,
        pinfo: *mut packet_info,
        edt: *mut epan_dissect_t,
        record: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status;
}
unsafe extern "C" {
    pub fn eph_services_statistic_reset(table: *mut stat_tap_table);
}
unsafe extern "C" {
    pub fn eph_services_statistic_free(
        table: *mut stat_tap_table,
        row: ::std::os::raw::c_uint,
        column: ::std::os::raw::c_uint,
        item: *mut stat_tap_table_item_type,
    );
}
unsafe extern "C" {
    pub fn eph_services_statistic_start_file(
        argument: *const ::std::os::raw::c_char,
        user_data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_check_layout(
        calls: *const eph_calls,
        layout: *const eph_layout,
        frame_protocol: ::std::os::raw::c_int,
        tvb: *mut tvbuff_t,
        pinfo: *const packet_info,
    ) -> *const ::std::os::raw::c_char;
}
pub const EPH_PORTS_NOT_KNOWN: eph_port_comparison = 0;
pub const EPH_PORTS_EQUAL: eph_port_comparison = 1;
pub const EPH_PORTS_DIFFER: eph_port_comparison = 2;
pub type eph_port_comparison = ::std::os::raw::c_uint;
unsafe extern "C" {
    pub fn eph_compare_ports(
        calls: *const eph_calls,
        layout: *const eph_layout,
        ids: *const eph_ids,
        tvb: *mut tvbuff_t,
        pinfo: *const packet_info,
    ) -> eph_port_comparison;
}
pub const EPH_COLUMN_SET: eph_column_result = 0;
pub const EPH_COLUMN_TOO_LONG: eph_column_result = 1;
pub const EPH_COLUMN_LOCKED: eph_column_result = 2;
pub type eph_column_result = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_place {
    pub wanted: u32,
    pub is_visible: ::std::os::raw::c_int,
    pub is_layer: ::std::os::raw::c_int,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_place"][::std::mem::size_of::<eph_place>() - 12usize];
    ["Alignment of eph_place"][::std::mem::align_of::<eph_place>() - 4usize];
    [
        "Offset of field: eph_place::wanted",
    ][::std::mem::offset_of!(eph_place, wanted) - 0usize];
    [
        "Offset of field: eph_place::is_visible",
    ][::std::mem::offset_of!(eph_place, is_visible) - 4usize];
    [
        "Offset of field: eph_place::is_layer",
    ][::std::mem::offset_of!(eph_place, is_layer) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_transport_dissectors {
    pub by_port: dissector_table_t,
    pub heuristics: heur_dissector_list_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of eph_transport_dissectors",
    ][::std::mem::size_of::<eph_transport_dissectors>() - 16usize];
    [
        "Alignment of eph_transport_dissectors",
    ][::std::mem::align_of::<eph_transport_dissectors>() - 8usize];
    [
        "Offset of field: eph_transport_dissectors::by_port",
    ][::std::mem::offset_of!(eph_transport_dissectors, by_port) - 0usize];
    [
        "Offset of field: eph_transport_dissectors::heuristics",
    ][::std::mem::offset_of!(eph_transport_dissectors, heuristics) - 8usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_port_dissectors {
    pub dissector_try_heuristic: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: heur_dissector_list_t,
            arg2: *mut tvbuff_t,
            arg3: *mut packet_info,
            arg4: *mut proto_tree,
            arg5: *mut *mut heur_dtbl_entry_t,
            arg6: *mut ::std::os::raw::c_void,
        ) -> epan_bool_result,
    >,
    pub dissector_get_uint_handle: ::std::option::Option<
        unsafe extern "C" fn(arg1: dissector_table_t, arg2: u32) -> dissector_handle_t,
    >,
    pub tcp: eph_transport_dissectors,
    pub udp: eph_transport_dissectors,
    pub data: dissector_handle_t,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of eph_port_dissectors",
    ][::std::mem::size_of::<eph_port_dissectors>() - 56usize];
    [
        "Alignment of eph_port_dissectors",
    ][::std::mem::align_of::<eph_port_dissectors>() - 8usize];
    [
        "Offset of field: eph_port_dissectors::dissector_try_heuristic",
    ][::std::mem::offset_of!(eph_port_dissectors, dissector_try_heuristic) - 0usize];
    [
        "Offset of field: eph_port_dissectors::dissector_get_uint_handle",
    ][::std::mem::offset_of!(eph_port_dissectors, dissector_get_uint_handle) - 8usize];
    [
        "Offset of field: eph_port_dissectors::tcp",
    ][::std::mem::offset_of!(eph_port_dissectors, tcp) - 16usize];
    [
        "Offset of field: eph_port_dissectors::udp",
    ][::std::mem::offset_of!(eph_port_dissectors, udp) - 32usize];
    [
        "Offset of field: eph_port_dissectors::data",
    ][::std::mem::offset_of!(eph_port_dissectors, data) - 48usize];
};
unsafe extern "C" {
    pub fn eph_port_dissectors_bind(
        host: *const eph_port_dissectors,
        calls: *const eph_calls,
        layout: *const eph_layout,
    );
}
unsafe extern "C" {
    pub fn eph_dissect_tcp_by_neither(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_dissect_udp_by_neither(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_dissect_tcp_by_lower(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_dissect_tcp_by_higher(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_dissect_udp_by_lower(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_dissect_udp_by_higher(
        tvb: *mut tvbuff_t,
        pinfo: *mut packet_info,
        tree: *mut proto_tree,
        data: *mut ::std::os::raw::c_void,
    ) -> ::std::os::raw::c_int;
}
pub const EPH_ONCE_CLIENT: eph_once = 0;
pub const EPH_ONCE_CONVERSATION: eph_once = 1;
pub const EPH_ONCE_COUNT: eph_once = 2;
pub type eph_once = ::std::os::raw::c_uint;
pub const EPH_LIST_MISNAMED: eph_list = 0;
pub const EPH_LIST_SERVICES: eph_list = 1;
pub const EPH_LIST_SERVERS: eph_list = 2;
pub const EPH_LIST_CLIENTS: eph_list = 3;
pub const EPH_LIST_BYTES: eph_list = 4;
pub const EPH_LIST_NO_HANDSHAKE: eph_list = 5;
pub const EPH_LIST_WEAK: eph_list = 6;
pub const EPH_LIST_COUNT: eph_list = 7;
pub type eph_list = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_increase {
    pub all: ::std::os::raw::c_int,
    pub row: ::std::os::raw::c_int,
    pub others: ::std::os::raw::c_int,
    pub left_out: ::std::os::raw::c_int,
    pub not_told_apart: ::std::os::raw::c_int,
    pub has_row: u8,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_increase"][::std::mem::size_of::<eph_increase>() - 24usize];
    ["Alignment of eph_increase"][::std::mem::align_of::<eph_increase>() - 4usize];
    [
        "Offset of field: eph_increase::all",
    ][::std::mem::offset_of!(eph_increase, all) - 0usize];
    [
        "Offset of field: eph_increase::row",
    ][::std::mem::offset_of!(eph_increase, row) - 4usize];
    [
        "Offset of field: eph_increase::others",
    ][::std::mem::offset_of!(eph_increase, others) - 8usize];
    [
        "Offset of field: eph_increase::left_out",
    ][::std::mem::offset_of!(eph_increase, left_out) - 12usize];
    [
        "Offset of field: eph_increase::not_told_apart",
    ][::std::mem::offset_of!(eph_increase, not_told_apart) - 16usize];
    [
        "Offset of field: eph_increase::has_row",
    ][::std::mem::offset_of!(eph_increase, has_row) - 20usize];
};
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_statistics_calls {
    pub tap_queue_packet: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: ::std::os::raw::c_int,
            arg2: *mut packet_info,
            arg3: *const ::std::os::raw::c_void,
        ),
    >,
    pub stats_tree_create_node: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut stats_tree,
            arg2: *const ::std::os::raw::c_char,
            arg3: ::std::os::raw::c_int,
            arg4: stat_node_datatype,
            arg5: epan_bool_arg,
        ) -> ::std::os::raw::c_int,
    >,
    pub stats_tree_manip_node_int: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: manip_node_mode,
            arg2: *mut stats_tree,
            arg3: *const ::std::os::raw::c_char,
            arg4: ::std::os::raw::c_int,
            arg5: epan_bool_arg,
            arg6: ::std::os::raw::c_int,
        ) -> ::std::os::raw::c_int,
    >,
    pub forget: ::std::option::Option<unsafe extern "C" fn(arg1: *const stats_tree)>,
    pub record_pair: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const stats_tree,
            what: eph_once,
            arg2: *const ::std::os::raw::c_char,
            arg3: *const ::std::os::raw::c_char,
        ) -> ::std::os::raw::c_int,
    >,
    pub count: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const stats_tree,
            arg2: eph_list,
            group: *const ::std::os::raw::c_char,
            member: *const ::std::os::raw::c_char,
            value: u32,
            arg3: *mut eph_increase,
        ) -> ::std::os::raw::c_int,
    >,
    pub forgotten: ::std::option::Option<
        unsafe extern "C" fn() -> ::std::os::raw::c_int,
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    [
        "Size of eph_statistics_calls",
    ][::std::mem::size_of::<eph_statistics_calls>() - 56usize];
    [
        "Alignment of eph_statistics_calls",
    ][::std::mem::align_of::<eph_statistics_calls>() - 8usize];
    [
        "Offset of field: eph_statistics_calls::tap_queue_packet",
    ][::std::mem::offset_of!(eph_statistics_calls, tap_queue_packet) - 0usize];
    [
        "Offset of field: eph_statistics_calls::stats_tree_create_node",
    ][::std::mem::offset_of!(eph_statistics_calls, stats_tree_create_node) - 8usize];
    [
        "Offset of field: eph_statistics_calls::stats_tree_manip_node_int",
    ][::std::mem::offset_of!(eph_statistics_calls, stats_tree_manip_node_int) - 16usize];
    [
        "Offset of field: eph_statistics_calls::forget",
    ][::std::mem::offset_of!(eph_statistics_calls, forget) - 24usize];
    [
        "Offset of field: eph_statistics_calls::record_pair",
    ][::std::mem::offset_of!(eph_statistics_calls, record_pair) - 32usize];
    [
        "Offset of field: eph_statistics_calls::count",
    ][::std::mem::offset_of!(eph_statistics_calls, count) - 40usize];
    [
        "Offset of field: eph_statistics_calls::forgotten",
    ][::std::mem::offset_of!(eph_statistics_calls, forgotten) - 48usize];
};
unsafe extern "C" {
    pub fn eph_statistics_bind(
        calls: *const eph_statistics_calls,
        tap: ::std::os::raw::c_int,
    );
}
unsafe extern "C" {
    pub fn eph_statistics_tap(
        pinfo: *mut packet_info,
        annotation: *const eph_annotation,
    );
}
unsafe extern "C" {
    pub fn eph_statistics_cleanup(tree: *mut stats_tree);
}
unsafe extern "C" {
    pub fn eph_statistics_overview_init(tree: *mut stats_tree);
}
unsafe extern "C" {
    pub fn eph_statistics_bytes_init(tree: *mut stats_tree);
}
unsafe extern "C" {
    pub fn eph_statistics_doubts_init(tree: *mut stats_tree);
}
unsafe extern "C" {
    pub fn eph_statistics_overview_packet(
        tree: *mut stats_tree,
        pinfo: *mut packet_info,
        edt: *mut epan_dissect_t,
        record: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status;
}
unsafe extern "C" {
    pub fn eph_statistics_bytes_packet(
        tree: *mut stats_tree,
        pinfo: *mut packet_info,
        edt: *mut epan_dissect_t,
        record: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status;
}
unsafe extern "C" {
    pub fn eph_statistics_doubts_packet(
        tree: *mut stats_tree,
        pinfo: *mut packet_info,
        edt: *mut epan_dissect_t,
        record: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_tables_calls {
    pub add_conversation_table_data: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut conv_hash_t,
            arg2: *const address,
            arg3: *const address,
            arg4: u32,
            arg5: u32,
            arg6: ::std::os::raw::c_int,
            arg7: ::std::os::raw::c_int,
            arg8: *mut nstime_t,
            arg9: *mut nstime_t,
            arg10: *mut ct_dissector_info_t,
            arg11: epan_conversation_type,
        ),
    >,
    pub add_endpoint_table_data: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut conv_hash_t,
            arg2: *const address,
            arg3: u32,
            arg4: epan_bool_arg,
            arg5: ::std::os::raw::c_int,
            arg6: ::std::os::raw::c_int,
            arg7: *mut epan_endpoint_info,
            arg8: endpoint_type,
        ),
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_tables_calls"][::std::mem::size_of::<eph_tables_calls>() - 16usize];
    [
        "Alignment of eph_tables_calls",
    ][::std::mem::align_of::<eph_tables_calls>() - 8usize];
    [
        "Offset of field: eph_tables_calls::add_conversation_table_data",
    ][::std::mem::offset_of!(eph_tables_calls, add_conversation_table_data) - 0usize];
    [
        "Offset of field: eph_tables_calls::add_endpoint_table_data",
    ][::std::mem::offset_of!(eph_tables_calls, add_endpoint_table_data) - 8usize];
};
unsafe extern "C" {
    pub fn eph_tables_bind(calls: *const eph_tables_calls, layout: *const eph_layout);
}
unsafe extern "C" {
    pub fn eph_tables_conversation(
        table: *mut ::std::os::raw::c_void,
        pinfo: *mut packet_info,
        edt: *mut epan_dissect_t,
        record: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status;
}
unsafe extern "C" {
    pub fn eph_tables_endpoint(
        table: *mut ::std::os::raw::c_void,
        pinfo: *mut packet_info,
        edt: *mut epan_dissect_t,
        record: *const ::std::os::raw::c_void,
        flags: ::std::os::raw::c_uint,
    ) -> tap_packet_status;
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_selection {
    pub frame: u32,
    pub filter: [::std::os::raw::c_char; 256usize],
    pub explanation: [::std::os::raw::c_char; 8192usize],
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_selection"][::std::mem::size_of::<eph_selection>() - 8452usize];
    ["Alignment of eph_selection"][::std::mem::align_of::<eph_selection>() - 4usize];
    [
        "Offset of field: eph_selection::frame",
    ][::std::mem::offset_of!(eph_selection, frame) - 0usize];
    [
        "Offset of field: eph_selection::filter",
    ][::std::mem::offset_of!(eph_selection, filter) - 4usize];
    [
        "Offset of field: eph_selection::explanation",
    ][::std::mem::offset_of!(eph_selection, explanation) - 260usize];
};
pub type eph_is_off = ::std::option::Option<
    unsafe extern "C" fn() -> ::std::os::raw::c_int,
>;
unsafe extern "C" {
    pub fn eph_conversation_bind(
        g_strdup: ::std::option::Option<
            unsafe extern "C" fn(
                arg1: *const ::std::os::raw::c_char,
            ) -> *mut ::std::os::raw::c_char,
        >,
        report: eph_report,
        is_off: eph_is_off,
    );
}
unsafe extern "C" {
    pub fn eph_conversation_is_known(pinfo: *mut packet_info) -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_conversation_filter(
        pinfo: *mut packet_info,
    ) -> *mut ::std::os::raw::c_char;
}
unsafe extern "C" {
    pub fn eph_conversation_selected() -> *const eph_selection;
}
pub const EPH_CLIENT_AS_FOUND: eph_client = 0;
pub const EPH_CLIENT_IS_SOURCE: eph_client = 1;
pub const EPH_CLIENT_IS_DESTINATION: eph_client = 2;
pub type eph_client = ::std::os::raw::c_uint;
pub const EPH_SET_NOTHING: eph_set = 0;
pub const EPH_SET_BEFORE: eph_set = 1;
pub const EPH_SET: eph_set = 2;
pub type eph_set = ::std::os::raw::c_uint;
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct eph_menu_calls {
    pub plugin_if_apply_filter: ::std::option::Option<
        unsafe extern "C" fn(arg1: *const ::std::os::raw::c_char, arg2: epan_bool_arg),
    >,
    pub plugin_if_get_ws_info: ::std::option::Option<
        unsafe extern "C" fn(arg1: *mut *mut ws_info_t),
    >,
    pub plugin_if_save_preference: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *const ::std::os::raw::c_char,
            arg2: *const ::std::os::raw::c_char,
            arg3: *const ::std::os::raw::c_char,
        ),
    >,
    pub dissected_again: *const *const ::std::os::raw::c_char,
    pub funnel_get_funnel_ops: ::std::option::Option<
        unsafe extern "C" fn() -> *const funnel_ops_t,
    >,
    pub uat_add_record: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut uat_t,
            arg2: *const ::std::os::raw::c_void,
            arg3: epan_bool_arg_of_uat,
        ) -> *mut ::std::os::raw::c_void,
    >,
    pub uat_save: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut uat_t,
            arg2: *mut *mut ::std::os::raw::c_char,
        ) -> epan_bool_result_of_uat,
    >,
    pub services: *mut uat_t,
    pub wmem_free: ::std::option::Option<
        unsafe extern "C" fn(
            arg1: *mut wmem_allocator_t,
            arg2: *mut ::std::os::raw::c_void,
        ),
    >,
    pub about: ::std::option::Option<
        unsafe extern "C" fn() -> *const ::std::os::raw::c_char,
    >,
    pub report: eph_report,
    pub set_client: ::std::option::Option<
        unsafe extern "C" fn(frame: u32, client: eph_client) -> eph_set,
    >,
    pub remember: ::std::option::Option<
        unsafe extern "C" fn(
            frame: u32,
            message: *mut *const ::std::os::raw::c_char,
        ) -> *const ::std::os::raw::c_void,
    >,
    pub decode_by_server: ::std::option::Option<
        unsafe extern "C" fn(
            frame: u32,
            message: *mut *const ::std::os::raw::c_char,
        ) -> eph_set,
    >,
}
#[allow(clippy::unnecessary_operation, clippy::identity_op)]
const _: () = {
    ["Size of eph_menu_calls"][::std::mem::size_of::<eph_menu_calls>() - 112usize];
    ["Alignment of eph_menu_calls"][::std::mem::align_of::<eph_menu_calls>() - 8usize];
    [
        "Offset of field: eph_menu_calls::plugin_if_apply_filter",
    ][::std::mem::offset_of!(eph_menu_calls, plugin_if_apply_filter) - 0usize];
    [
        "Offset of field: eph_menu_calls::plugin_if_get_ws_info",
    ][::std::mem::offset_of!(eph_menu_calls, plugin_if_get_ws_info) - 8usize];
    [
        "Offset of field: eph_menu_calls::plugin_if_save_preference",
    ][::std::mem::offset_of!(eph_menu_calls, plugin_if_save_preference) - 16usize];
    [
        "Offset of field: eph_menu_calls::dissected_again",
    ][::std::mem::offset_of!(eph_menu_calls, dissected_again) - 24usize];
    [
        "Offset of field: eph_menu_calls::funnel_get_funnel_ops",
    ][::std::mem::offset_of!(eph_menu_calls, funnel_get_funnel_ops) - 32usize];
    [
        "Offset of field: eph_menu_calls::uat_add_record",
    ][::std::mem::offset_of!(eph_menu_calls, uat_add_record) - 40usize];
    [
        "Offset of field: eph_menu_calls::uat_save",
    ][::std::mem::offset_of!(eph_menu_calls, uat_save) - 48usize];
    [
        "Offset of field: eph_menu_calls::services",
    ][::std::mem::offset_of!(eph_menu_calls, services) - 56usize];
    [
        "Offset of field: eph_menu_calls::wmem_free",
    ][::std::mem::offset_of!(eph_menu_calls, wmem_free) - 64usize];
    [
        "Offset of field: eph_menu_calls::about",
    ][::std::mem::offset_of!(eph_menu_calls, about) - 72usize];
    [
        "Offset of field: eph_menu_calls::report",
    ][::std::mem::offset_of!(eph_menu_calls, report) - 80usize];
    [
        "Offset of field: eph_menu_calls::set_client",
    ][::std::mem::offset_of!(eph_menu_calls, set_client) - 88usize];
    [
        "Offset of field: eph_menu_calls::remember",
    ][::std::mem::offset_of!(eph_menu_calls, remember) - 96usize];
    [
        "Offset of field: eph_menu_calls::decode_by_server",
    ][::std::mem::offset_of!(eph_menu_calls, decode_by_server) - 104usize];
};
unsafe extern "C" {
    pub fn eph_menu_bind(calls: *const eph_menu_calls, layout: *const eph_layout);
}
unsafe extern "C" {
    pub fn eph_menu_has_window() -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_menu_has_packets() -> ::std::os::raw::c_int;
}
unsafe extern "C" {
    pub fn eph_menu_misnamed(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_conversation(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_set_by_hand(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_source(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_destination(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_decode_by_server(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_as_found(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_remember(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_explain(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
unsafe extern "C" {
    pub fn eph_menu_about(
        gui: ext_menubar_gui_type,
        object: *mut ::std::os::raw::c_void,
        data: *mut ::std::os::raw::c_void,
    );
}
#[repr(C)]
#[derive(Debug, Copy, Clone)]
pub struct _fld_data_t {
    pub _address: u8,
}
