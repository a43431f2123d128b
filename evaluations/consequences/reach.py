"""Whom the register opens which rows to, and the rows an act is about, locked in one order."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from departments.access import belongs_to, own_units
from evaluations.models import Disposition, Round
from evaluations.models.consequences import OF_PERSONS, SERVED, Dispositions
from evaluations.rounds.state import next_step
from office import roles
from office.errors import Refused
from office.models import User
from office.roles import Role

State = Disposition.State
SETTLED = (Round.State.APPEALS_ENDED, Round.State.PUBLISHED)
_WITH_ALL = ("round", "result__scheme_version", "subject", "department")


def visible(user: User) -> Dispositions:
    """Every row that those inside may read: persons' rows are for few (register.persons)."""
    rows = Disposition.objects.select_related(*_WITH_ALL)
    if not roles.allowed(user, "register.view"):
        return rows.none()
    return rows if roles.allowed(user, "register.persons") else rows.exclude(target__in=OF_PERSONS)


def own(user: User) -> Dispositions:
    """What was served on the user's own units; of persons only for the unit's reviewer."""
    if not roles.allowed(user, "register.view_own"):
        return Disposition.objects.none()
    rows = Disposition.objects.select_related(*_WITH_ALL).filter(
        department__in=own_units(user), served_on__isnull=False
    )
    return rows if user.role == Role.DEPARTMENT_REVIEWER else rows.exclude(target__in=OF_PERSONS)


def of_persons_there(user: User) -> int:
    """How many rows about persons wait for the unit's reviewer; all that others of the unit are told."""
    if user.role == Role.DEPARTMENT_REVIEWER or not roles.allowed(user, "register.view_own"):
        return 0
    rows = Disposition.objects.filter(department__in=own_units(user), target__in=OF_PERSONS)
    return sum(one.waits_for_receipt for one in rows.filter(state__in=SERVED, received_on=None))


def locked_rows(rows: Iterable[Disposition], *, acting_user: User) -> list[Disposition]:
    """Return rows locked after their rounds, as the registering of a result locks them."""
    wanted = {one.pk for one in rows}
    if not wanted:
        raise Refused("没有选择处置事项", "请先勾选。")
    rounds = Disposition.objects.filter(pk__in=wanted).values("round")
    list(Round.objects.select_for_update().filter(pk__in=rounds).order_by("pk"))
    found = Disposition.objects.select_for_update(of=("self",)).select_related(*_WITH_ALL)
    locked = list(found.filter(pk__in=wanted).order_by("pk"))
    refuse_out_of_reach(acting_user, locked)
    return locked


def locked_row(row: Disposition, *, acting_user: User) -> Disposition:
    [one] = locked_rows([row], acting_user=acting_user)
    return one


def refuse_out_of_reach(user: User, rows: Sequence[Disposition]) -> None:
    """Persons' rows are handled by those who may read them; nobody handles those of their own unit."""
    if not roles.allowed(user, "register.view"):
        return
    if any(one.is_about_a_person for one in rows) and not roles.allowed(user, "register.persons"):
        raise Refused("所选事项涉及个人", f"涉及个人的由{roles.in_words('register.persons')}人员办理。")
    if any(belongs_to(user, unit) for unit in {one.department_id for one in rows}):
        raise Refused("所选事项涉及您所在的单位", "请由其他人员办理。")


def refuse_unless(rows: Sequence[Disposition], *states: str, to: str) -> None:
    """Refuse an act on a row in another state, and say what it is in."""
    for one in rows:
        if one.state not in states:
            raise Refused(
                f"登记号{one.register_number}（{one.word}）目前为“{one.get_state_display()}”，不能{to}",
                "请重新打开本页，按目前的状态办理。",
            )


def refuse_unsettled(rows: Sequence[Disposition], *, to: str) -> None:
    """A decision rests on a result whose appeals have ended and that nobody corrects at this moment."""
    for round_ in {one.round_id: one.round for one in rows}.values():
        if round_.state not in SETTLED:
            state = Round.State(round_.state).label
            raise Refused(
                f"“{round_.title}”目前为“{state}”，申诉期没有结束，不能{to}", f"下一步：{next_step(round_)}。"
            )
        if round_.is_being_corrected and round_.state == Round.State.PUBLISHED:
            raise Refused(f"“{round_.title}”正在更正，不能{to}", "请等更正办完、处置登记更新之后再办理。")
