"""Take in what somebody reports on the public page: once, however often the same form is sent."""

from __future__ import annotations

import re
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils import timezone
from django.utils.crypto import salted_hmac

from casework.matters import files, numbers
from casework.matters.files import Read
from casework.matters.registration import Reported, register_matter, text_mark
from casework.models import Matter, MatterFile, ProcedureVersion, SentForm

KEY = re.compile(r"[0-9a-f]{32}")
SAME_TEXT = "当天已有相同内容"


@dataclass(frozen=True)
class Sent:
    """What the reporter is answered: the matter, its code, and whether the form had come in before."""

    matter: Matter
    code: str
    is_again: bool = False

    @property
    def is_held(self) -> bool:
        return self.matter.state == Matter.State.HELD


def new_key() -> str:
    return secrets.token_hex(16)


def is_key(text: str) -> bool:
    return bool(KEY.fullmatch(text))


def send_report(
    *,
    version: ProcedureVersion,
    reported: Reported,
    key: str,
    photos: Sequence[Read],
    held: str,
    now: datetime,
) -> Sent:
    """Register a report with its photos; a form sent again is answered as it was the first time."""
    with files.storing() as names, transaction.atomic():
        numbers.one_at_a_time(version)
        if before := earlier(version, key):
            return Sent(before, numbers.code_of_form(key), is_again=True)
        receipt = register_matter(
            version=version,
            reported=reported,
            now=now,
            acting_user=None,
            held=held or _said_before(version, reported, now),
            code=numbers.code_of_form(key),
        )
        remember(version, key, receipt.matter)
        kind = MatterFile.Kind.REPORTED
        files.add_files(matter=receipt.matter, files=photos, kind=kind, names=names, now=now)
        return Sent(receipt.matter, receipt.code)


def earlier(version: ProcedureVersion, key: str) -> Matter | None:
    """Return the matter that a form of this key made; ask only while no other one is taken in."""
    form = SentForm.objects.select_related("matter__version").filter(mark=_mark(version, key)).first()
    return form.matter if form else None


def remember(version: ProcedureVersion, key: str, matter: Matter) -> None:
    SentForm.objects.create(mark=_mark(version, key), matter=matter)


def _mark(version: ProcedureVersion, key: str) -> str:
    text = f"{version.procedure_id}:{key}"
    return salted_hmac("casework.sent-form", text, algorithm="sha256").hexdigest()


def _said_before(version: ProcedureVersion, reported: Reported, now: datetime) -> str:
    """The same words twice in a day may be two people: a person looks at it."""
    mark = text_mark(reported.text)
    same = Matter.objects.filter(
        text_mark=mark, procedure_id=version.procedure_id, received_on=timezone.localtime(now).date()
    )
    return SAME_TEXT if mark and same.exists() else ""
