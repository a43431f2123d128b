"""Rounds of the schemes that judge no persons, up to a computed result.

Everything by the services that people's pages call; facts are written down here as the channels give them.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from departments.models import Department
from evaluations import services
from evaluations.models import Result, Round, SchemeVersion
from evaluations.schemes.stored import policy_of
from office.models import User
from tests.evaluations.county import (
    AFTER_APPEALS,
    BASE_DATE,
    CLOSED,
    NOW,
    OPENED,
    SERVED,
    County,
    fresh,
)
from tests.evaluations.gatherer import Facts, Gatherer
from tests.evaluations.states import county_at
from tests.kit.stored_states import stored


def panel(*points: int | str) -> dict[str, int | str]:
    """What named markers gave in total."""
    return {f"m{place}": value for place, value in enumerate(points)}


def version(scheme_id: str) -> SchemeVersion:
    return SchemeVersion.objects.filter(scheme_id=scheme_id).latest("pk")


def units_round(
    county: County,
    scheme_id: str,
    facts: Facts,
    *,
    period: str,
    channels: Mapping[str, str] | None = None,
    options: Mapping[str, Any] | None = None,
    base_date: date = BASE_DATE,
) -> Round:
    """A round whose data is gathered: closed, every channel settled."""
    Department.objects.update(is_active=False)
    for order, (name, given) in enumerate(facts.items(), start=1):
        about = {"peer_group": given["group"], "order": order, "is_active": True}
        Department.objects.update_or_create(name=name, defaults=about)
    round_ = services.create_round(
        title="年度考核评价",
        period=period,
        scheme_version=version(scheme_id),
        base_date=base_date,
        persons_public=Round.PersonsPublic.NONE,
        persons_public_decision="",
        options=options or {},
        channels=channels or {},
        acting_user=county.operator,
    )
    round_ = services.freeze_subjects(round=round_, acting_user=county.operator)
    round_ = services.begin_gathering(round=round_, today=OPENED, acting_user=county.operator)
    Gatherer(county, round_).gather(facts)
    return services.end_gathering(round=round_, today=CLOSED, acting_user=county.operator)


def computed(county: County, round_: Round, *, reason: str = "", by: User | None = None) -> Result:
    return services.compute_round(
        round=fresh(round_), now=NOW, reason=reason, acting_user=by or county.operator
    )


def marked(leaders: dict[str, Any], **more: Any) -> dict[str, Any]:
    """A unit with all four panels and whatever the ledger has."""
    return {
        "group": "局室公司",
        "marks": {
            "leaders": leaders,
            "departments": panel(*[9] * 11, 8),
            "enterprises": panel(9, 8, 9, 7, 9, 8, 9, 9, 10, 8, 9, 8),
            "supervisors": panel(9, 8, 7),
        },
        **more,
    }


def zone() -> dict[str, dict[str, Any]]:
    """Five units of 吉林: one overflows its ledger, one is vetoed, one lacks the leaders' marks."""
    remark = "张三迟报"
    late = [{"count": 2, "date": "2021-05-10", "remark": remark}]
    return {
        "甲局": marked(panel(28, 27, 26, 25, 24, 26, 27), occurrences={"media_city": 2}),
        "乙局": marked(panel(25, 24, 23, 25, 24, 22, 25), occurrences={"monthly_report_late": late}),
        "丙局": marked(panel(20, 22, 21, 20, 23, 22, 21), occurrences={"disciplined": 5}),
        "丁局": marked(panel(27, 26, 27, 25, 26, 24, 28), vetoes=["grave_harm"]),
        "戊局": {**marked({}), "group": "基层单位"},
    }


def jilin(county: County) -> Result:
    return computed(county, units_round(county, "jilin-jkq-2021", zone(), period="2021"))


@stored
def jilin_county() -> County:
    """The county with this round computed."""
    county = county_at("founded")
    county.round = fresh(jilin(county).round)
    return county


def through_appeals(county: County, result: Result) -> Round:
    """Signed off, approved where the text asks for it, served, and the appeal days over."""
    round_ = fresh(result.round)
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    if policy_of(round_.scheme_version).defaults.approval:
        services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    return services.end_appeals(round=round_, today=AFTER_APPEALS, acting_user=county.operator)
