/* boundary.h
 * What crosses for every packet between the C that faces the host and the Rust that judges. What the statistics
 * and the window need besides is in statistics.h and window.h, what the C files need of each other in internal.h.
 *
 * A packet goes: host -> eph_dissect() (C) -> an eph_judge (Rust) -> back into eph_dissect(), and, if there is
 * something to write -> host -> eph_write() (C), which writes the annotation to the host; where that has columns
 * alone, eph_dissect() calls eph_write() itself. Whatever may longjmp is called from C while no Rust frame is on the
 * stack (see SAFETY.md).
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_BOUNDARY_H
#define EPHEMERAL_BOUNDARY_H

#include "../../include/epan.h"

#include <stddef.h>

/* What one release's layout needs; offsets in bytes from the start of the structure. The values
 * stand in src/host/api/releases.rs. */
struct eph_layout {
    uint16_t pinfo_cinfo;
    uint16_t pinfo_num;
    uint16_t pinfo_fd;
    uint16_t pinfo_data_src;
    uint16_t pinfo_src;
    uint16_t pinfo_dst;
    uint16_t pinfo_ptype;
    uint16_t pinfo_srcport;
    uint16_t pinfo_destport;
    uint16_t pinfo_can_desegment;
    uint16_t pinfo_layers;
    uint16_t fd_pkt_len;  /* frame_data.pkt_len */
    uint16_t table_flags; /* conv_hash_t.flags; 0: there are none, or it is not known */
    uint16_t text_window; /* enum eph_text_window */
    uint16_t redissect;   /* funnel_ops_t.redissect_packets; 0: there is none, or it is not known */
};

/* What funnel_ops_t.new_text_window takes. Nothing in the process says which. */
enum eph_text_window {
    EPH_WINDOW_NOT_KNOWN,
    EPH_WINDOW_BY_TITLE,
    EPH_WINDOW_BY_ID /* ops_id, then the title */
};

/* What the log says once for each file: src/host/guard/reports.rs has the messages. */
enum eph_event {
    EPH_LAYOUT_FITS,
    EPH_PORTS_FIT,
    EPH_LAYOUT_CHECKED,
    EPH_NODES_FIT,
    EPH_LINE_TOO_LONG,
    EPH_INFO_TOO_LONG,
    EPH_EXPLANATION_TOO_LONG,
    EPH_TOO_MANY_SOURCES,
    EPH_TOO_MANY_HEADERS,
    EPH_TOO_MANY_LAYERS,
    EPH_HEADER_NOT_FOUND,
    EPH_NOT_JUDGED,
    EPH_STATISTICS_FULL,
    EPH_NO_TEXT_WINDOW,
    EPH_EVENT_COUNT
};

/* Says what happened to a packet in the host's log; `frame` is its number, 0 where no packet is meant. Implemented in
 * Rust: never unwinds, never jumps. */
typedef void (*eph_report)(enum eph_event event, uint32_t frame);

/* Host functions that the C part calls, first those needed for each packet; filled by Rust from the bound API,
 * but for read_memory, which is the system's (src/system), and report. */
