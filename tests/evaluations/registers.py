"""A county whose register is filled: 甲 is 一般, 乙 is 不合格; and the acts of its people in short."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.utils import timezone

from departments.models import Department, Membership
from evaluations import services
from evaluations.consequences.services import register_consequences
from evaluations.models import Disposition, Round
from office.models import User
from office.roles import Role
from tests.evaluations.county import AFTER_APPEALS, NOW, Answers, County, fresh
from tests.evaluations.states import county_at
from tests.evaluations.units import UnitsCounty
from tests.kit.stored_states import stored

CENTRE, ORGANISATION = "县优化营商环境服务中心", "县委组织部"
DECIDED = date(2026, 10, 21)
WRONG = "不满意"


def ballots() -> list[Answers]:
    """甲's three come to 90, 30 and 65: 一般, but better without the second; nobody is pleased with 乙."""
    words = {
        "甲科长": ["满意", "比较满意"],
        "甲科员一": [WRONG],
        "甲科员二": ["比较满意", "基本满意", "基本满意", "基本满意"],
        "乙科长": [WRONG],
        "乙科员一": [WRONG],
        "乙科员二": [WRONG, WRONG, WRONG, "基本满意"],
    }
    return [{name: said[number % len(said)] for name, said in words.items()} for number in range(12)]


@stored
def county_with_register() -> County:
    county = county_at("opened")
    county.vote_all(ballots())
    round_ = county.tally(county.close(county.round))
    county.round = county.end_appeals(county.serve(county.sign_off(county.compute(round_))))
    Membership.objects.all().delete()
    for role in (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER):
        other = Department.objects.get(name="县乙局")
        Membership.objects.create(user=county.users[role], department=other)
    return county


def row(word: str, whom: str = "", **more: Any) -> Disposition:
    """The row in force of a word for a person, or for a unit by its name."""
    rows = Disposition.objects.filter(word=word, **more).exclude(withdrawn_by_result__isnull=False)
    if whom.endswith("局"):
        return rows.get(subject__name=whom, target="department")
    return rows.get(person_name=whom) if whom else rows.get()


def decide(
    county: County | UnitsCounty,
    *rows: Disposition,
    body: str = CENTRE,
    number: str = "示营商〔2026〕1号",
    decided_on: date = DECIDED,
    today: date | None = None,
    by: User | None = None,
    instead_of: list[Disposition] | None = None,
    **more: Any,
) -> list[Disposition]:
    return services.decide_dispositions(
        dispositions=rows,
        decision=services.Decision(body=body, number=number, decided_on=decided_on, **more),
        instead_of=instead_of or [],
        now=NOW,
        today=today or decided_on,
        acting_user=by or county.reviewer,
    )


def serve(
    county: County | UnitsCounty, *rows: Disposition, day: date = DECIDED, **more: Any
) -> list[Disposition]:
    wanted: dict[str, Any] = {"way": Disposition.Way.SYSTEM, "served_on": day, **more}
    return services.serve_dispositions(
        dispositions=rows,
        service=services.Service(**wanted),
        now=NOW,
        today=day,
        acting_user=county.reviewer,
    )


def corrected(county: County, name: str, now: datetime = NOW) -> Round:
    """Somebody leaves the list of a published round, and the correction goes all its way."""
    round_ = fresh(county.round)
    if round_.state == Round.State.APPEALS_ENDED:
        round_ = county.mark_published(round_)
    services.begin_correction(
        round=round_, reason="名单有误", decision="示政办〔2026〕9号", acting_user=county.operator
    )
    county.withdraw(fresh(round_), name, "已调离")
    round_ = county.serve(county.sign_off(county.compute(fresh(round_), "更正名单")))
    county.round = county.mark_published(county.end_appeals(round_, AFTER_APPEALS))
    return county.round


def register_again(county: County) -> Round:
    return register_consequences(round=fresh(county.round), now=timezone.now(), acting_user=county.operator)
