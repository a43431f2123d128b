"""What an office does when a round does not go straight on: edited, given up, sent back, appealed in vain."""

from __future__ import annotations

from datetime import timedelta
from importlib import import_module

import pytest
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from departments.models import StaffMember
from evaluations import services
from evaluations.models import Appeal, Round
from evaluations.polling.services import prepare_ballot
from office import dates
from office.errors import Refused
from office.models import AuditEntry
from surveys.keys import keyring
from surveys.models import Ballot, Slip, Survey
from tests.evaluations.county import NOW, PASSPHRASE, County, fresh
from tests.evaluations.pages import Browse, said, starts
from tests.kit.publishing import run_waiting_jobs

State = Round.State


# --- Created once, edited until slips are made ---------------------------------------------------------


@starts("created")
def test_a_second_round_of_one_scheme_and_period_needs_a_reason(county: County, browse: Browse) -> None:
    with pytest.raises(Refused, match="2026年第三季度已有轮次“2026年第三季度评价”（筹备）"):
        county.create(title="又一轮", again_reason="")
    assert Round.objects.count() == 1
    again = county.create(title="补评", again_reason="示政办〔2026〕7号决定补评")
    assert (
        AuditEntry.objects.filter(verb="创建轮次", after__同一周期再建一轮的原因__isnull=False).count() == 1
    )
    services.cancel_round(round=again, reason="重复", acting_user=county.operator)
    with pytest.raises(Refused, match="已有轮次"):
        county.create(title="还有一轮", again_reason="")
    services.cancel_round(round=county.round, reason="方案调整", acting_user=county.operator)
    assert county.create(title="重新开始", again_reason="").state == State.DRAFT, (
        "what was given up does not count"
    )


@starts("frozen")
def test_a_round_is_renamed_and_edited_until_its_slips_are_made(county: County, browse: Browse) -> None:
    operator, here = browse("centre_operator"), county.pages
    shown = operator.get(f"{here}edit/").context["form"]
    filled = {
        field.html_name: "" if field.value() is None else field.value()
        for field in shown
        if field.value() is not False
    }
    assert filled["title"] == "2026年第三季度评价"
    assert (filled["year"], filled["part"]) == ("2026", "Q3")
    assert "已修改轮次" in said(operator, f"{here}edit/", {**filled, "title": "三季度“三亮”评价"})
    assert (fresh(county.round).title, fresh(county.round).state) == ("三季度“三亮”评价", State.FROZEN)
    assert fresh(county.round).options == {"min_valid_answers": 5, "min_answers_per_department": 5}
    entry = AuditEntry.objects.get(verb="修改轮次")
    assert entry.before == {"轮次名称": "2026年第三季度评价"}
    assert "已修改轮次" in said(operator, f"{here}edit/", {**filled, "base_date": "2026-09-10"})
    assert fresh(county.round).state == State.DRAFT, "another base date calls for another list"
    assert browse("centre_reviewer").get(f"{here}edit/").status_code == 403


@starts("prepared")
def test_after_the_slips_a_round_is_not_edited(county: County, browse: Browse) -> None:
    answer = browse("centre_operator").get(f"{county.pages}edit/", follow=True)
    assert "轮次信息不能再改" in answer.content.decode()
    assert "edit/" not in said(browse("centre_operator"), county.pages)


def test_a_round_that_names_persons_asks_for_the_decision_on_the_form(county: County, browse: Browse) -> None:
    operator = browse("centre_operator")
    shown = operator.get("/office/rounds/new/")
    labels = shown.content.decode()
    assert "公布依据（文号）</label>" in labels, "a line the service asks for does not say 可不填"
    form = shown.context["form"]
    filled = {field.html_name: field.value() or "" for field in form if field.value() is not False}
    answer = said(operator, "/office/rounds/new/", {**filled, "title": "评价", "persons_public": "all"})
    assert "公布个人结果须有依据" in answer
    assert not Round.objects.exists()


# --- Given up ------------------------------------------------------------------------------------------


@pytest.mark.both_databases
@starts("voted")
def test_a_round_given_up_while_people_vote_leaves_no_key_no_slip_and_no_ballot(
    county: County, browse: Browse
) -> None:
    operator, reviewer, here = browse("centre_operator"), browse("centre_reviewer"), county.pages
    assert "do/void/" not in said(operator, here), "who runs a vote does not end it alone"
    with pytest.raises(Refused, match="不能由您作废"):
        services.cancel_round(round=county.round, reason="无", acting_user=county.operator)
    assert "请" in said(reviewer, f"{here}do/void/", {"reason": "", "sure": "on"})
    assert fresh(county.round).state == State.OPEN
    survey = county.survey
    key = survey.strata.exclude(key_id=None).first()
    assert key is not None
    done = said(reviewer, f"{here}do/void/", {"reason": "方案被撤销", "sure": "on"})
    assert "本轮次已作废" in done
    assert "全部凭条无效" in done
    run_waiting_jobs()
    survey.refresh_from_db()
    assert (fresh(county.round).state, survey.state) == (State.VOID, Survey.State.VOID)
    assert not Ballot.objects.exists()
    assert not Slip.objects.filter(state=Slip.State.UNUSED).exists()
    assert survey.tally_key_file == {}
    with pytest.raises(keyring.KeyGone):
        keyring.issuer(survey.public_id, str(key.key_id))
    with pytest.raises(keyring.KeyGone):
        keyring.box_seed(survey.public_id)
    notice = Client().get(f"/v/form/{key.key_id}.json").json()["notice"]
    assert "本轮评价已经作废" in notice
    entry = AuditEntry.objects.get(verb="作废轮次")
    assert (entry.before, entry.after["作废原因"]) == ({"状态": "评价进行中"}, "方案被撤销")
    assert county.round.title not in said(operator, "/office/").split("评价轮次进度")[0]


