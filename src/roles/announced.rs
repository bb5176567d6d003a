// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! A bounded table of what ends announced.

use super::end_key::EndKey;
use super::seed::Keyed;
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// Ends, each with something that it announced in-band or showed, and the frame of that. When the table is full, the
/// end with the oldest frame is removed.
#[derive(Debug)]
pub(super) struct Announced<T = ()> {
    limit: usize,
    /// The text to log when the table is full for the first time. `None` if it was logged.
    loss: Option<&'static str>,
    of: HashMap<EndKey, (u32, T), Keyed>,
    by_frame: BTreeSet<(u32, EndKey)>,
}

impl<T: Copy> Announced<T> {
    /// Creates a table of at most `limit` ends. `loss` is logged after "more than `limit`" when it is full: what the
    /// entries are, and what the user loses.
    pub(super) fn with_limit(limit: usize, loss: &'static str) -> Self {
        Self { limit, loss: Some(loss), of: HashMap::default(), by_frame: BTreeSet::new() }
    }

    /// Returns the number of ends.
    pub(super) fn len(&self) -> usize {
        self.of.len()
    }

    /// Returns the frame in which an end was announced last.
    pub(super) fn frame(&self, end: EndKey) -> Option<u32> {
        self.of.get(&end).map(|(frame, _)| *frame)
    }

    /// Returns what an end announced.
    pub(super) fn get(&self, end: EndKey) -> Option<T> {
        self.of.get(&end).map(|(_, what)| *what)
    }

    /// Removes an end.
    pub(super) fn remove(&mut self, end: EndKey) {
        if let Some((frame, _)) = self.of.remove(&end) {
            self.by_frame.remove(&(frame, end));
        }
    }

    /// Adds an end, or replaces what it announced. Returns whether the end is new, and the end that was removed to make
    /// room.
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
