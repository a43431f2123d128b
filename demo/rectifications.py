"""What units of the demo put right after decisions: one closed, one late, one that did not hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django.core.files.uploadedfile import SimpleUploadedFile

from departments.models import StaffMember
from evaluations.models import Rectification, RectificationItem
from evaluations.rectification import beginning, chasing, closing, planning
from evaluations.rectification.planning import ItemPlan, Problem
from evaluations.rectification.problems import candidates
from office.exports import typeset
from office.models import User

SHANGHAI = ZoneInfo("Asia/Shanghai")
OWN = Problem("窗口午间无人值守，办事群众需要再跑一趟（示范）", source="评价中心检查记录（示范）")
PLAN = ("实行午间轮岗，公开值班表和咨询电话（示范）", "工作时间内随到随办（示范）")


def put_right(people: Mapping[str, User]) -> None:
    """Take up to three decisions that ask for it; units without an account are served by the centre."""
    centre = people["centre"]
    for disposition in beginning.to_begin()[:3]:
        if day := disposition.decided_on:
            beginning.begin_rectification(disposition=disposition, now=_at(day, 0), acting_user=centre)
    waiting = Rectification.objects.filter(state=Rectification.State.PLANNING).order_by("pk")[:3]
    for one, goes in zip(waiting, (_closed, _late, _reopened), strict=False):
        _plan(one, people)
        goes(one, people)


def _plan(one: Rectification, people: Mapping[str, User]) -> None:
    day, centre = one.notice_on, people["centre"]
    offered = [each.problem for each in candidates(one)[:1]]
    common: dict[str, Any] = {"now": _at(day, 1), "acting_user": centre}
    items = planning.add_problems(rectification=one, problems=[*offered, OWN], **common)
    roster = list(StaffMember.objects.filter(department=one.department_id, left_on=None)[:2])
    leader: StaffMember | str = roster[0] if roster else "分管负责人"
    person: StaffMember | str = roster[-1] if roster else "窗口负责人"
    plan = ItemPlan(*PLAN, leader, person, day + timedelta(days=20))
    for item in items:
        planning.plan_item(item=item, plan=plan, **common)
    planning.hand_in_plan(rectification=one, **common)
    planning.accept_plan(
        rectification=one, opinion="同意，按期完成。", now=_at(day, 2), acting_user=people["reviewer"]
    )


def _closed(one: Rectification, people: Mapping[str, User]) -> None:
    for item in one.items.all():
        _close(item, people)


def _late(one: Rectification, people: Mapping[str, User]) -> None:
    first = one.items.order_by("number")[0]
    _close(first, people)
    now = _at(one.notice_on, 24)  # two working days or more after the limit
    chasing.chase(rectification=one, text="请抓紧完成并提交佐证材料。", now=now, acting_user=people["centre"])


def _reopened(one: Rectification, people: Mapping[str, User]) -> None:
    _closed(one, people)
    closing.look_back(
        item=one.items.order_by("number")[0],
        holds=False,
        opinion="抽查时又有无人值守的情形（示范）。",
        due_on=one.notice_on + timedelta(days=90),
        now=_at(one.notice_on, 30),
        acting_user=people["reviewer"],
    )


def _close(item: RectificationItem, people: Mapping[str, User]) -> None:
    day = item.rectification.notice_on
    common: dict[str, Any] = {"item": item, "now": _at(day, 12), "acting_user": people["centre"]}
    closing.report_progress(text="已安排午间轮岗，值班表已经公开（示范）。", **common)
    paper = typeset.pdf("<h1>值班表</h1><p>示范县的示范材料，内容均为虚构。</p>")
    closing.hand_in_evidence(file=SimpleUploadedFile("值班表.pdf", paper), **common)
    closing.ask_closing(**common)
    closing.close_item(
        item=item, opinion="现场查看，情况属实。", now=_at(day, 14), acting_user=people["reviewer"]
    )


def _at(day: date, later: int) -> datetime:
    """Nine o'clock, so many days after the notice."""
    return datetime(day.year, day.month, day.day, 9, tzinfo=SHANGHAI) + timedelta(days=later)
