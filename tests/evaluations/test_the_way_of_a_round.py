"""From the open box to the published result: order, who may do what, and what is kept (YC-R6, reading 10)."""

from datetime import date

import pytest
from django.core.management import call_command
from django.db import IntegrityError

from departments.models import StaffMember
from evaluations import services
from evaluations.models import Disposition, Result, Round
from evaluations.results.outcome import StoredOutcome
from evaluations.rounds.subject_keys import department_key, person_key
from office.errors import Refused
from office.models import AuditEntry
from surveys import queries
from surveys.ballots import verify
from surveys.box import bundles
from tests.evaluations.county import (
    AFTER_APPEALS,
    LAST_APPEAL_DAY,
    NOW,
    SERVED,
    County,
    fresh,
    ordinary_ballots,
)
from tests.evaluations.pages import starts
from tests.kit.publishing import run_waiting_jobs

State = Round.State


@pytest.mark.both_databases
def test_a_round_goes_step_by_step_and_every_step_writes_its_audit_row(county: County) -> None:
    """YC-R10: persons' scores become the department's; who has too few answers has no score."""
    round_ = county.computed()
    result = services.current_result(round_)
    good, poor = (StoredOutcome.of(result).department(one.pk) for one in county.departments)
    assert (good.score, good.grade, good.rank) == ("93.33", "优秀", 1)
    members = {member.name: member for member in poor.members.values()}
    assert (members["乙科长"].score, members["乙科员一"].score) == ("60.00", "55.00")
    assert (members["乙科员二"].score, members["乙科员二"].withheld) == (None, "too_few_answers")
    assert (poor.score, members["乙局长"].score) == ("57.50", "57.50")
    assert result.outcome["scheme_sha256"] == county.scheme.sha256

    round_ = county.serve(county.sign_off(round_))
    assert (round_.served_on, round_.appeals_until) == (SERVED, LAST_APPEAL_DAY)
    with pytest.raises(Refused, match="2026年10月19日届满"):
        county.end_appeals(round_, LAST_APPEAL_DAY)
    county.end_appeals(round_)
    assert fresh(round_).state == State.APPEALS_ENDED
    county.mark_published(round_)
    assert fresh(round_).state == State.PUBLISHED
    of_rounds = AuditEntry.objects.filter(object_type__in=["轮次", "评价结果"])
    assert set(of_rounds.values_list("verb", flat=True)) == {
        "创建轮次", "锁定参评名单", "安排票数", "制票", "开始评价", "截止评价", "计票", "计算结果",
        "审定结果", "送达结果", "结束申诉期", "登记处置建议", "公布结果",
    }  # fmt: skip


# --- The questionnaire --------------------------------------------------------------------------------


@starts("prepared")
def test_the_questionnaire_follows_the_scheme(county: County) -> None:
    """YC-R8, YC-R9, YC-R10: no leaders (reading 13), the topic as question, reasons for low answers."""
    form = county.survey.form
    sections = [section for department in form["departments"] for section in department["sections"]]
    names = {person["name"] for section in sections for person in section["persons"]}
    assert names == {f"{mark}{post}" for mark in "甲乙" for post in ("科长", "科员一", "科员二")}
    assert sections[0]["questions"] == [{"id": "overall", "text": "审批服务"}]
    assert [choice["word"] for choice in form["choices"] if choice["ask"]] == ["基本满意", "不满意"]


def test_leaders_can_be_rated_directly_and_other_questions_asked(county: County) -> None:
    """YC-R9, YC-R10 (reading 13)"""
    round_ = county.prepared(options={"leaders": "direct"}, questions=["服务态度", "办事效率"])
    assert round_.survey is not None
    section = round_.survey.form["departments"][0]["sections"][0]
    assert [person["name"] for person in section["persons"]] == ["甲局长", "甲副局长"]
    assert [question["text"] for question in section["questions"]] == ["服务态度", "办事效率"]


# --- Order --------------------------------------------------------------------------------------------


@starts("prepared")
def test_opening_needs_the_passphrase(county: County) -> None:
    with pytest.raises(Refused, match="口令"):
        county.open(county.round, "不是这个口令不是这个")
    assert fresh(county.round).state == State.PREPARED


@starts("closed")
def test_nothing_is_computed_before_the_count_and_a_wrong_passphrase_counts_nothing(county: County) -> None:
    with pytest.raises(Refused, match="还没有计票"):
        county.compute(county.round)
    assert not Result.objects.exists()
    with pytest.raises(Refused, match="口令不正确"):
        county.tally(county.round, "不是这个口令不是这个")
    assert queries.counts(county.survey) == {}


