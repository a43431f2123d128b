"""Seal who reported a matter, and find the same phone again without opening anything.

The key comes from SECRET_KEY, which lies in no database and no backup of it; under another SECRET_KEY an
identity cannot be opened any more, only the matter goes on.
"""

from __future__ import annotations

import json
import re
import unicodedata

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESSIV
from django.utils.crypto import salted_hmac

from casework.models import Matter, Reporter
from office.errors import Refused

KNOWN = ("name", "phone", "firm", "more")
LONGEST = {"name": 40, "phone": 30, "firm": 80, "more": 300}
LABELS = {"name": "姓名", "phone": "联系电话", "firm": "企业名称", "more": "其他联系方式"}
BLOCK = 512  # bytes: the length of what is sealed says nothing of a name
UNTYPED = ("Cc", "Cs", "Cf")  # control signs, halves of signs, signs that do not show


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
    given = {"name": name, "phone": phone, "firm": firm, "more": more}
    said = {key: _clean(value) for key, value in given.items()}
    if too_long := [key for key, value in said.items() if len(value) > LONGEST[key]]:
        key = too_long[0]
        raise Refused(f"{LABELS[key]}超过{LONGEST[key]}字", "请核对后重新填写。")
    if not any(said.values()):
        return None
    # SIV is deterministic: the matter's number keeps the same person from looking the same twice.
    text = json.dumps(said, ensure_ascii=False, sort_keys=True).encode()
    padded = text.ljust(-(-len(text) // BLOCK) * BLOCK)
    sealed = _box().encrypt(padded, [_owner(matter)]).hex()
    mark = phone_mark(said["phone"])
    return Reporter(matter=matter, sealed=sealed, phone_mark=mark, may_be_named=may_be_named)


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


def _clean(text: str) -> str:
    return "".join(letter for letter in text if unicodedata.category(letter) not in UNTYPED).strip()


def _owner(matter: Matter) -> bytes:
    return f"matter {matter.pk}".encode()


def _box() -> AESSIV:
    return AESSIV(salted_hmac("casework.reporter", "", algorithm="sha512").digest())
