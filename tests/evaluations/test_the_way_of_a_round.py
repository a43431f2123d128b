"""From the open box to the published result: order, who may do what, and what is kept (YC-R6, reading 10)."""

from datetime import date, timedelta

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from departments.models import StaffMember
from evaluations import services
from evaluations.models import Appeal, Result, Round, RoundMember
from office.errors import Refused
from office.models import AuditEntry
from surveys import queries
from tests.evaluations.county import LAST_APPEAL_DAY, NOW, PASSPHRASE, SERVED, County, fresh, ordinary_ballots

S = Round.State


@pytest.mark.both_databases
def test_a_round_from_counts_to_result(county: County) -> None:
    """YC-R10: persons' scores become the department's; who has too few answers has no score."""
    round_ = county.computed()
    result = services.current_result(round_)
    first, second = (f"d{department.pk}" for department in county.departments)
    good = result.outcome["subjects"][first]
    assert (good["score"], good["grade"], good["rank"]) == ("93.33", "优秀", 1)
    poor = result.outcome["subjects"][second]
    members = {member["name"]: member for member in poor["members"].values()}
    assert (members["乙科长"]["score"], members["乙科员一"]["score"]) == ("60.00", "55.00")
    assert (members["乙科员二"]["score"], members["乙科员二"]["withheld"]) == (None, "too_few_answers")
    assert (poor["score"], members["乙局长"]["score"]) == ("57.50", "57.50")
    assert result.outcome["scheme_sha256"] == county.scheme.sha256


@pytest.mark.both_databases
def test_facts_hold_the_strata(county: County) -> None:
    """YC-R5"""
    round_ = county.closed(ballots=ordinary_ballots() * 5)
    head = StaffMember.objects.get(name="甲科长")
    facts = services.compute_round(round=round_, now=NOW, acting_user=county.operator).facts
    assert facts["respondents"] == {"民营企业": 20, "个体工商户": 20, "非民营企业": 10}
    assert facts["shares"] == {"民营企业": 50, "个体工商户": 40, "非民营企业": 10}
    member = next(iter(facts["subjects"].values()))["members"][f"p{head.pk}"]
    assert member["answers_by_stratum"]["非民营企业"]["ballot"]["overall"]["满意"] == 10


def test_small_strata_are_not_told_apart(county: County) -> None:
    """YC-R5"""
    facts = services.current_result(county.computed()).facts
    head = StaffMember.objects.get(name="甲科长")
    assert "respondents" not in facts
    member = next(iter(facts["subjects"].values()))["members"][f"p{head.pk}"]
    assert all("+" in stratum for stratum in member["answers_by_stratum"])


def test_leaders_are_not_on_the_ballot_by_default(county: County) -> None:
    """YC-R10 (reading 13)"""
    round_ = county.prepared()
    names = {
        person["name"]
        for department in round_.survey.form["departments"]
        for section in department["sections"]
        for person in section["persons"]
    }
    assert names == {f"{mark}{post}" for mark in "甲乙" for post in ("科长", "科员一", "科员二")}


def test_leaders_can_be_rated_directly(county: County) -> None:
    """YC-R10 (reading 13)"""
    round_ = county.prepared(options={"leaders": "direct"})
    sections = round_.survey.form["departments"][0]["sections"]
    assert [person["name"] for person in sections[0]["persons"]] == ["甲局长", "甲副局长"]


def test_the_question_is_named_after_the_topic_of_the_section(county: County) -> None:
    """YC-R9"""
    section = county.prepared().survey.form["departments"][0]["sections"][0]
    assert section["questions"] == [{"id": "overall", "text": "审批服务"}]


def test_other_questions_can_be_asked(county: County) -> None:
    """YC-R9"""
    section = county.prepared(questions=["服务态度", "办事效率"]).survey.form["departments"][0]["sections"][0]
    assert [question["text"] for question in section["questions"]] == ["服务态度", "办事效率"]


def test_the_two_lower_answers_ask_for_a_reason(county: County) -> None:
    """YC-R8"""
    choices = county.prepared().survey.form["choices"]
    assert [choice["word"] for choice in choices if choice["ask"]] == ["基本满意", "不满意"]


def test_nothing_is_computed_before_the_count(county: County) -> None:
    round_ = services.close_round(round=county.opened(), today=date(2026, 9, 28), acting_user=county.operator)
    with pytest.raises(Refused, match="还没有计票"):
        services.compute_round(round=round_, now=NOW, acting_user=county.operator)
    assert not Result.objects.exists()


