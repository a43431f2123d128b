"""Seal who reported a matter, and find the same phone again without opening anything.

The key comes from SECRET_KEY, which lies in no database and no backup of it; under another SECRET_KEY an
identity cannot be opened any more, only the matter goes on.
"""

from __future__ import annotations

import json
import re

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.utils.crypto import salted_hmac

from casework.models import Matter, Reporter
from office.errors import Refused

KNOWN = ("name", "phone", "firm", "more")


def seal_reporter(
    *,
    matter: Matter,
    name: str = "",
    phone: str = "",
    firm: str = "",
    more: str = "",
    may_be_named: bool = False,
) -> Reporter | None:
    """Store who reported, encrypted for this matter alone; nothing where nothing was said."""
    sealed = reporter_of(
        matter=matter, name=name, phone=phone, firm=firm, more=more, may_be_named=may_be_named
    )
    if sealed is not None:
        sealed.save()
    return sealed


def reporter_of(
    *,
    matter: Matter,
    name: str = "",
    phone: str = "",
    firm: str = "",
    more: str = "",
    may_be_named: bool = False,
) -> Reporter | None:
    """Return who reported, sealed and not stored, for whoever stores many at once."""
    said = {"name": name.strip(), "phone": phone.strip(), "firm": firm.strip(), "more": more.strip()}
    if not any(said.values()):
        return None
    # SIV is deterministic: the matter's number keeps the same person from looking the same twice.
    text = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    sealed = _box().encrypt(text.ljust(256), [_owner(matter)]).hex()
    return Reporter(matter=matter, sealed=sealed, phone_mark=phone_mark(phone), may_be_named=may_be_named)


def opened(reporter: Reporter) -> dict[str, str]:
    """Return name, phone, firm and more; only `opening.open_reporter` calls this, after writing down why."""
    try:
        text = _box().decrypt(bytes.fromhex(reporter.sealed), [_owner(reporter.matter)])
    except (InvalidTag, ValueError) as error:
        raise Refused(
            "服务器的密钥已经更换，反映人身份不能再打开", "事项仍可继续办理，请通过查询码与反映人联系。"
        ) from error
    found: dict[str, str] = json.loads(text.strip())
    return {key: found.get(key, "") for key in KNOWN}


def phone_mark(phone: str) -> str:
    """Return a keyed mark of a phone number, the same however it was typed; empty for none."""
    digits = re.sub(r"\D", "", phone).removeprefix("86")
    return salted_hmac("casework.phone", digits, algorithm="sha256").hexdigest() if digits else ""


def _owner(matter: Matter) -> bytes:
    return f"matter {matter.pk}".encode()


def _box() -> AESSIV:
    return AESSIV(salted_hmac("casework.reporter", "", algorithm="sha512").digest())
