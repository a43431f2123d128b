"""What was decided is served: the way, the day, the receipt; then its papers are due and its effect runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction

from evaluations.consequences.history import note
from evaluations.consequences.measures import measures_for
from evaluations.consequences.reach import locked_row, locked_rows, own, refuse_unless
from evaluations.models import Disposition, DispositionEvent, DispositionPaper
from evaluations.models.consequences import SERVED
from evaluations.scoring.measures import Measure
from office import audit, dates, roles
from office.calendar import days
from office.calendar.deadlines import Clock, Span, Unit
from office.errors import Refused
from office.models import User

State, Act, Way = Disposition.State, DispositionEvent.Act, Disposition.Way


@dataclass(frozen=True)
class Service:
    """How a decision reached the unit; what was left there has a reason and a witness, no receiver."""

    way: str
    served_on: date
    received_by: str = ""
    refusal: str = ""
    witness: str = ""


@transaction.atomic
def serve(
    *, dispositions: Sequence[Disposition], service: Service, now: datetime, today: date, acting_user: User
) -> list[Disposition]:
    roles.require(acting_user, "register.serve")
    rows = locked_rows(dispositions, acting_user=acting_user)
    for one in rows:
        if one.state == State.PROPOSED:
            raise Refused(
                f"登记号{one.register_number}（{one.word}）还没有决定，不能送达",
                "请先登记决定的机关、文号和日期。",
            )
    refuse_unless(rows, State.DECIDED, to="送达")
    _check(rows, service, today)
    clock, measures = days.clock(), measures_for(rows)
    for one in rows:
        one.served_on, one.served_way = service.served_on, service.way
        one.received_by, one.refusal = service.received_by.strip(), service.refusal.strip()
        one.witness = service.witness.strip()
        one.received_on = service.served_on if service.way == Way.HAND else None
        one.state = state_of(one, today)
        one.save()
        DispositionPaper.objects.bulk_create(_papers(one, measures[one.pk], clock))
        after = {"方式": one.get_served_way_display(), "日期": service.served_on.isoformat()}
        audit.record("送达处置决定", one, acting_user=acting_user, after=after)
    said = f"{Way(service.way).label}，{dates.day(service.served_on)}"
    if service.way == Way.LEFT:
        said += f"，拒收事由：{service.refusal.strip()}，见证人：{service.witness.strip()}"
    elif service.received_by.strip():
        said += f"，签收人：{service.received_by.strip()}"
    note(rows, Act.SERVED, said, now=now, by=acting_user)
    return rows


@transaction.atomic
def receive(*, disposition: Disposition, now: datetime, today: date, acting_user: User) -> Disposition:
    """The unit signs for what was served on it; persons' rows are signed for by the unit's reviewer."""
    roles.require(acting_user, "register.view_own")
    if not own(acting_user).filter(pk=disposition.pk).exists():
        raise Refused("这项处置不是送达您所在单位的，或者须由部门审核人员签收", "请联系评价中心核对。")
    one = locked_row(disposition, acting_user=acting_user)
    if not one.waits_for_receipt:
        raise Refused("这项处置不需要签收，或者已经签收", "请重新打开本页查看。")
    one.received_by, one.received_on = str(acting_user)[:80], today
    one.save(update_fields=["received_by", "received_on"])
    audit.record("签收处置决定", one, acting_user=acting_user, after={"日期": today.isoformat()})
    note([one], Act.RECEIVED, now=now, by=acting_user)
    return one


def state_of(one: Disposition, day: date) -> Disposition.State:
    """The state of what is served, by its effect on a day; nothing is fulfilled by that."""
    if one.effect_until and one.effect_until < day:
        return State.LAPSED
    begun = one.effect_until and one.effect_from and one.effect_from <= day
    return State.IN_FORCE if begun else State.SERVED


def _check(rows: Sequence[Disposition], service: Service, today: date) -> None:
    if service.way not in Way.values:
        raise Refused("没有选择送达方式", "请选择送达方式。")
    if service.served_on > today:
        raise Refused(f"送达日期{dates.day(service.served_on)}晚于今天", "送达之后再登记。")
    for one in rows:
        if one.decided_on and service.served_on < one.decided_on:
            raise Refused(
                f"送达日期{dates.day(service.served_on)}早于登记号{one.register_number}的决定日期"
                f"{dates.day(one.decided_on)}",
                "请核对日期。",
            )
    if service.way == Way.HAND and not service.received_by.strip():
        raise Refused("直接送达没有写明签收人", "请填写签收人。")
    if service.way == Way.LEFT and not (service.refusal.strip() and service.witness.strip()):
        raise Refused("留置送达没有写明拒收事由和见证人", "请填写拒收事由和见证人。")


def _papers(one: Disposition, measure: Measure | None, clock: Clock) -> Iterator[DispositionPaper]:
    """Each with its limit from the day of the decision; where that is over already, from the service."""
    for paper in measure.follow_ups if measure else ():
        span = (
            Span(paper.working_days, Unit.WORKING_DAYS)
            if paper.working_days
            else Span(paper.months or 1, Unit.MONTHS)
        )
        served, decided = one.served_on or date.min, one.decided_on or date.min
        due = clock.limit(decided, span).last_day
        if due is not None and due < served:
            due = clock.limit(served, span).last_day
        yield DispositionPaper(disposition=one, label=paper.label, due_on=due)


def is_served(one: Disposition) -> bool:
    return one.state in SERVED
