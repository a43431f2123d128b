"""`bin/run`, as `make run` calls it: one set of services on a folder; a start right after Ctrl-C waits."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest
from django.conf import settings

from tests.kit.worker import eventually


class Start(Protocol):
    def __call__(self) -> subprocess.Popen[str]: ...


@pytest.fixture
def port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One for all, so that it is prepared from nothing only once."""
    return tmp_path_factory.mktemp("run")


@pytest.fixture
def start(folder: Path, port: int) -> Iterator[Start]:
    """Start `bin/run` on one folder of data, each time in a terminal of its own."""
    kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "REDIS_URL"}}
    own = {"DATA_DIR": str(folder), "PORT": str(port), "DEMO": "0", "WEB_PROCESSES": "1"}
    started: list[subprocess.Popen[str]] = []

    def run() -> subprocess.Popen[str]:
        process = subprocess.Popen(
            [sys.executable, "bin/run"],
            cwd=settings.BASE_DIR,
            env={**kept, **own, "PUBLIC_ORIGIN": f"http://127.0.0.1:{port}"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            start_new_session=True,
        )
        started.append(process)
        return process

    yield run
    for process in started:
        if process.poll() is None:
            os.killpg(process.pid, signal.SIGINT)
            process.communicate(timeout=60)


def answers(port: int) -> bool:
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/livez", timeout=5).close()
    except OSError:
        return False
    return True


def line_with(process: subprocess.Popen[str], word: str) -> str:
    assert process.stdout
    said = []
    for line in process.stdout:
        if word in line:
            return line
        said.append(line)
    raise AssertionError("".join(said))


def test_a_second_start_refuses_and_one_after_ctrl_c_waits(start: Start, port: int) -> None:
    first = start()
    eventually(lambda: answers(port))
    second = start()
    assert "系统已在运行，本次未启动" in second.communicate(timeout=60)[0]
    assert second.returncode == 1
    assert answers(port)

    with socket.create_connection(("127.0.0.1", port)) as stalled:
        stalled.sendall(
            b"POST /search/ HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Length: 9\r\n\r\n"
        )  # under way
        os.killpg(first.pid, signal.SIGINT)
        line_with(first, "正在停止")
        third = start()
        line_with(third, "上一次启动的系统正在停止，请稍候")
    assert first.wait(60) == 0
    line_with(third, "三亮已启动")
    assert answers(port)


def test_services_end_with_who_started_them(start: Start, port: int) -> None:
    """However that ended: nothing goes on answering that nobody can stop."""
    killed = start()
    eventually(lambda: answers(port))
    killed.kill()
    killed.wait()
    line_with(start(), "三亮已启动")
    assert answers(port)
