//! Which port is misnamed, and the words for it.

use crate::roles::{Party, Verdict};
use crate::text::Shown;
use std::fmt;

/// Source ports that a protocol prescribes: the client has them on purpose. FTP's data connection
/// comes from port 20 (RFC 959, section 3.2).
const PRESCRIBED_SOURCE_PORTS: [u16; 1] = [20];

/// Whether the client's port got its number by chance, so that a name registered for that number
/// says nothing. `source` and `destination` are the packet's ports.
pub fn is_ephemeral(verdict: &Verdict, source: u16, destination: u16) -> bool {
    let client = match verdict.client {
        Party::Source => source,
        Party::Destination => destination,
    };
    source != destination && !PRESCRIBED_SOURCE_PORTS.contains(&client) && !verdict.both_ports_agreed()
}

/// The note about a misnamed port, as Expert Information shows it.
#[derive(Clone, Copy, Debug)]
pub struct Note<'a> {
    /// The client's port.
    pub port: u16,
    /// The name registered for that number.
    pub name: &'a [u8],
}

impl fmt::Display for Note<'_> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            out,
            "Port {} is the client's ephemeral port; \"{}\" is only the name registered for that number",
            self.port,
            Shown(self.name)
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_note_reads_as_designed() {
        assert_eq!(
            Note { port: 1140, name: b"autonoc" }.to_string(),
            "Port 1140 is the client's ephemeral port; \"autonoc\" is only the name registered for that number"
        );
    }
}
