/* boundary.h
 * What crosses between the C that faces the host and the Rust that judges.
 *
 * A packet goes: host -> eph_dissect() (C) -> an eph_judge (Rust) -> back into eph_dissect(), which
 * writes the annotation to the host. Whatever may longjmp is called from C while no Rust frame is
 * on the stack (see SAFETY.md).
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#ifndef EPHEMERAL_BOUNDARY_H
#define EPHEMERAL_BOUNDARY_H

#include "../include/epan.h"

/* What one release's layout needs; offsets in bytes from the start of the structure. The values
 * stand in src/host/releases.rs. */
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
    uint16_t pinfo_layers;
    uint16_t fd_cap_len; /* frame_data.cap_len; frame_data.num comes first in all releases */
    uint16_t fd_visited; /* the byte of frame_data whose bit 0x08 is `visited` */
    uint16_t node_finfo; /* proto_node.finfo */
    int32_t col_info;    /* COL_INFO */
};

/* Host functions that the C part calls; filled by Rust from the bound API. */
struct eph_calls {
    unsigned (*tvb_captured_length)(const tvbuff_t *);
    const uint8_t *(*tvb_get_ptr)(tvbuff_t *, int, int);
    tvbuff_t *(*get_data_source_tvb)(const struct data_source *);
    wmem_list_frame_t *(*wmem_list_head)(const wmem_list_t *);
    wmem_list_frame_t *(*wmem_list_frame_next)(const wmem_list_frame_t *);
    void *(*wmem_list_frame_data)(const wmem_list_frame_t *);
    epan_bool_result (*proto_field_is_referenced)(proto_tree *, int);
    void (*proto_tree_children_foreach)(proto_tree *, proto_tree_foreach_func, void *);
    proto_item *(*proto_tree_add_protocol_format)(proto_tree *, int, tvbuff_t *, int, int, const char *, ...);
    proto_tree *(*proto_item_add_subtree)(proto_item *, int);
    proto_item *(*proto_tree_add_string)(proto_tree *, int, tvbuff_t *, int, int, const char *);
    proto_item *(*proto_tree_add_uint)(proto_tree *, int, tvbuff_t *, int, int, uint32_t);
    proto_item *(*proto_tree_add_boolean)(proto_tree *, int, tvbuff_t *, int, int, uint64_t);
    void (*proto_item_set_text)(proto_item *, const char *, ...);
    void (*expert_add_info_format)(packet_info *, proto_item *, expert_field *, const char *, ...);
    const char *(*col_get_text)(column_info *, int);
    void (*col_clear)(column_info *, int);
    void (*col_clear_fence)(column_info *, int);
    void (*col_set_fence)(column_info *, int);
    void (*col_append_str)(column_info *, int, const char *);
};

/* Our fields, in the order in which the tree shows them. */
enum eph_field {
    EPH_CLIENT,
    EPH_CLIENT_PORT,
    EPH_SERVER,
    EPH_SERVER_PORT,
    EPH_FROM_CLIENT,
    EPH_SERVICE,
    EPH_LABEL,
    EPH_CONFIDENCE,
    EPH_EVIDENCE,
    EPH_EVIDENCE_FRAME,
    EPH_MISNAMED,
    EPH_MISNAMED_PORT,
    EPH_MISNAMED_NAME,
    EPH_FIELD_COUNT
};

/* Host identifiers: fields and protocols of ours and of others. */
struct eph_ids {
    int protocol;
    int subtree;
    int fields[EPH_FIELD_COUNT];
    expert_field port_misnamed;
    int frame_protocol;
    int tcp_protocol;
    int tcp_srcport;
    int tcp_dstport;
    int tcp_port;
};

enum { EPH_MAX_SOURCES = 8, EPH_MAX_LAYERS = 64, EPH_MAX_HEADERS = 4 };

/* Captured bytes of one data source of the frame. */
struct eph_bytes {
    const uint8_t *data;
    uint32_t length;
};

/* A packet as the host presents it to a postdissector. Pointers are valid during the call. */
struct eph_view {
    uint32_t frame;   /* frame number, from 1 */
    uint8_t visited;  /* 0 while the frame is dissected for the first time */
    uint8_t sources;  /* in use of source[]; the first is the frame itself */
    uint16_t layers;  /* in use of layer[] */
    uint32_t ptype;   /* PT_*: of the last transport header */
    uint32_t srcport; /* host byte order, as are all ports here */
    uint32_t destport;
    const address *src;
    const address *dst;
    struct eph_bytes source[EPH_MAX_SOURCES];
    int layer[EPH_MAX_LAYERS]; /* protocol ids, outermost first */
    uint32_t wanted;           /* bit 1 << eph_field: somebody looks at that field */
    uint8_t columns;           /* the host fills in columns */
    uint8_t tree;              /* the host builds a tree */
};

/* What is said about one TCP header. Strings are NUL-terminated UTF-8 that Rust keeps until the
 * next call; null where absent or not wanted. */
struct eph_header {
    uint8_t position;   /* which of the frame's TCP headers this is, from 0 */
    uint8_t from_client;
    uint8_t confidence;
    uint8_t misnamed;
    uint8_t note;       /* add the expert item */
    uint16_t client_port;
    uint16_t server_port;
    uint32_t evidence_frame; /* 0: none */
    const char *client;
    const char *server;
    const char *service;
    const char *label;
    const char *evidence;
    const char *misnamed_name;
    const char *note_text;
    /* Text that the host wrote with the wrong name, and the same without it; null: leave it. */
    const char *info_wrong, *info_right; /* in the Info column */
    const char *tree_wrong, *tree_right; /* in the lines of the TCP tree */
};

struct eph_annotation {
    uint32_t headers;
    struct eph_header header[EPH_MAX_HEADERS];
    const char *info_label; /* goes in front of the Info column; null: nothing does */
};

/* Judges a packet and fills the annotation; returns 0 if there is nothing to write. Implemented in
 * Rust: never unwinds, never jumps. */
typedef int (*eph_judge)(const struct eph_view *view, struct eph_annotation *annotation);

/* Told, once, that the layout does not fit this host, and what disagreed. Implemented in Rust: never
 * unwinds, never jumps. */
typedef void (*eph_switch_off)(const char *what);

/* Sets what eph_dissect() works with; the structures must live as long as the process. */
void eph_bind(const struct eph_calls *calls, const struct eph_layout *layout, struct eph_ids *ids, eph_judge judge,
              eph_switch_off switch_off);

/* Another file: its first packets are checked. */
void eph_open_file(void);

/* The postdissector (epan's dissector_t). Always returns 0: it takes no bytes. */
int eph_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data);

/* fits.c: what in this packet contradicts the layout, in words; null if nothing does. `frame_protocol` is the
 * protocol that every packet starts with. */
const char *eph_misfit(const struct eph_calls *calls, const struct eph_layout *layout, int frame_protocol,
                       tvbuff_t *tvb, const packet_info *pinfo);

/* info.c: replaces each `wrong` in a column's text by `right`, which must not contain it. */
void eph_column_replace(const struct eph_calls *calls, column_info *cinfo, int col, const char *wrong, const char *right);

/* info.c: puts "[text] " in front of a column's text. */
void eph_column_prepend(const struct eph_calls *calls, column_info *cinfo, int col, const char *text);

/* tree.c: writes one header's annotation to the tree (null: there is none) and to Expert Information. */
void eph_write_header(const struct eph_calls *calls, const struct eph_layout *layout, struct eph_ids *ids,
                      tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, const struct eph_header *header);

#endif /* EPHEMERAL_BOUNDARY_H */
