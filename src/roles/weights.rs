// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! The weight of each piece of evidence, in decibans, and where the number comes from:
//!
//! - *Counted*, as right : wrong, or as servers : clients for ports: by `benches/weights.py` (`docs/weights.md`), on
//!   public captures of 21 sources without their handshakes, with at most a hundred conversations of each source, and
//!   half an observation added to each count. The number in parentheses is the count in decibans.
//! - *By hand*: counted before that, on captures of 61 sources.
//! - *Estimate*: a guess, since the evidence is rare in those captures or cannot be seen in them.
//!
//! A weight is lower than its count if the evidence is not independent of other pieces about the same conversation, or
//! if people report more exceptions than the captures have.

/// The strength of evidence: ten times the decimal logarithm of the odds. 10 means ten to one, 20 a hundred to one. The
/// strengths of independent pieces add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decibans(pub i32);

/// The lowest sum of a strong verdict: odds of a hundred to one, as far as the evidence is independent.
pub(super) const STRONG: i32 = 20;
/// The lowest sum of a verdict: odds of two to one.
pub(super) const ENOUGH: i32 = 3;

/// Weights of signs in payloads. A sign's weight depends on how many bytes have to match. It is limited by the rate at
/// which random bytes match, which a test measures (`payload/mod.rs`). The counts are for all signs of a weight
/// together, since most signs are too rare to count one by one.
pub(super) mod payload {
    use super::Decibans;

    /// Text or magic numbers that hardly anything else starts with. Counted 358 : 0.1 (27.8).
    pub const CERTAIN: Decibans = Decibans(40);
    /// Several fixed bytes, or a length that fits. Counted 85 : 0 (22.3).
    pub(crate) const CLEAR: Decibans = Decibans(25);
    /// Few fixed bytes: other data can look like that. Counted 30 : 10 (4.6). All 10 are command lines and reply codes,
    /// most of them in one artificial capture.
    pub(crate) const LIKELY: Decibans = Decibans(12);
    /// Both ends can send it, but mostly the client does. Estimate.
    pub(crate) const SLIGHT: Decibans = Decibans(6);
    /// Added if both ends sent signs for the same client. Less than the weight of a sign, since data that looks like
    /// one by chance may do so twice. Counted together with one of the weights above: 703 : 0.
    pub(crate) const CONFIRMED: Decibans = Decibans(8);
}

/// An FTP control connection named the listening end. Counted 23 : 0 (16.7), which is too few. An estimate, since FTP
/// prescribes that this end listens.
pub(super) const AGREED: Decibans = Decibans(40);
/// An end asked for data that comes from a new port, as TFTP's clients do. Estimate.
pub(super) const DATA_REQUESTED: Decibans = Decibans(40);

/// This end answered a question that was sent to a group address. Estimate.
pub(super) const ANSWERED_FOR_GROUP: Decibans = Decibans(30);
/// This end answered a question that was sent to another port of its host, or to the same port of another host.
/// Estimate.
pub(super) const ANSWERED_FOR_ANOTHER: Decibans = Decibans(26);

/// A SYN-ACK that no other segment confirms or refuses: mostly an answer. The weight of port numbers that say otherwise
/// is added to this, or only a quarter of it if the SYN-ACK may be a probe. Estimate.
pub(super) const LONE_SYN_ACK: Decibans = Decibans(12);

/// A COOKIE ECHO or COOKIE ACK of SCTP. By its specification, only the sender of the INIT sends the one and receives
/// the other. So this outweighs the port numbers, the peers and the hosts together by enough for a strong verdict.
/// Estimate.
pub(super) const COOKIE: Decibans =
    Decibans(port::MOST + MOST_BY_OTHERS_TCP + SERVING_HOST.0 + OWN_RANGE_BY_MANY.0 + STRONG);
/// A handshake of SCTP on other addresses lists the address of one end, and another shows the other end in the opposite
/// role. It weighs as much: the addresses that an end lists are all its own. Estimate.
pub(super) const LISTED: Decibans = COOKIE;

