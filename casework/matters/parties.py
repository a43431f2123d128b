"""Who may act at a stage: the parties that the procedure names, as roles of this house."""

from __future__ import annotations

from collections.abc import Iterable

from casework.models import Matter
from casework.procedure import Procedure
from casework.procedure.words import PARTY_LABELS, STAGE_LABELS, Party, Stage
from departments.access import own_units
from departments.models import Department, Membership
from office import roles
from office.errors import Refused
from office.models import User
from office.roles import CENTRE, DEPARTMENT, Role

ROLES: dict[Party, frozenset[Role]] = {
    Party.CLERK: frozenset({Role.WINDOW_CLERK}),
    Party.CENTRE: CENTRE,
    Party.UNIT: DEPARTMENT | {Role.TOWN_ORGANIZER},
    Party.LEADING_GROUP: frozenset({Role.LEADING_GROUP}),
    Party.INSPECTORATE: frozenset({Role.INSPECTORATE}),
}


def is_one_of(user: User, parties: Iterable[Party]) -> bool:
    return user.is_active and any(user.role in ROLES[party] for party in parties)


def may_act(user: User, procedure: Procedure, stage: Stage) -> bool:
    return procedure.has(stage) and is_one_of(user, procedure.stage(stage).who)


def require(user: User, procedure: Procedure, stage: Stage, action: str) -> None:
    """Refuse whoever the house or the procedure does not let act at this stage."""
    roles.require(user, action)
    require_readable(procedure)
    if not procedure.has(stage):
        raise Refused(f"“{procedure.desk}”没有“{STAGE_LABELS[stage]}”环节", "请按规程办理。")
    if not may_act(user, procedure, stage):
        who = in_words(procedure.stage(stage).who)
        raise Refused(f"按规程，“{STAGE_LABELS[stage]}”由{who}办理", f"请转告{who}。")


def require_readable(procedure: Procedure) -> None:
    if not procedure.is_readable:
        what = f"“{procedure.desk}”这一版本的办理规程不能读取"
        raise Refused(what, "请系统管理员安装能读取它的程序版本；已登记的内容都在，可以查看。")


def in_words(parties: Iterable[Party]) -> str:
    return "、".join(PARTY_LABELS[one] for one in parties)


def require_own(user: User, unit: Department) -> None:
    """Refuse whoever does not belong to the unit a matter was assigned to."""
    if not own_units(user).filter(pk=unit.pk).exists():
        raise Refused("这一事项没有交办给您所在的单位", "请从“我的工作”中打开本单位的事项。")


def require_no_part(user: User, matter: Matter) -> None:
    """Nobody decides about their own unit: neither the one a matter is about nor one it was given to."""
    units = {*matter.assignments.values_list("unit", flat=True), matter.about_id}
    if Membership.objects.filter(user=user, department__in=units - {None}).exists():
        raise Refused("本事项涉及您所在的单位，按规定应当回避", "请由其他人员办理。")


def require_other_handler(user: User, matter: Matter) -> None:
    """Refuse whoever answered before, where the procedure wants another handler for the same thing."""
    rule = matter.procedure.reopening
    before = matter.assignments.filter(replied_by=user, cycle__lt=matter.times_reopened).exists()
    if rule is not None and rule.other_handler and before:
        raise Refused("重办的事项由原承办人以外的人员办理", "请由本单位其他人员签收、办理。")
    if matter.follows is not None and matter.follows.assignments.filter(replied_by=user).exists():
        raise Refused("有新情况的事项由原承办人以外的人员办理", "请由本单位其他人员签收、办理。")
