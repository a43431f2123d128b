"""Codes by which a firm confirms visits on its own phone: handed out on paper, dead in one click.

A code is stored nowhere, only its keyed mark: a paper that is lost cannot be printed again, a new code is
handed out and the former one is dead.
"""

from __future__ import annotations

import secrets
from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.utils.crypto import salted_hmac

from casework.matters.numbers import LETTERS
from casework.models import CoveredObject
from office import audit, roles
from office.errors import Refused
from office.models import User

LENGTH, GROUP = 12, 4


@transaction.atomic
def give_code(*, covered: CoveredObject, now: datetime, acting_user: User) -> str:
    """Return a new code, shown this once; the former one is dead from here."""
    roles.require(acting_user, "officer.edit")
    current = CoveredObject.objects.select_for_update().get(pk=covered.pk)
    if current.ended_on is not None:
        raise Refused(f"{current}已经退出挂联名单", "请先核对名单。")
    had_one = bool(current.code_mark)
    drawn = "".join(secrets.choice(LETTERS) for _ in range(LENGTH))
    current.code_mark, current.code_given_at = mark_of(drawn), now
    current.save(update_fields=["code_mark", "code_given_at"])
    audit.record("更换企业确认码" if had_one else "发放企业确认码", current, acting_user=acting_user)
    return "-".join(drawn[start : start + GROUP] for start in range(0, LENGTH, GROUP))


@transaction.atomic
def kill_code(*, covered: CoveredObject, acting_user: User) -> CoveredObject:
    roles.require(acting_user, "officer.edit")
    current = CoveredObject.objects.select_for_update().get(pk=covered.pk)
    if not current.code_mark:
        raise Refused(f"{current}没有在用的确认码", "需要时请发放新的确认码。")
    current.code_mark, current.code_given_at = "", None
    current.save(update_fields=["code_mark", "code_given_at"])
    audit.record("停用企业确认码", current, acting_user=acting_user)
    return current


def mark_of(code: str) -> str:
    """Return what is stored of a code; without the server's secret it cannot be tried out."""
    return salted_hmac("casework.firm-code", plain(code), algorithm="sha256").hexdigest()


def plain(code: str) -> str:
    """Return the letters of a code, however it was typed."""
    return "".join(letter for letter in code.upper() if letter.isalnum())


def opened_by(code: str) -> CoveredObject | None:
    """Return the firm a code opens; None for a wrong one as for a dead one."""
    if len(plain(code)) != LENGTH:
        return None
    return CoveredObject.objects.filter(code_mark=mark_of(code)).first()


def address_of(code: str) -> str:
    return f"{settings.PUBLIC_ORIGIN}/visits/{plain(code)}/"