/// A handshake has shown that the end accepts connections. Estimate.
pub(super) const ACCEPTED: Decibans = Decibans(26);
/// A handshake has shown that the end opens connections. Estimate: it is not rare that peers listen at the port that
/// they connect from.
pub(super) const OPENED: Decibans = Decibans(18);

/// The end's host offers services in other conversations, and the other host does not. Counted 378 : 45 (9.2), mostly
/// where the port numbers say the same.
pub(super) const SERVING_HOST: Decibans = Decibans(7);

/// A port is among those that its host connects from, as a few connections show. Estimate.
pub(super) const OWN_RANGE_BY_FEW: Decibans = Decibans(9);
/// The same, as many connections show. Estimate.
pub(super) const OWN_RANGE_BY_MANY: Decibans = Decibans(15);

/// Both ports have a dissector, and that of this port dissected the payload. That says little: Wireshark tries that of
/// the lower port first, and most dissectors accept any payload at their port. Counted 3 : 2, too few. Estimate.
pub(super) const DISSECTED: Decibans = Decibans(3);

/// All payloads over UDP have the format of the protocol that this port is registered for, and not that of the other
/// port. Counted 120 : 3 (15.4), when conversations with signs of direction counted as well. It is less than counted,
/// since both peers may have such a port. A test measures that at most one random payload in a hundred has the format.
pub(super) const FORM: Decibans = Decibans(12);

/// The other end spoke first, over UDP. Counted 536 : 0 (30.3), but only for protocols of requests and answers. In
/// other protocols either end may speak first, so this is less.
pub(super) const FIRST_DATAGRAM: Decibans = Decibans(9);
/// The same at the beginning of the capture: the conversation may have begun before. Counted 194 : 64 (4.8).
pub(super) const FIRST_DATAGRAM_AT_START: Decibans = Decibans(5);
/// The other end sent the first segment over TCP, a bare ACK, and data follows.
///
/// Mostly that ACK is the end of a handshake whose SYNs were not captured: then 653 : 3. If the capture begins in the
/// middle of the connection, it is 208 : 88 (3.7), which is used here. A bare ACK without data after it, but with a FIN
/// of this end, weighs as much: with those, 686 : 45 in `docs/weights.md` became 733 : 47.
pub(super) const FIRST_BARE_ACK: Decibans = Decibans(4);

/// Several others talk to the end from different ports: 2, 3, 4 to 5, 6 to 9, and 10 or more.
///
/// Counted 349 : 1 (23.6), 230 : 0 (26.6), 156 : 0 (25.0), 144 : 0 (24.6), 368 : 0 (28.7). By hand, with the peers of
/// both ends counted, 76 : 24 (9.9), 24 : 0 (21.9), and for all greater numbers together 44 : 0.2 (23). The latter are
/// used.
pub(super) const FAN_IN_TCP: [i32; 5] = [10, 20, 21, 23, 25];
/// The same over UDP, where one socket may talk to many servers. Counted 7 : 0 (11.8), 79 : 0 (22.0), 108 : 0 (23.4),
/// 128 : 0 (24.1) and 397 : 0 (29.0). These are mostly at system ports, so the weights are less.
pub(super) const FAN_IN_UDP: [i32; 5] = [2, 15, 17, 19, 21];
/// The same over TCP if the others all have the same port. Counted 28 : 0 (17.6), 30 : 0 (17.9), 4 : 0, 14 : 0 (14.6)
/// and 100 : 0 (23.0). By hand, 2 : 1 (7.6) for two, and 11 : 0 (18.7) for 10 and more, most of them floods from one
/// port. Over UDP it applies if the others spoke first. Estimate.
pub(super) const FAN_IN_FROM_ONE_PORT: [i32; 5] = [5, 9, 12, 15, 18];
/// The other end asks several servers at this port, over UDP. Estimates.
pub(super) const FAN_OUT: [i32; 5] = [4, 7, 9, 11, 12];
/// The other end spoke first to one port after another of this host, and was not answered. Estimate.
pub(super) const SWEEP: Decibans = Decibans(30);
/// The maximum weight of the peers of both ends together. Estimate: the peers of both ends are not independent.
pub(super) const MOST_BY_OTHERS_TCP: i32 = 25;
/// The same maximum over UDP.
pub(super) const MOST_BY_OTHERS_UDP: i32 = 30;
/// The end's port number occurs in several times more conversations than the other's, without the conversations of
/// these two ends: 3 to 5, 6 to 15, 16 or more times. Counted 60 : 0, 56 : 0, 90 : 0 (20.5 to 22.6), but mostly for
/// ports whose kind says the same. Estimates.
pub(super) const POPULAR: [i32; 3] = [4, 7, 10];

