"""A web process that waits for a request without giving it a thread: phones that stall stop nobody else.

Behind nginx that is nginx's work; in a hall's own network there is none. What came so far stays in the kernel
and is looked at only (MSG_PEEK): a thread takes the request when its head and a body of up to WHOLE bytes are
there, as all votes are. Who does not send on in PATIENCE seconds is hung up on.
"""

from __future__ import annotations

import re
import select
import selectors
import socket
import struct
import time
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from typing import Any

from gunicorn.workers.gthread import TConn, ThreadWorker

PATIENCE = 20.0  # seconds, from the first byte waited for to the last
WHOLE = 64 * 1024
CLOSERS = 16  # threads, made when they are needed
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


def _what_came(sock: socket.socket) -> bytes:
    try:
        return sock.recv(WHOLE, socket.MSG_PEEK)
    except BlockingIOError:
        return b""


def _has_hung_up(sock: socket.socket) -> bool:
    poll = select.poll()
    poll.register(sock, select.POLLRDHUP)
    return bool(poll.poll(0))


class PatientWorker(ThreadWorker):
    """Gunicorn's worker with threads; only what comes before a thread takes a request is another."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.waiting: dict[TConn, float] = {}  # until when; in the order in which they began to wait
        self.closers = ThreadPoolExecutor(CLOSERS, "closer")

    def enqueue_req(self, conn: TConn) -> None:
        reader = getattr(conn.parser, "unreader", None)
        has_read_ahead = reader is not None and bool(reader.buf.getvalue())
        if has_read_ahead or self.cfg.is_ssl:
            super().enqueue_req(conn)
        else:
            self._look(conn, time.monotonic() + PATIENCE, seen=-1)

    def finish_request(self, conn: TConn, fs: Future[Any]) -> None:
        """Let others wait until a client has closed its side too: that takes up to two seconds each."""
        if fs.cancelled() or fs.exception() or fs.result():
            super().finish_request(conn, fs)
        else:
            self.nr_conns -= 1
            self.closers.submit(conn.close, graceful=True)

    def _look(self, conn: TConn, until: float, *, seen: int) -> None:
        """Give the request a thread if it is whole; else wait for more than there is."""
        conn.sock.setblocking(False)
        try:
            came = _what_came(conn.sock)
            if is_whole(came):
                self._hand_over(conn)
            elif _has_hung_up(conn.sock):  # and would never be whole: no thread is needed to see that
                self._hang_up(conn)
            elif len(came) <= seen:  # the kernel keeps no more of it: a thread may read on
                self._hand_over(conn)
            else:
                self._wait(conn, until, len(came))
        except (OSError, ValueError):
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
