//! What of the host is bound, and what is checked before it is believed.

pub mod bound;
pub mod epan;
#[cfg(test)]
mod fits;
pub mod library;
pub mod own_fields;
pub mod releases;
