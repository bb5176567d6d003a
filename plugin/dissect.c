/* dissect.c
 * The postdissector's entry: reads the packet from the host, has it judged, writes the annotation.
 *
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "boundary.h"

#include <string.h>

static const struct eph_calls *calls;
static const struct eph_layout *layout;
static struct eph_ids *ids;
static eph_judge judge;
static eph_switch_off switch_off;

/* Of each file, so many packets are checked against the layout. */
enum { CHECKED_PACKETS = 16 };
static unsigned packets_to_check = CHECKED_PACKETS;
static int layout_misfits;

/* GLib's singly linked list (glib/gslist.h), which holds packet_info.data_src. */
struct list {
    void *data;
    struct list *next;
};

void eph_bind(const struct eph_calls *c, const struct eph_layout *l, struct eph_ids *i, eph_judge j,
              eph_switch_off s)
{
    calls = c;
    layout = l;
    ids = i;
    judge = j;
    switch_off = s;
}

void eph_open_file(void)
{
    packets_to_check = CHECKED_PACKETS;
}

static const void *member(const void *structure, uint16_t offset)
{
    return (const char *)structure + offset;
}

static uint32_t read_u32(const void *structure, uint16_t offset)
{
    uint32_t value;
    memcpy(&value, member(structure, offset), sizeof value);
    return value;
}

static void *read_pointer(const void *structure, uint16_t offset)
{
    void *value;
    memcpy(&value, member(structure, offset), sizeof value);
    return value;
}

uint32_t eph_frame(const packet_info *pinfo)
{
    return read_u32(pinfo, layout->pinfo_num);
}

static void add_source(struct eph_view *view, tvbuff_t *tvb)
{
    unsigned length = calls->tvb_captured_length(tvb);
    if (length == 0 || view->sources == EPH_MAX_SOURCES)
        return;
    view->source[view->sources].data = calls->tvb_get_ptr(tvb, 0, (int)length);
    view->source[view->sources].length = length;
    view->sources++;
}

/* Which of our fields a filter, a column or a visible tree asks for; the bit above them all stands
 * for the protocol as such. */
static uint32_t wanted_fields(proto_tree *tree)
{
    if (tree == NULL || !calls->proto_field_is_referenced(tree, ids->protocol))
        return 0;
    uint32_t wanted = UINT32_C(1) << EPH_FIELD_COUNT;
    for (int field = 0; field < EPH_FIELD_COUNT; field++)
        if (calls->proto_field_is_referenced(tree, ids->fields[field]))
            wanted |= UINT32_C(1) << field;
    return wanted;
}

static enum eph_layer kind_of(struct eph_view *view, int protocol)
{
    if (protocol == ids->transport[EPH_TCP].protocol) {
        view->tcp_layers++;
        return EPH_LAYER_TCP;
    }
    if (protocol == ids->transport[EPH_UDP].protocol) {
        view->udp_layers++;
        return EPH_LAYER_UDP;
    }
    if (protocol == ids->icmp_protocols[0] || protocol == ids->icmp_protocols[1]) {
        view->icmp_layers++;
        return EPH_LAYER_ICMP;
    }
    return EPH_LAYER_OTHER;
}

static void read_layers(struct eph_view *view, const packet_info *pinfo)
{
    enum eph_layer below = EPH_LAYER_OTHER;
    view->layers = 0;
    view->tcp_layers = view->udp_layers = view->icmp_layers = 0;
    view->above = 0;
    const wmem_list_t *layers = read_pointer(pinfo, layout->pinfo_layers);
    if (layers == NULL)
        return;
    for (wmem_list_frame_t *at = calls->wmem_list_head(layers); at != NULL && view->layers < EPH_MAX_LAYERS;
         at = calls->wmem_list_frame_next(at)) {
        int protocol = (int)(intptr_t)calls->wmem_list_frame_data(at);
        enum eph_layer kind = kind_of(view, protocol);
        if (kind == EPH_LAYER_TCP || kind == EPH_LAYER_UDP)
            view->above = 0;
        else if (below == EPH_LAYER_TCP || below == EPH_LAYER_UDP)
            view->above = protocol;
        view->layer[view->layers++] = (uint8_t)kind;
        below = kind;
    }
}

