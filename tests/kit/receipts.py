"""A receipt, checked without the code that signs it."""

from __future__ import annotations

from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey


def receipt_holds(box_key: bytes, survey: str, tracker: str, receipt: bytes) -> bool:
    try:
        VerifyKey(box_key).verify(f"sanliang/receipt/1|{survey}|{tracker}".encode(), receipt)
    except BadSignatureError:
        return False
    return True
