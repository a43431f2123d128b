"""A round before people are asked (YC-R4, YC-R5, readings 3, 9, 11)."""

from datetime import date
from itertools import pairwise
from pathlib import Path

import pytest

from departments.models import Department, StaffMember
from evaluations import services
from evaluations.models import Round, RoundMember, SchemeVersion
from evaluations.rounds import periods
from evaluations.rounds.forms import RoundForm
from evaluations.rounds.services import reason_not_judged
from office.errors import Refused
from office.models import AuditEntry
from tests.evaluations.county import BASE_DATE, PASSPHRASE, County, broken_scheme, fresh
from tests.evaluations.pages import starts


def choose(county: County, *ids: int) -> Round:
    return services.choose_departments(round=county.round, department_ids=ids, acting_user=county.operator)


@pytest.mark.both_databases
def test_a_round_starts_with_every_active_department(county: County) -> None:
    """YC-R4"""
    Department.objects.filter(name="县乙局").update(is_active=False)
    assert [row.name for row in county.create().departments.all()] == ["县甲局"]


@starts("frozen")
def test_departments_chosen_for_a_round_ask_for_a_new_freeze(county: County) -> None:
    """YC-R4"""
    round_ = choose(county, county.departments[1].pk)
    assert [row.name for row in round_.departments.all()] == ["县乙局"]
    assert fresh(round_).state == Round.State.DRAFT
    entry = AuditEntry.objects.get(verb="选定参评单位")
    assert (entry.before, entry.after) == ({"参评单位": ["县甲局", "县乙局"]}, {"参评单位": ["县乙局"]})


@starts("created")
@pytest.mark.parametrize(("ids", "words"), [([], "没有选择参评单位"), ([999_999], "系统里没有")])
def test_no_or_unknown_departments_are_refused(county: County, ids: list[int], words: str) -> None:
    """YC-R4"""
    with pytest.raises(Refused, match=words):
        choose(county, *ids)
    assert county.round.departments.count() == 2


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"is_judged": False}, "名册中未勾选参加评价"),
        ({"left_on": BASE_DATE}, "基准日前已离任（2026年9月1日）"),
        ({"left_on": date(2026, 9, 2)}, ""),
        ({"in_post_since": date(2026, 6, 1)}, ""),
        ({"in_post_since": date(2026, 6, 2)}, "任现职不满3个月（2026年6月2日起）"),
    ],
)
def test_who_is_judged_on_the_base_date(changes: dict[str, object], reason: str) -> None:
    """YC-R10: ticked, not left, three months in post where that is known."""
    assert reason_not_judged(StaffMember(**changes), BASE_DATE) == reason


def test_three_months_end_with_a_short_month() -> None:
    """YC-R10: 30 November plus three months is 28 February."""
    person = StaffMember(in_post_since=date(2026, 11, 30))
    assert reason_not_judged(person, date(2027, 2, 27)) == "任现职不满3个月（2026年11月30日起）"
    assert reason_not_judged(person, date(2027, 2, 28)) == ""


@starts("frozen")
def test_the_frozen_list_keeps_people_as_they_were_until_it_is_frozen_again(county: County) -> None:
    """YC-R10: who moves later stays on the list and counts for the old department (reading 12)."""
    mover = StaffMember.objects.get(name="甲科员一")
    mover.department = county.departments[1]
    mover.left_on = date(2026, 9, 20)
    mover.save()
    kept = RoundMember.objects.get(round_department__round=county.round, staff_member=mover)
    assert (kept.round_department.name, kept.is_judged, kept.section_name) == ("县甲局", True, "审批科")
    StaffMember.objects.filter(name="甲科员二").update(is_judged=False)
    county.freeze(county.round)
    member = RoundMember.objects.get(round_department__round=county.round, name="甲科员二")
    assert (member.is_judged, member.reason_not_judged) == (False, "名册中未勾选参加评价")


def test_a_department_with_nobody_to_judge_or_of_an_unknown_group_is_named(county: County) -> None:
    Department.objects.filter(name="县乙局").update(peer_group="别的系列")
    round_ = county.create()
    assert [row.name for row in round_.departments.all()] == [
        "县甲局"
    ]  # a unit of no group of the scheme is left out
    ids = [one.pk for one in county.departments]
    services.choose_departments(round=round_, department_ids=ids, acting_user=county.operator)
    with pytest.raises(Refused, match="县乙局"):
        county.freeze(round_)
    Department.objects.filter(name="县乙局").update(peer_group=county.departments[0].peer_group)
    StaffMember.objects.filter(department=county.departments[1]).update(is_judged=False)
    with pytest.raises(Refused, match=r"没有可以参评的人员.*\n县乙局"):
        county.frozen()


def test_naming_persons_needs_the_decision_that_allows_it(county: County) -> None:
    """YC-R3 (reading 11); an option that the scheme does not have is refused likewise."""
    for public in ("all", "top_grades"):
        with pytest.raises(Refused, match="须有依据"):
            county.create(persons_public=public, persons_public_decision="  ")
    assert county.create(persons_public="none", persons_public_decision="").persons_public == "none"
    with pytest.raises(Refused, match="口径"):
        county.create(options={"unheard_of": 1})


