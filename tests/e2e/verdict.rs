// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What the plugin says about a packet, read from its fields.

use crate::host::Tshark;

/// The roles in a packet's conversation, and the misnamed port.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    /// `192.168.1.23 1140`
    pub client: String,
    /// `198.51.100.10 80`
    pub server: String,
    /// The client sent this packet.
    pub from_client: bool,
    pub confidence: u8,
    pub evidence: String,
    /// 0: there is none.
    pub evidence_frame: u32,
    /// Port and name.
    pub misnamed: Option<(u16, String)>,
    /// The texts of the notes.
    pub notes: Vec<String>,
}

impl Verdict {
    /// What a handshake shows, seen from a packet of the client; no port is misnamed.
    pub(crate) fn handshake(client: &str, server: &str, evidence: &str, evidence_frame: u32) -> Self {
        Self {
            client: client.to_owned(),
            server: server.to_owned(),
            from_client: true,
            confidence: 3,
            evidence: evidence.to_owned(),
            evidence_frame,
            misnamed: None,
            notes: Vec::new(),
        }
    }

    /// What strong evidence shows; without a frame, `evidence_frame` is 0.
    pub(crate) fn strong(client: &str, server: &str, evidence: &str, evidence_frame: u32) -> Self {
        Self { confidence: 2, ..Self::handshake(client, server, evidence, evidence_frame) }
    }

    /// What weak evidence shows.
    pub(crate) fn weak(client: &str, server: &str, evidence: &str, evidence_frame: u32) -> Self {
        Self { confidence: 1, ..Self::handshake(client, server, evidence, evidence_frame) }
    }

    /// The client's port carries `name`, and the packet has a note about it.
    pub(crate) fn misnamed(mut self, port: u16, name: &str) -> Self {
        self.misnamed = Some((port, name.to_owned()));
        self.notes = vec![note(port, name)];
        self
    }

    /// No packet has a note.
    pub(crate) fn not_noted(mut self) -> Self {
        self.notes.clear();
        self
    }

    /// The same, seen from a packet of the server.
    pub(crate) fn of_server(&self) -> Self {
        Self { from_client: false, ..self.clone() }
    }

    /// The packets of a conversation, by their senders: `c` client, `s` server.
    pub(crate) fn each(&self, senders: &str) -> Vec<Option<Self>> {
        let one = |sender| match sender {
            'c' => Some(self.clone()),
            's' => Some(self.of_server()),
            _ => panic!("'{sender}' is neither client nor server"),
        };
        senders.chars().map(one).collect()
    }
}

/// The note about a misnamed port.
pub(crate) fn note(port: u16, name: &str) -> String {
    let kind = if (5001..10000).contains(&port) { "port" } else { "ephemeral port" };
    format!("Port {port} is the client's {kind}; \"{name}\" is only the name registered for that number")
}

/// Our notes among all of a packet's messages, which `|` separates.
pub(crate) fn notes(messages: &str) -> Vec<String> {
    messages.split('|').filter(|message| is_ours(message)).map(str::to_owned).collect()
}

/// Returns whether a text has the words of one of our notes.
pub(crate) fn is_ours(text: &str) -> bool {
    [
        "ephemeral port",
        "is the client's port",
        "of the client's port",
        "was agreed on in frame",
        "was assigned at run time",
        "is registered for",
        "picks it by chance",
        "but Preferences declare it",
    ]
    .iter()
    .any(|words| text.contains(words))
}

/// A boolean as the host prints it: 1 and 0 before 4.4, True and False since.
pub(crate) fn boolean(printed: &str) -> bool {
    match printed {
        "1" | "True" => true,
        "0" | "False" => false,
        other => panic!("'{other}' is no boolean"),
    }
}

const FIELDS: [&str; 12] = [
    "ephemeral.client",
    "ephemeral.client_port",
    "ephemeral.server",
    "ephemeral.server_port",
    "ephemeral.from_client",
    "ephemeral.confidence",
    "ephemeral.evidence",
    "ephemeral.evidence_frame",
    "ephemeral.misnamed",
    "ephemeral.misnamed.port",
    "ephemeral.misnamed.name",
    "_ws.expert.message",
];

impl Tshark {
    /// What is said about each packet; `None` where no field of ours is there.
    pub(crate) fn verdicts(self) -> Vec<Option<Verdict>> {
        self.fields(&FIELDS).iter().map(|row| verdict(row)).collect()
    }
}

fn verdict(row: &[String]) -> Option<Verdict> {
    let [
        client,
        client_port,
        server,
        server_port,
        from_client,
        confidence,
        evidence,
        evidence_frame,
        misnamed,
        port,
        name,
        messages,
    ] = row
    else {
        panic!("not a row of the fields asked for: {row:?}");
    };
    let notes = notes(messages);
    if row[..11].iter().all(String::is_empty) {
        assert_eq!(notes, Vec::<String>::new(), "a note without a verdict");
        return None;
    }
    Some(Verdict {
        client: format!("{client} {client_port}"),
        server: format!("{server} {server_port}"),
        from_client: boolean(from_client),
        confidence: confidence.parse().unwrap_or_else(|_| panic!("no confidence in {row:?}")),
        evidence: evidence.clone(),
        evidence_frame: match evidence_frame.as_str() {
            "" => 0,
            frame => frame.parse().unwrap_or_else(|_| panic!("no frame in {row:?}")),
        },
        misnamed: match (misnamed.as_str(), port.as_str(), name.as_str()) {
            ("", "", "") => None,
            (misnamed, port, name) => {
                assert!(boolean(misnamed), "it is present only where it is true");
                Some((port.parse().expect("a port"), name.to_owned()))
            }
        },
        notes,
    })
}
