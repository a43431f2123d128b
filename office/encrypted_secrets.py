"""Encrypt secrets in the database, so that a reader of it or of a backup cannot use them.

The key is made from SECRET_KEY, which lies elsewhere and is in no backup. Under another SECRET_KEY a
secret cannot be read any more and has to be made anew.
"""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.utils.crypto import salted_hmac

from office.errors import Refused


class Unreadable(Refused):
    """A sealed secret that was made under another SECRET_KEY, or for somebody else."""


def sealed(secret: bytes, *, owner: int) -> str:
    """Encrypt a secret of this user for the database."""
    return _box().encrypt(secret, [str(owner).encode()]).hex()


def opened(kept: str, *, owner: int) -> bytes:
    try:
        return _box().decrypt(bytes.fromhex(kept), [str(owner).encode()])
    except (InvalidTag, ValueError) as error:
        raise Unreadable(
            "服务器的密钥已经更换，无法核对动态口令，未作任何更改。请联系系统管理员重置动态口令，再重新绑定。"
        ) from error


def _box() -> AESSIV:
    return AESSIV(salted_hmac("office.sealed", "", algorithm="sha512").digest())
