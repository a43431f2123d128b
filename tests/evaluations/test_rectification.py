"""What a decision asks a unit to put right: plan, evidence, check by another, look back, and late."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, timedelta
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone
from openpyxl import load_workbook
from pytest_django.fixtures import Settings

from departments.models import Department, Membership, Notice
from evaluations.consequences.history import note
from evaluations.models import (
    Disposition,
    DispositionEvent,
    Rectification,
    RectificationEvent,
    RectificationItem,
    Round,
)
from evaluations.rectification import beginning, chasing, closing, planning, queries
from evaluations.rectification.planning import ItemPlan
from evaluations.rectification.standing import seen_with_items, standing_of, standings
from office.calendar import provisional
from office.errors import Refused
from office.models import AuditEntry, Holiday, User
from tests.evaluations.county import fresh
from tests.evaluations.pages import said
from tests.evaluations.rectified import LAST, PDF, WORD, Rectified, at, evidence, rectified_county
from tests.kit.files import own_folders

pytestmark = pytest.mark.django_db
State, ItemState = Rectification.State, RectificationItem.State
Act = RectificationEvent.Act
Happened = DispositionEvent.Act
LIST = "/office/rounds/rectifications/"


@pytest.fixture
def county(db: None, settings: Settings, tmp_path: Path) -> Rectified:
    own_folders(settings, tmp_path)
    settings.DEMO = True
    return rectified_county()


@pytest.fixture
def browse(county: Rectified) -> Callable[[User], Client]:
    def signed_in(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return signed_in


Browse = Callable[[User], Client]


def stored(one: Rectification) -> Rectification:
    return seen_with_items(Rectification.objects.all()).get(pk=one.pk)


# --- The way of a rectification --------------------------------------------------------------------------


def test_a_last_place_is_put_right_through_the_pages(county: Rectified, browse: Browse) -> None:
    """GY-R9: begun, listed, planned by the unit, accepted, evidenced, closed by another, held."""
    today = timezone.localdate()
    Holiday.objects.get_or_create(day=date(today.year, 1, 1), defaults={"name": "元旦"})
    disposition = county.decide(today)
    centre, checks, unit = browse(county.operator), browse(county.reviewer), browse(county.officer)
    page = said(centre, LIST)
    assert "应启动整改的处置决定" in page
    assert LAST in page
    form = {"notice_on": today.isoformat(), "done_days": 30, "limits_decision": ""}
    page = said(centre, f"{LIST}begin/{disposition.pk}/", form)
    assert "已启动整改" in page
    assert "排在末位" in page or "末位" in page, "the cause is offered as a problem"
    one = Rectification.objects.get()
    own = f"{LIST}{one.pk}/"
    keys = [key for key in ("result-0", "result-1") if f'value="{key}"' in page]
    assert keys == ["result-0", "result-1"], "the lowest aspects of the result are offered"
    more = {"problem": "窗口午间无人值守", "source": "暗访记录"}
    said(centre, own, {"problems": 1, "chosen": keys, **more})
    assert one.items.count() == 3
    it_is_planned(county, unit, checks, one)
    it_is_done_and_checked(unit, checks, one)
    verbs = set(AuditEntry.objects.values_list("verb", flat=True))
    assert {"启动整改", "报送整改方案", "同意整改方案", "核验销号", "回头看不合格"} <= verbs


def it_is_planned(county: Rectified, unit: Client, checks: Client, one: Rectification) -> None:
    own = f"{LIST}{one.pk}/"
    assert "报送整改方案" in said(unit, "/office/"), "the start page says what is to be done"
    assert "填写方案" in said(unit, f"{LIST}own/")
    for item in one.items.all():
        plan = {
            "plan": 1,
            "measures": "增设午间窗口",
            "goal": "随到随办",
            "leader": county.people[0].pk,
            "person": county.people[1].pk,
            "due_on": (one.notice_on + timedelta(days=10)).isoformat(),
        }
        said(unit, f"{LIST}items/{item.pk}/", plan)
    assert "已报送整改方案" in said(unit, own, {"hand_in": 1})
    assert "1 份整改方案待审核" in said(checks, "/office/")
    assert "审核方案" not in said(unit, own)
    assert "已同意整改方案" in said(checks, own, {"accept": 1, "accept-opinion": "同意"})


def it_is_done_and_checked(unit: Client, checks: Client, one: Rectification) -> None:
    first = one.items.first()
    assert first is not None
    task = f"{LIST}items/{first.pk}/"
    assert "可以申请销号" in said(unit, task), "not before evidence"
    assert "已填报进展" in said(unit, task, {"progress": 1, "progress-text": "已增设"})
    sent = {"evidence": 1, "evidence-file": evidence(), "evidence-note_text": ""}
    assert "现场照片.pdf" in said(unit, task, sent)
    assert "已申请销号" in said(unit, task, {"ask": 1})
    assert "1 项整改申请销号" in said(checks, "/office/")
    page = said(checks, task, {"check": "return", "check-opinion": "照片看不清"})
    assert "已退回销号申请" in page
    assert "照片看不清" in said(unit, task)
    said(unit, task, {"ask": 1})
    page = said(checks, task, {"check": "close", "check-opinion": "属实"})
    assert "已核验销号" in page
    paper = first.papers.get()
    assert b"".join(unit.get(f"{LIST}papers/{paper.pk}/")) == PDF
    assert "已登记回头看" not in said(checks, task, {"look_back": "holds", "look-opinion": "巩固"})
    due = (one.notice_on + timedelta(days=20)).isoformat()
    page = said(checks, task, {"look_back": "reopens", "look-opinion": "午间又无人", "look-due_on": due})
    assert "已登记回头看" in page
    again = one.items.get(number=4)
    assert (again.reopens, again.state, again.source_kind) == (first, ItemState.OPEN, "look_back")
    assert "回头看不合格" in said(unit, f"{LIST}{one.pk}/")


def test_the_limits_run_from_the_day_of_the_notice(county: Rectified) -> None:
    """GY-R9: the plan in five working days, the whole in thirty days, moved on from a day off."""
    one = county.begin(date(2026, 5, 20))
    assert one.plan_due_at == at("2026-05-27 17:00")
    assert one.done_due_at == at("2026-06-22 17:00")
    assert not one.is_provisional
    assert not standing_of(stored(one), at("2026-05-27 17:00")).late
    assert standing_of(stored(one), at("2026-05-27 17:01")).late
    assert standing_of(stored(one), at("2026-05-29 09:00")).late.working_days == 2


def test_an_item_is_closed_with_evidence_and_by_somebody_else(county: Rectified, browse: Browse) -> None:
    """GY-R9"""
    one = county.begin()
    items = county.list_problems(one, "窗口排队时间长")
    county.plan(items, date(2026, 6, 10), by=county.operator)  # for a unit without an account
    common: dict[str, Any] = {"now": one.begun_at, "acting_user": county.operator}
    planning.hand_in_plan(rectification=one, **common)
    planning.accept_plan(rectification=one, opinion="同意", now=one.begun_at, acting_user=county.reviewer)
    [item] = items
    closing.report_progress(item=item, text="已增设窗口", **common)
    with pytest.raises(Refused, match="还缺：佐证材料，"):
        closing.ask_closing(item=item, **common)
    with pytest.raises(Refused, match="还缺：佐证材料、单位申请销号、核验人须为他人"):
        closing.close_item(item=item, opinion="属实", **common)
    page = said(browse(county.operator), f"{LIST}items/{item.pk}/")
    assert "销号还缺：佐证材料、单位申请销号、核验人须为他人。" in page
    closing.hand_in_evidence(item=item, file=evidence(), **common)
    closing.ask_closing(item=item, **common)
    with pytest.raises(Refused, match="还缺：核验人须为他人"):
        closing.close_item(item=item, opinion="属实", **common)
    item = closing.close_item(
        item=item, opinion="属实", now=at("2026-06-05 10:00"), acting_user=county.reviewer
    )
    assert item.look_back_on == date(2026, 9, 3), "90 days later"
    assert stored(one).state == State.CLOSED
    item = closing.look_back(
        item=item, holds=True, opinion="巩固", now=at("2026-09-03 10:00"), acting_user=county.reviewer
    )
    assert item.state == ItemState.HELD


def test_a_decision_begins_and_a_withdrawal_ends_a_rectification(county: Rectified) -> None:
    disposition = county.decide(date(2026, 5, 20))
    for _ in range(2):
        note([disposition], Happened.DECIDED, now=at("2026-05-20 15:00"), by=county.reviewer)
    one = Rectification.objects.get()
    assert (one.begun_by, one.done_due_at) == (county.reviewer, at("2026-06-22 17:00"))
    disposition.state, disposition.reason = Disposition.State.WITHDRAWN, "第2次结果不再提出"
    disposition.save()
    assert chasing.follow_the_clock(at("2026-07-01 01:30")) == 0, "what lost its decision is not late"
    ended = stored(one)
    assert (ended.state, ended.ended_reason) == (State.ENDED, "处置事项已撤销：第2次结果不再提出")
    with pytest.raises(Refused, match="已终止"):
        county.list_problems(ended, "问题")


def test_what_is_closed_stays_closed_when_its_decision_is_withdrawn(county: Rectified) -> None:
    one = county.under_way()
    county.close_all(one, at("2026-05-25 10:00"))
    note([one.disposition], Happened.WITHDRAWN, now=at("2026-07-01 10:00"), by=county.operator)
    assert stored(one).state == State.CLOSED


# --- What is refused ------------------------------------------------------------------------------------


def test_a_plan_is_checked_by_nobody_who_wrote_it(county: Rectified) -> None:
    one = county.begin()
    items = county.list_problems(one, "问题一", "问题二")
    with pytest.raises(Refused, match="第1、2项还没有填写措施"):
        planning.hand_in_plan(rectification=one, now=one.begun_at, acting_user=county.officer)
    county.plan(items[:1], date(2026, 6, 1), by=county.reviewer)
    county.plan(items[1:], date(2026, 6, 1))
    planning.hand_in_plan(rectification=one, now=one.begun_at, acting_user=county.officer)
    common: dict[str, Any] = {"rectification": one, "opinion": "不具体", "now": one.begun_at}
    with pytest.raises(Refused, match="方案由您填报"):
        planning.accept_plan(acting_user=county.reviewer, **common)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        planning.accept_plan(acting_user=county.officer, **common)
    again = date(2026, 5, 29)
    planning.return_plan(again_by=again, acting_user=county.other, **common)
    found = stored(one)
    assert (found.state, found.plan_opinion) == (State.PLANNING, "不具体")
    assert found.plan_due_at == at("2026-05-29 17:00"), "what the check took does not count"


def test_a_deadline_lies_within_the_whole(county: Rectified) -> None:
    one = county.begin()
    items = county.list_problems(one, "问题")
    with pytest.raises(Refused, match="2026年6月23日晚于整改总时限2026年6月22日"):
        county.plan(items, date(2026, 6, 23))
    with pytest.raises(Refused, match="早于今天"):
        county.plan(items, date(2026, 5, 19))
    leader, _ = county.people
    stranger = ItemPlan("措施", "目标", leader, "", date(2026, 6, 22))
    with pytest.raises(Refused, match="没有填写责任人"):
        planning.plan_item(item=items[0], plan=stranger, now=one.begun_at, acting_user=county.officer)


def test_a_unit_touches_only_its_own(county: Rectified, browse: Browse) -> None:
    one = county.under_way()
    [item] = one.items.all()
    Membership.objects.filter(user=county.officer).update(department=Department.objects.get(name="甲县"))
    stranger = User.objects.get(pk=county.officer.pk)
    with pytest.raises(Refused, match="不是本单位的整改"):
        closing.report_progress(item=item, text="进展", now=one.begun_at, acting_user=stranger)
    client = browse(stranger)
    for path in (f"{LIST}{one.pk}/", f"{LIST}items/{item.pk}/", f"{LIST}{one.pk}/ledger.pdf"):
        assert client.get(path).status_code == 404
    assert "目前没有整改" in said(client, f"{LIST}own/")


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ({"notice_on": date(2026, 5, 19)}, "不在决定日期"),
        ({"notice_on": date(2026, 5, 21)}, "不在决定日期"),
        ({"done_days": 14, "limits_decision": "示政〔2026〕9号"}, "不在15日至90日之间"),
        ({"done_days": 45}, "没有写明依据"),
    ],
)
def test_a_rectification_begins_as_decided(county: Rectified, given: dict[str, Any], why: str) -> None:
    with pytest.raises(Refused, match=why):
        county.begin(**given)


def test_nothing_begins_before_the_decision_or_twice(county: Rectified) -> None:
    common: dict[str, Any] = {"now": at("2026-05-20 09:00"), "acting_user": county.operator}
    with pytest.raises(Refused, match="待决定"):
        beginning.begin_rectification(disposition=county.disposition, **common)
    one = county.begin(done_days=45, limits_decision="示政〔2026〕9号")
    assert one.done_due_at == at("2026-07-06 17:00"), "45 days end on a Saturday"
    with pytest.raises(Refused, match="已经启动整改"):
        beginning.begin_rectification(disposition=county.disposition, **common)


# --- Late -------------------------------------------------------------------------------------------------


def test_what_is_late_is_chased_supervised_and_brought_before_the_leading_group(
    county: Rectified, browse: Browse
) -> None:
    """GY-R9"""
    one = county.under_way(days=10)  # due on 2026-05-30, a Saturday as planned

    def step(act: Callable[..., None], moment: str) -> None:
        act(rectification=one, text="请抓紧", now=at(moment), acting_user=county.operator)

    with pytest.raises(Refused, match="没有逾期"):
        step(chasing.chase, "2026-05-29 10:00")
    step(chasing.chase, "2026-06-01 10:00")
    assert Notice.objects.filter(department=county.unit, subject__contains="催办：请抓紧").count() == 1
    with pytest.raises(Refused, match="今天已经催办"):
        step(chasing.chase, "2026-06-01 11:00")
    with pytest.raises(Refused, match="逾期满3个工作日才督办，现逾期2个工作日"):
        step(chasing.supervise, "2026-06-02 10:00")
    with pytest.raises(Refused, match="逾期满10个工作日才提交领导小组"):
        step(chasing.submit_to_leading_group, "2026-06-03 10:00")
    with pytest.raises(Refused, match="还没有督办"):
        step(chasing.submit_to_leading_group, "2026-06-12 10:00")
    step(chasing.supervise, "2026-06-12 10:00")
    step(chasing.submit_to_leading_group, "2026-06-12 10:00")
    assert "评价中心提交" in said(browse(county.leader), "/office/")
    assert "个单位整改逾期" in said(browse(county.reviewer), "/office/")
    page = said(browse(county.officer), "/office/")
    assert "已提交领导小组" in page
    assert "逾期" in page
    assert LAST in said(browse(county.leader), f"{LIST}?late=late")
    assert LAST not in said(browse(county.leader), f"{LIST}?late=supervise").partition("筛选</button>")[2]


def test_the_night_notes_what_is_late_once_and_may_be_missed(county: Rectified) -> None:
    one = county.under_way("问题一", "问题二", days=10)
    first, second = one.items.all()
    county.do(first, at("2026-05-28 16:00"))
    assert chasing.follow_the_clock(at("2026-05-29 01:30")) == 0
    assert chasing.follow_the_clock(at("2026-06-05 01:30")) == 1, "after nights that nobody worked"
    assert chasing.follow_the_clock(at("2026-06-06 01:30")) == 0
    assert list(one.events.filter(act=Act.LATE).values_list("item", flat=True)) == [second.pk]
    county.do(second, at("2026-06-04 10:00"))
    standing = standing_of(stored(one), at("2026-07-01 10:00"))
    assert [each.late.working_days for each in standing.items] == [0, 4], "the clock stopped with the request"
    assert not standing.late


def test_a_year_without_a_calendar_is_flagged_and_settled_later(county: Rectified, browse: Browse) -> None:
    one = county.begin(date(2026, 12, 15))
    assert one.is_provisional
    assert one.done_due_at == at("2027-01-14 17:00")
    assert "还没有节假日安排" in said(browse(county.operator), f"{LIST}{one.pk}/")
    Holiday.objects.create(day=date(2027, 1, 14), name="调休")
    provisional.settle()
    settled = stored(one)
    assert not settled.is_provisional
    assert settled.done_due_at == at("2027-01-15 17:00")


# --- Lists ------------------------------------------------------------------------------------------------


def test_the_ledger_leaves_as_workbook_and_pdf(county: Rectified, browse: Browse) -> None:
    one = county.under_way("=1+1")
    county.close_all(one, at("2026-06-05 10:00"))
    client = browse(county.officer)
    answer = client.get(f"{LIST}{one.pk}/ledger.xlsx")
    heading, row = load_workbook(BytesIO(answer.content)).active.iter_rows(values_only=True)
    found = dict(zip(heading, row, strict=True))
    assert found["问题"] == "'=1+1", "no formula leaves the house"
    assert found["责任单位"] == LAST
    assert found["责任领导"] == "乙县长（副县长）"
    assert found["佐证材料"] == "现场照片.pdf"
    assert found["核验意见"] == "属实"
    assert found["完成时限"].date() == date(2026, 6, 9)
    answer = client.get(f"{LIST}{one.pk}/ledger.pdf")
    assert answer.getvalue().startswith(b"%PDF")
    assert browse(county.operator).get(f"{LIST}ledger.xlsx?state=closed").status_code == 200
    assert client.get(f"{LIST}ledger.xlsx").status_code == 403


def test_the_list_asks_equally_few_questions_whatever_its_length(county: Rectified, browse: Browse) -> None:
    county.under_way("问题一", "问题二", "问题三")
    client = browse(county.operator)

    def asked() -> int:
        with CaptureQueriesContext(connection) as found:
            assert LAST in said(client, LIST)
        return len(found)

    asked()  # the first page of a session also writes down that it began
    few = asked()
    copied = county.disposition
    for serial in range(500, 505):
        copied.pk, copied.register_serial = None, serial
        copied.save()
        made = beginning.begin_rectification(
            disposition=copied, now=at("2026-05-21 09:00"), acting_user=county.operator
        )
        county.list_problems(made, "问题一", "问题二")
    assert asked() == few
    now = at("2026-06-30 09:00")
    with CaptureQueriesContext(connection) as found:
        standings(seen_with_items(Rectification.objects.all()), now)
    assert len(found) <= 8


def test_the_public_may_see_units_and_no_person(county: Rectified) -> None:
    one = county.under_way("问题一")
    assert queries.public_rectifications(county.round) == [], "not before the round is published"
    Round.objects.filter(pk=county.round.pk).update(state=Round.State.PUBLISHED)
    [shown] = queries.public_rectifications(fresh(county.round))
    assert (shown.unit, shown.word, shown.problems, shown.closed) == (LAST, WORD, 1, 0)
    assert "乙县长" not in str(shown)
    note([one.disposition], Happened.WITHDRAWN, now=timezone.now(), by=county.operator)
    assert queries.public_rectifications(fresh(county.round)) == []
