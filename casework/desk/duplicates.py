"""What looks like the same matter again, and why: shown beside the form, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.utils import timezone

from casework.matters.registration import Reported, text_mark
from casework.matters.repeats import SETTLED, WITHIN_DAYS, possible_duplicates
from casework.matters.state import OPEN
from casework.models import Matter
from casework.procedure import Procedure
from casework.reporters.sealing import phone_mark

MOST_SHOWN = 8


@dataclass(frozen=True)
class Likeness:
    matter: Matter
    why: str

    @property
    def may_join(self) -> bool:
        """Only what is open can take another one in."""
        return self.matter.state in OPEN and self.matter.state not in SETTLED


def likely(procedure: Procedure, reported: Reported) -> list[Likeness]:
    """Return what may be the same, the newest first; these a person must decide about."""
    rows = possible_duplicates(reported).select_related("about", "reporter").order_by("-pk")
    return [Likeness(one, _why(one, reported, procedure)) for one in rows[:MOST_SHOWN]]


def nearby(procedure: Procedure, reported: Reported, now: datetime) -> list[Likeness]:
    """Return what is about the same unit lately: worth a look, nothing to decide."""
    if reported.about is None:
        return []
    rows = Matter.objects.filter(about=reported.about, received_on__gte=_since(procedure, now))
    found = rows.exclude(state=Matter.State.MERGED).select_related("about").order_by("-pk")
    return [Likeness(one, "同一单位") for one in found[:MOST_SHOWN]]


def _since(procedure: Procedure, now: datetime) -> date:
    days = procedure.repeats.within_days if procedure.repeats else WITHIN_DAYS
    return timezone.localdate(now) - timedelta(days=days)


def _why(one: Matter, reported: Reported, procedure: Procedure) -> str:
    reporter = getattr(one, "reporter", None)
    phone = phone_mark(reported.phone)
    same = {
        "同一电话": bool(phone) and reporter is not None and reporter.phone_mark == phone,
        "内容相同": bool(one.text_mark) and one.text_mark == text_mark(reported.text),
        "同一单位": reported.about is not None and one.about_id == reported.about.pk,
    }
    for field in procedure.intake.fields:
        if field.identifies and (value := reported.fields.get(field.id)):
            same[f"同一{field.label}"] = one.fields.get(field.id) == value
    return "、".join(word for word, is_same in same.items() if is_same)
