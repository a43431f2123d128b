"""Appeals: in time to the minute, decided by somebody who had no part in it, followed by a new result."""

from __future__ import annotations

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.db import IntegrityError
from django.test import Client
from django.utils import timezone

from departments.models import Membership
from evaluations import services
from evaluations.appeals.services import note_upheld
from evaluations.models import Appeal, Round, RoundMember, SchemeVersion
from evaluations.results.appeal_days import terms_of
from evaluations.schemes.stored import policy_of
from office.calendar import provisional
from office.errors import Refused
from office.models import AuditEntry, Holiday, User
from tests.evaluations.county import AFTER_APPEALS, LAST_APPEAL_DAY, SERVED, County, at_ten, fresh
from tests.evaluations.pages import Browse, said, starts
from tests.evaluations.states import county_at

UPHELD = "/office/rounds/appeals/upheld/"


def moment(day: date, hour: int, minute: int = 0, second: int = 0) -> datetime:
    return timezone.make_aware(datetime.combine(day, datetime.min.time())) + timedelta(
        hours=hour, minutes=minute, seconds=second
    )


def lodge(county: County, now: datetime, **changes: Any) -> Appeal:
    wanted: dict[str, Any] = {
        "round_department": county.round.departments.first(),
        "text": "请复核。",
        "acting_user": county.users["department_officer"],
    }
    return services.lodge_appeal(now=now, **{**wanted, **changes})


def someone(county: County) -> RoundMember:
    return RoundMember.objects.get(round_department__round=county.round, name="甲科员一")


def rewrite(old: str, new: str) -> None:
    """Let the stored scheme say something else."""
    version = SchemeVersion.objects.get(scheme_id="yuncheng-2023")
    assert old in version.text
    SchemeVersion.objects.filter(pk=version.pk).update(text=version.text.replace(old, new))


@starts("served")
def test_a_unit_has_until_closing_and_a_person_until_midnight(county: County) -> None:
    """YC-R6 (reading 10): one minute late is refused in words that name the limit and why."""
    assert lodge(county, moment(LAST_APPEAL_DAY, 17, 0, 59)).received_at
    with pytest.raises(Refused) as refusal:
        lodge(county, moment(LAST_APPEAL_DAY, 17, 1))
    assert "2026年10月19日 17:01提出，已超过单位申诉的截止时间2026年10月19日 17:00" in str(refusal.value)
    assert "送达 10月12日，从 10月13日 起算，5 个工作日，截止 10月19日 17:00" in str(refusal.value)
    late = moment(LAST_APPEAL_DAY, 23, 59)
    appeal = lodge(county, late, round_member=someone(county))
    assert AuditEntry.objects.filter(verb="登记申诉", after__代为登记="代甲科员一提出").exists()
    assert appeal.who == "person"
    with pytest.raises(Refused, match="个人申诉的截止时间2026年10月19日 24:00"):
        lodge(county, late + timedelta(minutes=1), round_member=someone(county))


@starts("served")
def test_paper_counts_from_when_it_was_received(county: County, browse: Browse) -> None:
    page = f"{county.pages}appeals/"
    first = county.round.departments.first()
    assert first
    Round.objects.filter(pk=county.round.pk).update(
        served_on=date(2026, 1, 5), appeals_until=date(2026, 1, 12)
    )
    data = {"round_department": first.pk, "round_member": someone(county).pk, "text": "书面异议。"}
    operator = browse("centre_operator")
    assert "已超过个人申诉的截止时间" in said(operator, page, data)
    assert "晚于现在" in said(operator, page, {**data, "received_at": "2999-01-01T09:00"})
    assert "早于送达日期" in said(operator, page, {**data, "received_at": "2026-01-04T09:00"})
    papers = [SimpleUploadedFile(f"{name}.pdf", b"%PDF-1.7") for name in "一二"]
    shown = said(operator, page, {**data, "received_at": "2026-01-12T20:30", "papers": papers})
    assert "2026年1月12日 20:30" in shown
    assert "书面提出" in shown
    assert "代本人登记" in shown
    assert "附件：二.pdf" in shown
    assert not Appeal.objects.exclude(on_paper=True).exists()
    with pytest.raises(Refused, match="单位提出的申诉以提交的时间为准"):
        lodge(county, timezone.now(), received_at=at_ten(date(2026, 1, 6)))
    with pytest.raises(Refused, match="一次最多提交10份"):
        lodge(county, at_ten(date(2026, 1, 6)), papers=papers * 6)


