"""Servers outside the house, on this machine: one takes mail, one takes what is posted to a messenger."""

from __future__ import annotations

import json
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from email.message import EmailMessage
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from socketserver import StreamRequestHandler, ThreadingTCPServer
from typing import Any, TypeVar, cast

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

HERE = "127.0.0.1"
Server = TypeVar("Server", bound=ThreadingTCPServer | ThreadingHTTPServer)


class MailServer(ThreadingTCPServer):
    """Takes mail as it comes; `refuses` answers every recipient with a fault."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HERE, 0), _Session)
        self.taken: list[EmailMessage] = []
        self.refuses = False

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(StreamRequestHandler):
    server: MailServer

    def handle(self) -> None:
        self.say("220 here")
        for line in self.rfile:
            word = line.split()[0].upper() if line.split() else b""
            if word == b"QUIT":
                return self.say("221 bye")
            if word == b"RCPT" and self.server.refuses:
                self.say("550 no such user")
            elif word == b"DATA":
                self.say("354 go on")
                self.read()
                self.say("250 taken")
            else:
                self.say("250 yes")
        return None

    def read(self) -> None:
        lines = list(iter(self.rfile.readline, b".\r\n"))
        told = message_from_bytes(b"".join(lines), policy=policy.default)
        self.server.taken.append(cast("EmailMessage", told))

    def say(self, line: str) -> None:
        self.wfile.write(f"{line}\r\n".encode())


class Messenger(ThreadingHTTPServer):
    """Takes what is posted to it; `answer` is the status and the body that it gives."""

    daemon_threads = True

    def __init__(self) -> None:
        super().__init__((HERE, 0), _Robot)
        self.taken: list[Any] = []
        self.answer: tuple[int, bytes] = (200, b'{"errcode":0,"errmsg":"ok"}')

    def address(self, scheme: str = "http") -> str:
        return f"{scheme}://{HERE}:{self.server_address[1]}/send?key=secret"


class _Robot(BaseHTTPRequestHandler):
    server: Messenger

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.taken.append(json.loads(body))
        status, said = self.server.answer
        self.send_response(status)
        self.send_header("Content-Length", str(len(said)))
        self.end_headers()
        self.wfile.write(said)

    def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the name is the library's
        """Say nothing."""


@contextmanager
def at_work(server: Server) -> Iterator[Server]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()


def with_unknown_certificate(server: Messenger, folder: Path) -> Messenger:
    """Let the server speak HTTPS with a certificate that nobody vouches for."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, HERE)])
    today = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(1)
        .not_valid_before(today - timedelta(days=1))
        .not_valid_after(today + timedelta(days=1))
        .sign(key, hashes.SHA256())
    )
    pem = folder / "server.pem"
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    pem.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(pem)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    return server
