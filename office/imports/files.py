"""The private folder where uploaded files wait between preview and import.

A file lies under a random name that only its uploader's session knows, with what a background preview
found beside it; both are removed after the import, with the next upload, or when a day has passed.
"""

from __future__ import annotations

import json
import secrets
import time
from pathlib import Path
from typing import Any

from django.conf import settings

from office.errors import Refused

KEPT_FOR = 24 * 60 * 60
PREVIEW, MARKED = ".preview", ".marked"


def expired() -> Refused:
    return Refused("预览已过期", "请重新上传文件。")


def keep(content: bytes) -> str:
    """Keep a file and return the name by which it is found again."""
    token = secrets.token_hex(16)
    _write(_folder() / token, content)
    return token


def kept(token: str) -> bytes:
    return _read(token)


def keep_preview(token: str, shown: dict[str, Any], marked: bytes | None) -> None:
    if marked is not None:
        _write(_folder() / f"{token}{MARKED}", marked)
    _write(_folder() / f"{token}{PREVIEW}", json.dumps(shown).encode())


def kept_preview(token: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(_read(f"{token}{PREVIEW}"))
    return found


def kept_marked(token: str) -> bytes:
    return _read(f"{token}{MARKED}")


def forget(token: str) -> None:
    for ending in ("", PREVIEW, MARKED):
        (_folder() / f"{token}{ending}").unlink(missing_ok=True)


def forget_old() -> None:
    for path in _folder().iterdir():
        if time.time() - path.stat().st_mtime > KEPT_FOR:
            path.unlink(missing_ok=True)


def _read(name: str) -> bytes:
    try:
        return (_folder() / name).read_bytes()
    except OSError as error:
        raise expired() from error


def _write(path: Path, content: bytes) -> None:
    """Write under another name first, so that nobody reads half a file."""
    unfinished = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    unfinished.write_bytes(content)
    unfinished.replace(path)


def _folder() -> Path:
    folder = Path(settings.DATA_DIR) / "imports"
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    return folder