def decide_as(user: User, appeal: Appeal) -> None:
    services.decide_appeal(
        appeal=appeal,
        outcome=Appeal.Outcome.KEPT,
        findings="x",
        decision="x",
        today=SERVED,
        acting_user=user,
    )


@pytest.mark.both_databases
@starts("served")
def test_nobody_decides_an_appeal_against_their_own_work(county: County, browse: Browse) -> None:
    appeal = county.appeal(county.round, acting_user=county.reviewer)
    for user, why in ((county.reviewer, "登记申诉的人员"),):
        assert why in said(browse(user.username), f"/office/rounds/appeals/{appeal.pk}/")
    Appeal.objects.filter(pk=appeal.pk).update(lodged_by=county.operator)
    with pytest.raises(Refused, match=r"审定结果的人员不能复核.*可以由leading_group复核"):
        decide_as(county.reviewer, appeal)
    belongs = Membership.objects.create(user=county.leader, department=appeal.round_department.department)
    with pytest.raises(Refused, match="本单位的人员不能复核本单位的申诉"):
        decide_as(county.leader, appeal)
    belongs.delete()
    User.objects.filter(pk=county.leader.pk).update(is_active=False)
    with pytest.raises(Refused, match="请系统管理员增设评价中心复核、领导小组账号"):
        decide_as(county.reviewer, appeal)
    county.decide(appeal, upheld=False)
    with pytest.raises(IntegrityError, match="nobody_decides_an_appeal_they_lodged"):
        Appeal.objects.filter(pk=appeal.pk).update(lodged_by=county.leader)


@starts("served")
def test_a_scheme_from_before_the_block_means_five_days_until_midnight_for_all(county: County) -> None:
    version = SchemeVersion.objects.get(pk=county.round.scheme_version_id)
    text = version.text
    begin, end = text.index("\nappeals:"), text.index("\nreadings:")
    version.text = text[:begin] + text[end:]
    assert policy_of(version).defaults.appeals is None
    rule = policy_of(version).defaults.appealing
    assert (rule.working_days, set(rule.lodged_by.values()), rule.stays) == (5, {"citizen"}, True)
    Round.objects.filter(pk=county.round.pk).update(appeals_rest_on={})
    assert {one.closes for one in terms_of(fresh(county.round))} == {None}


@starts("signed_off")
def test_days_and_who_may_appeal_come_from_the_scheme(county: County, browse: Browse) -> None:
    rewrite(
        "  working_days: 5\n  lodged_by: {unit: office, person: citizen}",
        "  working_days: 10\n  lodged_by: {unit: citizen}",
    )
    asked = said(browse("centre_operator"), f"{county.pages}do/serve/")
    assert "自次日起10个工作日为申诉期，最后一日单位到24时为止。" in asked
    round_ = county.serve(county.round)
    assert round_.appeals_until == date(2026, 10, 26)
    with pytest.raises(Refused, match="按本轮次的评价方案，个人不能提出申诉"):
        lodge(county, at_ten(SERVED), round_member=someone(county))