@pytest.mark.parametrize("state", ["founded"])
def test_before_its_slips_the_operator_gives_a_round_up(county: County, state: str) -> None:
    county.round = county.create()
    services.cancel_round(round=county.round, reason="重复创建", acting_user=county.operator)
    assert fresh(county.round).void_reason == "重复创建"
    for step in (county.freeze, county.plan):
        with pytest.raises(Refused, match="目前为“已作废”"):
            step(county.round)


@starts("published")
def test_what_is_published_is_not_given_up(county: County) -> None:
    with pytest.raises(Refused, match="目前为“已公布”"):
        services.cancel_round(round=county.round, reason="不满意", acting_user=county.reviewer)


# --- The end that is printed on the slips --------------------------------------------------------------


@starts("frozen")
def test_the_box_is_closed_before_the_printed_moment_only_with_a_reason(county: County) -> None:
    moment = NOW + timedelta(days=3)
    with pytest.raises(Refused, match="截止时间已过"):
        prepare_ballot(
            round=county.plan(county.round),
            passphrase=PASSPHRASE,
            closes_at=NOW,
            now=NOW,
            acting_user=county.operator,
        )
    prepare_ballot(
        round=county.round, passphrase=PASSPHRASE, closes_at=moment, now=NOW, acting_user=county.operator
    )
    county.print_slips(county.round)
    county.open(county.round)
    assert county.survey.closes == "2026年10月3日 10:00", "in words, in the time of the county"
    common = {"round": county.round, "today": NOW.date(), "acting_user": county.operator}
    with pytest.raises(Refused, match="凭条上印的截止时间是2026年10月3日 10:00，现在还没有到"):
        services.close_round(**common, now=NOW)
    assert services.close_round(**common, now=moment).state == State.CLOSED


def test_a_moment_is_said_as_people_say_it() -> None:
    half = timezone.datetime(2026, 9, 1, 18, 30, tzinfo=timezone.get_default_timezone())
    assert dates.moment(half) == "2026年9月1日 18:30"


# --- Sent back -----------------------------------------------------------------------------------------


@starts("computed")
def test_a_reviewer_sends_a_result_back_and_the_operator_is_told_why(county: County, browse: Browse) -> None:
    operator, leader, here = browse("centre_operator"), browse("leading_group"), county.pages
    assert "93.33" in said(leader, f"{here}do/sign-off/"), "the result is on the page that signs it"
    assert operator.get(f"{here}do/return/").status_code == 403
    assert "已退回" in said(leader, f"{here}do/return/", {"reason": "请核对县乙局名单"})
    assert fresh(county.round).state == State.CLOSED
    reason = f"第1次结果已由{county.leader}退回：请核对县乙局名单"
    assert reason in said(operator, here)
    todo = said(operator, "/office/")
    assert "重新计算结果" in todo
    assert reason in todo
    with pytest.raises(Refused, match="须填写原因"):
        county.compute(fresh(county.round))
    county.compute(fresh(county.round), "已核对")
    again = said(leader, f"{here}result/")
    assert "得分、名次和人员结果完全相同" in again, "a second computation that changes nothing says so"
    assert "请核对县乙局名单" in said(leader, f"{here}results/1/")


@starts("served")
def test_a_served_result_is_not_sent_back(county: County) -> None:
    with pytest.raises(Refused, match="不能退回结果"):
        services.return_result(round=county.round, reason="晚了", now=NOW, acting_user=county.reviewer)


# --- An upheld appeal that corrects nothing ------------------------------------------------------------


@starts("served")
def test_an_upheld_appeal_without_a_correction_is_closed_with_its_reason(
    county: County, browse: Browse
) -> None:
    reviewer, here = browse("centre_reviewer"), county.pages
    appeal = county.appeal(county.round)
    county.decide(appeal, upheld=True)
    page = said(reviewer, f"{here}correct/")
    assert "采纳但不必更正的" in page
    assert "已注明" in said(reviewer, f"{here}correct/", {"appeal": appeal.pk, "why": "已书面说明计分办法"})
    appeal.refresh_from_db()
    assert appeal.correction == "不更正：已书面说明计分办法"
    assert appeal.correction in said(reviewer, f"{here}appeals/")
    with pytest.raises(Refused, match="没有因采纳申诉而作更正"):
        county.compute(county.round, "再算")
    assert county.end_appeals(county.round).state == State.APPEALS_ENDED
    assert "才能更正" in said(reviewer, f"{here}correct/"), "no form that would only refuse"