static void read_sources(struct eph_view *view, const packet_info *pinfo, tvbuff_t *tvb)
{
    add_source(view, tvb);
    /* The first data source is the frame itself, which is `tvb`. */
    const struct list *source = read_pointer(pinfo, layout->pinfo_data_src);
    for (source = source ? source->next : NULL; source != NULL; source = source->next) {
        tvbuff_t *more = calls->get_data_source_tvb(source->data);
        if (more != NULL)
            add_source(view, more);
    }
}

/* Once the layout did not fit, nothing is read any more. */
static int layout_fits(tvbuff_t *tvb, const packet_info *pinfo)
{
    if (packets_to_check > 0 && !layout_misfits) {
        packets_to_check--;
        const char *misfit = eph_misfit(calls, layout, ids->frame_protocol, tvb, pinfo);
        if (misfit != NULL) {
            layout_misfits = 1;
            switch_off(misfit);
        }
    }
    return !layout_misfits;
}

/* Reads all but what depends on who is asking. Returns 0 for a packet without ports of interest. */
static int read_packet(struct eph_view *view, const packet_info *pinfo, tvbuff_t *tvb)
{
    uint32_t ptype = read_u32(pinfo, layout->pinfo_ptype);
    /* None: there may be a header that ICMP quotes, since 4.4 it leaves no trace in packet_info. */
    if (ptype != PT_NONE && ptype != PT_TCP && ptype != PT_UDP)
        return 0;
    view->frame = eph_frame(pinfo);
    view->visited = (*(const uint8_t *)member(read_pointer(pinfo, layout->pinfo_fd), layout->fd_visited) & 0x08) != 0;
    view->sources = 0;
    view->ptype = ptype;
    view->srcport = read_u32(pinfo, layout->pinfo_srcport);
    view->destport = read_u32(pinfo, layout->pinfo_destport);
    view->src = member(pinfo, layout->pinfo_src);
    view->dst = member(pinfo, layout->pinfo_dst);
    read_layers(view, pinfo);
    if (view->tcp_layers == 0 && view->udp_layers == 0)
        return 0;
    read_sources(view, pinfo, tvb);
    return 1;
}

int eph_dissect(tvbuff_t *tvb, packet_info *pinfo, proto_tree *tree, void *data)
{
    (void)data;
    if (!layout_fits(tvb, pinfo))
        return 0;
    struct eph_view view;
    if (!read_packet(&view, pinfo, tvb))
        return 0;
    column_info *cinfo = read_pointer(pinfo, layout->pinfo_cinfo);
    uint32_t tapped = eph_statistics_wanted();
    view.wanted = wanted_fields(tree) | tapped;
    view.columns = cinfo != NULL;
    view.tree = tree != NULL;
    view.experts = tree != NULL || ids->expert_tap == 0 || calls->have_tap_listener(ids->expert_tap) ||
                   (cinfo != NULL && calls->col_get_text(cinfo, layout->col_expert) != NULL);

    struct eph_annotation annotation;
    if (!judge(&view, &annotation))
        return 0;

    EPH_FAULT(calls, tvb, "judged");
    for (uint32_t i = 0; i < annotation.headers; i++) {
        const struct eph_header *header = &annotation.header[i];
        eph_write_header(calls, layout, ids, tvb, pinfo, tree, header);
        if (header->info_wrong != NULL)
            eph_column_replace(calls, cinfo, layout->col_info, header->info_wrong, header->info_right);
    }
    if (annotation.info_label != NULL)
        eph_column_prepend(calls, cinfo, layout->col_info, annotation.info_label);
    if (tapped != 0)
        eph_statistics_tap(pinfo, &annotation);
    return 0;
}

int eph_judge_again(packet_info *pinfo, struct eph_annotation *annotation)
{
    const struct list *frame = read_pointer(pinfo, layout->pinfo_data_src);
    tvbuff_t *tvb = frame ? calls->get_data_source_tvb(frame->data) : NULL;
    struct eph_view view;
    if (layout_misfits || tvb == NULL || !read_packet(&view, pinfo, tvb))
        return 0;
    view.visited = 1;
    view.wanted = (UINT32_C(1) << EPH_FIELD_COUNT) - 1;
    view.columns = 0;
    view.tree = 0;
    view.experts = 0;
    return judge(&view, annotation);
}