@starts("frozen")
def test_a_step_out_of_order_says_where_the_round_stands_and_what_comes_next(county: County) -> None:
    with pytest.raises(Refused, match=r"目前为“名单已锁定”，不能截止评价.*下一步：安排票数并制票"):
        county.close(county.round)


@pytest.mark.both_databases
@starts("counted")
def test_nobody_signs_off_what_they_computed(county: County) -> None:
    round_ = county.round
    result = services.compute_round(round=round_, now=NOW, acting_user=county.reviewer)
    with pytest.raises(Refused, match="计算人不能审定"):
        services.sign_off_round(round=round_, now=NOW, acting_user=county.reviewer)
    assert fresh(round_).state == State.COMPUTED
    services.sign_off_round(round=round_, now=NOW, acting_user=county.leader)
    assert fresh(round_).state == State.SIGNED_OFF
    with pytest.raises(IntegrityError, match="nobody_signs_off"):
        Result.objects.filter(pk=result.pk).update(signed_off_by=result.computed_by)


@pytest.mark.parametrize(
    ("county", "why"),
    [(("computed", False), "目前为“已计算”，不能公布结果"), (("served", False), "不能公布结果")],
    indirect=["county"],
    ids=["before the sign-off", "within the appeal days"],
)
def test_publishing_too_early_is_refused(county: County, why: str) -> None:
    with pytest.raises(Refused, match=why):
        county.mark_published(county.round)


@pytest.mark.parametrize(
    "role",
    ["administrator", "leading_group", "department_officer", "town_organizer", "paper_clerk", "inspectorate"],
)
def test_who_may_not_run_a_round(county: County, role: str) -> None:
    with pytest.raises(Refused, match="没有这项操作的权限"):
        county.create(acting_user=county.users[role])
    assert not Round.objects.exists()


# --- Facts --------------------------------------------------------------------------------------------


def head_of_first(result: Result) -> dict[str, object]:
    """The facts about 甲科长."""
    head = StaffMember.objects.get(name="甲科长")
    members = result.facts["subjects"][department_key(head.department_id)]["members"]
    return members[person_key(head.pk)]  # type: ignore[no-any-return]


@pytest.mark.both_databases
@starts("opened")
def test_facts_hold_the_strata(county: County) -> None:
    """YC-R5"""
    county.vote_all(ordinary_ballots() * 5)
    result = services.current_result(county.compute(county.tally(county.close(county.round))))
    assert result.facts["respondents"] == {"民营企业": 20, "个体工商户": 20, "非民营企业": 10}
    assert result.facts["shares"] == {"民营企业": 50, "个体工商户": 40, "非民营企业": 10}
    strata = head_of_first(result)["answers_by_stratum"]
    assert strata["非民营企业"]["ballot"]["overall"]["满意"] == 10  # type: ignore[index]


@starts("computed")
def test_small_strata_are_not_told_apart(county: County) -> None:
    """YC-R5"""
    result = services.current_result(county.round)
    assert "respondents" not in result.facts
    assert all("+" in stratum for stratum in head_of_first(result)["answers_by_stratum"])  # type: ignore[attr-defined]


@pytest.mark.both_databases
@starts("appeals_ended")
def test_history_comes_from_earlier_published_rounds(county: County) -> None:
    """YC-R15 (reading 8): the streak of the department follows the department."""
    county.mark_published(county.round)
    later = county.computed(title="2026年第四季度评价", period="2026-Q4", base_date=date(2026, 12, 1))
    result = services.current_result(later)
    poor = StoredOutcome.of(result).department(county.departments[1].pk)
    assert poor.facts["history"] == [{"period": "2026-Q3", "grade": "不合格", "rank": 2, "last": True}]
    nobody_rated = [one.facts["history"] for one in poor.members.values() if one.score is None]
    assert nobody_rated == [[{"period": "2026-Q3"}]] * len(nobody_rated)
    assert nobody_rated
    assert "failing_twice_running" in {one.stored["id"] for one in poor.consequences}
    later = county.end_appeals(county.serve(county.sign_off(later)))
    talk = Disposition.objects.get(round=later, word="诫勉谈话", person_name="乙副局长")
    assert talk.because == "单位评定为不合格；单位连续 2 次不合格", "one talk, with both reasons"


# --- Appeals ------------------------------------------------------------------------------------------


@starts("served")
def test_a_recorded_decision_ends_the_appeal_days_early(county: County) -> None:
    services.end_appeals(
        round=county.round, today=SERVED, acting_user=county.operator, waiver_decision="示政办〔2026〕9号"
    )
    assert fresh(county.round).appeals_waiver_decision == "示政办〔2026〕9号"


