"""The same again (重复反映): propose what may be it; what was decided needs something new."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils import timezone

from casework.matters.acceptance import REPEAT, put_refusal
from casework.matters.events import Act, note
from casework.matters.registration import Reported, text_mark
from casework.matters.state import State, at_state
from casework.models import Matter, ProcedureVersion
from casework.reporters.sealing import phone_mark
from office import dates, roles
from office.errors import Refused
from office.models import User

WITHIN_DAYS = 30  # where the procedure has no rule on repeats
SETTLED = (State.CLOSED, State.REFUSED, State.REVIEWING)
GONE = (State.MERGED, State.TRANSFERRED, State.WITHDRAWN)


def possible_duplicates(matter_or_reported: Matter | Reported) -> QuerySet[Matter]:
    """Return what may be the same: phone, number of a case, text, or place and unit; a person decides.

    What is open counts whatever its age, what was settled within the days of its procedure.
    """
    one = matter_or_reported
    if isinstance(one, Matter):
        mark, phone = one.text_mark, getattr(getattr(one, "reporter", None), "phone_mark", "")
        day = one.received_on
    else:
        mark, phone, day = text_mark(one.text), phone_mark(one.phone), timezone.localdate()
    same = Q(text_mark=mark) if mark else Q(pk=None)
    if phone:
        same |= Q(reporter__phone_mark=phone)
    for field in _identifying():
        if value := str(one.fields.get(field, "")).strip():
            same |= Q(**{f"fields__{field}": value})
    if one.plate is not None and one.about is not None:
        same |= Q(plate=one.plate, about=one.about)
    found = Matter.objects.filter(same).exclude(state__in=GONE)
    if isinstance(one, Matter):
        found = found.exclude(pk=one.pk)
    lately = ~Q(state__in=SETTLED)
    for procedure_id, days_ in _days().items():
        lately |= Q(procedure_id=procedure_id, received_on__gte=day - timedelta(days=days_))
    return found.filter(lately).select_related("version", "about")


def _identifying() -> set[str]:
    return {
        field.id
        for version in ProcedureVersion.objects.filter(is_active=True)
        for field in version.procedure.intake.fields
        if field.identifies
    }


def _days() -> dict[str, int]:
    return {
        version.procedure_id: version.procedure.repeats.within_days
        if version.procedure.repeats
        else WITHIN_DAYS
        for version in ProcedureVersion.objects.filter(is_active=True)
    }


@transaction.atomic
def refuse_repeat(*, matter: Matter, earlier: Matter, now: datetime, acting_user: User) -> Matter:
    """Decided before and nothing new: not taken up again, and told under which number it was answered."""
    roles.require(acting_user, "matter.run")
    rule = matter.procedure.repeats
    if rule is None or rule.decided != "refuse":
        raise Refused("按规程，重复反映的事项应当受理", "请受理，并关联原事项。")
    current = at_state(matter, State.REGISTERED, State.HELD, to="按重复反映处理")
    before = _settled(current, earlier)
    reason = f"同一事项已以{before.number}办理"
    if before.closed_at:
        reason += f"，{dates.day(before.closed_at)}办结"
    current.follows = before
    return put_refusal(current, REPEAT, reason, now=now, by=acting_user)


@transaction.atomic
def take_up_again(
    *, matter: Matter, earlier: Matter, new_evidence: str, now: datetime, acting_user: User
) -> Matter:
    """Decided before, but with something new: a matter of its own, linked, and for another handler."""
    roles.require(acting_user, "matter.run")
    rule = matter.procedure.repeats
    if rule is not None and rule.new_evidence == "refuse":
        raise Refused("按规程，已经办结的事项不再受理", "请按重复反映处理。")
    if not new_evidence.strip():
        raise Refused("没有写明新的情况或者证据", "没有新情况的，请按重复反映处理。")
    current = at_state(matter, State.REGISTERED, State.HELD, to="关联原事项")
    current.follows = _settled(current, earlier)
    current.save(update_fields=["follows"])
    text = f"与{current.follows.number}有关，有新的情况：{new_evidence.strip()}"
    note(current, Act.REPEATED, now=now, by=acting_user, text=text)
    return current


def _settled(matter: Matter, earlier: Matter) -> Matter:
    before = Matter.objects.get(pk=earlier.pk)
    if before.pk == matter.pk:
        raise Refused("事项不能与自身重复", "请选择另一事项。")
    if before.state not in SETTLED:
        raise Refused(f"{before.number}正在办理", "请并入该事项。")
    return before
