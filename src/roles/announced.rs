// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What packets showed of single ends, of a bounded number.

use super::end_key::EndKey;
use super::seed::Keyed;
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// What ends announced in-band, or showed, and the frame where they did: of more than a limit, the latest.
#[derive(Debug)]
pub(super) struct Announced<T = ()> {
    limit: usize,
    /// What the log says when there is no room for all; `None`: it has said so.
    loss: Option<&'static str>,
    of: HashMap<EndKey, (u32, T), Keyed>,
    by_frame: BTreeSet<(u32, EndKey)>,
}

impl<T: Copy> Announced<T> {
    /// Keeps at most `limit` ends. `loss` says of what there are more than that, and what the user loses then.
    pub(super) fn with_limit(limit: usize, loss: &'static str) -> Self {
        Self { limit, loss: Some(loss), of: HashMap::default(), by_frame: BTreeSet::new() }
    }

    /// How many ends are kept.
    pub(super) fn len(&self) -> usize {
        self.of.len()
    }

    /// The frame in which an end was announced last.
    pub(super) fn frame(&self, end: EndKey) -> Option<u32> {
        self.of.get(&end).map(|(frame, _)| *frame)
    }

    /// What an end announced.
    pub(super) fn get(&self, end: EndKey) -> Option<T> {
        self.of.get(&end).map(|(_, what)| *what)
    }

    /// Forgets an end.
    pub(super) fn remove(&mut self, end: EndKey) {
        if let Some((frame, _)) = self.of.remove(&end) {
            self.by_frame.remove(&(frame, end));
        }
    }

    /// Adds an end. Whether it was not among them, and the one that is forgotten in its place.
    pub(super) fn insert(&mut self, end: EndKey, frame: u32, what: T) -> (bool, Option<EndKey>) {
        let before = self.of.insert(end, (frame, what));
        if let Some((before, _)) = before {
            self.by_frame.remove(&(before, end));
        }
        self.by_frame.insert((frame, end));
        let oldest = if self.of.len() > self.limit { self.by_frame.pop_first() } else { None };
        if let Some((_, oldest)) = oldest {
            self.of.remove(&oldest);
            if let Some(loss) = self.loss.take() {
                log::info!("more than {} {loss}", self.limit);
            }
        }
        (before.is_none(), oldest.map(|(_, oldest)| oldest))
    }
}
