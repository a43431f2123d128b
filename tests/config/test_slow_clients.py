"""A hall's own network has no nginx: phones that stall in mid-request stop nobody's page (D12)."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack
from http.client import HTTPConnection, HTTPResponse

import pytest
from django.conf import settings

from config.slow_clients import WHOLE, is_whole
from tests.kit.worker import eventually

GET = b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\n"
POST = b"POST /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 12\r\n"
STALLED = (b"", b"G", GET, POST + b"\r\n", POST + b"\r\nhalf")
MANY = 60
"""Far more than all processes have threads, whichever of them takes a connection."""


@pytest.fixture(scope="module")
def web(tmp_path_factory: pytest.TempPathFactory) -> Iterator[int]:
    """Gunicorn as the product starts it, without nginx."""
    folder = tmp_path_factory.mktemp("web")
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = int(free.getsockname()[1])
    environment = {**os.environ, "DATA_DIR": str(folder), "PORT": str(port), "DEMO": "1", "DATABASE_URL": ""}
    command = [sys.executable, "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi"]
    with (folder / "web.log").open("w") as log:
        process = subprocess.Popen(command, cwd=settings.BASE_DIR, env=environment, stdout=log, stderr=log)
    try:
        eventually(lambda: process.poll() is None and answers(port))
        yield port
    finally:
        process.terminate()
        process.wait(30)


def answers(port: int) -> bool:
    try:
        return page(port) == (200, b'{"live": "ok"}')
    except OSError:
        return False


def page(port: int) -> tuple[int, bytes]:
    talk = HTTPConnection("127.0.0.1", port, timeout=15)
    talk.request("GET", "/healthz")
    answer = talk.getresponse()
    return answer.status, answer.read()


def connected(port: int) -> socket.socket:
    return socket.create_connection(("127.0.0.1", port), timeout=15)


def answer_of(line: socket.socket) -> int:
    answer = HTTPResponse(line)
    answer.begin()
    answer.read()
    return answer.status


def test_pages_come_while_many_stall_wherever_they_do(web: int) -> None:
    with ExitStack() as lines:
        for number in range(MANY):
            line = lines.enter_context(connected(web))
            line.sendall(STALLED[number % len(STALLED)])
        for _ in range(10):
            assert page(web) == (200, b'{"live": "ok"}')


@pytest.mark.parametrize("stalled", STALLED)
def test_who_goes_on_is_answered(web: int, stalled: bytes) -> None:
    """Byte by byte, and the next request of the same connection too."""
    whole = POST + b"\r\nhalf a  body" if stalled.startswith(POST) else GET + b"\r\n"
    with connected(web) as line:
        line.sendall(stalled)
        assert page(web)[0] == 200
        for place in range(len(stalled), len(whole)):
            line.sendall(whole[place : place + 1])
        assert answer_of(line) == (403 if stalled.startswith(POST) else 200)  # who posts needs a token
        line.sendall(GET)
        assert page(web)[0] == 200
        line.sendall(b"\r\n")
        assert answer_of(line) == 200


def test_a_client_that_hangs_up_in_the_middle_takes_nothing_along(web: int) -> None:
    for stalled in STALLED * 12:
        with connected(web) as line:
            line.sendall(stalled)
    with connected(web) as line:
        line.sendall(GET[:20])
        line.shutdown(socket.SHUT_WR)
    assert page(web)[0] == 200


def test_who_has_its_answer_and_does_not_hang_up_keeps_nobody_waiting(web: int) -> None:
    with ExitStack() as lines:
        for _ in range(MANY):
            line = lines.enter_context(connected(web))
            line.sendall(GET + b"Connection: close\r\n\r\n")
        assert page(web)[0] == 200


def test_a_long_form_comes_whole(web: int) -> None:
    """Its token stands at the end: who answers 200 has read it all."""
    token = b"a" * 32
    form = b"x=" + b"x" * 40 * WHOLE + b"&csrfmiddlewaretoken=" + token
    head = b"Content-Type: application/x-www-form-urlencoded\r\nCookie: csrftoken=%b\r\n" % token
    with connected(web) as line:
        line.sendall(POST.replace(b"Length: 12", b"Length: %d" % len(form)) + head + b"\r\n")
        for start in range(0, len(form), WHOLE):
            line.sendall(form[start : start + WHOLE])
        assert answer_of(line) == 200


@pytest.mark.parametrize(
    ("came", "whole"),
    [
        (b"", False),
        (GET, False),
        (GET + b"\r\n", True),
        (POST + b"\r\n12345678901", False),
        (POST + b"\r\n123456789012", True),
        (b"POST / HTTP/1.1\r\ncontent-LENGTH:3\r\n\r\n12", False),
        (b"POST / HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: x\r\n\r\n", True),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n".ljust(WHOLE - 1, b"x"), False),
        (b"POST / HTTP/1.1\r\nContent-Length: 99999999\r\n\r\n".ljust(WHOLE, b"x"), True),
        (b"x" * WHOLE, True),
    ],
)
def test_what_counts_as_whole(came: bytes, *, whole: bool) -> None:
    assert is_whole(came) is whole
