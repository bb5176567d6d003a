// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! Hash tables that nobody can have collide on purpose: their seeds come from the system's randomness.

use foldhash::SharedSeed;
use foldhash::quality::{FoldHasher, SeedableRandomState};
use once_cell::sync::OnceCell;
use std::hash::{BuildHasher, RandomState};

/// Makes hashers with a seed of its own. By default, foldhash derives its seeds from addresses alone. Its fast variant
/// leaves the lowest bits poor with one seed in eight: consecutive addresses then share an eighth of the places.
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

/// The standard library has its keys from the system, and other ones each time.
fn random() -> u64 {
    RandomState::new().hash_one(0u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_seed_is_another() {
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

    /// The same program, run again with all at the same addresses, has other seeds.
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
