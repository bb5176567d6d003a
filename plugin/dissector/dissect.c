/* dissect.c
 * The entry of the postdissector: reads the packet from the host, calls Rust to judge it, and writes the annotation.
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "packet_info.h"
#include "internal.h"
#include "statistics.h"

/* Between two packets, the host's own code evicts ours from the instruction cache. So the code for every packet is kept
 * small, and code for rare packets is kept out of line. */
#define ALWAYS_INLINE inline __attribute__((always_inline))
#define APART __attribute__((noinline))
#define UNLIKELY(condition) __builtin_expect(!!(condition), 0)

static const struct eph_calls *calls;
static const struct eph_layout *layout;
static struct eph_ids *ids;
static eph_annotate annotate;
static eph_select select_packet;
static eph_switch_off switch_off;

/* The number of packets of each file that are checked against the layout. */
enum { PACKETS_TO_CHECK = 16 };
static unsigned checked_packets;
static int is_layout_wrong;

/* No packet is read: the layout does not fit, or our protocol was disabled when the file was opened. */
static int is_idle;

/* The ports were equal to those in the bytes at least once. A later difference means that a dissector changed them. */
static int were_ports_equal;

/* Called by src/host/registration/mod.rs, once. `a` is annotate() in src/host/packet/annotate.rs. */
void eph_bind(const struct eph_calls *c, const struct eph_layout *l, struct eph_ids *i, eph_annotate a,
              eph_select select, eph_switch_off s)
{
    calls = c;
    layout = l;
    ids = i;
    annotate = a;
    select_packet = select;
    switch_off = s;
    eph_packet_info_bind(c, l);
}

/* The greatest number of a packet seen in this file; 0: none yet. */
static uint32_t greatest;

/* The address of packet 1's frame_data, and a hash of its bytes. */
static const void *first_frame;
static uint64_t first_hash;

/* The frame_data that the host uses for all packets that it sees for the first time; null: each packet has its own. */
static const void *shared_frame;

void eph_open_file(int is_enabled)
{
    is_idle = is_layout_wrong || !is_enabled;
    checked_packets = 0;
    greatest = 0;
    shared_frame = NULL;
}

enum { HF_REF_TYPE_DIRECT = 2 /* hf_ref_type of epan/proto.h; greater values are wanted as well */ };

/* The host's data about each of our fields, expert items and the protocol. `ref_type` says whether it is wanted. */
static const header_field_info *wantable[EPH_WANTABLE_COUNT];

static void look_up_wantable(void)
{
    for (int field = 0; field < EPH_FIELD_COUNT; field++)
        wantable[field] = calls->proto_registrar_get_nth((unsigned)ids->fields[field]);
    for (int expert = 0; expert < EPH_EXPERT_COUNT; expert++)
        wantable[EPH_FIELD_COUNT + expert] = calls->proto_registrar_get_nth((unsigned)ids->experts[expert].hf);
    wantable[EPH_PROTOCOL] = calls->proto_registrar_get_nth((unsigned)ids->protocol);
}

/* Returns which of our fields and expert items a filter or a column wants, and whether it wants the protocol itself. A
 * visible tree wants all of them, unless the preference `ephemeral.layer` is `asked`. If the host wants all
 * protocols in the tree, as for its own statistics, but nothing wants ours, returns 0. */
static APART uint32_t what_is_wanted(proto_tree *tree, int *is_visible)
{
    if (!calls->proto_field_is_referenced(tree, ids->protocol))
        return 0;
    if (wantable[EPH_PROTOCOL] == NULL)
        look_up_wantable();
    uint32_t wanted = 0;
    int unwanted = -1;
    /* The loop visits the protocol first, so `unwanted` ends as a field if any is unwanted. */
    for (int item = EPH_WANTABLE_COUNT; item-- > 0;) {
        if (wantable[item]->ref_type >= HF_REF_TYPE_DIRECT)
            wanted |= UINT32_C(1) << item;
        else
            unwanted = wantable[item]->id;
    }
    /* If the tree is visible, the host reports every field as referenced, even an unwanted one. */
    *is_visible = unwanted == -1 || calls->proto_field_is_referenced(tree, unwanted);
    return *is_visible && *ids->layer != EPH_LAYER_ASKED ? EPH_WANTS_ALL : wanted;
}

