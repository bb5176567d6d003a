# SPDX-FileCopyrightText: The Ephemeral Ports authors
# SPDX-License-Identifier: GPL-2.0-or-later

"""The two programs whose conversation record-seed.sh records, and a helper for their cable.

The request has 670 bytes and the first part of the response 596, so that the packets have the
numbers of the question that started this: the server's ACK Seq=597 Ack=672, the client's RST
Seq=672.
"""

import array
import fcntl
import http.server
import socket
import struct
import sys
import time

CLIENT = ("192.168.1.23", 1140)
SERVER = ("198.51.100.10", 80)
REQUEST_LENGTH = 670
FIRST_PART_LENGTH = 596
REST = b"The rest, which the client does not wait for.\n"
DELAYED_ACK_IS_OUT = 0.5  # seconds; Linux delays an ACK for at most 0.2


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        head = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: {}\r\n\r\n"
        # The length of the body has as many digits as its placeholder.
        body_length = FIRST_PART_LENGTH - len(head.format(100))
        body = b"A line of text.\n" * (body_length // 16 + 1)
        self.wfile.write(head.format(body_length + len(REST)).encode() + body[:body_length])
        self.rfile.read(1)  # returns when the client has closed
        time.sleep(DELAYED_ACK_IS_OUT)
        self.wfile.write(REST)
        self.close_connection = True


def serve():
    server = http.server.HTTPServer(SERVER, Handler)
    print("listening", flush=True)
    server.serve_forever()


def fetch():
    start = f"GET /index.html HTTP/1.1\r\nHost: {SERVER[0]}\r\nCookie: "
    end = "\r\n\r\n"
    request = start + "x" * (REQUEST_LENGTH - len(start) - len(end)) + end
    with socket.socket() as connection:
        connection.bind(CLIENT)
        connection.connect(SERVER)
        connection.sendall(request.encode())
        response = b""
        while len(response) < FIRST_PART_LENGTH:
            response += connection.recv(FIRST_PART_LENGTH - len(response))


def compute_checksums(interface):
    """Makes the kernel compute checksums. Otherwise it leaves them to hardware, and a veth has none."""
    ETHTOOL_STXCSUM, SIOCETHTOOL = 0x17, 0x8946
    value = array.array("B", struct.pack("II", ETHTOOL_STXCSUM, 0))
    request = struct.pack("16sP", interface.encode(), value.buffer_info()[0])
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as any_socket:
        fcntl.ioctl(any_socket, SIOCETHTOOL, request)


if __name__ == "__main__":
    if sys.argv[1] == "server":
        serve()
    elif sys.argv[1] == "client":
        fetch()
    else:
        compute_checksums(sys.argv[2])
