"""Keys and the pepper: files beside the database, never in it, never in an ordinary backup."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from django.conf import settings

PEPPER_BYTES = 32


def folder() -> Path:
    """The folder of keys; only the account that runs the software may look into it."""
    path = Path(settings.DATA_DIR) / "keys"
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    return path


def keep(path: Path, content: bytes) -> bytes:
    """Write `content` once, readable for the owner only; return what the file holds.

    Two processes may come here at once: whose link is first, wins, and both use that content.
    """
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        pass
    finally:
        fresh.unlink()
    return path.read_bytes()


def pepper() -> bytes:
    """The key under which codes are hashed: SLIP_PEPPER (hexadecimal), else a file made once."""
    given = os.environ.get("SLIP_PEPPER", "").strip()
    if given:
        return bytes.fromhex(given)
    path = folder() / "slip-pepper"
    if path.exists():
        return path.read_bytes()
    return keep(path, secrets.token_bytes(PEPPER_BYTES))
