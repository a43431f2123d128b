"""A web process that waits for a request without giving it a thread: phones that stall stop nobody else.

Behind nginx that is nginx's work; in a hall's own network there is none. What came so far stays in the kernel
and is looked at only (MSG_PEEK): a thread takes the request when its head and a body of up to WHOLE bytes are
there, as all votes are. Who does not send on in PATIENCE seconds is hung up on.
"""

from __future__ import annotations

import re
import selectors
import socket
import struct
import time
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE = 20.0  # seconds, from the first byte waited for to the last
WHOLE = 64 * 1024
END_OF_HEAD = b"\r\n\r\n"
LENGTH = re.compile(rb"\r\ncontent-length:[ \t]*(\d{1,12})[ \t]*\r\n", re.IGNORECASE)
BETWEEN_PIECES = struct.pack("ll", 20, 0)
"""The same for each further piece of a longer body, an official's upload."""


def is_whole(came: bytes) -> bool:
    head, end, _ = came.partition(END_OF_HEAD)
    if not end:
        return len(came) >= WHOLE
    length = LENGTH.search(head + b"\r\n")
    needed = len(head) + len(END_OF_HEAD) + (int(length[1]) if length else 0)
    return len(came) >= min(needed, WHOLE)


class PatientWorker(ThreadWorker):
    """Gunicorn's worker with threads; only what comes before a thread takes a request is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: dict[TConn, float] = {}  # until when; in the order in which they began to wait

    def enqueue_req(self, conn: TConn) -> None:
        reader = getattr(conn.parser, "unreader", None)
        has_read_ahead = reader is not None and bool(reader.buf.getvalue())
        if has_read_ahead or self.cfg.is_ssl:
            super().enqueue_req(conn)
        else:
            self._look(conn, time.monotonic() + PATIENCE, seen=-1)

    def _look(self, conn: TConn, until: float, *, seen: int) -> None:
        """Give the request a thread if it is whole or will never be; else wait for more than there is."""
        conn.sock.setblocking(False)
        try:
            came = conn.sock.recv(WHOLE, socket.MSG_PEEK)
        except BlockingIOError:
            came = b""
            has_ended = False
        except OSError:
            has_ended = True
        else:
            has_ended = len(came) <= seen or not came
        try:
            if has_ended or is_whole(came):
                self._hand_over(conn)
            else:
                self._wait(conn, until, len(came))
        except (OSError, ValueError):  # the client has hung up
            self._hang_up(conn)

    def _hand_over(self, conn: TConn) -> None:
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, 1)
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, BETWEEN_PIECES)
        conn.data_ready = True
        super().enqueue_req(conn)

    def _wait(self, conn: TConn, until: float, seen: int) -> None:
        conn.sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVLOWAT, seen + 1)
        self.waiting[conn] = until
        self.poller.register(conn.sock, selectors.EVENT_READ, partial(self._more, conn, until, seen))

    def _more(self, conn: TConn, until: float, seen: int, _: object) -> None:
        self.poller.unregister(conn.sock)
        del self.waiting[conn]
        self._look(conn, until, seen=seen)

    def murder_pending(self) -> None:
        """Also hang up on who took too long, and on all who still wait when the process ends."""
        super().murder_pending()
        now = time.monotonic()
        for conn, until in list(self.waiting.items()):
            if until < now or not self.alive:
                del self.waiting[conn]
                self.poller.unregister(conn.sock)
                self._hang_up(conn)

    def _hang_up(self, conn: TConn) -> None:
        self.nr_conns -= 1
        conn.close()
