"""What looks like the same matter again: shown beside the form, decided by a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import Q
from django.utils import timezone

from casework.matters.registration import text_mark
from casework.models import Matter
from casework.procedure import Procedure
from casework.reporters.sealing import phone_mark
from departments.models import Department

MOST_SHOWN = 8
USUAL_DAYS = 30


@dataclass(frozen=True)
class Signs:
    """What two reports of one matter have in common."""

    text: str = ""
    phone: str = ""
    case_number: str = ""
    about: Department | None = None


@dataclass(frozen=True)
class Likeness:
    matter: Matter
    why: str


def likely(procedure: Procedure, signs: Signs, now: datetime) -> list[Likeness]:
    """Return what may be the same, the newest first: same phone, number, text, or unit within its days."""
    since = timezone.localdate(now) - timedelta(days=_days(procedure))
    mark, phone = text_mark(signs.text), phone_mark(signs.phone)
    either = Q(about=signs.about) if signs.about else Q()
    if mark:
        either |= Q(text_mark=mark)
    if phone:
        either |= Q(reporter__phone_mark=phone)
    if signs.case_number:
        either |= Q(fields__case_number=signs.case_number)
    if not either:
        return []
    rows = Matter.objects.filter(either, received_on__gte=since).exclude(state=Matter.State.MERGED)
    found = rows.select_related("about", "reporter").prefetch_related("version").order_by("-pk")
    return [Likeness(one, _why(one, signs, mark, phone, since)) for one in found[:MOST_SHOWN]]


def _days(procedure: Procedure) -> int:
    return procedure.repeats.within_days if procedure.repeats else USUAL_DAYS


def _why(one: Matter, signs: Signs, mark: str, phone: str, since: date) -> str:
    reporter = getattr(one, "reporter", None)
    same = {
        "同一电话": bool(phone) and reporter is not None and reporter.phone_mark == phone,
        "同一办件编号": bool(signs.case_number) and one.fields.get("case_number") == signs.case_number,
        "内容相同": bool(mark) and one.text_mark == mark,
        "同一单位": signs.about is not None and one.about_id == signs.about.pk,
    }
    return "、".join(word for word, is_same in same.items() if is_same)
