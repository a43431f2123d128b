"""The private folder where uploaded files wait between preview and import.

A file lies under a random name that only its uploader's session knows, with what a background preview
found beside it; both are removed after the import, with the next upload, or when a day has passed.
"""

from __future__ import annotations

import json
import secrets
from datetime import timedelta
from typing import Any

from office.errors import Refused
from office.files import stored

KEPT_FOR = timedelta(days=1)
PERSONS, PERSONS_KEPT_FOR = "persons-", timedelta(hours=2)  # of files that say who reported what
PREVIEW, MARKED = ".preview", ".marked"


def expired() -> Refused:
    return Refused("预览已过期", "请重新上传文件。")


def keep(content: bytes, *, holds_persons: bool = False) -> str:
    """Keep a file and return the name by which it is found again."""
    token = (PERSONS if holds_persons else "") + secrets.token_hex(16)
    stored.put(stored.private(), _name(token), content)
    return token


def kept(token: str) -> bytes:
    return _read(token)


def keep_preview(token: str, shown: dict[str, Any], marked: bytes | None) -> None:
    if marked is not None:
        stored.put(stored.private(), _name(f"{token}{MARKED}"), marked)
    stored.put(stored.private(), _name(f"{token}{PREVIEW}"), json.dumps(shown).encode())


def kept_preview(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_read(f"{token}{PREVIEW}"))
    return found


def kept_marked(token: str) -> bytes:
    return _read(f"{token}{MARKED}")


def forget(token: str) -> None:
    for ending in ("", PREVIEW, MARKED):
        stored.private().delete(_name(f"{token}{ending}"))


def forget_old() -> None:
    stored.forget(stored.private(), "imports", older_than=KEPT_FOR)
    stored.forget(stored.private(), "imports", older_than=PERSONS_KEPT_FOR, begins=PERSONS)


def _read(name: str) -> bytes:
    try:
        return stored.take(stored.private(), _name(name))
    except FileNotFoundError as error:
        raise expired() from error


def _name(name: str) -> str:
    return f"imports/{name}"
