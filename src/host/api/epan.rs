// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Tables of the host's functions, with the prototypes of `include/epan.h`. They are filled when the plugin is loaded.
//!
//! A table lists required functions, and after `?` optional ones, which a host may lack. Without all required functions
//! there is no table.

pub use super::bindings::*;

use crate::system::Library;
use libloading::Error;

/// Names the function type in an `Option` of a function pointer, which is how bindgen writes a pointer of C.
pub trait Pointer {
    /// The function.
    type Function: Copy;
}

impl<F: Copy> Pointer for Option<F> {
    type Function = F;
}

macro_rules! tables {
    ($($(#[$doc:meta])* $table:ident: $($required:ident)* $(? $($optional:ident)*)?;)*) => {
        $(
            $(#[$doc])*
            #[allow(missing_docs, reason = "include/epan.h says what they are")]
            pub struct $table {
                $(pub $required: <super::bindings::$required as Pointer>::Function,)*
                $($(pub $optional: super::bindings::$optional,)*)?
                /// Keeps the host's libraries open.
                _library: Library,
            }

            impl $table {
                /// Looks the functions up. Returns the error of the first required function that is missing.
                ///
                /// # Safety
                /// The library's functions have the prototypes of `include/epan.h`, and the library stays loaded as
                /// long as any of them is used.
                pub unsafe fn from_library(library: Library) -> Result<Self, Error> {
                    // SAFETY: by the contract above.
                    unsafe {
                        Ok(Self {
                            $($required: *library.get(concat!(stringify!($required), "\0").as_bytes())?,)*
                            $($($optional: library
                                .get(concat!(stringify!($optional), "\0").as_bytes())
                                .ok()
                                .map(|symbol| *symbol),)*)?
                            _library: library,
                        })
                    }
                }
            }
        )*
    };
}

tables! {
    /// The functions that the plugin requires. The optional one is `None` before 4.2.
    Epan:
        epan_get_version_number proto_register_plugin proto_register_protocol proto_register_protocol_in_name_only
        find_protocol_by_id proto_is_protocol_enabled proto_register_field_array proto_register_subtree_array
        expert_register_protocol expert_register_field_array prefs_register_protocol prefs_register_bool_preference
        prefs_register_enum_preference prefs_register_range_preference create_dissector_handle register_postdissector
        register_init_routine proto_registrar_get_id_byname proto_get_id_by_filter_name find_tap_id
        get_column_format_from_str prefs_find_module prefs_find_preference
        try_serv_name_lookup address_to_display wmem_free value_is_in_range proto_get_protocol_filter_name
        dissector_get_default_uint_handle dissector_handle_get_protocol_index wmem_list_tail wmem_list_frame_prev
        wmem_list_frame_data prefs_get_bool_value wmem_list_head wmem_list_frame_next
        call_dissector_only tvb_captured_length tvb_get_ptr get_data_source_tvb proto_field_is_referenced
        proto_registrar_get_nth proto_tree_children_foreach proto_tree_add_item proto_item_add_subtree
        proto_tree_add_string proto_tree_add_uint proto_tree_add_boolean proto_item_set_text expert_add_info_format
        have_tap_listener col_get_text col_clear col_clear_fence col_set_fence col_append_str
        ? fvalue_set_string;
    /// The log. `ws_log` exists since 3.6, `g_log` in every process that has GLib.
    Logging: ? ws_log g_log;
    /// The tap and the statistics.
    Statistics: register_tap tap_queue_packet stats_tree_register_plugin stats_tree_create_node stats_tree_manip_node_int;
    /// The tables of conversations and endpoints. The optional ones are the same function; 3.4 has the second name.
    Tables: register_conversation_table add_conversation_table_data ? add_endpoint_table_data add_hostlist_table_data;
    /// The statistic of services.
    ServiceStatistic: register_stat_tap_table_ui register_stat_tap_ui stat_tap_init_table stat_tap_add_table
        stat_tap_init_table_row register_tap_listener;
    /// The functions that read and set the dissector of a conversation.
    ConversationDissector: find_dissector_table dissector_get_uint_handle find_dissector dissector_handle_get_dissector_name
        find_conversation conversation_get_dissector conversation_set_dissector register_dissector
        find_heur_dissector_list dissector_try_heuristic;
    /// The table of services.
    UserTable: uat_new prefs_register_uat_preference uat_add_record uat_save g_strdup;
    /// The menu and the conversation filter.
    Window: register_conversation_filter ext_menubar_register_menu ext_menubar_set_parentmenu ext_menubar_add_entry
        ext_menubar_add_separator plugin_if_apply_filter plugin_if_get_ws_info plugin_if_save_preference prefs_register_string_preference prefs_find_module
        funnel_get_funnel_ops wmem_free g_strdup;
}
