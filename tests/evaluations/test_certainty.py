"""How sure a result is, for those who sign off and decide: from all that was counted (YC-R3)."""

from __future__ import annotations

import copy
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone
from pytest_django.fixtures import Settings

from departments.models import Department, StaffMember
from evaluations import services
from evaluations.confidence import Sample, of_mean
from evaluations.models import Result, Round
from evaluations.results.analysis import analysis_of
from evaluations.results.certainty import certainty_of, labels, public_likely_of
from evaluations.results.outcome import StoredOutcome
from evaluations.results.public import public_view_of
from evaluations.results.recompute import judge
from evaluations.rounds.subject_keys import department_key, person_key
from evaluations.schemes.stored import policy_of
from evaluations.scoring import canonical, score_facts
from tests.evaluations.county import BASE_DATE, fresh
from tests.evaluations.pages import said
from tests.evaluations.rated import RatedWindows, rate
from tests.evaluations.states import county_at
from tests.evaluations.unit_rounds import jilin_county, version
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
FANGCHENG = "fangcheng-2022"


@pytest.fixture(autouse=True)
def _own_files(db: None, settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True


def person(name: str) -> str:
    return person_key(StaffMember.objects.get(name=name).pk)


def unit(name: str) -> str:
    return department_key(Department.objects.get(name=name, is_active=True).pk)


def bounds(result: Result, key: str) -> tuple[float, float]:
    found = certainty_of(result)[key]
    return found.low, found.high


# --- schemes that judge persons -----------------------------------------------------------------------------


@pytest.fixture
def result() -> Result:
    return services.current_result(county_at("computed", varied=True).round)


def test_a_person_is_as_sure_as_the_answers(result: Result) -> None:
    """乙科员一: ten ordinary ballots say 80 and 30 in turn, twenty varied ones all four words in turn."""
    values = {100.0: 5.0, 80.0: 5.0 + 5, 60.0: 5.0, 30.0: 5.0 + 5}
    mean = sum(value * n for value, n in values.items()) / 30
    expected = of_mean(mean, 30, 30, 100, Sample(values, 30, 30, 100))
    assert bounds(result, person("乙科员一")) == pytest.approx(expected)


def test_of_whom_fewer_than_five_answered_there_is_no_interval() -> None:
    """乙科员二 is rated by two; the unit has an interval all the same."""
    result = services.current_result(county_at("computed").round)
    found = certainty_of(result)
    assert person("乙科员二") not in found
    assert person("乙科员一") in found
    assert unit("县乙局") in found


def test_a_unit_is_surer_than_its_people_and_never_surer_than_its_ballots(result: Result) -> None:
    """Thirty ballots say of three people what ninety answers are; they count as thirty."""
    low, high = bounds(result, unit("县乙局"))
    score = float(Fraction(StoredOutcome.of(result).subjects[unit("县乙局")].exact or 0))
    assert 30 <= low < score < high <= 100
    least, most = of_mean(score, 30, 30, 100)
    assert least <= low
    assert high <= most
    many = of_mean(score, 90, 30, 100)
    assert high - low > (many[1] - many[0]) * 0.7


def test_what_the_centre_sees_lies_within_what_the_public_sees(result: Result) -> None:
    """Where as many answered on everybody; the public has fewer numbers to go by."""
    shown = {one.id: one.likely for one in public_view_of(result, likely=True).departments if one.likely}
    assert shown
    for key, likely in shown.items():
        low, high = bounds(result, key)
        assert float(likely.low) <= low < high <= float(likely.high), key


def test_ranks_and_grades_are_those_of_the_intervals(result: Result) -> None:
    first, second = certainty_of(result)[unit("县甲局")], certainty_of(result)[unit("县乙局")]
    assert second.low < first.low < second.high < first.high, "they overlap"
    assert (first.best_rank, first.worst_rank) == (second.best_rank, second.worst_rank) == (1, 2)
    assert first.rank_in_words == "第1–2名"
    grade = StoredOutcome.of(result).subjects[unit("县乙局")].grade
    assert (grade, second.steady) == ("合格", False)
    assert labels(second, None)[0] == ("全部评价：接近界线", False)


def test_where_office_and_public_disagree_the_office_reads_both_by_name() -> None:
    """YC-R3: 63 满意 and 36 比较满意 surely are above ninety on 99 ballots, not on 50, as the page has it."""
    county = county_at("computed")
    result = services.current_result(county.round)
    key = unit("县甲局")
    facts = copy.deepcopy(result.facts)
    for member in facts["subjects"][key]["members"].values():
        if member.get("answers"):
            member["answers"] = {"ballot": {"overall": {"满意": 63, "比较满意": 36}}}
            member["answers_by_stratum"] = {}
    result.facts, result.outcome = facts, judge(result.scheme_version, facts)
    result.ballots = {**(result.ballots or {}), key: 99}
    Result.objects.filter(pk=result.pk).update(facts=facts, outcome=result.outcome, ballots=result.ballots)
    sure, public = certainty_of(result)[key], public_likely_of(result)[key]
    assert (sure.steady, public.steady) == (True, False)
    assert labels(sure, public)[:2] == (
        ("全部评价：等次稳定", True),
        (f"公示：接近界线（{public.low}–{public.high}）", False),
    )
    client = Client()
    client.force_login(county.reviewer)
    row, *_ = [
        one
        for one in said(client, f"{county.pages}result/").split("<tr")
        if "县甲局" in one and "公示：" in one
    ]
    for word in ("全部评价：等次稳定", f"公示：接近界线（{public.low}–{public.high}）"):
        assert word in row, word
    assert "1个单位按全部评价等次稳定，公示页只用公布的数字推算，注明接近界线：县甲局。" in said(
        client, f"{county.pages}result/"
    )
    (near,) = [
        row
        for table in analysis_of(result)
        if table.title == "接近界线的单位"
        for row in table.rows
        if row[0] == "县甲局"
    ]
    assert f"全部评价：等次稳定；公示：接近界线（{public.low}–{public.high}）" in near[4]
    Round.objects.filter(pk=county.round.pk).update(intervals_public=False)
    silent = services.current_result(fresh(county.round))
    assert public_likely_of(silent) == {}


# --- schemes that judge units alone -------------------------------------------------------------------------


def test_what_is_complete_has_no_error_and_a_veto_no_doubt() -> None:
    """JL-R2 JL-R4 JL-R6: a ledger and panels; the vetoed unit is not near a boundary."""
    county = jilin_county()
    result = services.current_result(county.round)
    found = certainty_of(result)
    first, vetoed = found[unit("甲局")], found[unit("丁局")]
    assert first.is_exact
    assert first.range_in_words == "没有抽样部分"
    assert first.steady is True
    assert vetoed.steady is None
    assert (vetoed.best_rank, vetoed.worst_rank) == (None, None)


def test_ratings_that_are_public_are_a_sample_all_the_same() -> None:
    """WY-R9: from twenty on they stand alone; others might have rated otherwise."""
    office = RatedWindows()
    for code, many in zip(office.codes, (30, 60, 300, 3000), strict=True):
        rate(code, {"满意": many // 2, "基本满意": many - many // 2})
    office.take()
    office.confirm()
    office.settle()
    office.compute()
    result = services.current_result(fresh(office.round))
    widths = [one.high - one.low for one in certainty_of(result).values()]
    assert len(widths) == 4
    assert widths == sorted(widths, reverse=True)
    assert widths[0] > 10
    assert 0 < widths[-1] < 4


def monitored(satisfied: int, bad: int) -> dict[str, Any]:
    return {
        "group": "责任单位",
        "conditions": {"full_revisit": True, "problems_solved": True},
        "marks": {"rectification": 8, "innovation": {"highlight": 5, "effect": 2}, "assigned_tasks": 8},
        "placements": {
            "supervisors": {"tier": 1, "points": "7.5"},
            "publicity": {"tier": 1, "points": 9},
        },
        "measures": {"articles": 3},
        "answers": {
            "enterprises": {"overall": {"满意": satisfied, "不满意": bad}},
            "masses": {"overall": {"满意": 26, "不满意": 4}},
        },
    }


def fangcheng(method: str, **units: tuple[int, int]) -> Result:
    """As it would be stored: the interviews themselves are no matter here."""
    county = county_at("founded")
    facts = {unit_key(f"{name}局"): monitored(*answers) for name, answers in units.items()}
    round_ = services.create_round(
        title="季度监测",
        period="2022-Q1",
        scheme_version=version(FANGCHENG),
        base_date=BASE_DATE,
        persons_public=Round.PersonsPublic.NONE,
        persons_public_decision="",
        options={"deduction_method": method},
        channels={},
        acting_user=county.operator,
    )
    stored = canonical({"period": "2022-Q1", "options": round_.options, "subjects": facts})
    return Result.objects.create(
        round=round_,
        scheme_version=round_.scheme_version,
        facts=stored,
        outcome=score_facts(policy_of(round_.scheme_version), stored),
        computed_by=county.operator,
        computed_at=timezone.now(),
    )


def unit_key(name: str) -> str:
    return department_key(Department.objects.create(name=name).pk)


@pytest.mark.parametrize(("method", "exact"), [("count", True), ("rate", False)])
def test_points_off_for_every_answer_are_a_count_and_a_share_is_a_sample(method: str, *, exact: bool) -> None:
    """FC-R8: what nine enterprises said takes off points, or stands for what all would say."""
    assert certainty_of(fangcheng(method, 甲=(8, 1)))[unit("甲局")].is_exact is exact


def test_a_unit_that_too_few_speak_of_may_stand_anywhere() -> None:
    """Of it there is no interval, and its neighbours' ranks stay open."""
    result = fangcheng("rate", 甲=(3, 1), 乙=(30, 0), 丙=(0, 30))
    found = certainty_of(result)
    assert unit("甲局") not in found
    assert (found[unit("乙局")].best_rank, found[unit("乙局")].worst_rank) == (1, 2)
    assert (found[unit("丙局")].best_rank, found[unit("丙局")].worst_rank) == (2, 3)
