// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Ends that were announced in-band.

use super::end_key::EndKey;
use super::seed::Keyed;
use hashbrown::HashMap;
use std::collections::BTreeSet;

/// What ends announced in-band, and the frame where they did: of more than a limit, the latest.
#[derive(Debug)]
pub(super) struct Announced {
    limit: usize,
    frames: HashMap<EndKey, u32, Keyed>,
    by_frame: BTreeSet<(u32, EndKey)>,
}

impl Announced {
    /// Keeps at most `limit` ends.
    pub(super) fn with_limit(limit: usize) -> Self {
        Self { limit, frames: HashMap::default(), by_frame: BTreeSet::new() }
    }

    /// How many ends are kept.
    pub(super) fn len(&self) -> usize {
        self.frames.len()
    }

    /// The frame in which an end was announced last.
    pub(super) fn frame(&self, end: EndKey) -> Option<u32> {
        self.frames.get(&end).copied()
    }

    /// Adds an end. Whether it was not among them, and the one that is forgotten in its place.
    pub(super) fn insert(&mut self, end: EndKey, frame: u32) -> (bool, Option<EndKey>) {
        let before = self.frames.insert(end, frame);
        if let Some(before) = before {
            self.by_frame.remove(&(before, end));
        }
        self.by_frame.insert((frame, end));
        let oldest = if self.frames.len() > self.limit { self.by_frame.pop_first() } else { None };
        if let Some((_, oldest)) = oldest {
            self.frames.remove(&oldest);
        }
        (before.is_none(), oldest.map(|(_, oldest)| oldest))
    }
}
