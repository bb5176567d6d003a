// SPDX-FileCopyrightText: The Ephemeral Ports authors
// SPDX-License-Identifier: GPL-2.0-or-later

//! What each piece of evidence weighs, in decibans, and where that number comes from.
//!
//! *Counted*, as right : wrong, or servers : clients for ports: by `benches/weights.py` (`docs/weights.md`), on public
//! captures of 21 sources out of which the handshakes were taken, at most a hundred conversations of each source, with
//! half an observation added to each count. *By hand*: before that, on captures of 61 sources. *Estimate*: too rare in
//! those captures or not to be seen in them, so the number is a guess. A weight is below its count where what it says
//! depends on what other pieces say of the same conversation, and where people report more exceptions than captures have.

/// Strength of evidence: ten times the logarithm of the odds. 10 means ten to one, 20 a hundred to
/// one; strengths of independent evidence add up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub struct Decibans(pub i32);

/// From here on a verdict is strong: odds of a hundred to one, by evidence that is not fully independent.
pub(super) const STRONG: i32 = 20;
/// Below this there is no verdict: odds of two to one.
pub(super) const ENOUGH: i32 = 3;

/// What payloads say. A sign has one of these weights by how many bytes have to fit, and no more than the rate allows at
/// which random bytes please its recognizer, which a test measures (`payload/mod.rs`). Counted by weight, as
/// most signs are too rare by themselves.
pub(super) mod payload {
    use super::Decibans;

    /// Text or magic numbers that hardly anything else starts with. Counted 358 : 0.1 (27.8).
    pub const CERTAIN: Decibans = Decibans(40);
    /// Several fixed bytes, or a length that fits. Counted 85 : 0 (22.3).
    pub(crate) const CLEAR: Decibans = Decibans(25);
    /// Few fixed bytes: data can look like that. Counted 30 : 10 (4.6), all 10 command
    /// lines and reply codes, most of one capture that was made up.
    pub(crate) const LIKELY: Decibans = Decibans(12);
    /// Both ends can send it; the client mostly does. Estimate.
    pub(crate) const SLIGHT: Decibans = Decibans(6);
    /// Both ends look like their side of a protocol. Less than another sign, as what looks so by chance may do it
    /// twice. Counted, added to one of those above: 703 : 0.
    pub(crate) const CONFIRMED: Decibans = Decibans(8);
}

/// What a conversation says of a listening end in another one: FTP's lines name it. Counted 23 : 0 (16.7): too few to
/// say more; an estimate, as FTP prescribes it.
pub(super) const AGREED: Decibans = Decibans(40);
/// An end asked for data that comes from a new port, as TFTP's do. Estimate.
pub(super) const ASKED: Decibans = Decibans(40);

/// A question to a group, which never answers itself, was answered by this end. Estimate.
pub(super) const ANSWERED_FOR_GROUP: Decibans = Decibans(30);
/// A question was answered from another port of the host that was asked, or from the same port of another one.
/// Estimate.
pub(super) const ANSWERED_FOR_ANOTHER: Decibans = Decibans(26);

/// A SYN-ACK, and nothing after it that confirms or refuses the connection: mostly an answer. It weighs this more than
/// port numbers that say otherwise, but where it may be a probe, only by a quarter of what they do. Estimate.
pub(super) const LONE_SYN_ACK: Decibans = Decibans(12);

/// A COOKIE ECHO or COOKIE ACK of SCTP. As its specification has it, only who sent the INIT sends the one, and is sent the
/// other: more than two numbers can say, by enough for a strong verdict. Estimate.
pub(super) const COOKIE: Decibans = Decibans(port::MOST + STRONG + 1);

/// A handshake has shown the end to accept connections. Estimate.
pub(super) const ACCEPTED: Decibans = Decibans(26);
/// A handshake has shown the end to open one. Estimate: peers that listen where they connect from are not rare.
pub(super) const OPENED: Decibans = Decibans(18);

/// The end's host offers services elsewhere, the other one's does not. Counted 378 : 45 (9.2), and mostly where the ports
/// say so as well.
pub(super) const SERVING_HOST: Decibans = Decibans(7);

/// A port is among those that its host connects from, as few handshakes show. Estimate.
pub(super) const OWN_RANGE_BY_FEW: Decibans = Decibans(9);
/// The same by many. Estimate.
pub(super) const OWN_RANGE_BY_MANY: Decibans = Decibans(15);

/// The payload was dissected by what one of two ports stands for that both have a dissector. It says little: the host
/// asks that of the lower port first, and most take anything that comes to their port. Counted 3 : 2, too few; an
/// estimate.
pub(super) const DISSECTED: Decibans = Decibans(3);

/// All payloads over UDP have the form of what one port stands for, and not that of the other port. Counted 120 : 3 (15.4),
/// before a sign of direction outweighed it. It is less than counted, as peers may both have such a port. A test measures
/// that at most one random payload in a hundred has the form.
pub(super) const FORM: Decibans = Decibans(12);

/// Who spoke first, over UDP. Counted 536 : 0 (30.3), of protocols of requests alone; less, as in others either end may.
pub(super) const FIRST_DATAGRAM: Decibans = Decibans(9);
/// The same at the capture's beginning, where conversations may have begun before. Counted 194 : 64 (4.8).
pub(super) const FIRST_DATAGRAM_AT_START: Decibans = Decibans(5);
/// Who sent an acknowledgment without data first, over TCP, in a conversation that has data: mostly the end of a handshake
/// whose SYNs were not captured, then 653 : 3; where it begins in the middle, 208 : 88 (3.7), which counts. One without data that the
/// other end closed weighs as much: with those, 686 : 45 in `docs/weights.md` became 733 : 47.
pub(super) const FIRST_BARE_ACK: Decibans = Decibans(4);

