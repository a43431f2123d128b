"""Keys and the pepper: files beside the database, never in it, never in an ordinary backup.

`KEYS_DIR/slip-pepper` hashes codes; `KEYS_DIR/<survey>/` holds the issuer key of each
stratum and the seed of the box's receipts. Issuer keys are destroyed at the close, the seed once
the bundle is signed.

A process that signs keeps the issuer keys it uses in memory, and looks every few seconds whether
their files are still there: after the close it holds none, whether or not anybody asks it again.
"""

from __future__ import annotations

import contextlib
import os
import secrets
import threading
import time
from functools import lru_cache
from pathlib import Path

from django.conf import settings

from surveys.ballots import blindrsa, credentials
from surveys.ballots.blindrsa import IssuerKey

PEPPER_BYTES = 32
LOOK_EVERY = 5.0  # seconds


class KeyGone(LookupError):  # noqa: N818 - reads as what happened
    """A key that was destroyed, or lost with its disk."""


def folder(public_id: str = "") -> Path:
    """The folder of keys; only the account that runs the software may look into it."""
    return Path(settings.KEYS_DIR) / public_id


def pepper() -> bytes:
    """The key under which codes are hashed: SLIP_PEPPER (hexadecimal), else a file made once."""
    return _pepper(str(folder()), os.environ.get("SLIP_PEPPER", "").strip())


@lru_cache(maxsize=4)
def _pepper(place: str, given: str) -> bytes:
    if given:
        return bytes.fromhex(given)
    path = Path(place) / "slip-pepper"
    return path.read_bytes() if path.exists() else _keep(path, secrets.token_bytes(PEPPER_BYTES))


def _keep(path: Path, content: bytes) -> bytes:
    """Write `content` once, readable for the owner only; return what the file holds.

    Two processes may come here at once: whose link is first, wins, and both use that content.
    """
    for part in (folder(), path.parent):
        part.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{secrets.token_hex(8)}")
    descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    try:
        with contextlib.suppress(FileExistsError):
            os.link(fresh, path)
    finally:
        fresh.unlink()
    return path.read_bytes()


def make_issuer(public_id: str, key_id: str) -> bytes:
    key = IssuerKey.generate()
    fresh = key.to_bytes()
    kept = _keep(_issuer_path(public_id, key_id), fresh)
    return (key if kept == fresh else IssuerKey.from_bytes(kept)).public_bytes()


_kept: dict[Path, IssuerKey] = {}
_looking = threading.Lock()  # held while a thread sees to it that no key stays


def issuer(public_id: str, key_id: str) -> IssuerKey:
    """The issuer key of a stratum, kept in memory only while its file is there."""
    path = _issuer_path(public_id, key_id)
    key = _kept.get(path)
    if key is not None and path.exists():
        return key
    try:
        _kept[path] = key = IssuerKey.from_bytes(path.read_bytes())
    except FileNotFoundError:
        forget()
        raise KeyGone(key_id) from None
    if _looking.acquire(blocking=False):
        threading.Thread(target=_forget_in_time, name="issuer keys", daemon=True).start()
    return key


def _forget_in_time() -> None:
    """Drop keys whose files are gone; one thread of a process looks, from its first key on."""
    while True:
        time.sleep(LOOK_EVERY)
        if not all(path.exists() for path in list(_kept)):
            forget()


def make_box(public_id: str) -> bytes:
    return credentials.box_public_key(_keep(_box_path(public_id), credentials.new_box_key()))


def box_seed(public_id: str) -> bytes:
    try:
        return _box_path(public_id).read_bytes()
    except FileNotFoundError as fault:
        raise KeyGone("box") from fault


def forget() -> None:
    _kept.clear()
    blindrsa.forget()


def destroy_issuers(public_id: str) -> None:
    """Called at the close: afterwards nobody can sign another credential."""
    place = folder(public_id)
    for path in [*place.glob("issuer-*"), *place.glob("destroyed-*")]:
        _destroy(path)
    forget()


def destroy_box(public_id: str) -> None:
    _destroy(_box_path(public_id))


def _destroy(path: Path) -> None:
    """Overwrite, then remove; a disk that writes to another place may still keep a copy.

    The close and the job of the bundle may both be at it: whoever comes second finds the file renamed, or
    gone, and leaves the rest to the other.
    """
    doomed = path.with_name(f"destroyed-{secrets.token_hex(8)}")
    with contextlib.suppress(FileNotFoundError):
        path.rename(doomed)  # so that nobody reads what is half overwritten
        with doomed.open("r+b") as file:
            file.write(secrets.token_bytes(os.fstat(file.fileno()).st_size))
            file.flush()
            os.fsync(file.fileno())
        doomed.unlink()


def _issuer_path(public_id: str, key_id: str) -> Path:
    return folder(public_id) / f"issuer-{key_id}"


def _box_path(public_id: str) -> Path:
    return folder(public_id) / "box"
