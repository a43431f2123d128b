"""A round before people are asked (YC-R4, YC-R5, readings 3, 9, 11)."""

from datetime import date

import pytest

from departments.models import Department, StaffMember
from evaluations import services
from evaluations.models import Round, RoundMember
from evaluations.rounds.services import reason_not_judged
from office.errors import Refused
from office.models import AuditEntry
from tests.evaluations.county import BASE_DATE, PASSPHRASE, County, broken_scheme


@pytest.mark.both_databases
def test_a_round_starts_with_every_active_department(county: County) -> None:
    """YC-R4"""
    Department.objects.filter(name="县乙局").update(is_active=False)
    assert [row.name for row in county.create().departments.all()] == ["县甲局"]


def test_departments_can_be_edited_per_round(county: County) -> None:
    """YC-R4"""
    round_ = county.create()
    services.choose_departments(
        round=round_, department_ids=[county.departments[1].pk], acting_user=county.operator
    )
    assert [row.name for row in round_.departments.all()] == ["县乙局"]
    entry = AuditEntry.objects.get(verb="选定参评单位")
    assert (entry.before, entry.after) == ({"参评单位": ["县甲局", "县乙局"]}, {"参评单位": ["县乙局"]})


@pytest.mark.parametrize(("ids", "words"), [([], "至少选择一个"), ([999_999], "系统里没有")])
def test_a_list_without_or_with_unknown_departments_is_refused(
    county: County, ids: list[int], words: str
) -> None:
    """YC-R4"""
    round_ = county.create()
    with pytest.raises(Refused, match=words):
        services.choose_departments(round=round_, department_ids=ids, acting_user=county.operator)
    assert round_.departments.count() == 2


def test_changing_departments_asks_for_a_new_freeze(county: County) -> None:
    """YC-R4"""
    round_ = county.frozen()
    services.choose_departments(
        round=round_, department_ids=[county.departments[0].pk], acting_user=county.operator
    )
    round_.refresh_from_db()
    assert round_.state == Round.State.DRAFT


@pytest.mark.parametrize(
    ("changes", "reason"),
    [
        ({}, ""),
        ({"is_judged": False}, "名册中未勾选参加评价"),
        ({"left_on": BASE_DATE}, "基准日前已离任（2026-09-01）"),
        ({"left_on": date(2026, 9, 2)}, ""),
        ({"in_post_since": date(2026, 6, 1)}, ""),
        ({"in_post_since": date(2026, 6, 2)}, "任现职不满3个月（2026-06-02起）"),
    ],
)
def test_who_is_judged_on_the_base_date(changes: dict[str, object], reason: str) -> None:
    """YC-R10: ticked, not left, three months in post where that is known."""
    assert reason_not_judged(StaffMember(**changes), BASE_DATE) == reason


def test_three_months_end_with_a_short_month() -> None:
    """YC-R10: 30 November plus three months is 28 February."""
    person = StaffMember(in_post_since=date(2026, 11, 30))
    assert reason_not_judged(person, date(2027, 2, 27)) == "任现职不满3个月（2026-11-30起）"
    assert reason_not_judged(person, date(2027, 2, 28)) == ""


def test_the_frozen_list_keeps_how_people_stood(county: County) -> None:
    """YC-R10: who moves later stays on the list and counts for the old department (reading 12)."""
    round_ = county.frozen()
    mover = StaffMember.objects.get(name="甲科员一")
    mover.department = county.departments[1]
    mover.left_on = date(2026, 9, 20)
    mover.save()
    kept = RoundMember.objects.get(round_department__round=round_, staff_member=mover)
    assert (kept.round_department.name, kept.is_judged, kept.section_name) == ("县甲局", True, "审批科")


@pytest.mark.both_databases
def test_freezing_again_takes_the_list_afresh(county: County) -> None:
    round_ = county.frozen()
    StaffMember.objects.filter(name="甲科员二").update(is_judged=False)
    services.freeze_subjects(round=round_, acting_user=county.operator)
    member = RoundMember.objects.get(round_department__round=round_, name="甲科员二")
    assert (member.is_judged, member.reason_not_judged) == (False, "名册中未勾选参加评价")


