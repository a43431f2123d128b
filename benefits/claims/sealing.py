"""Seal the account that money goes to; only who orders the payment opens it, and the audit says so."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.utils.crypto import salted_hmac

from office.errors import Refused

BLOCK = 256  # bytes: the length of what is sealed says nothing of an account


def seal_account(claim_id: int, account: str) -> str:
    text = account.strip().encode()
    padded = text.ljust(-(-max(len(text), 1) // BLOCK) * BLOCK)
    return _box().encrypt(padded, [_owner(claim_id)]).hex()


def opened_account(claim_id: int, sealed: str) -> str:
    try:
        return _box().decrypt(bytes.fromhex(sealed), [_owner(claim_id)]).decode().strip()
    except (InvalidTag, ValueError) as error:
        raise Refused("服务器的密钥已经更换，收款账户不能再打开", "请专窗与企业重新确认账户。") from error


def _owner(claim_id: int) -> bytes:
    return f"claim {claim_id}".encode()


def _box() -> AESSIV:
    return AESSIV(salted_hmac("benefits.account", "", algorithm="sha512").digest())
