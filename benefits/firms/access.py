"""The code by which a firm signs in: handed out at the window, stored as a keyed mark alone (GY-R13)."""

from __future__ import annotations

import hmac
import unicodedata
from datetime import date

from django.db import transaction
from django.utils.crypto import salted_hmac

from benefits.models import Firm
from casework.matters.numbers import new_code
from office import audit, roles
from office.errors import Refused
from office.models import User


@transaction.atomic
def hand_out_code(*, firm: Firm, today: date, acting_user: User) -> str:
    """Return a new code, shown this once; the one before it opens nothing any more."""
    roles.require(acting_user, "benefit.claim")
    current = Firm.objects.select_for_update().get(pk=firm.pk)
    if current.is_cancelled:
        raise Refused(f"{current.name}已经注销", "注销的企业不能再办理，请核对统一社会信用代码。")
    code = new_code()
    current.access_mark, current.access_on = _mark(current.credit_code, code), today
    current.save(update_fields=["access_mark", "access_on"])
    audit.record("发放企业登录码", current, acting_user=acting_user, after={"企业": current.name})
    return code


def firm_by_code(credit_code: str, code: str) -> Firm | None:
    """Return the firm, or nothing: one that is unknown or cancelled is answered like a wrong code."""
    firm = Firm.objects.filter(credit_code=plain_code(credit_code), is_cancelled=False).first()
    kept = firm.access_mark if firm is not None else ""
    is_right = hmac.compare_digest(_mark(plain_code(credit_code), plain_code(code)), kept)
    return firm if is_right else None


def _mark(credit_code: str, code: str) -> str:
    return salted_hmac("benefits.access", f"{credit_code} {plain_code(code)}", algorithm="sha256").hexdigest()


def plain_code(text: str) -> str:
    """Return a credit code or a code as it is compared, however it was typed."""
    normal = unicodedata.normalize("NFKC", text).upper()
    return "".join(letter for letter in normal if letter.isalnum())