@pytest.mark.both_databases
@starts("signed_off")
def test_days_over_a_year_without_a_calendar_are_provisional_until_it_is_entered(
    county: County, browse: Browse
) -> None:
    call_command("seed_calendar", verbosity=0)
    round_ = services.serve_round(round=county.round, today=date(2026, 12, 30), acting_user=county.operator)
    assert (round_.appeals_until, round_.appeals_provisional) == (date(2027, 1, 6), True)
    assert "申诉截止（暂定）" in said(browse("department_officer"), f"{county.pages}appeals/")
    with pytest.raises(Refused, match="暂定的"):
        county.end_appeals(round_, date(2027, 1, 10))
    assert lodge(county, at_ten(date(2027, 1, 7))), "nobody is late on the strength of a guess"
    page = "/office/office/holiday/add/"
    browse("centre_operator").post(page, {"day": "2027-01-01", "name": "元旦"})
    round_ = fresh(round_)
    assert (round_.appeals_until, round_.appeals_provisional) == (date(2027, 1, 7), False)
    kept = round_.appeals_rest_on
    assert kept["unit"]["unknown_years"] == []
    assert AuditEntry.objects.get(verb="确定申诉截止日").before == {"暂定截止": "2027-01-06"}
    Holiday.objects.create(day=date(2027, 1, 4), name="补录")
    provisional.settle()
    assert fresh(round_).appeals_rest_on == kept, "what was promised stays"


def test_an_appeal_that_stays_nothing_may_be_decided_after_the_days(db: None) -> None:
    county = county_at("signed_off")
    rewrite("stays: true", "stays: false")
    county.round = county.serve(county.round)
    appeal = county.appeal(county.round)
    county.mark_published(county.end_appeals(county.round))
    leader = Client()
    leader.force_login(county.leader)
    assert "1 件申诉在申诉期结束后仍待复核" in said(leader, "/office/")
    Round.objects.update(state=Round.State.APPEALS_ENDED)
    county.decide(appeal, upheld=True)
    assert "仍待复核" not in said(leader, "/office/")
    assert fresh(county.round).state == Round.State.SERVED, "it is corrected before it is published"
    with pytest.raises(Refused, match="还没有更正"):
        county.end_appeals(county.round)


@starts("served")
def test_the_inspectorate_takes_note_of_every_upheld_appeal(county: County, browse: Browse) -> None:
    inspector = browse("inspectorate")
    assert "还没有采纳的申诉" in said(inspector, UPHELD)
    rejected, appeal = county.appeal(county.round), county.appeal(county.round)
    county.decide(rejected, upheld=False)
    county.decide(appeal, upheld=True)
    assert "阅知 1 件采纳的申诉" in said(inspector, "/office/")
    assert "尚未更正" in said(inspector, UPHELD)
    assert inspector.post(UPHELD, {"appeal": "一"}).status_code == 404
    assert "已阅知" in said(inspector, UPHELD, {"appeal": appeal.pk})
    assert "采纳的申诉" not in said(inspector, "/office/").partition("待办")[2].partition("系统")[0]
    inspectorate = county.users["inspectorate"]
    for one, why in ((appeal, "已阅知这件申诉"), (rejected, "没有采纳")):
        with pytest.raises(Refused, match=why):
            note_upheld(appeal=one, today=SERVED, acting_user=inspectorate)
    assert browse("centre_reviewer").get(UPHELD).status_code == 403


@starts("served")
def test_a_correction_is_corrected_again(county: County) -> None:
    """The third result names the second, the second the first; each was appealed against in its own days."""
    for name in ("甲科员一", "甲科员二"):
        appeal = county.appeal(county.round)
        county.decide(appeal, upheld=True)
        county.withdraw(county.round, name, "借调在外")
        county.compute(county.round, f"采纳申诉：{name}")
        county.round = county.serve(county.sign_off(fresh(county.round)))
    third = services.current_result(county.round)
    second = third.replaces
    assert second
    assert (third.number, second.number, second.replaces and second.replaces.number) == (3, 2, 1)
    assert list(second.appeals.values_list("correction", flat=True)) == ["甲科员二不再参评（借调在外）"]
    assert county.end_appeals(county.round, AFTER_APPEALS).state == Round.State.APPEALS_ENDED
