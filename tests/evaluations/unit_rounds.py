"""Rounds of the schemes that judge no persons, up to a computed result.

List and channels are made by the services; facts are written down here as the channels give them, and judged
by the engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from departments.models import Department
from evaluations import services
from evaluations.models import Channel, Result, Round, SchemeVersion
from evaluations.results.recompute import judge
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import policy_of
from evaluations.scoring import canonical
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

Facts = Mapping[str, Mapping[str, Any]]
"""Name of a unit → its facts; `group` is its peer group."""


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
) -> Round:
    """A round whose data is gathered: closed, every channel settled."""
    Department.objects.update(is_active=False)
    for order, (name, given) in enumerate(facts.items(), start=1):
        Department.objects.create(name=name, peer_group=given["group"], order=order)
    round_ = services.create_round(
        title="年度考核评价",
        period=period,
        scheme_version=version(scheme_id),
        base_date=BASE_DATE,
        persons_public=Round.PersonsPublic.NONE,
        persons_public_decision="",
        options=options or {},
        channels=channels or {},
        acting_user=county.operator,
    )
    round_ = services.freeze_subjects(round=round_, acting_user=county.operator)
    round_.channels.update(state=Channel.State.SETTLED, settled_by=county.reviewer, settled_at=NOW)
    Round.objects.filter(pk=round_.pk).update(state=Round.State.CLOSED, opened_on=OPENED, closed_on=CLOSED)
    return fresh(round_)


def computed(
    county: County, round_: Round, facts: Facts, *, reason: str = "", by: User | None = None
) -> Result:
    """Store the result of these facts as the computation does."""
    rows = {row.name: row for row in round_.departments.all()}
    subjects = {
        department_key(rows[name].department_id): {**given, "name": name} for name, given in facts.items()
    }
    data = canonical(
        {
            "scheme": round_.scheme_version.scheme_id,
            "period": round_.period,
            "options": dict(round_.options),
            "subjects": subjects,
        }
    )
    before = round_.results.filter(replaced_by=None).first()
    result = Result.objects.create(
        round=round_,
        number=round_.results.count() + 1,
        replaces=before,
        reason=reason,
        scheme_version=round_.scheme_version,
        facts=data,
        outcome=judge(round_.scheme_version, data),
        computed_by=by or county.operator,
        computed_at=NOW,
    )
    Round.objects.filter(pk=round_.pk).update(state=Round.State.COMPUTED)
    return result


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
    round_ = units_round(county, "jilin-jkq-2021", zone(), period="2021")
    return computed(county, round_, zone())


def through_appeals(county: County, result: Result) -> Round:
    """Signed off, approved where the text asks for it, served, and the appeal days over."""
    round_ = fresh(result.round)
    services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    if policy_of(round_.scheme_version).defaults.approval:
        services.approve_round(round=round_, now=NOW, acting_user=county.leader)
    services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    return services.end_appeals(round=round_, today=AFTER_APPEALS, acting_user=county.operator)