def test_a_wrong_passphrase_counts_nothing(county: County) -> None:
    round_ = services.close_round(round=county.opened(), today=date(2026, 9, 28), acting_user=county.operator)
    with pytest.raises(Refused, match="口令不正确"):
        services.tally_round(round=round_, passphrase="不是这个口令不是这个", acting_user=county.operator)
    assert queries.counts(round_.survey) == {}


def test_a_step_out_of_order_says_where_the_round_stands_and_what_comes_next(county: County) -> None:
    round_ = county.frozen()
    with pytest.raises(
        Refused, match="目前为“名单已锁定”，不能截止打票，未作任何更改。下一步：安排票数并制票"
    ):
        services.close_round(round=round_, today=date(2026, 9, 1), acting_user=county.operator)


@pytest.mark.both_databases
def test_nobody_signs_off_what_they_computed(county: County) -> None:
    round_ = county.closed()
    services.compute_round(round=round_, now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused, match="计算人不能审定"):
        services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    assert fresh(round_).state == S.COMPUTED
    services.sign_off_round(round=round_, now=NOW, acting_user=county.leader)
    assert fresh(round_).state == S.SIGNED_OFF


@pytest.mark.both_databases
def test_publishing_before_sign_off_is_refused(county: County) -> None:
    with pytest.raises(Refused, match="目前为“已计算”，不能公布结果"):
        services.mark_published(round=county.computed(), now=NOW, acting_user=county.operator)


def test_publishing_within_the_appeal_days_is_refused(county: County) -> None:
    with pytest.raises(Refused, match="不能公布结果"):
        services.mark_published(round=county.served(), now=NOW, acting_user=county.operator)


def test_serving_begins_five_working_days(county: County) -> None:
    round_ = county.served()
    assert (round_.served_on, round_.appeals_until) == (SERVED, LAST_APPEAL_DAY)


def test_appeal_days_end_after_their_last_day(county: County) -> None:
    round_ = county.served()
    with pytest.raises(Refused, match="2026年10月19日届满"):
        services.end_appeals(round=round_, today=LAST_APPEAL_DAY, acting_user=county.operator)
    services.end_appeals(round=round_, today=LAST_APPEAL_DAY + timedelta(days=1), acting_user=county.operator)
    assert fresh(round_).state == S.APPEALS_ENDED
    services.mark_published(round=round_, now=NOW, acting_user=county.operator)
    assert fresh(round_).state == S.PUBLISHED


def test_a_recorded_decision_ends_the_appeal_days_early(county: County) -> None:
    round_ = county.served()
    services.end_appeals(
        round=round_, today=SERVED, acting_user=county.operator, waiver_decision="示政办〔2026〕9号"
    )
    assert fresh(round_).appeals_waiver_decision == "示政办〔2026〕9号"


def lodged(county: County, round_: Round, **changes: object) -> Appeal:
    wanted: dict[str, object] = {
        "round_department": round_.departments.first(),
        "text": "得分有误",
        "today": SERVED,
        "acting_user": county.users["department_officer"],
    }
    return services.lodge_appeal(**{**wanted, **changes})  # type: ignore[arg-type]


def test_an_undecided_appeal_keeps_the_days_open(county: County) -> None:
    round_ = county.served()
    appeal = lodged(county, round_)
    late = LAST_APPEAL_DAY + timedelta(days=1)
    with pytest.raises(Refused, match="还有1件申诉没有复核"):
        services.end_appeals(round=round_, today=late, acting_user=county.operator)
    services.decide_appeal(
        appeal=appeal, upheld=False, decision="经复核无误", today=late, acting_user=county.reviewer
    )
    services.end_appeals(round=round_, today=late, acting_user=county.operator)
    assert fresh(round_).state == S.APPEALS_ENDED


@pytest.mark.parametrize(
    ("today", "in_time"), [(LAST_APPEAL_DAY, True), (LAST_APPEAL_DAY + timedelta(days=1), False)]
)
def test_appeals_are_taken_through_the_last_day(county: County, today: date, in_time: bool) -> None:
    round_ = county.served()
    if in_time:
        assert lodged(county, round_, today=today).lodged_on == today
    else:
        with pytest.raises(Refused, match="届满"):
            lodged(county, round_, today=today)


def test_a_department_appeals_only_for_itself(county: County) -> None:
    round_ = county.served()
    with pytest.raises(Refused, match="本单位"):
        lodged(county, round_, round_department=round_.departments.last())


