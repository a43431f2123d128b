"""Two appeals of the demo: one upheld, so that the result is computed and served again; one rejected."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from evaluations import services as rounds
from evaluations.appeals.services import note_upheld
from evaluations.models import Appeal, Round, RoundMember
from office.models import User

SHANGHAI = ZoneInfo("Asia/Shanghai")
MOVED = "评价开始前已调离参评岗位（示范）"


def lodge_and_decide(held: Round, people: Mapping[str, User], served: date) -> None:
    """The leading group decides: the centre computed the result, its reviewer signed it off."""
    centre, leader = people["centre"], people["leader"]
    units = held.departments.order_by("department__order")
    own = units.get(department=people["department"].membership.department_id)
    other = units.exclude(pk=own.pk).filter(is_judged=True)[0]
    person = RoundMember.objects.filter(round_department=own, is_judged=True).order_by("pk").last()
    moved = rounds.lodge_appeal(
        round_department=own,
        round_member=person,
        text="本人在评价开始之前已经调离参评岗位，不应列入参评名单，请予核对（示范）。",
        now=_at(served + timedelta(days=1)),
        acting_user=people["department"],
    )
    kept = rounds.lodge_appeal(
        round_department=other,
        text="本单位认为参加评价的市场主体偏少，要求重新评价（示范）。",
        now=_at(served + timedelta(days=1)),
        received_at=_at(served + timedelta(days=1)),
        acting_user=centre,
    )
    common: dict[str, Any] = {"today": served + timedelta(days=2), "acting_user": leader}
    rounds.decide_appeal(
        appeal=kept,
        outcome=Appeal.Outcome.KEPT,
        findings="经核对计票记录，本单位的有效票数达到方案规定的最少票数（示范）。",
        decision="计票和计分符合方案规定，维持原结果（示范）。",
        **common,
    )
    rounds.decide_appeal(
        appeal=moved,
        outcome=Appeal.Outcome.REVOKED,
        findings="经核对调动文件和岗位名册，申诉人在评价开始之前已经调离参评岗位（示范）。",
        decision="不在参评岗位的人员不应参评，撤销其个人结果（示范）。",
        **common,
    )
    note_upheld(appeal=moved, today=served + timedelta(days=3), acting_user=people["inspectorate"])
    if person:
        rounds.withdraw_member(round_member=person, reason=MOVED, acting_user=leader)


def _at(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, 10, tzinfo=SHANGHAI)
