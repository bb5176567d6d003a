/* host.c
 * A stub of Wireshark: just enough of epan to load the plugin, have it register, and hand it the packets of a handshake. It is
 * compiled against the headers of a release, or against a copy of them in which something was changed (run.sh), so
 * that all structures are as these headers lay them out.
 *
 *   host PLUGIN FILL      FILL: the value of each byte that is in no member known to us
 *
 * It prints, a line each:
 *   log: ...       what the plugin says in the log
 *   registered     the plugin registered its protocol
 *   wrote: ...     a function that writes to the host was called
 *   changed: ...   the host's memory was written to without such a function
 *   info: ...      the Info column after the packet
 *   line: ...      a line of the packet's tree after the packet, with its flags
 *   note: ...      an expert item
 *   about: ...     the text of About and diagnostics
 *
 * SPDX-FileCopyrightText: The Ephemeral Ports authors
 * SPDX-License-Identifier: GPL-2.0-or-later
 */
#include "host.h"

enum { PACKETS = 18 }; /* the plugin looks for what it needs of a tree in 16 */

static int frame_protocol, ip_protocol, tcp_protocol, source_port, destination_port, port;

static void register_own(void)
{
    frame_protocol = register_protocol("Frame", "frame");
    ip_protocol = register_protocol("Internet Protocol Version 4", "ip");
    register_protocol("Internet Protocol Version 6", "ipv6");
    register_protocol("Internet Control Message Protocol", "icmp");
    register_protocol("Internet Control Message Protocol v6", "icmpv6");
    own_field(ip_protocol, "ip.ttl", FT_UINT8, BASE_DEC);
    tcp_protocol = register_protocol("Transmission Control Protocol", "tcp");
    source_port = own_field(tcp_protocol, "tcp.srcport", FT_UINT16, BASE_PT_TCP);
    destination_port = own_field(tcp_protocol, "tcp.dstport", FT_UINT16, BASE_PT_TCP);
    port = own_field(tcp_protocol, "tcp.port", FT_UINT16, BASE_PT_TCP);
    own_field(tcp_protocol, "tcp.flags.syn", FT_BOOLEAN, 12);
    own_field(tcp_protocol, "tcp.analysis.acks_frame", FT_FRAMENUM, BASE_NONE);
    const int udp_protocol = register_protocol("User Datagram Protocol", "udp");
    own_field(udp_protocol, "udp.srcport", FT_UINT16, BASE_PT_UDP);
    own_field(udp_protocol, "udp.dstport", FT_UINT16, BASE_PT_UDP);
    own_field(udp_protocol, "udp.port", FT_UINT16, BASE_PT_UDP);
    own_field(register_protocol("Domain Name System", "dns"), "dns.qry.name", FT_STRING, BASE_NONE);
    register_protocol("Expert Info", "_ws.expert");
}

/* IPv4 and TCP, after a link layer without a header. */
static const uint8_t SYN[] = {
    0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 192, 0, 2, 1, 198, 51, 100, 2,
    0x04, 0x74, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 0x02, 0xff, 0xff, 0, 0, 0, 0,
};
static const uint8_t SYN_ACK[] = {
    0x45, 0, 0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 198, 51, 100, 2, 192, 0, 2, 1,
    0, 80, 0x04, 0x74, 0, 0, 0, 1, 0, 0, 0, 2, 0x50, 0x12, 0xff, 0xff, 0, 0, 0, 0,
};

static wmem_list_frame_t *add_layer(wmem_list_t *list, int protocol)
{
    wmem_list_frame_t *frame = MAKE(wmem_list_frame_t);
    *frame = (wmem_list_frame_t){NULL, list->tail, (void *)(intptr_t)protocol};
    *(list->tail != NULL ? &list->tail->next : &list->head) = frame;
    list->count++;
    return list->tail = frame;
}

static address ip_address(const uint8_t *octets)
{
    address it;
    memset(&it, fill, sizeof it);
    it.type = AT_IPv4;
    it.len = 4;
    it.data = octets;
    it.priv = NULL;
    return it;
}

static void text(proto_node *node, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    set_text(node, format, arguments);
    va_end(arguments);
}

static int is_sound(const field_info *field, tvbuff_t *tvb)
{
    field_info made;
    make_field(&made, field->hfinfo, tvb);
    made.tree_type = field->tree_type;
    made.flags = field->flags;
    made.rep = field->rep;
    return memcmp(field, &made, sizeof made) == 0 && (field->flags & ~(FI_HIDDEN | FI_GENERATED)) == 0 &&
           (field->tree_type == -1 || field->tree_type == TCP_SUBTREE || field->tree_type == FIRST_SUBTREE);
}

static void print_tree(const proto_node *tree, int depth, tvbuff_t *tvb)
{
    for (const proto_node *node = tree->first_child; node != NULL; node = node->next) {
        const field_info *field = node->finfo;
        if (!is_sound(field, tvb))
            printf("changed: a field_info of %s\n", node->finfo->hfinfo->abbrev);
        printf("line: %*s%s%s%s%s%s\n", depth, "", field->hfinfo->abbrev,
               field->flags & FI_GENERATED ? " generated" : "", field->flags & FI_HIDDEN ? " hidden" : "",
               field->rep ? ": " : "", field->rep ? field->rep->representation : "");
        print_tree(node, depth + 2, tvb);
    }
}

