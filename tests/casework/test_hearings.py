"""Hearings on air, their promises, weekly assigning and the month's review (WY-R6)."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone

from casework.hearings import episodes, promising, reviewing, standing, weeks
from casework.hearings.episodes import Counts
from casework.models import Episode, Matter, Promise, WeeklyItem
from departments.models import Membership
from office.calendar import days
from office.errors import Refused
from office.models import User
from tests.casework.desk import Desk, at

pytestmark = pytest.mark.django_db


class Stage(Desk):
    """The desk with one episode; each step is one call."""

    def __init__(self) -> None:
        super().__init__()
        self.episode = episodes.enter_episode(
            held_on=date(2026, 3, 2), medium="电视", theme="项目审批提速", acting_user=self.operator
        )

    def read(self, user: User, url: str) -> str:
        """Return a page of the office as this user sees it."""
        client = Client()
        client.force_login(user)
        answer = client.get(url)
        assert answer.status_code == 200, url
        return answer.content.decode()

    def promise(self, promised_on: date = date(2026, 3, 31), when: str = "2026-03-03T09:00") -> Promise:
        return promising.enter_promise(
            episode=self.episode,
            unit=self.unit,
            text="施工许可压缩到三个工作日内办结",
            promised_on=promised_on,
            now=at(when),
            acting_user=self.operator,
        )

    def change(self, promise: Promise, to: date, when: str, reason: str = "系统改造延期") -> Promise:
        return promising.change_promise(
            promise=promise,
            text=promise.text,
            promised_on=to,
            reason=reason,
            now=at(when),
            acting_user=self.operator,
        )

    def report(self, promise: Promise, when: str) -> Promise:
        return promising.report_promise(
            promise=promise,
            account="已上线，平均用时2.6天。",
            is_done=True,
            now=at(when),
            acting_user=self.officer,
        )

    def check(self, promise: Promise, when: str, *, passes: bool = True, **more: Any) -> Any:
        told: dict[str, Any] = {
            "evidence": SimpleUploadedFile("台账.pdf", b"%PDF-1.4 ") if passes else None,
            "acting_user": self.reviewer,
            "finding": "抽查十件，均在三个工作日内办结。",
            **more,
        }
        return promising.check_promise(promise=promise, passes=passes, now=at(when), **told)

    def stands(self, on: date) -> standing.Chain:
        return standing.chain(standing.promises().get(), on)


@pytest.fixture
def stage(db: None) -> Stage:
    return Stage()


# --- Panel ------------------------------------------------------------------------------------------------


def test_both_rates_of_the_panel_with_their_fractions(stage: Stage) -> None:
    """WY-R6, MED-04: satisfied with and without 基本满意, and how many took part."""
    counts = Counts(70, 41, 18, 9)
    vote = episodes.key_vote(
        episode=stage.episode,
        unit=stage.unit,
        counts=counts,
        now=at("2026-03-02T21:00"),
        acting_user=stage.operator,
    )
    with pytest.raises(Refused, match="录入人以外"):
        episodes.confirm_vote(
            vote=vote, counts=counts, now=at("2026-03-02T21:05"), acting_user=stage.operator
        )
    with pytest.raises(Refused, match="不一致"):
        episodes.confirm_vote(
            vote=vote, counts=Counts(70, 41, 19, 9), now=at("2026-03-02T21:05"), acting_user=stage.reviewer
        )
    vote = episodes.confirm_vote(
        vote=vote, counts=counts, now=at("2026-03-02T21:06"), acting_user=stage.reviewer
    )
    shares = episodes.shares_of(vote)
    assert str(shares.with_fairly) == "86.76%（59/68）"
    assert str(shares.only_satisfied) == "60.29%（41/68）"
    assert str(shares.taking_part) == "97.14%（68/70）"
    page = stage.read(stage.leader, f"/office/matters/hearings/{stage.episode.pk}/")
    assert "86.76%（59/68）" in page
    assert "60.29%（41/68）" in page


@pytest.mark.parametrize(
    ("counts", "fits"), [(Counts(70, 41, 18, 11), True), (Counts(70, 41, 18, 12), False)]
)
def test_a_panel_casts_no_more_votes_than_it_has_members(stage: Stage, counts: Counts, *, fits: bool) -> None:
    """WY-R6."""

    def key() -> None:
        episodes.key_vote(
            episode=stage.episode,
            unit=stage.unit,
            counts=counts,
            now=at("2026-03-02T21:00"),
            acting_user=stage.operator,
        )

    if fits:
        key()
        return
    with pytest.raises(Refused, match="多于评议团"):
        key()


# --- Promises ---------------------------------------------------------------------------------------------


def test_a_promise_is_a_matter_due_on_the_promised_day(stage: Stage) -> None:
    """WY-R6: its clock, and so chasing, comes from the engine."""
    promise = stage.promise(date(2026, 3, 31))
    assert promise.clock is not None
    assert promise.clock.due_at is not None
    assert timezone.localtime(promise.clock.due_at).isoformat()[:16] == "2026-03-31T17:00"
    assert promise.clock.is_over(at("2026-03-31T17:00")) is False
    assert promise.clock.is_over(at("2026-03-31T17:01")) is True
    assert promise.due_on == date(2026, 3, 31)


def test_a_change_never_overwrites_and_the_first_day_judges(stage: Stage) -> None:
    """WY-R6: kept by the new day is late by the first one, and the whole history stays public."""
    first = stage.promise(date(2026, 3, 31))
    with pytest.raises(Refused, match="变更理由"):
        stage.change(first, date(2026, 4, 30), "2026-03-30T10:00", reason=" ")
    second = stage.change(first, date(2026, 4, 30), "2026-03-30T10:00")
    with pytest.raises(Refused, match="已经变更过"):
        stage.change(first, date(2026, 5, 31), "2026-03-30T11:00")
    stage.report(second, "2026-04-03T10:00")
    stage.check(second, "2026-04-08T10:00")
    first = Promise.objects.get(pk=first.pk)
    assert (first.promised_on, second.promised_on) == (date(2026, 3, 31), date(2026, 4, 30))
    chain = stage.stands(date(2026, 4, 30))
    assert chain.says == "逾期3天兑现"
    page = Client().get("/promises/").content.decode()
    for said in ("2026年3月31日", "2026年4月30日", "系统改造延期", "逾期3天兑现"):
        assert said in page


@pytest.mark.parametrize(
    ("reported", "says"), [("2026-03-31T17:00", "按期兑现"), ("2026-04-01T09:00", "逾期1天兑现")]
)
def test_the_day_of_the_report_decides_when_the_check_finds_it_true(
    stage: Stage, reported: str, says: str
) -> None:
    """WY-R6: the office may check later, the unit's day counts."""
    promise = stage.promise(date(2026, 3, 31))
    stage.report(promise, reported)
    assert stage.stands(date(2026, 4, 9)).says == "已报告待核验"
    stage.check(promise, "2026-04-09T10:00")
    assert stage.stands(date(2026, 4, 9)).says == says
    assert Matter.objects.get().state == Matter.State.CLOSED