@pytest.mark.parametrize("noted", ["", "不更正名单：名单已经更正"])
@starts("served")
def test_a_round_corrected_by_a_version_that_noted_nothing_is_computed_again(
    county: County, noted: str
) -> None:
    appeal = county.appeal(county.round)
    county.decide(appeal, upheld=True)
    county.withdraw(county.round, "甲科员一", "借调")
    Appeal.objects.update(correction=noted, calls_for_result=False)  # as versions before left it
    with pytest.raises(Refused, match=r"不能重新计算|结果不会改变"):
        county.compute(county.round, "更正名单")
    note = import_module("evaluations.migrations.0005_corrected_before_appeals_noted_it").note_corrections
    note(apps, None)
    appeal.refresh_from_db()
    assert appeal.correction == (noted or "甲科员一不再参评（借调）")
    with pytest.raises(Refused, match="但还没有新的结果"):
        county.end_appeals(county.round)
    assert county.compute(county.round, "更正名单").state == State.COMPUTED
    note(apps, None)
    assert Appeal.objects.get().calls_for_result, "an appeal against a result replaced since is left alone"


@starts("served")
def test_an_upheld_appeal_whose_list_was_never_corrected_still_waits(county: County) -> None:
    county.decide(county.appeal(county.round), upheld=True)
    import_module("evaluations.migrations.0005_corrected_before_appeals_noted_it").note_corrections(
        apps, None
    )
    assert Appeal.objects.get().correction == ""
    with pytest.raises(Refused, match="还没有更正，现在"):
        county.compute(county.round, "再算")


@starts("served")
def test_the_list_of_a_department_without_an_upheld_appeal_is_not_corrected(county: County) -> None:
    county.decide(county.appeal(county.round), upheld=True)
    assert Appeal.objects.get().round_department.name == "县甲局"
    with pytest.raises(Refused, match="该单位没有已采纳的申诉"):
        county.withdraw(county.round, "乙科员一", "借调")


@starts("served")
def test_a_department_officer_has_no_unit_to_choose(county: County, browse: Browse) -> None:
    page = said(browse("department_officer"), f"{county.pages}appeals/")
    assert 'type="hidden" name="round_department"' in page
    assert '<label for="id_round_department">' not in page


# --- What is said before a step ------------------------------------------------------------------------


@starts("created")
def test_the_list_is_seen_before_it_is_locked(county: County, browse: Browse) -> None:
    StaffMember.objects.filter(name="甲科员二").update(left_on="2026-08-01")
    page = said(browse("centre_operator"), f"{county.pages}subjects/")
    assert "尚未锁定" in page
    assert "不参评 1 人" in page
    assert "不参评：基准日前已离任" in page
    assert not county.round.departments.filter(members__isnull=False).exists()
    locked = said(browse("centre_operator"), f"{county.pages}subjects/", {})
    assert "下一步：安排票数" in locked
    assert "全不选" in said(browse("centre_operator"), f"{county.pages}departments/")


@starts("frozen")
def test_small_kinds_that_are_merged_are_said_before(county: County, browse: Browse) -> None:
    operator, here = browse("centre_operator"), county.pages
    assert "安排票数</a>" in said(operator, here)
    town = county.towns[0].pk
    plan = {town: {"private": 30, "sole_trader": 12, "non_private": 25}}
    services.plan_slips(round=county.round, plan=plan, acting_user=county.operator)
    assert f'class="main-action" href="{here}do/prepare/"' in said(operator, here), "the step's own button"
    for page in ("slips/", "do/prepare/"):
        assert "个体工商户、非民营企业" in said(operator, f"{here}{page}"), page
    county.round = prepare_ballot(round=county.round, passphrase=PASSPHRASE, acting_user=county.operator)
    assert "个体工商户、非民营企业" in county.survey.strata.values_list("name", flat=True)


@starts("opened")
def test_the_irreversible_close_is_no_red_button_and_details_are_folded(
    county: County, browse: Browse
) -> None:
    page = said(browse("centre_operator"), county.pages)
    assert f'class="other-action" href="{county.pages}do/close/"' in page
    controls = said(browse("inspectorate"), reverse("survey-controls", args=[county.survey.pk]))
    for one in (page, controls):
        folded = one[one.index("<summary>技术信息</summary>") :].partition("</details>")[0]
        assert county.survey.code_root in folded
        assert county.survey.code_root not in one.replace(folded, "")


@starts("served")
def test_every_page_names_the_unit_of_who_is_signed_in(county: County, browse: Browse) -> None:
    for page in ("/office/", f"{county.pages}appeals/", "/office/account/"):
        assert '<span class="unit">县甲局</span>' in said(browse("department_officer"), page)
    assert "尚未设置所属单位" in said(browse("town_organizer"), "/office/")
    assert '<span class="unit">示范县评价中心</span>' in said(browse("centre_operator"), "/office/")
    assert 'class="unit">' not in said(browse("administrator"), "/office/")