def test_a_department_with_nobody_to_judge_is_named(county: County) -> None:
    StaffMember.objects.filter(department=county.departments[1]).update(is_judged=False)
    with pytest.raises(Refused, match="县乙局"):
        county.frozen()


def test_a_peer_group_the_scheme_does_not_know_is_named(county: County) -> None:
    Department.objects.filter(name="县乙局").update(peer_group="别的系列")
    with pytest.raises(Refused, match="县乙局"):
        county.frozen()


@pytest.mark.parametrize("public", ["all", "top_grades"])
def test_naming_persons_needs_the_decision_that_allows_it(county: County, public: str) -> None:
    """YC-R3 (reading 11)"""
    with pytest.raises(Refused, match="须有依据"):
        county.create(persons_public=public, persons_public_decision="  ")


def test_naming_nobody_needs_no_decision(county: County) -> None:
    """YC-R3 (reading 11)"""
    assert county.create(persons_public="none", persons_public_decision="").persons_public == "none"


def test_an_option_the_scheme_does_not_have_is_refused(county: County) -> None:
    with pytest.raises(Refused, match="口径"):
        county.create(options={"unheard_of": 1})


@pytest.mark.parametrize(
    ("shares", "words"),
    [
        ({"private": 50, "sole_trader": 40, "non_private": 9}, "合计为99%"),
        ({"private": 60, "sole_trader": 50, "non_private": -10}, "不小于0"),
        ({"private": 60, "sole_trader": 40}, "各填一个"),
    ],
)
def test_shares_make_a_hundred(county: County, shares: dict[str, int], words: str) -> None:
    """YC-R5"""
    round_ = county.create()
    with pytest.raises(Refused, match=words):
        services.set_shares(round=round_, shares=shares, acting_user=county.operator)
    round_.refresh_from_db()
    assert round_.shares == {"private": 50, "sole_trader": 40, "non_private": 10}


def test_other_shares_can_be_set(county: County) -> None:
    """YC-R5"""
    shares = {"private": 60, "sole_trader": 40, "non_private": 0}
    round_ = services.set_shares(round=county.create(), shares=shares, acting_user=county.operator)
    assert round_.shares == shares


def test_slips_for_an_unknown_town_are_refused(county: County) -> None:
    """YC-R6"""
    with pytest.raises(Refused, match="镇（街）"):
        services.plan_slips(round=county.create(), plan={0: {"private": 1}}, acting_user=county.operator)


def test_making_slips_needs_a_plan(county: County) -> None:
    """YC-R6"""
    with pytest.raises(Refused, match="票数"):
        services.prepare_ballot(round=county.frozen(), passphrase=PASSPHRASE, acting_user=county.operator)


@pytest.mark.parametrize(("answers", "refused"), [(4, True), (5, False)])
def test_no_round_with_fewer_than_five_answers_per_person(
    county: County, answers: int, refused: bool
) -> None:
    """YC-R10: the floor of reading 9 is enforced when slips are made and when the round opens."""
    options = {"min_valid_answers": answers}
    if refused:
        with pytest.raises(Refused, match="最低为5"):
            county.prepared(options=options)
    else:
        assert county.prepared(options=options).state == Round.State.PREPARED


def test_a_faulty_scheme_file_loads_nothing(county: County, tmp_path: object) -> None:
    with pytest.raises(Refused, match="未载入任何方案") as refusal:
        services.load_schemes(folder=broken_scheme(tmp_path))  # type: ignore[arg-type]
    assert any("surprise" in fault for fault in refusal.value.faults)


@pytest.mark.both_databases
def test_loading_schemes_again_changes_nothing(county: County) -> None:
    before = AuditEntry.objects.count()
    assert county.scheme in services.load_schemes()
    assert AuditEntry.objects.count() == before