@starts("served")
def test_an_undecided_appeal_keeps_the_days_open(county: County) -> None:
    appeal = county.appeal(county.round)
    with pytest.raises(Refused, match="还有1件申诉没有复核"):
        county.end_appeals(county.round)
    county.decide(appeal, upheld=False)
    assert county.end_appeals(county.round).state == State.APPEALS_ENDED


@starts("served")
def test_a_department_appeals_for_itself_through_the_last_day(county: County) -> None:
    with pytest.raises(Refused, match="本单位"):
        county.appeal(county.round, round_department=county.round.departments.last())
    with pytest.raises(Refused, match="截止时间2026年10月19日 17:00"):
        county.appeal(county.round, AFTER_APPEALS)
    assert county.appeal(county.round, LAST_APPEAL_DAY).lodged_on == LAST_APPEAL_DAY


@pytest.mark.both_databases
@starts("served")
def test_an_upheld_appeal_leads_to_a_new_result_that_names_the_old_one(county: County) -> None:
    round_, first = county.round, county.departments[0].pk
    old = services.current_result(round_)
    with pytest.raises(Refused, match="没有因采纳申诉而作更正"):
        county.compute(round_, "再算")
    appeal = county.appeal(round_)
    with pytest.raises(Refused, match="还有1件申诉没有复核，不能重新计算"):
        county.compute(round_, "再算")
    county.decide(appeal, upheld=True)
    with pytest.raises(Refused, match="现在重新计算，结果不会改变"):
        county.compute(round_, "采纳申诉")
    with pytest.raises(Refused, match="还没有更正"):
        county.end_appeals(round_)
    county.withdraw(round_, "甲科员二", "申诉采纳：借调在外")
    appeal.refresh_from_db()
    assert appeal.correction == "甲科员二不再参评（申诉采纳：借调在外）"
    with pytest.raises(Refused, match="还没有新的结果"):
        county.end_appeals(round_)
    county.compute(round_, "采纳申诉")
    new = services.current_result(round_)
    assert (new.number, new.replaces, fresh(round_).state) == (2, old, State.COMPUTED)
    assert StoredOutcome.of(new).department(first).score == "100.00"
    old.refresh_from_db()
    assert StoredOutcome.of(old).department(first).score == "93.33"


# --- What is stored -----------------------------------------------------------------------------------


@pytest.mark.both_databases
@starts("computed")
def test_a_result_is_never_edited_and_a_tampered_one_is_found(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    """YC-R10"""
    result = services.current_result(county.round)
    with pytest.raises(TypeError, match="never edited"):
        result.save()
    call_command("verify_results")
    assert "共核对 1 份结果，0 份不一致" in capsys.readouterr().out

    result.outcome["subjects"][department_key(county.departments[1].pk)]["score"] = "99.00"
    Result.objects.filter(pk=result.pk).update(outcome=result.outcome)
    with pytest.raises(SystemExit) as end:
        call_command("verify_results")
    assert end.value.code == 1
    assert "存档 99.00，重算 57.50" in capsys.readouterr().out


@pytest.mark.both_databases
@starts("opened")
def test_a_result_with_three_kinds_of_voters_verifies_in_the_office_and_without_it(
    county: County, capsys: pytest.CaptureFixture[str]
) -> None:
    """A database may return keys in an order of its own; another version's result agrees in its numbers."""
    county.vote_all(ordinary_ballots() * 5)
    round_ = county.sign_off(county.compute(county.tally(county.close(county.round))))
    result = services.current_result(round_)
    assert result.outcome["subjects"][department_key(county.departments[0].pk)]["beside"]
    call_command("verify_results")
    run_waiting_jobs()
    bundle = bundles.results_path_of(county.survey, result.number)
    assert verify.main([str(bundle)]) == 0
    said = capsys.readouterr().out
    assert "0 份不一致" in said
    assert "按评价方案重新评分，全部得分、等次和推导一致" in said

    older = {**result.outcome, "warnings": ["另一种说法"]}
    del older["engine"]
    Result.objects.filter(pk=result.pk).update(outcome=older)
    call_command("verify_results")
    assert "0 份不一致" in capsys.readouterr().out


@starts("computed")
def test_an_outcome_is_read_by_name_and_keeps_what_it_does_not_know(county: County) -> None:
    result = services.current_result(county.round)
    result.outcome["subjects"][department_key(county.departments[0].pk)]["of a later version"] = 1
    outcome = StoredOutcome.of(result)
    first = outcome.department(county.departments[0].pk)
    assert outcome.stored is result.outcome
    assert first.stored["of a later version"] == 1
    head = next(member for member in first.members.values() if member.name == "甲科长")
    assert (first.section_name(head.section), head.role) == ("审批科", "section_head")