struct eph_calls {
    unsigned (*tvb_captured_length)(const tvbuff_t *);
    const uint8_t *(*tvb_get_ptr)(tvbuff_t *, int, int);
    epan_bool_result (*have_tap_listener)(int);
    const char *(*col_get_text)(column_info *, int);
    epan_bool_result (*prefs_get_bool_value)(pref_t *, pref_source_t);
    int (*call_dissector_only)(dissector_handle_t, tvbuff_t *, packet_info *, proto_tree *, void *);
    tvbuff_t *(*get_data_source_tvb)(const struct data_source *);
    wmem_list_frame_t *(*wmem_list_head)(const wmem_list_t *);
    wmem_list_frame_t *(*wmem_list_frame_next)(const wmem_list_frame_t *);
    void *(*wmem_list_frame_data)(const wmem_list_frame_t *);
    epan_bool_result (*proto_field_is_referenced)(proto_tree *, int);
    header_field_info *(*proto_registrar_get_nth)(unsigned);
    int (*proto_registrar_get_id_byname)(const char *);
    void (*proto_tree_children_foreach)(proto_tree *, proto_tree_foreach_func, void *);
    proto_item *(*proto_tree_add_item)(proto_tree *, int, tvbuff_t *, int, int, unsigned);
    proto_tree *(*proto_item_add_subtree)(proto_item *, int);
    proto_item *(*proto_tree_add_string)(proto_tree *, int, tvbuff_t *, int, int, const char *);
    proto_item *(*proto_tree_add_uint)(proto_tree *, int, tvbuff_t *, int, int, uint32_t);
    proto_item *(*proto_tree_add_boolean)(proto_tree *, int, tvbuff_t *, int, int, uint64_t);
    void (*proto_item_set_text)(proto_item *, const char *, ...);
    void (*expert_add_info_format)(packet_info *, proto_item *, expert_field *, const char *, ...);
    void (*col_clear)(column_info *, int);
    void (*col_clear_fence)(column_info *, int);
    void (*col_set_fence)(column_info *, int);
    void (*col_append_str)(column_info *, int, const char *);
    void (*fvalue_set_string)(fvalue_t *, const char *); /* null: the host has none */
    int (*read_memory)(const void *from, void *to, size_t length); /* 0 where there is none to be read */
    eph_report report;
};

/* Our fields, in the order in which the tree shows them. */
enum eph_field {
    EPH_CLIENT,
    EPH_CLIENT_PORT,
    EPH_SERVER,
    EPH_SERVER_PORT,
    EPH_FROM_CLIENT,
    EPH_SOURCE_PORT,
    EPH_DESTINATION_PORT,
    EPH_SERVICE,
    EPH_LABEL,
    EPH_CONFIDENCE,
    EPH_EVIDENCE,
    EPH_EVIDENCE_FRAME,
    EPH_MISNAMED,
    EPH_MISNAMED_PORT,
    EPH_MISNAMED_NAME,
    EPH_ENDPOINT, /* the service as the tables call it, in the tree after the client; this and what follows is hidden */
    EPH_SOURCE_ENDPOINT,
    EPH_DESTINATION_ENDPOINT,
    EPH_EVIDENCE_PIECE, /* once for each */
    EPH_FIELD_COUNT
};

/* Our expert items. */
enum eph_expert {
    EPH_PORT_MISNAMED,
    EPH_LISTENER_MISNAMED,
    EPH_WRONG_DISSECTOR,
    EPH_OTHER_SERVICE,
    EPH_SYSTEM_SOURCE,
    EPH_DECLARED_DIFFERS,
    EPH_BY_SERVER_PORT,
    EPH_EXPERT_COUNT
};

/* What can be asked for by a filter, a column, or a visible tree, which asks for all: bits of eph_view.wanted. */
enum {
    /* enum eph_field, then enum eph_expert from EPH_FIELD_COUNT on, then */
    EPH_PROTOCOL = EPH_FIELD_COUNT + EPH_EXPERT_COUNT, /* our protocol as such */
    EPH_WANTABLE_COUNT,
    EPH_WANTS_ALL = (1 << EPH_WANTABLE_COUNT) - 1,
    EPH_WANTS_EXPERTS = ((1 << EPH_EXPERT_COUNT) - 1) << EPH_FIELD_COUNT,
    EPH_WANTS_PROTOCOL = 1 << EPH_PROTOCOL
};

/* The transports that have ports, as in src/packet/segment.rs. */
enum eph_transport { EPH_TCP, EPH_DCCP, EPH_SCTP, EPH_UDP, EPH_UDP_LITE, EPH_TRANSPORT_COUNT };

/* Host identifiers of a transport's protocol and of the fields for its ports. */
struct eph_transport_ids {
    int protocol;
    int srcport;
    int dstport;
    int port; /* in the tree twice, hidden: first the source port, then the destination port */
};