/* Returns whether our lines are a layer of their own. Never in an invisible tree: the host's statistics would count the
 * layer. */
static int is_layer(int is_visible)
{
    return is_visible &&
           (*ids->layer == EPH_LAYER_ALWAYS || (*ids->layer == EPH_LAYER_IN_WINDOW && ids->is_in_window));
}

/* A visible tree wants all fields. Returns them without the hidden fields that no filter or column wants. */
static APART uint32_t without_unasked(uint32_t wanted)
{
    for (int field = EPH_ENDPOINT; field < EPH_FIELD_COUNT; field++)
        if (wantable[field]->ref_type < HF_REF_TYPE_DIRECT)
            wanted &= ~(UINT32_C(1) << field);
    return wanted;
}

/* Returns 0 for a tvbuff without bytes. */
static ALWAYS_INLINE int read_bytes(struct eph_bytes *bytes, tvbuff_t *tvb)
{
    bytes->length = calls->tvb_captured_length(tvb);
    if (bytes->length == 0)
        return 0;
    bytes->data = calls->tvb_get_ptr(tvb, 0, (int)bytes->length);
    return 1;
}

static APART void read_more(struct eph_view *view, const struct eph_list_item *source)
{
    for (; source != NULL; source = source->next) {
        tvbuff_t *more = calls->get_data_source_tvb(source->data);
        if (more == NULL)
            continue;
        if (view->more_sources == EPH_MAX_SOURCES - 1) {
            calls->report(EPH_TOO_MANY_SOURCES, eph_frame(view->pinfo));
            return;
        }
        if (read_bytes(&view->more[view->more_sources], more))
            view->more_sources++;
    }
}

/* Reads the packet's data sources, with functions that can throw. Returns 0 for a packet without bytes. */
static ALWAYS_INLINE int read_packet(struct eph_view *view, const packet_info *pinfo, tvbuff_t *tvb)
{
    view->pinfo = pinfo;
    view->more_sources = 0;
    if (UNLIKELY(!read_bytes(&view->frame, tvb)))
        return 0;
    /* The first data source is the frame itself, which is `tvb`. */
    const struct eph_list_item *source = eph_read_pointer(pinfo, layout->pinfo_data_src);
    if (UNLIKELY(source != NULL && source->next != NULL))
        read_more(view, source->next);
    return 1;
}

/* FNV-1a. */
static uint64_t hash(const struct eph_bytes *bytes)
{
    uint64_t hash = UINT64_C(0xcbf29ce484222325);
    for (uint32_t i = 0; i < bytes->length; i++)
        hash = (hash ^ bytes->data[i]) * UINT64_C(0x100000001b3);
    return hash;
}

/* Does the same as record_number() for the numbers that record_number() cannot judge: the first two of a file, and those
 * that do not increase. Numbers repeat in a two-pass run with a read filter: the next frame gets the number of a dropped
 * one. In its first pass, such a host has one frame_data for all packets. A host that shows a packet again has a
 * frame_data for each packet. Packet 1 does not show which kind of host it is, so its bytes tell it from the next frame
 * with the number 1. */
static APART int record_unusual_number(uint32_t number, const void *frame, const struct eph_bytes *bytes)
{
    if (number < greatest)
        return 1;
    if (number > greatest) {
        if (greatest == 0) {
            first_frame = frame;
            first_hash = hash(bytes);
        } else {
            shared_frame = frame == first_frame ? frame : NULL;
        }
        greatest = number;
        return 0;
    }
    if (number > 1)
        return frame != shared_frame;
    uint64_t now = hash(bytes);
    if (frame != first_frame || now == first_hash)
        return 1;
    first_hash = now;
    return 0;
}

/* Records the packet's number. Returns whether the packet was dissected before: the numbers of new packets increase. The
 * host has a bit for "dissected before", but its position cannot be found out at run time. */
