// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Names from the host: of services, hosts and protocols.

use crate::host::api::epan::{
    AT_IPv4, AT_IPv6, EPH_TRANSPORT_COUNT, Epan, PT_DCCP, PT_SCTP, PT_TCP, PT_UDP, address, port_type,
};
use crate::packet::Transport;
use std::ffi::CStr;
use std::net::IpAddr;
use std::ptr::null_mut;

/// The host's tables of dissectors by port, in the order of [`Transport`].
pub(super) const PORT_TABLES: [&CStr; EPH_TRANSPORT_COUNT as usize] = [
    c"tcp.port",
    c"dccp.port",
    c"sctp.port",
    c"udp.port",
    c"udp.port", // UDP-Lite has no table of its own
];

/// Returns the name of a service from the host's table and the user's services files, or `None` for a port without one.
pub(crate) fn registered_name(epan: &Epan, transport: Transport, port: u16) -> Option<&'static [u8]> {
    let transport: port_type = match transport {
        Transport::Tcp => PT_TCP,
        // The host has no names for UDP-Lite, and shows those of UDP.
        Transport::Udp | Transport::UdpLite => PT_UDP,
        Transport::Dccp => PT_DCCP,
        Transport::Sctp => PT_SCTP,
    };
    // SAFETY: the function takes any port. Its result is null or a string that lives as long as the
    // host's table of services. That table changes only between files, and no caller keeps the
    // string longer than a packet.
    unsafe { bytes((epan.try_serv_name_lookup)(transport, u32::from(port))) }
}

/// Calls `show` with the address as the user wants to see it: the host name if name resolution is
/// on and has one, the number otherwise.
pub(crate) fn with_host<T>(epan: &Epan, ip: IpAddr, show: impl FnOnce(&[u8]) -> T) -> T {
    match ip {
        IpAddr::V4(ip) => with_display(epan, AT_IPv4 as i32, &ip.octets(), show),
        IpAddr::V6(ip) => with_display(epan, AT_IPv6 as i32, &ip.octets(), show),
    }
}

fn with_display<T>(epan: &Epan, kind: i32, octets: &[u8], show: impl FnOnce(&[u8]) -> T) -> T {
    let address = address { type_: kind, len: octets.len() as i32, data: octets.as_ptr().cast(), priv_: null_mut() };
    // SAFETY: `data` has `len` bytes.
    unsafe { with_address(epan, &address, show) }
}

/// Calls `show` with an address of any kind as the user wants to see it, like [`with_host`].
///
/// # Safety
/// `address` is one of the host's, or has `len` bytes of data, as its kind has.
pub(super) unsafe fn with_address<T>(epan: &Epan, address: &address, show: impl FnOnce(&[u8]) -> T) -> T {
    // SAFETY: by the contract above. Without an allocator, the result is a string that we own, to
    // be freed without an allocator.
    let text = unsafe { (epan.address_to_display)(null_mut(), address) };
    // SAFETY: as above; it is freed only after `show` is done with it.
    let shown = show(unsafe { bytes(text) }.unwrap_or(b"?"));
    // SAFETY: as above.
    unsafe { (epan.wmem_free)(null_mut(), text.cast()) };
    shown
}

/// Returns a protocol's filter name, such as `http`.
pub(crate) fn protocol(epan: &Epan, id: i32) -> Option<&'static [u8]> {
    // SAFETY: `id` came from the host, which keeps its protocols' names as long as the process.
    unsafe { bytes((epan.proto_get_protocol_filter_name)(id)) }
}

/// Returns the protocol whose dissector is registered for a port. The user's settings in "Decode As" make no difference.
pub(crate) fn port_protocol(epan: &Epan, transport: Transport, port: u16) -> Option<i32> {
    let table = PORT_TABLES[transport as usize];
    // SAFETY: the table's name is a C string; the handle is null, or the host keeps it.
    unsafe {
        let handle = (epan.dissector_get_default_uint_handle)(table.as_ptr(), u32::from(port));
        (!handle.is_null()).then(|| (epan.dissector_handle_get_protocol_index)(handle))
    }
}

/// # Safety
/// `text` is null or a NUL-terminated string that lives as long as the result is used.
unsafe fn bytes<'a>(text: *const std::ffi::c_char) -> Option<&'a [u8]> {
    // SAFETY: by the contract above.
    (!text.is_null()).then(|| unsafe { CStr::from_ptr(text) }.to_bytes())
}