/* Where our lines are in a tree that somebody sees: values of the preference `ephemeral.layer`. */
enum eph_layer {
    EPH_LAYER_IN_WINDOW, /* a layer of their own in the window, below the header's line elsewhere */
    EPH_LAYER_ALWAYS,    /* a layer of their own */
    EPH_LAYER_HEADER,    /* below the header's line */
    EPH_LAYER_ASKED      /* there as well, but only what a filter or a column asks for */
};

/* Host identifiers: fields and protocols of ours and of others, columns, preferences. */
struct eph_ids {
    int protocol;
    int subtree;
    int fields[EPH_FIELD_COUNT];
    uint8_t types[EPH_FIELD_COUNT]; /* ftenum of each */
    expert_field experts[EPH_EXPERT_COUNT];
    struct eph_transport_ids transport[EPH_TRANSPORT_COUNT];
    dissector_handle_t writer; /* of eph_write() */
    int frame_protocol;
    int expert_protocol; /* what the host's expert items are fields of; -1: not known */
    int expert_tap; /* 0: not known */
    int tap;        /* ours; 0: there is none */
    int col_info, col_expert;     /* COL_INFO and COL_EXPERT */
    pref_t *port_names, *host_names; /* whether they are shown; null: not known */
    const int *layer;                /* enum eph_layer; never null */
    int is_in_window;                /* this host has a window */
};

/* Names and notes: as many as a header can have (src/host/packet/render.rs). Of more sources and headers, the log says that
 * they are left out. */
enum { EPH_MAX_SOURCES = 8, EPH_MAX_HEADERS = 4, EPH_MAX_NAMES = 3, EPH_MAX_NOTES = 5 };

/* Captured bytes of one data source of the frame. */
struct eph_bytes {
    const uint8_t *data;
    uint32_t length;
};

/* What the host shows of a packet: bits of eph_view.shown. */
enum eph_shown {
    EPH_SHOWS_COLUMNS = 1, /* the host fills in columns */
    EPH_SHOWS_TREE = 2,    /* the host builds a tree to be seen */
    EPH_SHOWS_EXPERTS = 4, /* somebody could see an expert item */
    EPH_SHOWS_NAMES = 8,   /* ports have names; only where columns or a tree are shown */
    EPH_SHOWS_TAP = 16     /* somebody listens to our tap */
};

/* Whether a packet is judged for the first time: eph_view.again. */
enum eph_again {
    EPH_NEW,
    EPH_AGAIN,
    EPH_EXPLAINED /* again, and where there is no verdict, why is asked for */
};

/* A packet as the host presents it to a postdissector. Pointers are valid during the call. */
struct eph_view {
    const packet_info *pinfo; /* read by the offsets of eph_layout */
    struct eph_bytes frame;
    uint32_t wanted;      /* bit 1 << eph_field and so on: somebody looks at it */
    uint8_t shown;        /* enum eph_shown */
    uint8_t again;        /* enum eph_again */
    uint8_t more_sources; /* in use of more[] */
    struct eph_bytes more[EPH_MAX_SOURCES - 1]; /* buffers made from the frame: reassembled, decrypted */
};

/* A text that Rust keeps until the next call, NUL-terminated UTF-8: one more than where it starts in eph_header.texts, in
 * bytes; 0: there is none, or it is not wanted. */
typedef uint32_t eph_text;

/* A name to take out of the lines about one port, or to replace there. */
struct eph_name {
    eph_text wrong;    /* as the host writes it: "autonoc (1140)", or "51820" */
    eph_text right;    /* "1140", or "wireguard (51820)" */
    uint8_t at_source; /* the port is the packet's source port */
};

/* An expert item on the line of one port. */
struct eph_note {
    eph_text text;
    uint8_t expert; /* enum eph_expert */
    uint8_t at_source;
};

