"""What a sheet says, stored so that a copy of the database does not tell it.

The key is made from SECRET_KEY, as for other secrets of the house; under another one sheets cannot be read
and have to be given again. Texts are padded, so that their length says nothing.
"""

from __future__ import annotations

import json
import os

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.utils.crypto import salted_hmac

from evaluations.gathering.sheets.form import Marks
from office.errors import Refused

NONCE = 12
BLOCK = 2048


def sealed(marks: Marks, *, sheet_id: int) -> str:
    text = json.dumps(marks, sort_keys=True).encode()
    padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
    nonce = os.urandom(NONCE)
    return (nonce + _box().encrypt(nonce, padded, str(sheet_id).encode())).hex()


def opened(kept: str, *, sheet_id: int) -> Marks:
    if not kept:
        return {}
    try:
        whole = bytes.fromhex(kept)
        text = _box().decrypt(whole[:NONCE], whole[NONCE:], str(sheet_id).encode())
    except (InvalidTag, ValueError) as error:
        raise Refused(
            "服务器的密钥已经更换，密封的打分表不能读取", "请恢复原来的密钥，或将打分表作废后重新打分。"
        ) from error
    found: Marks = json.loads(text)
    return found


def _box() -> AESGCM:
    return AESGCM(salted_hmac("evaluations.sheets", "", algorithm="sha256").digest())
