// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Tests of `plugin/dissector/layout_check.c`, which checks that a row of the table fits the host.
//!
//! A test lays out a packet in memory by one row, and reads it by another.

use super::epan::*;
use super::releases::{RELEASES, Row};
use crate::system;
use std::ffi::{CStr, c_int, c_void};
use std::ptr::null_mut;

const FRAME_PROTOCOL: i32 = 7;
const TRANSPORT_PROTOCOL: i32 = 9;

/// Room for a `packet_info` or a `frame_data` of any release.
#[repr(C, align(8))]
struct Memory([u8; 512]);

impl Memory {
    fn new() -> Box<Self> {
        // Not zero: bytes that were never written must not pass for a small number.
        Box::new(Self([0xa5; 512]))
    }

    fn put<T: Copy>(&mut self, offset: u16, value: T) {
        assert!(usize::from(offset) + size_of::<T>() <= self.0.len());
        // SAFETY: the value lies within the array, as asserted.
        unsafe { self.0.as_mut_ptr().add(offset.into()).cast::<T>().write_unaligned(value) }
    }
}

/// An element of wmem's list, as the functions below use it: `[next, data, unused]`.
type Link = [usize; 3];

extern "C" fn list_head(list: *const wmem_list_t) -> *mut wmem_list_frame_t {
    // SAFETY: the list is a packet's `layers`.
    unsafe { *list.cast::<*mut wmem_list_frame_t>() }
}

extern "C" fn list_next(at: *const wmem_list_frame_t) -> *mut wmem_list_frame_t {
    // SAFETY: the elements of a packet's `layers` are links.
    unsafe { (*at.cast::<Link>())[0] as *mut wmem_list_frame_t }
}

extern "C" fn list_data(at: *const wmem_list_frame_t) -> *mut c_void {
    // SAFETY: as above.
    unsafe { (*at.cast::<Link>())[1] as *mut c_void }
}

extern "C" fn source_tvb(source: *const data_source) -> *mut tvbuff_t {
    // SAFETY: a packet's source starts with its tvbuff.
    unsafe { *source.cast::<*mut tvbuff_t>() }
}

/// A tvbuff, as the functions below use it: the address of its bytes, and their number.
type Bytes = [usize; 2];

extern "C" fn captured_length(tvb: *const tvbuff_t) -> u32 {
    // SAFETY: the tvbuff is a packet's.
    unsafe { (*tvb.cast::<Bytes>())[1] as u32 }
}

extern "C" fn bytes_at(tvb: *mut tvbuff_t, offset: c_int, _length: c_int) -> *const u8 {
    // SAFETY: as above.
    unsafe { ((*tvb.cast::<Bytes>())[0] as *const u8).wrapping_add(offset as usize) }
}

/// A packet in the memory of a host.
struct Packet {
    info: Box<Memory>,
    frame: Box<Memory>,
    tvb: Box<Bytes>,
    links: [Box<Link>; 2],
    layers: Box<[usize; 4]>,
    source: Box<[usize; 2]>,
    sources: Box<[usize; 2]>,
    octets: Box<[u8; 4]>,
}

impl Packet {
    /// Creates a TCP packet with the layout of the release of `row`.
    fn of(row: &Row) -> Self {
        Self::laid_out(&row.layout)
    }

    fn laid_out(at: &eph_layout) -> Self {
        let mut packet = Self {
            info: Memory::new(),
            frame: Memory::new(),
            tvb: Box::new([0; 2]),
            links: [Box::new([0; 3]), Box::new([0; 3])],
            layers: Box::new([0; 4]),
            source: Box::new([0; 2]),
            sources: Box::new([0; 2]),
            octets: Box::new([192, 0, 2, 1]),
        };
        let tvb = packet.tvb();
        *packet.links[1] = [0, TRANSPORT_PROTOCOL as usize, 0];
        *packet.links[0] = [packet.links[1].as_ptr() as usize, FRAME_PROTOCOL as usize, 0];
        packet.layers[0] = packet.links[0].as_ptr() as usize;
        packet.source[0] = tvb as usize;
        packet.sources[0] = packet.source.as_ptr() as usize;
        let end = address { type_: AT_IPv4 as i32, len: 4, data: packet.octets.as_ptr().cast(), priv_: null_mut() };
        packet.frame.put(0, 12u32);
        packet.info.put(at.pinfo_cinfo, 0usize);
        packet.info.put(at.pinfo_num, 12u32);
        packet.info.put(at.pinfo_fd, packet.frame.0.as_ptr());
        packet.info.put(at.pinfo_data_src, packet.sources.as_ptr());
        packet.info.put(at.pinfo_src, end);
        packet.info.put(at.pinfo_dst, end);
        packet.info.put(at.pinfo_ptype, PT_TCP);
        packet.info.put(at.pinfo_srcport, 1140u32);
        packet.info.put(at.pinfo_destport, 80u32);
        packet.info.put(at.pinfo_layers, packet.layers.as_ptr());
        packet
    }