/* What is written for one transport header. Without a verdict, which only EPH_EXPLAINED is told, EPH_CONFIDENCE is 0, and
 * EPH_EVIDENCE says what is missing; client and server are the likelier ones, and only there if there is any evidence. */
struct eph_header {
    const char *texts;
    const char *confidence_name; /* always there */
    uint32_t present;            /* bit 1 << eph_field: value[] has one */
    /* By enum eph_field: a number, or an eph_text where the field is registered as one. Of EPH_EVIDENCE_PIECE, the first
     * of many texts: one after another, then an empty one. */
    uint32_t value[EPH_FIELD_COUNT];
    eph_text evidence_kind; /* the evidence without the frame, to count by; there with EPH_SHOWS_TAP */
    /* Text with the wrong name in the Info column, and the same without it; 0: leave it. */
    eph_text info_wrong, info_right;
    uint8_t transport; /* enum eph_transport */
    uint8_t position;  /* which of the frame's headers of that transport this is, from 0 */
    uint8_t declared;  /* the confidence has another name than its number */
    uint8_t both_agreed; /* both ends knew the other's port: neither is a service's */
    uint8_t attempt;     /* a SYN without ACK, or a reset: no sign that anybody serves */
    uint8_t names;     /* in use of name[] */
    uint8_t notes;     /* in use of note[] */
    struct eph_name name[EPH_MAX_NAMES];
    struct eph_note note[EPH_MAX_NOTES];
};

/* A text; null if there is none. */
static inline const char *eph_text_of(const struct eph_header *header, eph_text text)
{
    return text != 0 ? header->texts + (text - 1) : NULL;
}

/* The text of a field that is registered as one; null if it has none. */
static inline const char *eph_field_text(const struct eph_header *header, enum eph_field field)
{
    return eph_text_of(header, header->value[field]);
}

static inline int eph_has_value(const struct eph_header *header, enum eph_field field)
{
    return (header->present & 1u << field) != 0;
}

struct eph_annotation {
    uint32_t headers;
    struct eph_header header[EPH_MAX_HEADERS];
    const char *info_label; /* goes in front of the Info column; null: nothing does */
};

/* Judges a packet and fills the annotation; returns 0 if there is nothing to write. Implemented in
 * Rust: never unwinds, never jumps. */
typedef int (*eph_judge)(const struct eph_view *view, struct eph_annotation *annotation);

/* Keeps which conversation the selected packet belongs to. Implemented in Rust: never unwinds, never jumps. */
typedef void (*eph_select)(const struct eph_view *view);

/* Told, once, that the layout does not fit this host, and what disagreed. Implemented in Rust: never
 * unwinds, never jumps. */
typedef void (*eph_switch_off)(const char *what);

/* Sets what eph_dissect() works with; the structures must live as long as the process. */
void eph_bind(const struct eph_calls *calls, const struct eph_layout *layout, struct eph_ids *ids, eph_judge judge,
              eph_select select, eph_switch_off switch_off);

/* Another file: its first packets are checked. */
void eph_open_file(void);

/* How many packets of this file were compared with the layout; -1: something does not fit. */
int eph_packets_checked(void);

/* The postdissector (epan's dissector_t). Always returns 0: it takes no bytes. The host is told that it is one of
 * a protocol in name only, for which it does not keep books on the packet's layers: that would cost more than
 * all that is done here for most packets. */
int eph_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* Writes what there is to say (epan's dissector_t): eph_dissect() has the host call it as our protocol's, so that
 * the host says whose it was if something goes wrong. Always returns 0. */
int eph_write(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* Judges the selected packet, which the host has dissected before and still holds, with all fields, or EPH_EXPLAINED if
 * there is no verdict, and keeps which conversation it belongs to; returns 0 if there is nothing to say. The texts stay
 * until the next packet is judged. */
int eph_judge_selected(packet_info *pinfo, struct eph_annotation *annotation);

/* Whether the host shows the names of hosts. */
int eph_shows_hosts(void);

#endif /* EPHEMERAL_BOUNDARY_H */