/// How much it says that so many others talk to an end from different ports: 2, 3, 4 to 5, 6 to 9, and 10 or more.
/// Counted 349 : 1 (23.6), 230 : 0 (26.6), 156 : 0 (25.0), 144 : 0 (24.6), 368 : 0 (28.7); by hand, where both crowds
/// were counted, 76 : 24 (9.9), 24 : 0 (21.9), and of all the greater ones, 44 : 0.2 (23), which stand here.
pub(super) const FAN_IN_TCP: [i32; 5] = [10, 20, 21, 23, 25];
/// The same over UDP, where one socket may talk to many servers. Counted 7 : 0 (11.8), 79 : 0 (22.0), 108 : 0 (23.4),
/// 128 : 0 (24.1) and 397 : 0 (29.0), mostly at system ports: less for that.
pub(super) const FAN_IN_UDP: [i32; 5] = [2, 15, 17, 19, 21];
/// The same if the others all have the same port, over TCP. Counted 28 : 0 (17.6), 30 : 0 (17.9), 4 : 0, 14 : 0 (14.6) and
/// 100 : 0 (23.0); by hand, 2 : 1 (7.6) for two, and of 10 and more 11 : 0 (18.7), most of them floods from one port. Over
/// UDP it counts if the others spoke first. Estimate.
pub(super) const FAN_IN_FROM_ONE_PORT: [i32; 5] = [5, 9, 12, 15, 18];
/// Over UDP, a client that asks many servers at that port. Estimates.
pub(super) const FAN_OUT: [i32; 5] = [4, 7, 9, 11, 12];
/// An end spoke first to one port after another of the same host, and was not answered. Estimate.
pub(super) const SWEEP: Decibans = Decibans(30);
/// The most that what others talk to two ends says. Estimate: the ends' crowds are not independent.
pub(super) const MOST_BY_OTHERS_TCP: i32 = 25;
/// The same over UDP.
pub(super) const MOST_BY_OTHERS_UDP: i32 = 30;
/// A port number is an end of several times more conversations than the other, on other hosts: 3 to 5, 6 to 15, 16 or
/// more times. Counted 60 : 0, 56 : 0, 90 : 0 (20.5 to 22.6), but mostly of ports whose kind says so as well: estimates.
pub(super) const POPULAR: [i32; 3] = [4, 7, 10];

/// How much a port looks like a service's, on a scale of its own: only differences count. Counted over TCP, as servers :
/// clients. Of two ports of one kind, the lower one is no more often the server's: 0 : 12 before that weight was taken out.
pub(super) mod port {
    use super::Decibans;

    /// The user says that it is a service.
    pub(crate) const DECLARED: Decibans = Decibans(60);
    /// Below 512, with a name or without. Counted 612 : 0.2 (29.4); by hand 431 : 6, those 6 crafted. Nobody has one by
    /// chance, so this is above any other, by enough for a strong verdict opposite a customary port.
    pub(crate) const SYSTEM: Decibans = Decibans(41);
    /// Below 512 without a name. By hand 6 : 0.
    pub(crate) const UNNAMED_SYSTEM: Decibans = Decibans(29);
    /// 512 to 1023 with a dissector. Counted, with the others, 120 : 0 (23.8); by hand 12 : 0.
    pub(crate) const DISSECTED_RESERVED: Decibans = Decibans(22);
    /// 512 to 1023, others. By hand 5 : 2.
    pub(crate) const RESERVED: Decibans = Decibans(5);
    /// 512 to 1023 with a dissector, opposite a service whose clients take such ports. Estimate: one in 350 of them
    /// has this very number.
    pub(crate) const PRIVILEGED_DISSECTED: Decibans = Decibans(2);
    /// The same without a dissector. Counted 0 : 12 (-14), all of NFS.
    pub(crate) const PRIVILEGED: Decibans = Decibans(-5);
    /// Where a well-known service is customarily found, outside of the ranges that systems pick from now. Counted
    /// 515 : 0.7 (26.5), of the captures that the list was made with in view; by hand 108 : 3, with the next.
    pub(crate) const CUSTOMARY: Decibans = Decibans(15);
    /// Others with a dissector. Counted 52 : 0 (20.2); less, as most systems know few of them.
    pub(crate) const DISSECTED: Decibans = Decibans(10);
    /// 5001 to 32767 with a name. Counted 24 : 40 (-2.2), over UDP 24 : 102 (-6.2); by hand 25 : 8. Less than this would
    /// leave those without a verdict who ask such a port from a customary one, as phones do from 5060.
    pub(crate) const NAMED: Decibans = Decibans(6);
    /// 5001 to 32767 without. Counted 42 : 44 (-0.2), over UDP 1 : 17 (-10.7); by hand 12 : 10.
    pub(crate) const PLAIN: Decibans = Decibans(2);
    /// 1024 to 5000, with a name or without. Counted 36 : 119 (-5.2); by hand 8 : 38.
    pub(crate) const OLD_EPHEMERAL: Decibans = Decibans(-5);
    /// A customary port inside of a range that systems pick from now. Estimate: 1 of 28,000 clients has it, too.
    pub(crate) const CUSTOMARY_EPHEMERAL: Decibans = Decibans(2);
    /// Another port with a dissector there. Estimate.
    pub(crate) const DISSECTED_EPHEMERAL: Decibans = Decibans(-6);
    /// The others there. Counted 46 : 822 (-12.5); by hand 33 : 765.
    pub(crate) const EPHEMERAL: Decibans = Decibans(-13);
    /// Prescribed for a client. By its specification.
    pub(crate) const FOR_CLIENT: Decibans = Decibans(-40);
    /// Two numbers say no more than this, unless the user does. Estimate: payloads can outweigh them.
    pub(crate) const MOST: i32 = 39;
}
