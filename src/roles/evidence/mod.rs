//! The evidence for roles where no handshake was captured: independent observations, each with a
//! strength, added up in [`super::weigh`].

pub mod agreed;
pub mod ends;
pub mod payload;
pub mod ports;

/// Strength of evidence: ten times the logarithm of the odds. 10 means ten to one, 20 a hundred to
/// one; strengths of independent evidence add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decibans(pub i32);
