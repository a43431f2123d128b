"""Whoever signs for the notice of an assignment signs for the assignment."""

from __future__ import annotations

from datetime import datetime

from casework.matters import assigning, parties, telling
from casework.matters.state import HANDLED
from casework.models import Assignment
from casework.procedure.words import Stage
from departments.access import own_units
from departments.models import Notice
from departments.notices import services as notices
from office.models import User


@notices.learns_of_receipts(telling.SOURCE)
def sign_for_the_assignment(notice: Notice, now: datetime, by: User) -> None:
    if not notice.source_key.isdecimal():  # a reminder, a chase: only the notice itself is signed for
        return
    one = Assignment.objects.select_related("matter__version", "unit").get(pk=int(notice.source_key))
    of_this_round = one.cycle == one.matter.times_reopened
    is_due = of_this_round and one.state == Assignment.State.WAITING and one.matter.state in HANDLED
    may = parties.may_act(by, one.matter.procedure, Stage.SIGNING)
    if is_due and may and own_units(by).filter(pk=one.unit_id).exists():
        assigning.sign_for_assignment(assignment=one, now=now, acting_user=by)
