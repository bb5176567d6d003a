/* ephemeral-tap.h
 * The record that listeners of the tap "ephemeral" get.
 *
 * There is one record for each transport header of a packet whose client and server are known. The record and its
 * texts are valid until the next packet is dissected; copy what you keep. Records are made only while the tap has a
 * listener.
 *
 *     register_tap_listener("ephemeral", my_data, NULL, 0, my_reset, my_packet, my_draw, NULL);
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_TAP_H
#define EPHEMERAL_TAP_H

#include <stdint.h>

/* The values of the fields ephemeral.*. Texts are NUL-terminated UTF-8, null if absent. Later versions only add members
 * at the end: members within `size` bytes exist. */
struct ephemeral_tap_record {
    uint32_t size;               /* of this structure, in bytes */
    uint32_t evidence_frame;     /* the frame that shows which end is the client; 0: no single frame */
    const char *client;          /* numeric address */
    const char *server;          /* numeric address */
    uint16_t client_port;
    uint16_t server_port;
    uint8_t from_client;         /* 1: the client sent this packet */
    uint8_t confidence;          /* 3 handshake or declared, 2 strong, 1 weak */
    uint8_t protocol;            /* IP protocol number: 6 TCP, 17 UDP, 33 DCCP, 132 SCTP, 136 UDP-Lite */
    const char *confidence_name; /* the confidence as a word */
    const char *evidence;        /* SYN in frame 1 */
    const char *evidence_kind;   /* SYN */
    const char *service;         /* http; null: not known */
    const char *misnamed;        /* autonoc: the wrong name of the client's port; null: none */
    const char *endpoint;        /* 198.51.100.10:80 (http): the server's address and port, and the service if known */
    uint32_t length;             /* length of the frame on the wire, in bytes */
    uint8_t both_agreed;         /* 1: both ends knew the other's port, as peers do: neither port is a service's */
    uint8_t attempt;             /* 1: a SYN without ACK, an INIT or Request, or a reset: no sign of a service */
};

#endif /* EPHEMERAL_TAP_H */
