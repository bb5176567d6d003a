// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Talks to sharkd, which dissects frames in any order, as the Wireshark window does.

use crate::capture::Capture;
use crate::host::{self, Home};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// A question: its name and its parameters.
type Request = (&'static str, Value);

/// A list of questions for one run of sharkd.
#[derive(Clone, Default)]
pub(crate) struct Sharkd {
    requests: Vec<Request>,
    /// The homes of the captures. A capture's file exists as long as its home.
    homes: Vec<Arc<Home>>,
}

impl Sharkd {
    /// Opens a capture.
    pub(crate) fn load(self, capture: &Capture) -> Self {
        self.load_file(&capture.to_pcap())
    }

    /// Opens a capture file with these contents.
    pub(crate) fn load_file(mut self, contents: &[u8]) -> Self {
        let home = Home::shared();
        let file = home.write(contents);
        self.homes.push(home);
        self.ask("load", json!({ "file": file }))
    }

    /// Dissects one frame.
    pub(crate) fn frame(self, frame: u32) -> Self {
        self.ask("frame", json!({ "frame": frame, "proto": true }))
    }

    /// Asks for Expert Information.
    pub(crate) fn expert(self) -> Self {
        self.ask("tap", json!({ "tap0": "expert" }))
    }

    /// Asks for our table of conversations or of endpoints.
    pub(crate) fn table(self, kind: &str) -> Self {
        self.ask("tap", json!({ "tap0": format!("{kind}:Ephemeral Ports") }))
    }

    /// Asks any other question.
    pub(crate) fn ask(mut self, method: &'static str, parameters: Value) -> Self {
        self.requests.push((method, parameters));
        self
    }

    /// Returns the answers, one for each question. An error fails the test.
    pub(crate) fn answers(self, home: &Home) -> Vec<Value> {
        let answers = self.replies(home);
        answers.iter().for_each(|answer| assert!(answer.get("error").is_none(), "{answer}"));
        answers
    }

    /// Returns the replies, one for each question: an answer or an error.
    pub(crate) fn replies(self, home: &Home) -> Vec<Value> {
        let lines: String = self.requests.iter().enumerate().map(|(id, request)| line(id, request)).collect();
        let output = host::run(&mut home.command("sharkd", &["-"]), &lines);
        let printed = host::text(&output.stdout);
        let answers: Vec<_> = printed.lines().filter(|line| !line.is_empty()).map(reply).collect();
        assert_eq!(answers.len(), self.requests.len(), "{printed}{}", host::text(&output.stderr));
        answers
    }
}

/// JSON-RPC since 3.6; before, the parameters stood beside the question's name.
fn line(id: usize, (method, parameters): &Request) -> String {
    let request = if host::release() < (3, 6) {
        let mut request = Map::from_iter([("req".to_owned(), json!(method))]);
        request.extend(parameters.as_object().cloned().into_iter().flatten());
        Value::Object(request)
    } else {
        json!({ "jsonrpc": "2.0", "id": id + 1, "method": method, "params": parameters })
    };
    format!("{request}\n")
}

fn reply(line: &str) -> Value {
    let mut answer: Value = serde_json::from_str(line).expect("sharkd prints JSON");
    match answer.get_mut("result") {
        Some(result) => result.take(),
        None => answer,
    }
}

/// The lines of our fields in the answer to [`Sharkd::frame`].
pub(crate) fn our_lines(frame: &Value) -> Vec<String> {
    let ours = find_ours(&frame["tree"]);
    let lines = ours.and_then(|node| node["n"].as_array()).into_iter().flatten();
    let fields = lines.filter(|node| node["f"].as_str().is_some_and(|filter| filter.starts_with("ephemeral.")));
    fields.map(|node| node["l"].as_str().expect("a label").to_owned()).collect()
}

/// Finds our protocol's line among these lines or below them.
fn find_ours(lines: &Value) -> Option<&Value> {
    let mut lines = lines.as_array()?.iter();
    lines.find_map(|line| if line["f"] == "ephemeral" { Some(line) } else { find_ours(&line["n"]) })
}

/// Our notes in the answer to [`Sharkd::expert`]: frame and text.
pub(crate) fn our_notes(expert: &Value) -> Vec<(u64, String)> {
    let details = expert["taps"][0]["details"].as_array().expect("a list");
    let ours = details.iter().filter(|detail| detail["g"] == "Assumption");
    ours.map(|detail| (detail["f"].as_u64().expect("a frame"), detail["m"].as_str().expect("a text").to_owned()))
        .collect()
}
