/* boundary.h
 * The interface between the C that calls the host and the Rust that judges packets. statistics.h and window.h have the
 * interfaces for statistics and the window, internal.h that between the C files.
 *
 * The host calls eph_dissect() (C), which calls an eph_annotate (Rust). If there is something to write, eph_dissect() then
 * makes the host call eph_write() (C), which writes the annotation. If there are only columns, eph_dissect() calls
 * eph_write() directly. Only C calls functions of the host that can longjmp, and only while no Rust frame is on the
 * stack (see SAFETY.md).
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_BOUNDARY_H
#define EPHEMERAL_BOUNDARY_H

#include "../../include/epan.h"
#include "fields.h"

#include <stddef.h>

/* The layout of one release: offsets in bytes from the start of the structure. src/host/api/releases.rs has the
 * values. */
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
    uint16_t table_flags; /* conv_hash_t.flags; 0: does not exist, or is not known */
    uint16_t text_window; /* enum eph_text_window */
    uint16_t copy_text;   /* funnel_ops_t.copy_to_clipboard; 0: is not known */
    uint16_t redissect;   /* funnel_ops_t.redissect_packets; 0: does not exist, or is not known */
};

/* The arguments of funnel_ops_t.new_text_window. They cannot be found out at run time. */
enum eph_text_window {
    EPH_WINDOW_NOT_KNOWN,
    EPH_WINDOW_BY_TITLE,
    EPH_WINDOW_BY_ID /* ops_id, then the title */
};

/* Events that are logged once for each file. src/host/guard/reports.rs has the messages. */
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
    EPH_NAME_NOT_IN_LINE,
    EPH_INFO_LOCKED,
    EPH_NOT_BY_SERVER,
    EPH_NOT_COUNTED,
    EPH_MENU_BUSY,
    EPH_NOT_DISSECTED_AGAIN,
    EPH_NO_COPY_BUTTON,
    EPH_NOT_COPIED,
    EPH_EVENT_COUNT
};

/* Logs an event. `frame` is the number of the packet, 0 for no packet. Implemented in Rust: never unwinds, never
 * jumps. */
typedef void (*eph_report)(enum eph_event event, uint32_t frame);

/* Functions that the C part calls, first those for each packet. Rust fills the table. All are functions of the host,
 * except read_memory (src/system) and report. */
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
    void (*fvalue_set_string)(fvalue_t *, const char *); /* null: the host does not have it */
    int (*read_memory)(const void *from, void *to, size_t length); /* returns 0 if the memory is unreadable */
    eph_report report;
};

/* What a filter or a column can want; a visible tree wants all of it. Bits of eph_view.wanted. */
enum {
    /* First enum eph_field, then enum eph_expert from EPH_FIELD_COUNT on, then the protocol itself. */
    EPH_PROTOCOL = EPH_FIELD_COUNT + EPH_EXPERT_COUNT,
    EPH_WANTABLE_COUNT,
    EPH_WANTS_ALL = (1 << EPH_WANTABLE_COUNT) - 1,
    EPH_WANTS_EXPERTS = ((1 << EPH_EXPERT_COUNT) - 1) << EPH_FIELD_COUNT,
    EPH_WANTS_PROTOCOL = 1 << EPH_PROTOCOL
};

/* The transports that have ports, as in src/packet/segment.rs. */
enum eph_transport { EPH_TCP, EPH_DCCP, EPH_SCTP, EPH_UDP, EPH_UDP_LITE, EPH_TRANSPORT_COUNT };

/* The host's ids of a transport protocol and of the fields for its ports. */
struct eph_transport_ids {
    int protocol;
    int srcport;
    int dstport;
    int port; /* hidden in the tree, twice: first the source port, then the destination port */
};

/* Where our lines are in a visible tree: values of the preference `ephemeral.layer`. */
enum eph_layer {
    EPH_LAYER_IN_WINDOW, /* in a layer of their own in the window, below the header's line elsewhere */
    EPH_LAYER_ALWAYS,    /* in a layer of their own */
    EPH_LAYER_HEADER,    /* below the header's line */
    EPH_LAYER_ASKED      /* below the header's line, but only those that a filter or a column wants */
};

/* The host's ids of fields, protocols (ours and others), columns and preferences. */
struct eph_ids {
    int protocol;
    int subtree;
    int fields[EPH_FIELD_COUNT];
    expert_field experts[EPH_EXPERT_COUNT];
    struct eph_transport_ids transport[EPH_TRANSPORT_COUNT];
    dissector_handle_t writer; /* handle of eph_write() */
    int frame_protocol;
    int expert_protocol; /* the protocol of the host's expert items; -1: not known */
    int expert_tap; /* 0: not known */
    int tap;        /* our tap; 0: none */
    int col_info, col_expert;     /* COL_INFO and COL_EXPERT */
    pref_t *port_names, *host_names; /* preferences that show these names; null: not known */
    const int *layer;                /* enum eph_layer; never null */
    int is_in_window;                /* the host has a window */
};

/* A header cannot have more names and notes than this (src/host/packet/render.rs). A packet can have more data sources
 * and headers; the log says that the others are ignored. */
enum { EPH_MAX_SOURCES = 8, EPH_MAX_HEADERS = 4, EPH_MAX_NAMES = 3, EPH_MAX_NOTES = 5 };

/* The captured bytes of one data source of the frame. */
struct eph_bytes {
    const uint8_t *data;
    uint32_t length;
};