static ALWAYS_INLINE int record_number(const packet_info *pinfo, const struct eph_bytes *bytes)
{
    uint32_t number = eph_read_u32(pinfo, layout->pinfo_num);
    if (UNLIKELY(number <= greatest || greatest <= 1))
        return record_unusual_number(number, eph_read_pointer(pinfo, layout->pinfo_fd), bytes);
    greatest = number;
    return 0;
}

int eph_packets_checked(void)
{
    return is_layout_wrong ? -1 : (int)checked_packets;
}

static APART void reject_layout(const char *what)
{
    is_layout_wrong = is_idle = 1;
    switch_off(what);
}

static APART void check_layout(tvbuff_t *tvb, const packet_info *pinfo)
{
    checked_packets++;
    const char *misfit = eph_check_layout(calls, layout, ids->frame_protocol, tvb, pinfo);
    if (misfit == NULL && !were_ports_equal) {
        enum eph_port_comparison ports = eph_compare_ports(calls, layout, ids, tvb, pinfo);
        were_ports_equal = ports == EPH_PORTS_EQUAL;
        if (were_ports_equal)
            calls->report(EPH_PORTS_FIT, eph_frame(pinfo));
        if (ports == EPH_PORTS_DIFFER)
            misfit = "packet_info has other ports than the packet";
    }
    if (misfit != NULL)
        reject_layout(misfit);
    else
        calls->report(checked_packets < PACKETS_TO_CHECK ? EPH_LAYOUT_FITS : EPH_LAYOUT_CHECKED, eph_frame(pinfo));
}

/* Compares the layout with the first packets of a file. Returns whether the packet may be read. Once the layout did
 * not fit, no packet is read. */
static ALWAYS_INLINE int check_first_packets(tvbuff_t *tvb, const packet_info *pinfo)
{
    if (UNLIKELY(checked_packets < PACKETS_TO_CHECK && !is_idle))
        check_layout(tvb, pinfo);
    return !is_idle;
}

static int is_tapped(int tap)
{
    return tap != 0 && calls->have_tap_listener(tap);
}

static int wants_experts(proto_tree *tree)
{
    return tree != NULL &&
           (ids->expert_protocol == -1 || calls->proto_field_is_referenced(tree, ids->expert_protocol));
}

/* A preference that is not known counts as set. */
static ALWAYS_INLINE int is_set(pref_t *preference)
{
    return preference == NULL || calls->prefs_get_bool_value(preference, pref_current);
}

int eph_shows_hosts(void)
{
    return is_set(ids->host_names);
}

/* Returns what the host shows: enum eph_shown. */
static ALWAYS_INLINE uint8_t what_is_shown(proto_tree *tree, int is_visible, uint32_t wanted, column_info *cinfo)
{
    uint8_t shown = 0;
    if (is_visible)
        shown |= EPH_SHOWS_TREE;
    if (UNLIKELY(wanted & EPH_WANTS_EXPERTS || ids->expert_tap == 0 || is_tapped(ids->expert_tap) ||
                 wants_experts(tree)))
        shown |= EPH_SHOWS_EXPERTS;
    if (cinfo != NULL) {
        shown |= EPH_SHOWS_COLUMNS;
        if (calls->col_get_text(cinfo, ids->col_expert) != NULL)
            shown |= EPH_SHOWS_EXPERTS;
    }
    const uint32_t port_fields = 1u << EPH_SOURCE_PORT | 1u << EPH_DESTINATION_PORT;
    if ((shown & (EPH_SHOWS_COLUMNS | EPH_SHOWS_TREE) || wanted & port_fields) && is_set(ids->port_names))
        shown |= EPH_SHOWS_NAMES;
    if (is_tapped(ids->tap))
        shown |= EPH_SHOWS_TAP;
    return shown;
}

static int changes_info(const struct eph_annotation *annotation)
{
    for (uint32_t i = 0; i < annotation->headers; i++)
        if (annotation->header[i].info_wrong != 0)
            return 1;
    return annotation->info_label != NULL;
}