@starts("created")
@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"private": 50, "sole_trader": 40, "non_private": 9}, "合计为99%"),
        ({"private": 60, "sole_trader": 50, "non_private": -10}, "不小于0"),
        ({"private": 60, "sole_trader": 40}, "各填一个"),
        ({"private": 60, "sole_trader": 40, "non_private": 0}, ""),
    ],
)
def test_shares_make_a_hundred(county: County, shares: dict[str, int], words: str) -> None:
    """YC-R5"""
    wanted = {"round": county.round, "shares": shares, "acting_user": county.operator}
    if words:
        with pytest.raises(Refused, match=words):
            services.set_shares(**wanted)  # type: ignore[arg-type]
        assert fresh(county.round).shares == {"private": 50, "sole_trader": 40, "non_private": 10}
    else:
        assert services.set_shares(**wanted).shares == shares  # type: ignore[arg-type]


@starts("frozen")
def test_slips_need_a_plan_for_towns_that_exist(county: County) -> None:
    """YC-R6"""
    with pytest.raises(Refused, match="镇（街）"):
        services.plan_slips(round=county.round, plan={0: {"private": 1}}, acting_user=county.operator)
    with pytest.raises(Refused, match="票数"):
        services.prepare_ballot(round=county.round, passphrase=PASSPHRASE, acting_user=county.operator)


def test_no_round_with_fewer_than_five_answers_per_person(county: County) -> None:
    """YC-R10: the floor of reading 9 is enforced when slips are made."""
    with pytest.raises(Refused, match="最低为5"):
        county.prepared(options={"min_valid_answers": 4})


@starts("prepared")
def test_the_floor_is_enforced_again_when_the_round_opens(county: County) -> None:
    """YC-R10"""
    Round.objects.update(options={"min_valid_answers": 4})
    with pytest.raises(Refused, match="最低为5"):
        county.open(county.round)


def test_a_faulty_scheme_file_loads_nothing(county: County, tmp_path: Path) -> None:
    before = AuditEntry.objects.count()
    with pytest.raises(Refused, match="sick 有误") as refusal:
        services.load_schemes(folder=broken_scheme(tmp_path))
    assert any("surprise" in fault for fault in refusal.value.faults)
    assert county.scheme in services.load_schemes()
    assert AuditEntry.objects.count() == before, "loading again changes nothing"


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("2026-Q3", "2026年第三季度"),
        ("2026-H1", "2026年上半年"),
        ("2026", "2026年度"),
        ("2026-09", "2026年9月"),
        ("2026-2", "2026年第二次"),
    ],
)
def test_periods_are_said_as_people_say_them(stored: str, said: str) -> None:
    assert periods.is_period(stored)
    assert periods.in_words(stored) == said


@pytest.mark.parametrize("wrong", ["2026-Q5", "26-Q1", "", "2026-Q1x", "2026-", "2026-13", "2026-0"])
def test_other_periods_are_none(wrong: str) -> None:
    assert not periods.is_period(wrong)


@pytest.mark.parametrize(
    ("period", "rounds_per_year", "first", "last"),
    [
        ("2021", 1, date(2021, 1, 1), date(2021, 12, 31)),
        ("2023-Q3", 4, date(2023, 7, 1), date(2023, 9, 30)),
        ("2023-H2", 2, date(2023, 7, 1), date(2023, 12, 31)),
        ("2024-02", 12, date(2024, 2, 1), date(2024, 2, 29)),
        ("2022-1", 3, date(2022, 1, 1), date(2022, 4, 30)),
        ("2022-3", 3, date(2022, 9, 1), date(2022, 12, 31)),
        ("2022-4", 3, date(2022, 1, 1), date(2022, 12, 31)),
        ("2022-2", None, date(2022, 1, 1), date(2022, 12, 31)),
    ],
)
def test_a_period_has_a_first_and_a_last_day(
    period: str, rounds_per_year: int | None, first: date, last: date
) -> None:
    assert periods.days_of(period, rounds_per_year) == (first, last)


@pytest.mark.parametrize("rounds_per_year", [1, 2, 3, 4, 5, 7, 12])
def test_the_periods_of_a_cadence_cover_the_year_without_gap_or_overlap(rounds_per_year: int) -> None:
    found = [periods.days_of(text, rounds_per_year) for text in periods.periods_of(2024, rounds_per_year)]
    assert (found[0][0], found[-1][1]) == (date(2024, 1, 1), date(2024, 12, 31))
    assert all((later[0] - earlier[1]).days == 1 for earlier, later in pairwise(found))
    assert [periods.containing(last, rounds_per_year) for _, last in found] == list(
        periods.periods_of(2024, rounds_per_year)
    )


@pytest.mark.parametrize(
    ("scheme_id", "offered"),
    [
        ("jilin-jkq-2021", ["年度"]),
        ("fangcheng-2022", ["第一季度", "第二季度", "第三季度", "第四季度"]),
        ("guangyuan-2022", ["第一次", "第二次", "第三次"]),
        ("wuyang-windows-2022", [f"{month}月" for month in range(1, 13)]),
    ],
)
def test_the_form_of_a_round_offers_what_the_cadence_has(
    county: County, scheme_id: str, offered: list[str]
) -> None:
    version = SchemeVersion.objects.get(scheme_id=scheme_id)
    assert [label for _, label in RoundForm(version=version).fields["part"].choices] == offered