    fn tvb(&mut self) -> *mut tvbuff_t {
        (&raw mut *self.tvb).cast()
    }

    fn calls() -> eph_calls {
        // SAFETY: all members are optional function pointers, for which null is `None`.
        let mut calls: eph_calls = unsafe { std::mem::zeroed() };
        calls.tvb_captured_length = Some(captured_length);
        calls.tvb_get_ptr = Some(bytes_at);
        calls.get_data_source_tvb = Some(source_tvb);
        calls.wmem_list_head = Some(list_head);
        calls.wmem_list_frame_next = Some(list_next);
        calls.wmem_list_frame_data = Some(list_data);
        calls.read_memory = Some(system::read_memory);
        calls
    }

    /// Returns the result of the check when it reads the packet by `row`.
    fn misfit(&mut self, row: &Row) -> Option<&'static str> {
        let (calls, tvb) = (Self::calls(), self.tvb());
        // SAFETY: the packet has room for each row's offsets. Its pointers lead to what the functions
        // above expect, or the check refuses to follow them: that is what the tests show.
        let what =
            unsafe { eph_check_layout(&calls, &row.layout, FRAME_PROTOCOL as c_int, tvb, self.info.0.as_ptr().cast()) };
        // SAFETY: `what` is null or one of the check's constants.
        (!what.is_null()).then(|| unsafe { CStr::from_ptr(what) }.to_str().expect("ASCII"))
    }
}

/// Checks whether the ports of a packet, 1140 and 80, are those in `bytes`. The packet has these addresses, this port
/// type, and one layer of `transport`.
fn compare_ports(
    bytes: &[u8],
    source: &[u8],
    destination: &[u8],
    ptype: u32,
    transport: eph_transport,
) -> eph_port_comparison {
    let row = newest_held();
    let at = &row.layout;
    let mut packet = Packet::of(row);
    *packet.tvb = [bytes.as_ptr() as usize, bytes.len()];
    let kind = if source.len() == 4 { AT_IPv4 } else { AT_IPv6 } as i32;
    let end = |octets: &[u8]| address {
        type_: kind,
        len: octets.len() as i32,
        data: octets.as_ptr().cast(),
        priv_: null_mut(),
    };
    packet.info.put(at.pinfo_src, end(source));
    packet.info.put(at.pinfo_dst, end(destination));
    packet.info.put(at.pinfo_ptype, ptype);
    // SAFETY: numbers and null pointers.
    let mut ids: eph_ids = unsafe { std::mem::zeroed() };
    ids.transport[transport as usize].protocol = TRANSPORT_PROTOCOL as c_int;
    let tvb = packet.tvb();
    // SAFETY: as in `misfit`; the tvbuff has the bytes.
    unsafe { eph_compare_ports(&Packet::calls(), at, &ids, tvb, packet.info.0.as_ptr().cast()) }
}

/// Returns a packet with a link-layer header, an IPv4 header with an option, and TCP.
fn ipv4_packet() -> Vec<u8> {
    let mut bytes = vec![0; 14];
    bytes.extend([0x46, 0, 0, 44, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2, 1, 1, 1, 0]);
    bytes.extend([0x04, 0x74, 0, 80]);
    bytes.extend([0; 16]);
    bytes
}

const CLIENT: [u8; 4] = [192, 0, 2, 1];
const SERVER: [u8; 4] = [198, 51, 100, 2];

/// A change to the bytes of a packet.
type Change = fn(&mut Vec<u8>);