/* The argument `data` of eph_write(). */
struct writing {
    const struct eph_annotation *annotation;
    column_info *cinfo;
    struct eph_place place;
    int is_tapped;
};

static void report_column(const packet_info *pinfo, enum eph_column_result result)
{
    if (UNLIKELY(result != EPH_COLUMN_SET))
        calls->report(result == EPH_COLUMN_TOO_LONG ? EPH_INFO_TOO_LONG : EPH_INFO_LOCKED, eph_frame(pinfo));
}

int eph_write(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    const struct writing *writing = data;
    const struct eph_annotation *annotation = writing->annotation;
    EPH_FAULT(calls, tvb, "judged");
    for (uint32_t i = 0; i < annotation->headers; i++) {
        const struct eph_header *header = &annotation->header[i];
        const char *misfit = eph_write_header(calls, ids, tvb, pinfo, tree, &writing->place, header);
        if (UNLIKELY(misfit != NULL))
            reject_layout(misfit);
        if (header->info_wrong != 0)
            report_column(pinfo, eph_column_replace(calls, writing->cinfo, ids->col_info,
                                                    eph_text_of(header, header->info_wrong),
                                                    eph_text_of(header, header->info_right)));
    }
    if (annotation->addresses != NULL && tree != NULL)
        eph_write_addresses(calls, ids, tvb, pinfo, eph_read_pointer(pinfo, layout->pinfo_layers), tree,
                            annotation->addresses);
    if (annotation->info_label != NULL)
        report_column(pinfo, eph_column_prepend(calls, writing->cinfo, ids->col_info, annotation->info_label));
    if (tree != NULL && calls->fvalue_set_string != NULL && changes_info(annotation))
        eph_update_info_field(calls, ids, pinfo, tree, writing->cinfo);
    if (writing->is_tapped)
        eph_statistics_tap(pinfo, annotation);
    return 0;
}

int eph_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)data;
    struct eph_view view;
    if (UNLIKELY(!check_first_packets(tvb, pinfo) || !read_packet(&view, pinfo, tvb)))
        return 0;
    column_info *cinfo = eph_read_pointer(pinfo, layout->pinfo_cinfo);
    int is_visible = 0;
    uint32_t in_tree = tree != NULL ? what_is_wanted(tree, &is_visible) : 0;
    view.shown = what_is_shown(tree, is_visible, in_tree, cinfo);
    view.wanted = UNLIKELY(in_tree == EPH_WANTS_ALL) ? without_unasked(in_tree) : in_tree;
    if (view.shown & EPH_SHOWS_TAP)
        view.wanted |= EPH_TAPPED_FIELDS;
    view.again = record_number(pinfo, &view.frame);

    struct eph_annotation annotation;
    if (!UNLIKELY(annotate(&view, &annotation)))
        return 0;
    struct writing writing = {
        &annotation, cinfo, {in_tree, is_visible, is_layer(is_visible)}, view.shown & EPH_SHOWS_TAP};
    /* If there are only columns, nothing shows which dissector runs, so the detour through the host is unnecessary. */
    if (tree == NULL && !(view.shown & (EPH_SHOWS_EXPERTS | EPH_SHOWS_TAP)))
        return eph_write(tvb, pinfo, tree, &writing);
    return calls->call_dissector_only(ids->writer, tvb, pinfo, tree, &writing);
}

int eph_annotate_selected(packet_info *pinfo, struct eph_annotation *annotation)
{
    /* While we are idle, no packet was compared with the layout, or one did not fit. */
    if (is_idle)
        return 0;
    const struct eph_list_item *frame = eph_read_pointer(pinfo, layout->pinfo_data_src);
    tvbuff_t *tvb = frame ? calls->get_data_source_tvb(frame->data) : NULL;
    struct eph_view view;
    if (tvb == NULL || !read_packet(&view, pinfo, tvb))
        return 0;
    view.wanted = EPH_WANTS_ALL;
    view.shown = what_is_shown(NULL, 0, EPH_WANTS_EXPERTS, NULL);
    view.again = EPH_EXPLAINED;
    select_packet(&view);
    return annotate(&view, annotation);
}