/// How much a port number looks like a service's. Only the difference between two ports counts. Counted over TCP, as
/// servers : clients.
///
/// Of two ports of the same kind, the lower one is not more often the server's: its weight was removed after a count of
/// 0 : 12.
pub(super) mod port {
    use super::Decibans;

    /// The user lists the port as a server's.
    pub(crate) const DECLARED: Decibans = Decibans(60);
    /// Below 512 with a name. Counted 612 : 0.2 (29.4), together with ports without a name; by hand 431 : 6, and the 6
    /// are in crafted packets. No system picks such a port at random, so this is above all others, by enough for a
    /// strong verdict opposite a customary port.
    pub(crate) const SYSTEM: Decibans = Decibans(41);
    /// Below 512 without a name. By hand 6 : 0.
    pub(crate) const UNNAMED_SYSTEM: Decibans = Decibans(29);
    /// 512 to 1023 with a dissector. Counted 120 : 0 (23.8), together with ports without a dissector; by hand 12 : 0.
    pub(crate) const DISSECTED_RESERVED: Decibans = Decibans(22);
    /// 512 to 1023 without a dissector. By hand 5 : 2.
    pub(crate) const RESERVED: Decibans = Decibans(5);
    /// 512 to 1023 with a dissector, opposite a service whose clients take such ports. Estimate: one in 350 clients has
    /// the same number.
    pub(crate) const PRIVILEGED_DISSECTED: Decibans = Decibans(2);
    /// The same without a dissector. Counted 0 : 12 (-14), all of them clients of NFS.
    pub(crate) const PRIVILEGED: Decibans = Decibans(-5);
    /// The customary port of a well-known service, below the range that systems pick from now. Counted 515 : 0.7
    /// (26.5), but the list was made with these captures in view; by hand 108 : 3, with the ports of the next weight.
    pub(crate) const CUSTOMARY: Decibans = Decibans(15);
    /// Another port above 1023 with a dissector, below the range that systems pick from now. Counted 52 : 0 (20.2).
    /// This is less, since most systems know few of these ports.
    pub(crate) const DISSECTED: Decibans = Decibans(10);
    /// 5001 to 32767 with a name. Counted 24 : 40 (-2.2), over UDP 24 : 102 (-6.2); by hand 25 : 8. With less, clients
    /// that ask such a port from a customary one, as phones do from 5060, would have no verdict.
    pub(crate) const NAMED: Decibans = Decibans(6);
    /// 5001 to 32767 without a name. Counted 42 : 44 (-0.2), over UDP 1 : 17 (-10.7); by hand 12 : 10.
    pub(crate) const PLAIN: Decibans = Decibans(2);
    /// 1024 to 5000, with a name or without. Counted 36 : 119 (-5.2); by hand 8 : 38.
    pub(crate) const OLD_EPHEMERAL: Decibans = Decibans(-5);
    /// A customary port in the range that systems pick from now. Estimate: 1 of 28,000 clients has the same number.
    pub(crate) const CUSTOMARY_EPHEMERAL: Decibans = Decibans(2);
    /// Another port with a dissector in that range. Estimate.
    pub(crate) const DISSECTED_EPHEMERAL: Decibans = Decibans(-6);
    /// Any other port in that range. Counted 46 : 822 (-12.5); by hand 33 : 765.
    pub(crate) const EPHEMERAL: Decibans = Decibans(-13);
    /// Registered for a client. By its specification.
    pub(crate) const FOR_CLIENT: Decibans = Decibans(-40);
    /// The maximum weight of two port numbers, unless the user declared one. Estimate: payloads can outweigh them.
    pub(crate) const MOST: i32 = 39;
}
