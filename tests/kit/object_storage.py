"""A real S3 server beside the tests, and in front of it one that breaks what it is told to."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any

import boto3
from moto.server import ThreadedMotoServer

ALIASES = ("media", "published", "private")
KEY, SECRET, BUCKET = "the-key", "the/secret", "county"


class Server:
    """The server, its one bucket, and the address that STORAGE_URL takes."""

    def __init__(self) -> None:
        self._port = free_port()
        self.start()

    def start(self) -> None:
        self._server = ThreadedMotoServer(ip_address="127.0.0.1", port=self._port, verbose=False)
        self._server.start()

    def stop(self) -> None:
        self._server.stop()

    @property
    def client(self) -> Any:
        return boto3.client(
            "s3",
            endpoint_url=f"http://127.0.0.1:{self._port}",
            aws_access_key_id=KEY,
            aws_secret_access_key=SECRET,
            region_name="us-east-1",
        )

    def empty(self) -> None:
        client = self.client
        client.create_bucket(Bucket=BUCKET)
        for key in self.keys():
            client.delete_object(Bucket=BUCKET, Key=key)

    def keys(self) -> list[str]:
        pages = self.client.get_paginator("list_objects_v2").paginate(Bucket=BUCKET)
        return [one["Key"] for page in pages for one in page.get("Contents", ())]

    def content(self, key: str) -> bytes:
        content: bytes = self.client.get_object(Bucket=BUCKET, Key=key)["Body"].read()
        return content

    @property
    def url(self) -> str:
        return url(self._port)


def url(port: int) -> str:
    return f"s3://{KEY}:{SECRET.replace('/', '%2F')}@127.0.0.1:{port}/{BUCKET}/三亮?tls=0"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@contextmanager
def answering(status: int, code: str = "", *, says: int = 0, gives: bytes = b"") -> Iterator[str]:
    """A storage that answers all with one status; or says a length and gives less. Yields its address."""

    class Answer(BaseHTTPRequestHandler):
        def handle_one_request(self) -> None:
            super().handle_one_request()

        def _answer(self) -> None:
            self.rfile.read(int(self.headers.get("Content-Length") or 0))
            is_written = status == 200 and self.command in ("PUT", "DELETE")
            body = b"" if is_written else gives or f"<Error><Code>{code}</Code></Error>".encode()
            self.send_response(status)
            self.send_header("Content-Length", str(0 if is_written else says or len(body)))
            self.send_header("ETag", '"1"')
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(body)
            self.close_connection = True

        do_GET = do_PUT = do_HEAD = do_DELETE = _answer  # noqa: N815 - the names of the library

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answer)
    Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield url(server.server_address[1])
    finally:
        server.shutdown()
        server.server_close()
