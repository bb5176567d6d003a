-- ephemeral.lua
-- The core of Ephemeral Ports as a Lua postdissector, for comparison: the client by the handshake, a
-- note on each misnamed port, the fields, and the Info column without the wrong name. Written for
-- speed: it creates extractors once, keeps what it knows about a conversation, and formats no text
-- that is not wanted. It lacks inference, UDP, tunnels, headers quoted by ICMP, and evidence as text.
--
-- SPDX-FileCopyrightText: The Ephemeral Ports authors
-- SPDX-License-Identifier: GPL-2.0-or-later

local ephemeral = Proto("ephemeral_lua", "Ephemeral Ports in Lua")

local fields = {
    client = ProtoField.string("ephemeral_lua.client", "Client"),
    client_port = ProtoField.uint16("ephemeral_lua.client_port", "Client Port"),
    server = ProtoField.string("ephemeral_lua.server", "Server"),
    server_port = ProtoField.uint16("ephemeral_lua.server_port", "Server Port"),
    from_client = ProtoField.bool("ephemeral_lua.from_client", "From Client"),
    service = ProtoField.string("ephemeral_lua.service", "Service"),
    label = ProtoField.string("ephemeral_lua.label", "Conversation"),
    evidence_frame = ProtoField.framenum("ephemeral_lua.evidence_frame", "Evidence in Frame"),
    misnamed = ProtoField.bool("ephemeral_lua.misnamed", "Misnamed Port"),
    misnamed_port = ProtoField.uint16("ephemeral_lua.misnamed.port", "Port"),
    misnamed_name = ProtoField.string("ephemeral_lua.misnamed.name", "Name"),
}
ephemeral.fields = fields
local port_misnamed = ProtoExpert.new("ephemeral_lua.port_misnamed", "The client's ephemeral port has the name of a service",
    expert.group.ASSUMPTION, expert.severity.NOTE)
ephemeral.experts = { port_misnamed }

local tcp_stream = Field.new("tcp.stream")
local tcp_srcport = Field.new("tcp.srcport")
local tcp_dstport = Field.new("tcp.dstport")
local tcp_syn = Field.new("tcp.flags.syn")
local tcp_ack = Field.new("tcp.flags.ack")

local conversations = {} -- by stream number
local names = {} -- by port; false: no name

function ephemeral.init()
    conversations = {}
end

-- Lua cannot read the host's table of services. Up to 4.2, the table is in a file. In later releases,
-- the host displays its names for ports if transport names are on.
local function read_services()
    local file = io.open(Dir.global_config_path("services"))
    if not file then
        return
    end
    for line in file:lines() do
        local name, port, transports = line:match("^(%S+)%s+(%d+)/(%S+)")
        if name and transports:find("tcp", 1, true) then
            names[tonumber(port)] = name
        end
    end
    file:close()
end
read_services()

local function name_of(field)
    local port = field.value
    local name = names[port]
    if name == nil then
        name = field.display:match("^(%S+) %(") or false
        if name == tostring(port) then
            name = false
        end
        names[port] = name
    end
    return name
end

local function begin(pinfo, source, destination)
    local is_reply = tcp_ack().value
    local client, server = source, destination
    local conversation = { frame = pinfo.number, client = tostring(pinfo.src), server = tostring(pinfo.dst) }
    if is_reply then
        client, server = destination, source
        conversation.client, conversation.server = conversation.server, conversation.client
    end
    conversation.client_port, conversation.server_port = client.value, server.value
    conversation.service = name_of(server)
    if conversation.client_port ~= conversation.server_port and conversation.client_port ~= 20 then
        conversation.wrong = name_of(client)
    end
    if conversation.wrong then
        conversation.note = string.format("Port %d is the client's ephemeral port; \"%s\" is only the name registered for that number",
            conversation.client_port, conversation.wrong)
        conversation.named = conversation.wrong .. "(" .. conversation.client_port .. ")"
    end
    return conversation
end

local function add_fields(tree, conversation, from_client)
    local ours = tree:add(ephemeral)
    ours:add(fields.client, conversation.client)
    ours:add(fields.client_port, conversation.client_port)
    ours:add(fields.server, conversation.server)
    ours:add(fields.server_port, conversation.server_port)
    ours:add(fields.from_client, from_client)
    if conversation.service then
        ours:add(fields.service, conversation.service)
    end
    ours:add(fields.label, string.format("%s:%d → %s:%d%s", conversation.client, conversation.client_port,
        conversation.server, conversation.server_port, conversation.service and " (" .. conversation.service .. ")" or ""))
    ours:add(fields.evidence_frame, conversation.frame)
    if conversation.wrong then
        ours:add(fields.misnamed, true)
        ours:add(fields.misnamed_port, conversation.client_port)
        ours:add(fields.misnamed_name, conversation.wrong)
    end
    return ours
end

function ephemeral.dissector(_, pinfo, tree)
    local stream = tcp_stream()
    if not stream then
        return
    end
    local source = tcp_srcport()
    local conversation = conversations[stream.value]
    if not conversation then
        if not tcp_syn().value then
            return
        end
        conversation = begin(pinfo, source, tcp_dstport())
        conversations[stream.value] = conversation
    end
    local ours = tree
    if tree:referenced(fields.misnamed) then -- by a filter, or because the tree is visible
        ours = add_fields(tree, conversation, source.value == conversation.client_port)
    end
    if conversation.wrong then
        ours:add_proto_expert_info(port_misnamed, conversation.note)
        local info = tostring(pinfo.cols.info)
        local from, to = info:find(conversation.named, 1, true)
        if from then
            pinfo.cols.info = info:sub(1, from - 1) .. conversation.client_port .. info:sub(to + 1)
        end
    end
end

register_postdissector(ephemeral)