def test_a_promise_is_done_only_after_anothers_check_with_evidence(stage: Stage) -> None:
    """WY-R6: the unit's word alone is not enough, nor the word of who entered it."""
    promise = stage.promise(date(2026, 3, 31))
    with pytest.raises(Refused, match="还没有报告"):
        stage.check(promise, "2026-03-20T10:00")
    stage.report(promise, "2026-03-20T10:00")
    with pytest.raises(Refused, match="佐证"):
        stage.check(promise, "2026-03-21T10:00", evidence=None)
    with pytest.raises(Refused, match="登记人以外"):
        stage.check(promise, "2026-03-21T10:00", acting_user=stage.operator)
    Membership.objects.create(user=stage.reviewer, department=stage.unit)
    with pytest.raises(Refused, match="本单位"):
        stage.check(promise, "2026-03-21T10:00")


def test_what_was_not_done_is_late_again_by_its_first_day(stage: Stage) -> None:
    """WY-R6: a report that the check finds untrue stops nothing."""
    promise = stage.promise(date(2026, 3, 31))
    stage.report(promise, "2026-03-20T10:00")
    stage.check(promise, "2026-03-21T10:00", passes=False)
    assert stage.stands(date(2026, 3, 31)).says == "履行中，今天到期"
    assert stage.stands(date(2026, 4, 1)).says == "逾期1天，尚未兑现"
    promise.refresh_from_db()
    assert promise.clock is not None
    assert promise.clock.is_over(at("2026-04-01T09:00"))
    stage.report(promise, "2026-04-02T10:00")
    stage.check(promise, "2026-04-03T10:00")
    assert stage.stands(date(2026, 4, 30)).says == "逾期2天兑现"