#[test]
fn ports_are_compared_with_the_bytes() {
    let fit = |bytes: &[u8]| compare_ports(bytes, &CLIENT, &SERVER, PT_TCP, EPH_TCP);
    assert_eq!(fit(&ipv4_packet()), EPH_PORTS_EQUAL);
    let after = |change: Change| {
        let mut bytes = ipv4_packet();
        change(&mut bytes);
        fit(&bytes)
    };
    assert_eq!(after(|bytes| bytes[38] = 5), EPH_PORTS_DIFFER, "the source port");
    assert_eq!(after(|bytes| bytes[41] = 81), EPH_PORTS_DIFFER, "the destination port");
    let not_known: [(&str, Change); 8] = [
        ("there are no bytes", Vec::clear),
        ("it is cut", |bytes| bytes.truncate(57)),
        ("it is not TCP", |bytes| bytes[23] = 17),
        ("a fragment", |bytes| bytes[21] = 1),
        ("the first fragment", |bytes| bytes[20] |= 0x20),
        ("too short for a header of TCP", |bytes| bytes[17] = 43),
        ("other addresses", |bytes| bytes[26] = 193),
        ("the same addresses twice", |bytes| bytes.extend([192, 0, 2, 1, 198, 51, 100, 2])),
    ];
    for (what, change) in not_known {
        assert_eq!(after(change), EPH_PORTS_NOT_KNOWN, "{what}");
    }
    let of_kind = |ptype, transport| compare_ports(&ipv4_packet(), &CLIENT, &SERVER, ptype, transport);
    assert_eq!(of_kind(PT_UDP, EPH_TCP), EPH_PORTS_DIFFER, "TCP, which the host calls UDP");
    assert_eq!(of_kind(PT_NONE, EPH_TCP), EPH_PORTS_DIFFER, "TCP without ports");
    assert_eq!(of_kind(4, EPH_TCP), EPH_PORTS_NOT_KNOWN, "ports of another protocol's");
    assert_eq!(of_kind(PT_TCP, EPH_UDP), EPH_PORTS_NOT_KNOWN, "a layer of UDP");
}

#[test]
fn ports_are_compared_with_the_bytes_of_ipv6_and_udp() {
    let (client, server) = ([0x20; 16], [0x30; 16]);
    let mut bytes = vec![0x60, 0, 0, 0, 0, 20, 17, 64];
    bytes.extend(client);
    bytes.extend(server);
    bytes.extend([0x04, 0x74, 0, 80]);
    bytes.extend([0; 16]);
    assert_eq!(compare_ports(&bytes, &client, &server, PT_UDP, EPH_UDP), EPH_PORTS_EQUAL);
    assert_eq!(compare_ports(&bytes, &client, &server, PT_NONE, EPH_UDP), EPH_PORTS_NOT_KNOWN);
    bytes[41] = 0;
    assert_eq!(compare_ports(&bytes, &client, &server, PT_UDP, EPH_UDP), EPH_PORTS_DIFFER);
}

/// Like `eph_check_layout()`, for one change to a packet that fits.
fn misfit_after(change: impl FnOnce(&mut Packet, &eph_layout)) -> Option<&'static str> {
    let row = &RELEASES[1];
    let mut packet = Packet::of(row);
    change(&mut packet, &row.layout);
    packet.misfit(row)
}

#[test]
fn each_row_fits_its_own_release() {
    for row in RELEASES {
        assert_eq!(Packet::of(row).misfit(row), None, "{:?}", row.release);
    }
}

#[test]
fn a_row_with_other_offsets_does_not_fit() {
    for host in RELEASES {
        for row in RELEASES {
            // The members that the check can see.
            let seen = |row: &Row| eph_layout {
                fd_pkt_len: 0,
                table_flags: 0,
                text_window: 0,
                copy_text: 0,
                redissect: 0,
                ..row.layout
            };
            let same = format!("{:?}", seen(host)) == format!("{:?}", seen(row));
            let misfit = Packet::of(host).misfit(row);
            assert_eq!(misfit.is_none(), same, "{:?} read as {:?}: {misfit:?}", host.release, row.release);
        }
    }
}

#[test]
fn each_fact_is_compared() {
    assert_eq!(misfit_after(|_, _| ()), None);
    let is = |expected, change: fn(&mut Packet, &eph_layout)| assert_eq!(misfit_after(change), Some(expected));
    is("packet_info.ptype is none", |packet, at| packet.info.put(at.pinfo_ptype, 0x1_0000u32));
    is("packet_info.srcport or destport is none", |packet, at| packet.info.put(at.pinfo_srcport, 65536u32));
    is("packet_info.srcport or destport is none", |packet, at| packet.info.put(at.pinfo_destport, 65536u32));
    is("packet_info.src or dst is no address", |packet, at| packet.info.put(at.pinfo_src + 4, 16u32));
    is("packet_info.src or dst is no address", |packet, at| packet.info.put(at.pinfo_dst + 8, 0x6500_0000usize));
    is("packet_info.num is not frame_data.num", |packet, at| packet.info.put(at.pinfo_num, 13u32));
    is("packet_info.data_src does not start with the frame", |packet, _| packet.source[0] = 8);
    is("packet_info.layers does not start with the frame", |packet, _| packet.links[0][1] = 6);
}

#[test]
fn a_list_without_end_is_no_list_of_layers() {
    let misfit = misfit_after(|packet, _| packet.links[1][0] = packet.links[0].as_ptr() as usize);
    assert_eq!(misfit, Some("packet_info.layers does not start with the frame"));
}

