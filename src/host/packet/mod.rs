//! What happens for a packet: the host's is viewed, judged, and what is worth saying about it is put in words.

pub mod judge;
pub mod names;
mod ports;
mod render;
mod view;
mod words;
