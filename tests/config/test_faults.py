"""A Sentry of the county's own is told what is broken and where, and nothing about anybody."""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from django.conf import settings

from config import faults
from office import trace

BASE: Path = settings.BASE_DIR
NUMBER = "0123456789abcdef"
PERSON, ADDRESS, COOKIE = "张三", "203.0.113.77", "sessionid=secret"


def record(message: str, *args: object, path: str = "") -> logging.LogRecord:
    made = logging.LogRecord("django.request", logging.ERROR, __file__, 1, message, args, None)
    if path:
        made.request = SimpleNamespace(path=path, META={trace.KEY: NUMBER})
    return made


def event() -> dict[str, Any]:
    """As the library makes one, and worse."""
    frame = {
        "filename": "a.py",
        "function": "f",
        "lineno": 3,
        "vars": {"name": PERSON},
        "context_line": PERSON,
    }
    return {
        "event_id": "1",
        "level": "error",
        "logger": "django.request",
        "platform": "python",
        "request": {"url": "/office/", "data": PERSON, "cookies": COOKIE, "env": {"REMOTE_ADDR": ADDRESS}},
        "user": {"ip_address": ADDRESS, "username": PERSON},
        "extra": {"sys.argv": [PERSON]},
        "breadcrumbs": {"values": [{"message": PERSON}]},
        "server_name": "host",
        "contexts": {"trace": {}},
        "logentry": {"message": "%s", "formatted": PERSON, "params": [PERSON]},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "module": "builtins",
                    "value": PERSON,
                    "stacktrace": {"frames": [frame]},
                }
            ]
        },
    }


def test_sent_is_the_kind_the_place_and_the_number() -> None:
    told = faults.bare(event(), {"log_record": record("Internal Server Error: %s", "/x", path="/office/x/")})
    assert told == {
        "event_id": "1",
        "level": "error",
        "logger": "django.request",
        "platform": "python",
        "logentry": {"message": "Internal Server Error: %s"},
        "tags": {"trace": NUMBER},
        "exception": {
            "values": [
                {
                    "type": "ValueError",
                    "module": "builtins",
                    "stacktrace": {"frames": [{"filename": "a.py", "function": "f", "lineno": 3}]},
                }
            ]
        },
    }


def test_words_that_were_put_together_before_they_were_logged_stay_here() -> None:
    told = faults.bare(event(), {"log_record": record(f"cannot read {PERSON}")})
    assert told
    assert PERSON not in json.dumps(told, ensure_ascii=False)


@pytest.mark.parametrize(
    "path", ["/v/", "/b/s/x", "/r/ABCDEFGHJK/", "/report/", "/p/1/", "/visits/x/", "/static/ballot/voter.js"]
)
def test_nothing_is_sent_about_voters_reporters_and_raters(path: str) -> None:
    """YC-R6, WY-R3, GY-R4: as in the log, whether the record has the request or names the path."""
    for one in (
        record("Internal Server Error: %s", path, path=path),
        record("Error handling request %s", path),
    ):
        assert faults.bare(event(), {"log_record": one}) is None


@pytest.mark.parametrize("hint", [{}, {"exc_info": (ValueError, ValueError(PERSON), None)}])
def test_what_was_not_logged_is_not_sent(hint: dict[str, Any]) -> None:
    assert faults.bare(event(), hint) is None


@pytest.mark.skipif(find_spec("sentry_sdk") is not None, reason="where it is installed, it starts")
def test_without_the_package_nothing_starts_and_says_why(tmp_path: Path) -> None:
    environment = {
        **os.environ,
        "SENTRY_DSN": "http://key@127.0.0.1:1/1",
        "DATA_DIR": str(tmp_path),
        "DEMO": "1",
    }
    done = subprocess.run(
        [sys.executable, "manage.py", "check"],
        cwd=BASE,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert "the package sentry-sdk is not installed" in done.stderr
    assert "没有安装 sentry-sdk" in done.stderr
