//! What the window offers beside the packets: Tools → Ephemeral Ports, and the conversation filter.
//! What they do is in `plugin/dissector/menu.c` and `plugin/dissector/conversation.c`. In a host without a window,
//! registering them has no effect.

use crate::host::api::epan::boundary::*;
use crate::host::api::epan::ext_menubar_action_cb;
use crate::host::api::epan::window::Window;
use crate::host::api::library;
use crate::system::own_file;
use std::ffi::{CStr, CString};
use std::path::{Path, PathBuf, MAIN_SEPARATOR};
use std::ptr::null_mut;

const TITLE: &CStr = c"Ephemeral Ports";

/// The README's name, installed in the folder of the plugin's own file.
const README: &str = "ephemeral-README.md";

struct Entry {
    label: &'static CStr,
    tooltip: &'static CStr,
    action: ext_menubar_action_cb,
    /// It opens a text window.
    shows_text: bool,
}

const ENTRIES: [Entry; 3] = [
    Entry {
        label: c"Show packets with misnamed ports",
        tooltip: c"Show only the packets in which the client's port carries the name of a service",
        action: Some(eph_menu_misnamed),
        shows_text: false,
    },
    Entry {
        label: c"Show this conversation",
        tooltip: c"Show only the packets between the selected packet's client and server",
        action: Some(eph_menu_conversation),
        shows_text: false,
    },
    Entry {
        label: c"Explain this packet",
        tooltip: c"Say which end of the selected packet is the client, and how that is known",
        action: Some(eph_menu_explain),
        shows_text: true,
    },
];

/// Registers menu and conversation filter, or says in the log why there are none.
pub fn register(protocol: i32, layout: &'static eph_layout) {
    // SAFETY: the functions have the prototypes of include/epan.h; libwireshark outlives its plugins.
    match library::bind("window", |library| unsafe { Window::from_library(library) }) {
        Ok(host) => {
            register_filter(&host);
            register_menu(&host, protocol, layout);
        }
        Err(why) => log::warn!("no menu of Ephemeral Ports: {why}"),
    }
}

fn register_filter(host: &Window) {
    // SAFETY: the names are constants. The callbacks have the types that are asked for; from 4.4 on
    // they are passed one more argument, which they do not look at, and the registration takes one
    // more, which earlier releases do not look at.
    unsafe {
        eph_conversation_bind(Some(host.g_strdup));
        host.register_conversation_filter(
            c"ephemeral".as_ptr(),
            TITLE.as_ptr(),
            Some(eph_conversation_is_known),
            Some(eph_conversation_filter),
            null_mut(),
        );
    }
}

fn register_menu(host: &Window, protocol: i32, layout: &'static eph_layout) {
    let calls = Box::leak(Box::new(eph_menu_calls {
        plugin_if_apply_filter: Some(host.plugin_if_apply_filter),
        plugin_if_get_ws_info: Some(host.plugin_if_get_ws_info),
        funnel_get_funnel_ops: Some(host.funnel_get_funnel_ops),
    }));
    // SAFETY: `calls` and `layout` live as long as the process, and so do all texts except the
    // address, which the host copies as it does the others; the callbacks have the type that is
    // asked for.
    unsafe {
        eph_menu_bind(calls, layout);
        let menu = host.ext_menubar_register_menu(protocol, TITLE.as_ptr(), 1);
        host.ext_menubar_set_parentmenu(menu, c"Tools".as_ptr());
        let has_text = u32::from(layout.text_window) != EPH_WINDOW_NOT_KNOWN;
        for Entry { label, tooltip, action, .. } in ENTRIES.into_iter().filter(|entry| has_text || !entry.shows_text) {
            host.ext_menubar_add_entry(menu, label.as_ptr(), tooltip.as_ptr(), action, null_mut());
        }
        if let Some(address) = readme().and_then(|path| CString::new(file_address(&path)).ok()) {
            host.ext_menubar_add_separator(menu);
            host.ext_menubar_add_website(
                menu,
                c"Open the README".as_ptr(),
                c"What Ephemeral Ports does, and how to use it".as_ptr(),
                address.as_ptr(),
            );
        }
    }
}

/// The README beside the plugin's own file, if it was installed with it.
fn readme() -> Option<PathBuf> {
    let path = own_file()?.with_file_name(README);
    path.is_file().then_some(path)
}

/// The path of the plugin's own file, in words.
pub fn own_path() -> String {
    own_file().map_or_else(|| "this one".to_owned(), |path| path.display().to_string())
}

/// `file://` and the path, with all but plain characters written as `%20` (RFC 3986, section 2.1; RFC 8089,
/// appendix E.2 for a path that starts with a drive).
fn file_address(path: &Path) -> String {
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || b"/-._~:".contains(&byte);
    let start = if path.has_root() && !path.starts_with("/") { "file:///" } else { "file://" };
    path.as_os_str().as_encoded_bytes().iter().fold(start.to_owned(), |mut address, &byte| {
        match byte {
            _ if char::from(byte) == MAIN_SEPARATOR => address.push('/'),
            _ if plain(byte) => address.push(char::from(byte)),
            _ => address.push_str(&format!("%{byte:02X}")),
        }
        address
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_becomes_an_address() {
        assert_eq!(file_address(Path::new("/home/jo é/a%b.md")), "file:///home/jo%20%C3%A9/a%25b.md");
    }
}
