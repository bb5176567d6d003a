//! What the judgement asks the host, bound once all protocols are registered.

use super::epan::boundary::EPH_TRANSPORT_COUNT;
use super::epan::Epan;
use super::names;
use super::preferences::PREFERENCES;
use crate::headers::Transport;
use crate::roles::PortKnowledge;
use std::ffi::CStr;

/// The host's tables of dissectors by port.
const PORT_TABLES: [&CStr; EPH_TRANSPORT_COUNT as usize] = [c"tcp.port", c"udp.port"];

/// The host's functions and protocols.
pub struct Bound {
    /// The host's functions.
    pub epan: &'static Epan,
    /// What the host counts as a protocol although it is none that anybody speaks, us included.
    pub not_spoken: [i32; 6],
}

impl Bound {
    /// The name registered for a port, by the host's table and the user's services files.
    pub fn service(&self, transport: Transport, port: u16) -> Option<&'static [u8]> {
        names::service(self.epan, transport, port)
    }
}

impl PortKnowledge for Bound {
    fn is_named(&self, transport: Transport, port: u16) -> bool {
        self.service(transport, port).is_some()
    }

    fn protocol(&self, transport: Transport, port: u16) -> Option<i32> {
        names::port_protocol(self.epan, PORT_TABLES[transport as usize], port)
    }

    fn is_service(&self, port: u16) -> bool {
        PREFERENCES.is_server_port(self.epan, port)
    }
}
