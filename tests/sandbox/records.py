"""What comes over the wire, as it was sent: below what an HTTP client makes of it."""

import socket
import ssl
from urllib.parse import urlsplit


def raw(client, link):
    """What comes of a download until the connection ends."""
    return b"".join(records(client, link)).partition(b"\r\n\r\n")[2]


def records(client, link, headers=""):
    """What comes, TLS record by record, as each was sent."""
    url = urlsplit(link)
    context = ssl.create_default_context(cafile=str(client.sandbox.ca_file))
    with (
        socket.create_connection((url.hostname, url.port)) as plain,
        context.wrap_socket(plain, server_hostname=url.hostname) as secure,
    ):
        asked = f"GET {url.path}?{url.query} HTTP/1.1\r\nHost: {url.netloc}\r\n{headers}"
        secure.sendall(f"{asked}Connection: close\r\n\r\n".encode())
        received = []
        while piece := secure.recv(65536):
            received.append(piece)
    return received