#[test]
fn no_wild_pointer_is_followed() {
    // The first is not mapped, the second looks like two small numbers side by side, the third is
    // not aligned, and the last is not a canonical address.
    for wild in [8usize, 0x0000_0050_0000_0474, 0x7fff_0000_0001, 0xdead_beef_dead_beef] {
        let is_refused = |change: &dyn Fn(&mut Packet, &eph_layout)| assert!(misfit_after(change).is_some());
        is_refused(&|packet, at| packet.info.put(at.pinfo_fd, wild));
        is_refused(&|packet, at| packet.info.put(at.pinfo_cinfo, wild));
        is_refused(&|packet, at| packet.info.put(at.pinfo_data_src, wild));
        is_refused(&|packet, at| packet.info.put(at.pinfo_layers, wild));
        is_refused(&|packet, _| packet.layers[0] = wild);
        is_refused(&|packet, _| packet.links[0][0] = wild);
        is_refused(&|packet, _| packet.sources[0] = wild);
    }
}

/// Returns the row of the newest release that was checked against all of its headers.
fn newest_held() -> &'static Row {
    RELEASES.iter().find(|row| row.release == (4, 6)).expect("4.6 is in the table")
}

/// Returns the layout with `by` bytes more (or fewer) in `packet_info` before the member that was at `from`.
fn moved(from: u16, by: i16) -> eph_layout {
    let mut at = newest_held().layout;
    let members = [
        &mut at.pinfo_cinfo,
        &mut at.pinfo_num,
        &mut at.pinfo_fd,
        &mut at.pinfo_data_src,
        &mut at.pinfo_src,
        &mut at.pinfo_dst,
        &mut at.pinfo_ptype,
        &mut at.pinfo_srcport,
        &mut at.pinfo_destport,
        &mut at.pinfo_layers,
    ];
    for member in members.into_iter().filter(|member| **member >= from) {
        *member = member.checked_add_signed(by).expect("it stays in the structure");
    }
    at
}

/// Changes that a later release could make to the structures of 4.6, read by the row of 4.6. `docs/releases.md` lists
/// the changes that no check can notice.
#[test]
fn twenty_kinds_of_change_are_noticed() {
    let row = newest_held();
    let at = &row.layout;
    assert_eq!(Packet::laid_out(&moved(0, 0)).misfit(row), None);
    let mut noticed = 0;
    let mut is_noticed = |what: &str, mut packet: Packet| {
        assert!(packet.misfit(row).is_some(), "{what}");
        noticed += 1;
    };
    let one_more = [
        ("cinfo", at.pinfo_cinfo, 8),
        ("num", at.pinfo_num, 4),
        ("fd", at.pinfo_fd, 8),
        ("data_src", at.pinfo_data_src, 8),
        ("src", at.pinfo_src, 8),
        ("dst", at.pinfo_dst, 8),
        ("ptype", at.pinfo_ptype, 4),
        ("srcport", at.pinfo_srcport, 4),
        ("destport", at.pinfo_destport, 4),
        ("layers", at.pinfo_layers, 8),
    ];
    for (member, from, size) in one_more {
        is_noticed(&format!("a member before {member}"), Packet::laid_out(&moved(from, size)));
    }
    for (member, from) in [("fd", at.pinfo_fd), ("src", at.pinfo_src), ("layers", at.pinfo_layers)] {
        is_noticed(&format!("a pointer less before {member}"), Packet::laid_out(&moved(from, -8)));
    }
    let mut is_noticed_after = |what: &str, change: &dyn Fn(&mut Packet)| {
        let mut packet = Packet::laid_out(at);
        change(&mut packet);
        is_noticed(what, packet);
    };
    is_noticed_after("ports of 16 bits", &|packet| {
        packet.info.put(at.pinfo_srcport, 1140u16);
        packet.info.put(at.pinfo_srcport + 2, 80u16);
    });
    is_noticed_after("another number for IPv4", &|packet| packet.info.put(at.pinfo_src, AT_IPv6));
    is_noticed_after("an address with its data in front", &|packet| {
        let data: usize = packet.octets.as_ptr() as usize;
        packet.info.put(at.pinfo_src, data);
        packet.info.put(at.pinfo_src + 8, [AT_IPv4, 4]);
    });
    is_noticed_after("the frame within packet_info", &|packet| packet.info.put(at.pinfo_fd, [12u32, 66]));
    is_noticed_after("a member before frame_data.num", &|packet| packet.frame.put(0, [0u32, 0, 12]));
    is_noticed_after("sources that are no list of pointers", &|packet| packet.sources[0] = packet.tvb() as usize);
    is_noticed_after("layers that are no numbers", &|packet| packet.links[0][1] = packet.octets.as_ptr() as usize);
    is_noticed_after("layers from the last to the first", &|packet| {
        packet.layers[0] = packet.links[1].as_ptr() as usize;
    });
    assert!(noticed >= 20, "{noticed}");
}
