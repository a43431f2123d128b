"""The interim ballot's sealing: the server seals on arrival. Goes when phones seal themselves."""

from __future__ import annotations

import json
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.utils import random as random_bytes

from surveys.ballots import forms
from surveys.ballots.encoding import from_b64, to_b64

Json = dict[str, Any]


class WrongPassphrase(ValueError):  # noqa: N818 - goes with this file
    pass


class TooLong(ValueError):  # noqa: N818 - goes with this file
    pass


def make_key(passphrase: str) -> tuple[str, Json]:
    """A tally key: public half, and private half locked with the passphrase (Argon2id)."""
    private = PrivateKey.generate()
    salt = random_bytes(argon2id.SALTBYTES)
    locked = SecretBox(_stretch(passphrase, salt)).encrypt(bytes(private))
    return to_b64(bytes(private.public_key)), {"salt": to_b64(salt), "locked": to_b64(bytes(locked))}


def unlock(key_file: Json, passphrase: str) -> bytes:
    box = SecretBox(_stretch(passphrase, from_b64(key_file["salt"])))
    try:
        return box.decrypt(from_b64(key_file["locked"]))
    except CryptoError as fault:
        raise WrongPassphrase from fault


def _stretch(passphrase: str, salt: bytes) -> bytes:
    return argon2id.kdf(
        SecretBox.KEY_SIZE,
        passphrase.encode(),
        salt,
        opslimit=argon2id.OPSLIMIT_INTERACTIVE,
        memlimit=argon2id.MEMLIMIT_INTERACTIVE,
    )


def seal(tally_key: str, form: Json, cells: bytes, comments: list[Json]) -> bytes:
    """Seal one ballot; every ballot of a form has the same length."""
    written = json.dumps(comments, ensure_ascii=False).encode()
    room = form["comment_cap"] * 4 + 4000
    if len(written) > room:
        raise TooLong
    plain = cells + len(written).to_bytes(4, "big") + written.ljust(room, b"\0")
    return bytes(SealedBox(PublicKey(from_b64(tally_key, 32))).encrypt(plain))


def open_sealed(private: bytes, form: Json, sealed: bytes) -> tuple[bytes, list[Json]]:
    plain = SealedBox(PrivateKey(private)).decrypt(sealed)
    width = len(forms.cells(form))
    length = int.from_bytes(plain[width : width + 4], "big")
    return plain[:width], json.loads(plain[width + 4 : width + 4 + length])