# --- Weeks and months -------------------------------------------------------------------------------------


def test_a_week_is_assigned_on_its_first_working_day(stage: Stage) -> None:
    """WY-R6, MED-01: Monday the 23rd of February 2026 is still a holiday."""
    calendar = days.calendar()
    assert weeks.assigning_day(date(2026, 2, 23), calendar) == date(2026, 2, 24)
    assert weeks.assigning_day(date(2026, 2, 16), calendar) is None
    months = (date(2026, 2, 1), date(2026, 5, 1), date(2026, 9, 1))
    found = [reviewing.month_review(month, month).review_day for month in months]
    assert found == [date(2026, 2, 28), date(2026, 5, 29), date(2026, 9, 30)]


def plan(stage: Stage, title: str, due_on: date, week: date = date(2026, 2, 23)) -> WeeklyItem:
    return weeks.plan_item(
        week=week,
        unit=stage.unit,
        title=title,
        text="按要求整改并报告。",
        due_on=due_on,
        acting_user=stage.operator,
    )


def test_items_are_assigned_that_day_and_not_before(stage: Stage) -> None:
    """WY-R6, MED-01."""
    item = plan(stage, "清理闲置窗口", date(2026, 2, 27))
    with pytest.raises(Refused, match="2026年2月24日"):
        weeks.assign_week(week=item.week, now=at("2026-02-23T23:59"), acting_user=stage.operator)
    (item,) = weeks.assign_week(week=item.week, now=at("2026-02-24T09:00"), acting_user=stage.operator)
    assert item.matter is not None
    assert item.last_day == date(2026, 2, 27)
    with pytest.raises(Refused, match="没有工作日"):
        plan(stage, "下周事项", date(2026, 2, 27), week=date(2026, 2, 16))


def test_the_months_review_counts_open_ones_and_keeps_its_figures(stage: Stage) -> None:
    """WY-R6: done and on time with fractions, open items in the denominator; ended by another person."""
    done = plan(stage, "清理闲置窗口", date(2026, 2, 27))
    plan(stage, "公布办事指南", date(2026, 2, 28))
    weeks.assign_week(week=done.week, now=at("2026-02-24T09:00"), acting_user=stage.operator)
    weeks.report_item(
        item=done, account="已清理。", is_done=True, now=at("2026-02-26T09:00"), acting_user=stage.officer
    )
    weeks.check_item(
        item=done, passes=True, finding="现场查看。", now=at("2026-02-27T09:00"), acting_user=stage.reviewer
    )
    month, word = date(2026, 2, 1), {"word": "一般", "text": "一件未完成。"}
    with pytest.raises(Refused, match="2026年2月28日"):
        reviewing.review_unit(
            month=month, unit=stage.unit, now=at("2026-02-27T17:00"), acting_user=stage.operator, **word
        )
    with pytest.raises(Refused, match="还没有讲评"):
        reviewing.end_review(month=month, now=at("2026-02-28T09:00"), acting_user=stage.reviewer)
    reviewing.review_unit(
        month=month, unit=stage.unit, now=at("2026-02-28T09:00"), acting_user=stage.operator, **word
    )
    with pytest.raises(Refused, match="登记人以外"):
        reviewing.end_review(month=month, now=at("2026-02-28T10:00"), acting_user=stage.operator)
    ended = reviewing.end_review(month=month, now=at("2026-02-28T10:00"), acting_user=stage.reviewer)
    assert ended.figures["done"] == {"count": 1, "of": 2, "number": "50.00"}
    assert ended.figures["on_time"] == {"count": 1, "of": 2, "number": "50.00"}
    assert ended.figures["kept"] == {"count": 0, "of": 0, "number": "—"}
    assert ended.figures["units"][0]["word"] == "一般"


# --- Pages ------------------------------------------------------------------------------------------------


def test_the_unit_sees_its_own_promises_and_the_public_their_days(stage: Stage) -> None:
    """WY-R6: nothing vanishes after the broadcast."""
    promise = stage.promise(date(2026, 3, 31))
    own = stage.read(stage.officer, "/office/matters/hearings/own/")
    assert promise.text in own
    assert promise.text not in stage.read(stage.other_officer, "/office/matters/hearings/own/")
    public = Client().get(f"/promises/{promise.pk}/").content.decode()
    assert promise.text in public
    assert stage.operator.username not in public
    assert Episode.objects.count() == 1
