"""A body decides what a result proposed, or sets it aside: entered with number and date of its decision."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from django.db import transaction

from departments.models import StaffMember
from evaluations.consequences.history import note
from evaluations.consequences.measures import measures_for
from evaluations.consequences.numbers import claim, read_number
from evaluations.consequences.reach import locked_rows, refuse_unless, refuse_unsettled
from evaluations.models import Disposition, DispositionEvent
from evaluations.scoring.measures import Measure
from office import audit, dates, roles
from office.calendar.working_time import after_months
from office.errors import Refused
from office.models import User

State, Act = Disposition.State, DispositionEvent.Act
A_DAY = timedelta(days=1)
LAST_YEAR = 2099  # a slip of the pen beyond it


@dataclass(frozen=True)
class Decision:
    """What the document of the body says, as somebody enters it."""

    body: str
    number: str
    decided_on: date
    authority: str = ""  # why a body decides that the scheme does not name
    terms: str = ""
    points: Decimal | None = None  # where the text leaves the amount open
    effect_from: date | None = None  # empty: by the measure
    effect_until: date | None = None
    persons: dict[int, StaffMember] | None = None  # by row, where no list names the person


@transaction.atomic
def decide(
    *,
    dispositions: Sequence[Disposition],
    decision: Decision,
    now: datetime,
    today: date,
    acting_user: User,
    instead_of: Sequence[Disposition] = (),
) -> list[Disposition]:
    """Enter one decision about one or several dispositions; `instead_of` are set aside by it."""
    roles.require(acting_user, "register.decide")
    chosen = {one.pk for one in dispositions}
    if not chosen:
        raise Refused("没有选择处置事项", "请先勾选。")
    locked = locked_rows([*dispositions, *instead_of], acting_user=acting_user)
    refuse_unless(locked, State.PROPOSED, to="登记决定")
    refuse_unsettled(locked, to="登记决定")
    rows = [one for one in locked if one.pk in chosen]
    measures = measures_for(rows)
    body = decision.body.strip()
    if not body:
        raise Refused("没有写明决定机关", "请选择或填写作出决定的机关。")
    for one in rows:
        _check_body(one, measures[one.pk], body, decision.authority)
        _check_day(one, decision.decided_on, today)
    number = read_number(decision.number, decision.decided_on)
    claim(body, number, decision.decided_on, rows)
    for one in rows:
        one.state, one.body, one.number = State.DECIDED, body, number
        one.decided_on, one.decided_by = decision.decided_on, acting_user
        one.authority, one.terms = decision.authority.strip(), decision.terms.strip()
        _name_person(one, (decision.persons or {}).get(one.pk))
        _set_points(one, decision.points)
        _set_effect(one, measures[one.pk], decision)
        one.save()
        after = {"决定机关": body, "文号": number, "决定日期": decision.decided_on.isoformat()}
        after |= {"授权依据": one.authority} if one.authority else {}
        after |= {"考核分": str(one.points)} if one.points_by_decision else {}
        after |= {"本人": one.person_name} if one.named_by_decision else {}
        audit.record("登记处置决定", one, acting_user=acting_user, after=after)
    said = f"{body} {number}，{dates.day(decision.decided_on)}"
    note(rows, Act.DECIDED, said, now=now, by=acting_user)
    others = [one for one in locked if one.pk not in chosen]
    _put_aside(
        others, f"已决定{'、'.join(dict.fromkeys(one.word for one in rows))}（{number}）", now, acting_user
    )
    return rows


@transaction.atomic
def set_aside(
    *, dispositions: Sequence[Disposition], reason: str, now: datetime, acting_user: User
) -> list[Disposition]:
    """Note that nothing is done about a proposal, and why; the row stays."""
    roles.require(acting_user, "register.decide")
    rows = locked_rows(dispositions, acting_user=acting_user)
    refuse_unless(rows, State.PROPOSED, to="注明不予实施")
    refuse_unsettled(rows, to="注明不予实施")
    if not reason.strip():
        raise Refused("没有写明不予实施的理由", "请写明由谁决定、因何不予实施。")
    _put_aside(rows, reason.strip(), now, acting_user)
    return rows


def alternatives_of(rows: Sequence[Disposition]) -> list[Disposition]:
    """What the same rules proposed for the same units or persons besides, and nobody decided yet."""
    wanted = {_whom(one) for one in rows}
    chosen = {one.pk for one in rows}
    found = Disposition.objects.filter(round__in={one.round_id for one in rows}, state=State.PROPOSED)
    return [one for one in found.order_by("pk") if one.pk not in chosen and _whom(one) in wanted]


def _whom(one: Disposition) -> tuple[object, ...]:
    return (one.round_id, one.rule, one.target, one.department_id, one.staff_member_id)


def needs_points(one: Disposition) -> bool:
    """Whether the text leaves open how many points, so that the decision says it."""
    return one.kind == "points" and one.points is None


def needs_person(one: Disposition) -> bool:
    """Whether the rule means a principal whom no list of the round names."""
    return one.target == "principal" and one.staff_member_id is None


def first_day(one: Disposition) -> date:
    """The first day a decision may have: the appeals had ended, even where the register was filled later."""
    until = one.round.appeals_until
    return min(one.proposed_on, until + A_DAY) if until else one.proposed_on


def _put_aside(rows: Sequence[Disposition], reason: str, now: datetime, acting_user: User) -> None:
    for one in rows:
        one.state, one.reason = State.SET_ASIDE, reason[:500]
        one.save(update_fields=["state", "reason"])
        audit.record("处置不予实施", one, acting_user=acting_user, after={"理由": one.reason})
    note(rows, Act.SET_ASIDE, reason, now=now, by=acting_user)


def _check_body(one: Disposition, measure: Measure | None, body: str, authority: str) -> None:
    if measure is None or body in measure.decided_by or authority.strip():
        return
    raise Refused(
        f"“{one.word}”由{'、'.join(measure.decided_by)}决定，{body}没有这项权限",
        "确由其他机关决定的，请写明授权依据。",
    )


def _check_day(one: Disposition, decided_on: date, today: date) -> None:
    if decided_on > today:
        raise Refused(f"决定日期{dates.day(decided_on)}晚于今天", "作出决定之后再登记。")
    if decided_on < (first := first_day(one)):
        raise Refused(
            f"决定日期{dates.day(decided_on)}在申诉期结束之前，登记号{one.register_number}最早为{dates.day(first)}",
            "申诉期结束之前作出的决定不能登记，请核对日期。",
        )


def _name_person(one: Disposition, person: StaffMember | None) -> None:
    if not needs_person(one):
        return
    if person is None or person.department_id != one.department_id:
        raise Refused(
            f"登记号{one.register_number}（{one.word}）的对象是{one.subject.name}的主要负责人，还没有写明是谁",
            "请从该单位的人员中选定。",
        )
    one.staff_member, one.named_by_decision = person, True
    one.person_name, one.person_post = person.name, (person.post or person.get_kind_display())[:80]


def _set_points(one: Disposition, points: Decimal | None) -> None:
    if not needs_points(one):
        return
    if points is None:
        raise Refused(f"“{one.word}”的分值原文没有写明，须由决定写明", "请照决定填写分值，扣分的填负数。")
    if not points:
        raise Refused(f"“{one.word}”的分值不能为0", "决定不加分、不扣分的，请注明不予实施。")
    one.points, one.points_by_decision = points, True


def _set_effect(one: Disposition, measure: Measure | None, decision: Decision) -> None:
    """The measure's time, or the one that the decision gives."""
    begins = decision.effect_from or decision.decided_on
    until = decision.effect_until
    if max(begins, until or begins).year > LAST_YEAR:
        raise Refused(f"影响期晚于{LAST_YEAR}年", "请核对决定中的影响期。")
    if until is None and measure and measure.effect_months:
        until = after_months(begins, measure.effect_months)
    elif until is None and measure and measure.until_year_end:
        until = date(one.year, 12, 31)
    elif until is not None and until < begins:
        raise Refused("影响期的截止日早于起始日", "请核对决定中的影响期。")
    if begins < decision.decided_on:
        raise Refused("影响期早于决定日期", "请核对决定中的影响期。")
    one.effect_from, one.effect_until = (begins if until else decision.effect_from), until