/* What the host shows of a packet: bits of eph_view.shown. */
enum eph_shown {
    EPH_SHOWS_COLUMNS = 1, /* the host fills in columns */
    EPH_SHOWS_TREE = 2,    /* the host builds a visible tree */
    EPH_SHOWS_EXPERTS = 4, /* an expert item could be visible */
    EPH_SHOWS_NAMES = 8,   /* the host shows names of ports, in columns, a tree or our port fields */
    EPH_SHOWS_TAP = 16     /* our tap has a listener */
};

/* Whether a packet is judged for the first time: eph_view.again. */
enum eph_again {
    EPH_NEW,
    EPH_AGAIN,
    EPH_EXPLAINED /* again, for an explanation: if there is no verdict, the annotation says why */
};

/* A packet as the host passes it to a postdissector. Pointers are valid during the call. */
struct eph_view {
    const packet_info *pinfo; /* read by the offsets of eph_layout */
    struct eph_bytes frame;
    uint32_t wanted;      /* bit 1 << eph_field and so on: a filter, a column, a visible tree or the tap wants it */
    uint8_t shown;        /* enum eph_shown */
    uint8_t again;        /* enum eph_again */
    uint8_t more_sources; /* number of used elements of more[] */
    struct eph_bytes more[EPH_MAX_SOURCES - 1]; /* further data sources: reassembled or decrypted bytes */
};

/* A text that Rust keeps until the next call, NUL-terminated UTF-8: its offset in eph_header.texts, in bytes, plus 1.
 * 0: there is no text, or it is not wanted. */
typedef uint32_t eph_text;

/* A name to remove from the lines about one port, or to replace there. */
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

/* The annotation of one transport header. Only with EPH_EXPLAINED, a header without a verdict has an annotation, too:
 * then EPH_CONFIDENCE is 0, EPH_EVIDENCE says what is missing, and client and server, if present, are only the likelier
 * roles. */
struct eph_header {
    const char *texts;
    const char *confidence_name; /* never null */
    uint32_t present;            /* bit 1 << eph_field: value[] has a value */
    /* By enum eph_field: a number, or an eph_text for a field of strings. For EPH_EVIDENCE_PIECE, the first of several
     * consecutive texts, closed by an empty one. */
    uint32_t value[EPH_FIELD_COUNT];
    eph_text evidence_kind; /* the evidence without its frame, for statistics; only with EPH_SHOWS_TAP */
    /* A text of the Info column with the wrong name, and its replacement; 0: leave the column unchanged. */
    eph_text info_wrong, info_right;
    uint8_t transport; /* enum eph_transport */
    uint8_t position;  /* counts the frame's headers of that transport, from 0 */
    uint8_t declared;  /* the user declared the server: confidence_name is not the name of the number */
    uint8_t both_agreed; /* both ends knew the other's port: neither port is a service's */
    uint8_t attempt;     /* a SYN without ACK, or a reset: no sign of a service */
    uint8_t names;     /* number of used elements of name[] */
    uint8_t notes;     /* number of used elements of note[] */
    struct eph_name name[EPH_MAX_NAMES];
    struct eph_note note[EPH_MAX_NOTES];
};

/* Returns a text, or null if there is none. */
static inline const char *eph_text_of(const struct eph_header *header, eph_text text)
{
    return text != 0 ? header->texts + (text - 1) : NULL;
}

/* Returns the text of a field of strings, or null if it has none. */
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
    const char *info_label; /* text to put in front of the Info column; null: none */
    const char *addresses;  /* EPH_CONVERSATION of a packet without headers; null: not wanted, or there are headers */
};

/* Judges a packet and fills in the annotation. Returns 0 if there is nothing to write. Implemented in Rust: never
 * unwinds, never jumps. */
typedef int (*eph_annotate)(const struct eph_view *view, struct eph_annotation *annotation);

/* Remembers which conversation the selected packet belongs to. Implemented in Rust: never unwinds, never jumps. */
typedef void (*eph_select)(const struct eph_view *view);

/* Switches the plugin off, because the layout does not fit this host; `what` names the contradiction. Called once.
 * Implemented in Rust: never unwinds, never jumps. */
typedef void (*eph_switch_off)(const char *what);

/* Sets the structures and functions for eph_dissect(). The structures must live as long as the process. */
void eph_bind(const struct eph_calls *calls, const struct eph_layout *layout, struct eph_ids *ids,
              eph_annotate annotate, eph_select select, eph_switch_off switch_off);

/* Prepares for another file, whose first packets will be checked. If our protocol is not enabled, none is read. */
void eph_open_file(int is_enabled);

/* Returns how many packets of this file were compared with the layout, or -1 if one did not fit. */
int eph_packets_checked(void);

/* The postdissector (epan's dissector_t). Always returns 0, as it dissects no bytes. It is registered for a protocol in
 * name only, because the host does not add such a protocol to the packet's layers. That would cost more than everything
 * that this function does for most packets. */
int eph_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* Writes the annotation (epan's dissector_t). eph_dissect() makes the host call it as the dissector of our protocol, so
 * that the host names our protocol in its report of an error. Always returns 0. */
int eph_write(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* Judges the selected packet with all fields and with EPH_EXPLAINED, and remembers which conversation it belongs to.
 * The host has dissected the packet before and still holds it. Returns 0 if there is nothing to say. The texts are
 * valid until the next packet is judged. */
int eph_annotate_selected(packet_info *pinfo, struct eph_annotation *annotation);

/* Returns whether the host shows host names. */
int eph_shows_hosts(void);

#endif /* EPHEMERAL_BOUNDARY_H */
