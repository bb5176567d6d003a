// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Hashes with random seeds, so that nobody can provoke collisions.

use foldhash::SharedSeed;
use foldhash::quality::{FoldHasher, SeedableRandomState};
use once_cell::sync::OnceCell;
use std::hash::{BuildHasher, RandomState};

/// Builds hashers, each instance with a seed of its own from the system's random numbers.
///
/// foldhash's default seeds are not used, since they are derived only from memory addresses. Neither is its fast
/// variant: with one seed in eight its lowest bits are poor, so that consecutive IP addresses share an eighth of a
/// table's places.
#[derive(Clone, Debug)]
pub(super) struct Keyed(SeedableRandomState);

impl Default for Keyed {
    fn default() -> Self {
        static SHARED: OnceCell<SharedSeed> = OnceCell::new();
        Self(SeedableRandomState::with_seed(random(), SHARED.get_or_init(|| SharedSeed::from_u64(random()))))
    }
}

impl BuildHasher for Keyed {
    type Hasher = FoldHasher<'static>;

    #[inline(always)]
    fn build_hasher(&self) -> Self::Hasher {
        self.0.build_hasher()
    }
}

/// Returns a random number. The standard library seeds `RandomState` from the system, differently for each instance.
fn random() -> u64 {
    RandomState::new().hash_one(0u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_seed_differs() {
        let hashes: Vec<u64> = (0..3).map(|_| Keyed::default().hash_one(1u64)).collect();
        assert!(hashes[0] != hashes[1] && hashes[1] != hashes[2], "{hashes:?}");
        let keyed = Keyed::default();
        assert_eq!(keyed.hash_one(1u64), keyed.hash_one(1u64));
    }

    #[test]
    fn consecutive_addresses_spread_with_every_seed() {
        static SEEDS: OnceCell<Vec<SharedSeed>> = OnceCell::new();
        for shared in SEEDS.get_or_init(|| (0..64).map(SharedSeed::from_u64).collect()) {
            let keyed = Keyed(SeedableRandomState::with_seed(random(), shared));
            let places: std::collections::HashSet<u64> =
                (0..4096u64).map(|host| keyed.hash_one(host << 32 | 80) % 4096).collect();
            assert!(places.len() > 2400, "{} of 4096 places", places.len());
        }
    }

    /// Runs this program twice with the same memory layout, and expects different seeds.
    #[cfg(target_os = "linux")]
    #[test]
    fn a_seed_does_not_rest_on_addresses() {
        const CHILD: &str = "EPHEMERAL_PRINTS_A_HASH";
        if std::env::var_os(CHILD).is_some() {
            println!("hash {:x}", Keyed::default().hash_one(1u64));
            return;
        }
        let run = || {
            let test = "roles::seed::tests::a_seed_does_not_rest_on_addresses";
            let output = std::process::Command::new("setarch")
                .arg("-R")
                .arg(std::env::current_exe().expect("this program"))
                .args(["--exact", test, "--nocapture", "--test-threads=1"])
                .env(CHILD, "yes")
                .output()
                .expect("setarch, of util-linux");
            let output = String::from_utf8(output.stdout).expect("text");
            let at = output.find("hash ").unwrap_or_else(|| panic!("{output}"));
            output[at + 5..].lines().next().map(str::to_owned).expect("a line")
        };
        assert_ne!(run(), run());
    }
}