/* The Info column alone. */
static column_info *make_columns(int sender, int receiver)
{
    char *info = make(256);
    snprintf(info, 256, "%s(%d) \xe2\x86\x92 %s(%d) [SYN]", try_serv_name_lookup(PT_TCP, sender), sender,
             try_serv_name_lookup(PT_TCP, receiver), receiver);
    column_info *columns = MAKE(column_info);
    columns->epan = NULL;
    columns->num_cols = 1;
    columns->columns = MAKE(col_item_t);
    columns->columns->col_buf = info;
    return columns;
}

/* A tree with the names of ports, as Wireshark shows it with name resolution for ports on. */
static proto_node *make_tree(tvbuff_t *tvb, int sender, int receiver)
{
    proto_node *tree = MAKE(proto_node);
    memset(tree, 0, sizeof *tree);
    add_node(tree, frame_protocol, tvb);
    add_node(tree, ip_protocol, tvb);
    proto_node *tcp = proto_item_add_subtree(add_node(tree, tcp_protocol, tvb), TCP_SUBTREE);
    text(tcp, "Transmission Control Protocol, Src Port: %s (%d), Dst Port: %s (%d)",
         try_serv_name_lookup(PT_TCP, sender), sender, try_serv_name_lookup(PT_TCP, receiver), receiver);
    add_node(tcp, source_port, tvb);
    add_node(tcp, destination_port, tvb);
    add_node(tcp, port, tvb)->finfo->flags |= FI_HIDDEN;
    add_node(tcp, port, tvb)->finfo->flags |= FI_HIDDEN;
    return tree;
}

static void show_packet(uint32_t number, const uint8_t *bytes, unsigned length)
{
    int sender = bytes[20] << 8 | bytes[21], receiver = bytes[22] << 8 | bytes[23];
    uint8_t *data = make(length);
    memcpy(data, bytes, length);
    tvbuff_t *tvb = MAKE(tvbuff_t);
    *tvb = (tvbuff_t){data, length};

    frame_data *frame = MAKE(frame_data);
    frame->num = number;
    frame->pkt_len = frame->cap_len = length;

    struct data_source *source = MAKE(struct data_source);
    *source = (struct data_source){tvb, "Frame"};
    GSList *sources = MAKE(GSList);
    *sources = (GSList){source, NULL};

    wmem_list_t *layers = MAKE(wmem_list_t);
    memset(layers, 0, sizeof *layers);
    add_layer(layers, frame_protocol);
    add_layer(layers, ip_protocol);
    add_layer(layers, tcp_protocol);

    packet_info *pinfo = MAKE(packet_info);
    /* Aligned, as a structure would be. */
    pinfo->current_proto = strcpy(make(64), "Transmission Control Protocol");
    pinfo->cinfo = make_columns(sender, receiver);
    pinfo->num = number;
    pinfo->fd = frame;
    pinfo->rec = make(64);
    pinfo->data_src = sources;
    pinfo->src = ip_address(data + 12);
    pinfo->dst = ip_address(data + 16);
    pinfo->ptype = PT_TCP;
    pinfo->srcport = sender;
    pinfo->destport = receiver;
    pinfo->layers = layers;

    proto_node *tree = make_tree(tvb, sender, receiver);
    watch();
    postdissector->function(tvb, pinfo, tree, NULL);
    look("for a packet");
    printf("info: %s\n", pinfo->cinfo->columns->col_buf);
    print_tree(tree, 0, tvb);
}

static void *symbol(void *library, const char *name)
{
    void *address = dlsym(library, name);
    if (address == NULL)
        die(name);
    return address;
}

int main(int argc, char **argv)
{
    if (argc != 3)
        die("host PLUGIN FILL");
    fill = atoi(argv[2]);
    void *library = dlopen(argv[1], RTLD_NOW | RTLD_LOCAL);
    if (library == NULL)
        die(dlerror());
    const int *major = symbol(library, "plugin_want_major"), *minor = symbol(library, "plugin_want_minor");
    if (*major != WIRESHARK_VERSION_MAJOR || *minor != WIRESHARK_VERSION_MINOR)
        die("the plugin wants another release");
    void (*plugin_register)(void) = symbol(library, "plugin_register");
    plugin_register();
    if (plugin == NULL)
        die("the plugin does not register");

    register_own();
    watch();
    plugin->register_protoinfo();
    plugin->register_handoff();
    if (postdissector == NULL) {
        look("while it registers");
        return 0;
    }
    open_file();
    for (uint32_t number = 1; number <= PACKETS; number += 2) {
        show_packet(number, SYN, sizeof SYN);
        show_packet(number + 1, SYN_ACK, sizeof SYN_ACK);
    }
    if (about != NULL)
        about(EXT_MENUBAR_QT_GUI, NULL, NULL);
    return 0;
}
