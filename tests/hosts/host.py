"""A host of the product, and a browser that talks with several as if one proxy stood before them."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import urllib.error
import urllib.request
from dataclasses import dataclass
from http.cookiejar import CookieJar
from pathlib import Path
from typing import Any

from django.conf import settings
from django.test.client import BOUNDARY, MULTIPART_CONTENT, encode_multipart

from tests.kit.people import PASSWORD
from tests.kit.worker import database_url, eventually

CELERY = ("-m", "celery", "-A", "config", "--quiet")
ALONE = (
    "--loglevel",
    "info",
    "--concurrency",
    "1",
    "--without-gossip",
    "--without-mingle",
    "--without-heartbeat",
)


@dataclass(frozen=True)
class Answer:
    status_code: int
    content: bytes
    url: str

    def json(self) -> Any:
        return json.loads(self.content)

    @property
    def text(self) -> str:
        return self.content.decode()


class Host:
    """A folder of data of its own; files and keys are those of all hosts, and of the tests."""

    def __init__(self, folder: Path) -> None:
        folder.mkdir()
        self.name, self.folder, self.log = folder.name, folder, folder / "log"
        with socket.socket() as free:
            free.bind(("127.0.0.1", 0))
            self.port = int(free.getsockname()[1])
        self.environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": "tests.hosts.settings",
            "DATABASE_URL": database_url(),
            "DATA_DIR": str(folder),
            "FILES_DIR": str(settings.DATA_DIR),
            "KEYS_DIR": str(settings.KEYS_DIR),
            "PUBLIC_ORIGIN": settings.PUBLIC_ORIGIN,
            "PORT": str(self.port),
            "DEMO": "1",
            "WEB_PROCESSES": "1",
        }
        self.parts: dict[str, subprocess.Popen[bytes]] = {}

    def start(self, part: str, *command: str) -> None:
        self.parts[part] = subprocess.Popen(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            stdout=self.log.open("ab"),
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )

    def run(self, *command: str) -> None:
        """Run a command of this host to its end."""
        subprocess.run(
            [sys.executable, *command],
            cwd=settings.BASE_DIR,
            env=self.environment,
            check=True,
            stdout=sys.stderr,
        )

    def start_web(self) -> None:
        self.start("web", "-m", "gunicorn", "-c", "config/gunicorn.py", "config.wsgi")
        eventually(lambda: self._answers() and self.parts["web"].poll() is None)

    def start_worker(self) -> None:
        self.start("worker", *CELERY, "worker", "-Q", "jobs", "--hostname", f"jobs@{self.name}", *ALONE)

    def start_beat(self) -> None:
        self.start("beat", *CELERY, "beat", "--loglevel", "warning", "--pidfile", "")

    def kill(self, part: str) -> None:
        """As when the power fails: nobody says goodbye."""
        process = self.parts.pop(part)
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def kill_all(self) -> None:
        for part in list(self.parts):
            self.kill(part)

    def _answers(self) -> bool:
        try:
            socket.create_connection(("127.0.0.1", self.port), timeout=5).close()
        except OSError:
            return False
        return True


class Browser:
    """Cookies know no ports, so they go to every host as they would behind one name."""

    def __init__(self) -> None:
        self.jar = CookieJar()
        self.opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(self.jar))

    def get(self, host: Host, path: str) -> Answer:
        return self._ask(host, path, None, {})

    def post(self, host: Host, path: str, data: dict[str, Any]) -> Answer:
        token = next((cookie.value for cookie in self.jar if cookie.name == "csrftoken"), None) or ""
        headers = {"Content-Type": MULTIPART_CONTENT, "X-CSRFToken": token}
        return self._ask(host, path, encode_multipart(BOUNDARY, data), headers)

    def sign_in(self, host: Host, name: str) -> Answer:
        self.get(host, "/office/login/")
        return self.post(host, "/office/login/", {"username": name, "password": PASSWORD, "next": "/office/"})

    def _ask(self, host: Host, path: str, body: bytes | None, headers: dict[str, str]) -> Answer:
        request = urllib.request.Request(f"http://127.0.0.1:{host.port}{path}", body, headers)
        try:
            with self.opener.open(request, timeout=60) as answer:
                return Answer(answer.status, answer.read(), answer.url)
        except urllib.error.HTTPError as refused:
            return Answer(refused.code, refused.read(), path)


class Phone:
    """What tests.kit.survey_office.Voter asks through."""

    def __init__(self, host: Host) -> None:
        self.host = host

    def post(self, path: str, body: str, *, content_type: str) -> Answer:
        return Browser()._ask(self.host, path, body.encode(), {"Content-Type": content_type})