@pytest.mark.both_databases
def test_an_upheld_appeal_leads_to_a_new_result_that_names_the_old_one(county: County) -> None:
    round_ = county.served()
    old = services.current_result(round_)
    appeal = lodged(county, round_)
    services.decide_appeal(
        appeal=appeal, upheld=True, decision="不应参评", today=SERVED, acting_user=county.reviewer
    )
    late = LAST_APPEAL_DAY + timedelta(days=1)
    with pytest.raises(Refused, match="还没有更正"):
        services.end_appeals(round=round_, today=late, acting_user=county.operator)
    member = RoundMember.objects.get(round_department__round=round_, name="甲科员二")
    services.withdraw_member(round_member=member, reason="申诉采纳：借调在外", acting_user=county.reviewer)
    new = services.compute_round(round=round_, now=NOW, acting_user=county.operator, reason="采纳申诉")
    assert (new.number, new.replaces, fresh(round_).state) == (2, old, S.COMPUTED)
    assert services.current_result(round_) == new
    assert new.outcome["subjects"][f"d{county.departments[0].pk}"]["score"] == "100.00"
    old.refresh_from_db()
    assert old.outcome["subjects"][f"d{county.departments[0].pk}"]["score"] == "93.33"


def test_a_served_result_is_not_computed_again_without_an_upheld_appeal(county: County) -> None:
    with pytest.raises(Refused, match="没有新采纳的申诉"):
        services.compute_round(round=county.served(), now=NOW, acting_user=county.operator, reason="再算")


@pytest.mark.both_databases
def test_every_step_writes_its_audit_row(county: County) -> None:
    round_ = county.served()
    services.end_appeals(round=round_, today=LAST_APPEAL_DAY + timedelta(days=1), acting_user=county.operator)
    services.mark_published(round=round_, now=NOW, acting_user=county.operator)
    verbs = set(
        AuditEntry.objects.filter(object_type__in=["轮次", "评价结果"]).values_list("verb", flat=True)
    )
    assert verbs == {
        "创建轮次", "锁定参评名单", "安排票数", "制票", "开始打票", "截止打票", "计票", "计算结果",
        "审定结果", "送达结果", "结束申诉期", "公布结果",
    }  # fmt: skip


def test_history_comes_from_earlier_published_rounds(county: County) -> None:
    """YC-R15 (reading 8): the streak of the department follows the department."""
    round_ = county.served()
    services.end_appeals(round=round_, today=date(2026, 11, 2), acting_user=county.operator)
    services.mark_published(round=round_, now=NOW, acting_user=county.operator)
    later = county.computed(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 12, 1))
    result = services.current_result(later)
    poor = f"d{county.departments[1].pk}"
    assert result.facts["subjects"][poor]["history"] == [{"period": "2026-Q3", "grade": "不合格", "rank": 2}]
    assert "failing_twice_running" in {c["id"] for c in result.outcome["subjects"][poor]["consequences"]}


@pytest.mark.both_databases
def test_stored_results_are_recomputed_and_stand(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    """YC-R10"""
    county.computed()
    call_command("verify_results")
    assert "共核对 1 份结果，0 份不一致" in capsys.readouterr().out


@pytest.mark.both_databases
def test_a_result_is_never_edited(county: County) -> None:
    result = services.current_result(county.computed())
    with pytest.raises(TypeError, match="never edited"):
        result.save()


@pytest.mark.both_databases
def test_the_database_knows_that_nobody_signs_off_their_own(county: County) -> None:
    result = services.current_result(county.computed())
    with pytest.raises(IntegrityError, match="nobody_signs_off"):
        Result.objects.filter(pk=result.pk).update(signed_off_by=result.computed_by)


@pytest.mark.both_databases
def test_a_tampered_result_is_found(county: County, capsys: pytest.CaptureFixture[str]) -> None:
    """YC-R10"""
    result = services.current_result(county.computed())
    subject = result.outcome["subjects"][f"d{county.departments[1].pk}"]
    subject["score"] = "99.00"
    Result.objects.filter(pk=result.pk).update(outcome=result.outcome)
    with pytest.raises(SystemExit) as end:
        call_command("verify_results")
    assert end.value.code == 1
    assert "存档 99.00，重算 57.50" in capsys.readouterr().out


@pytest.mark.parametrize(
    "role",
    ["administrator", "leading_group", "department_officer", "town_organizer", "paper_clerk", "inspectorate"],
)
def test_who_may_not_run_a_round(county: County, role: str) -> None:
    with pytest.raises(Refused, match="没有这项操作的权限"):
        county.create(acting_user=county.users[role])
    assert not Round.objects.exists()


def test_opening_needs_the_passphrase(county: County) -> None:
    round_ = county.prepared()
    with pytest.raises(Refused, match="口令"):
        services.open_round(
            round=round_, passphrase=PASSPHRASE + "x", today=date(2026, 9, 15), acting_user=county.operator
        )
    assert fresh(round_).state == S.PREPARED
