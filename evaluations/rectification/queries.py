"""What others read of rectifications: whose they are, the ledger as a workbook, what the public may see."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any
from urllib.parse import urlencode

from django.db import transaction
from django.db.models import Count, Q, QuerySet
from django.utils import timezone

from departments.access import own_units
from evaluations.models import Rectification, Round
from evaluations.rectification.case import ItemState, State
from evaluations.rectification.standing import DONE, LATENESS, ItemStanding, Standing, maybe_late
from office import audit, roles
from office.models import User
from office.workbooks.writing import workbook

HEADINGS = (
    "处置编号",
    "责任单位",
    "轮次",
    "序号",
    "问题",
    "来源",
    "责任领导",
    "责任人",
    "整改措施",
    "整改目标",
    "完成时限",
    "进展情况",
    "佐证材料",
    "完成日期",
    "核验人",
    "核验意见",
    "销号日期",
    "回头看日期",
    "逾期工作日",
    "状态",
)


def rectifications_for(user: User) -> QuerySet[Rectification]:
    """Those that a user may see: all, or those of the own units."""
    if roles.allowed(user, "rectification.view"):
        return Rectification.objects.all()
    if roles.allowed(user, "rectification.view_own"):
        return Rectification.objects.filter(department__in=own_units(user))
    return Rectification.objects.none()


@dataclass(frozen=True)
class Filters:
    """What was chosen; what is not understood filters nothing."""

    state: str = ""
    late: str = ""
    unit: int | None = None
    round: int | None = None

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Filters:
        state, late = query.get("state", ""), query.get("late", "")
        return cls(
            state=state if state in State.values else "",
            late=late if late in LATENESS else "",
            unit=_number(query.get("unit", "")),
            round=_number(query.get("round", "")),
        )

    def of(self, rows: QuerySet[Rectification], today: date) -> QuerySet[Rectification]:
        if self.state:
            rows = rows.filter(state=self.state)
        if self.unit is not None:
            rows = rows.filter(department=self.unit)
        if self.round is not None:
            rows = rows.filter(disposition__round=self.round)
        if self.late == "look_back":
            return rows.filter(items__state=ItemState.CLOSED, items__look_back_on__lte=today).distinct()
        return rows.filter(maybe_late(today)).distinct() if self.late else rows

    def keeps(self, standing: Standing) -> bool:
        """What the database cannot say: how many working days it is late."""
        return {
            "late": bool(standing.late),
            "supervise": standing.must_supervise,
            "leading_group": standing.must_go_to_the_leading_group,
        }.get(self.late, True)

    def query(self) -> str:
        given = {"state": self.state, "late": self.late, "unit": self.unit or "", "round": self.round or ""}
        return urlencode({name: value for name, value in given.items() if value})


def _number(text: str) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 10 else None


@transaction.atomic
def ledger_workbook(found: Iterable[Standing], *, acting_user: User) -> bytes:
    """The 整改台账 as filtered, one row an item."""
    rows = [_row(standing, each) for standing in found for each in standing.items]
    audit.record("导出", acting_user, acting_user=acting_user, after={"列表": "整改台账", "行数": len(rows)})
    return workbook("整改台账", HEADINGS, rows)


def _row(standing: Standing, each: ItemStanding) -> list[Any]:
    item, disposition = each.item, standing.one.disposition
    return [
        disposition.register_number,
        disposition.subject.name,
        disposition.round.title,
        item.number,
        item.problem,
        item.source or item.get_source_kind_display(),
        item.leader,
        item.person,
        item.measures,
        item.goal,
        item.due_on,
        item.progress,
        "、".join(paper.file_name for paper in item.papers.all()),
        item.done_on,
        str(item.checked_by) if item.checked_by else "",
        item.opinion,
        item.closed_on,
        item.looked_back_on or item.look_back_on,
        each.late.working_days if each.late else "",
        item.get_state_display(),
    ]


@dataclass(frozen=True)
class PublicRectification:
    """What may be shown of a unit's rectification: no person, no opinion, no file."""

    unit: str
    word: str
    clause: str
    notice_on: date
    done_due_on: date
    state: str
    problems: int
    closed: int


def public_rectifications(round: Round) -> list[PublicRectification]:
    """Of a published round, units alone; what ended with a withdrawn decision is left out."""
    if round.state != Round.State.PUBLISHED:
        return []
    rows = Rectification.objects.filter(disposition__round=round, disposition__target="department")
    rows = (
        rows.exclude(state=State.ENDED).select_related("disposition__subject").order_by("department__order")
    )
    counted = rows.annotate(
        problems=Count("items", filter=Q(items__reopens=None)),
        closed=Count("items", filter=Q(items__state__in=DONE) & ~Q(items__state=ItemState.REOPENED)),
    )
    return [
        PublicRectification(
            unit=one.disposition.subject.name,
            word=one.disposition.word,
            clause=one.disposition.clause,
            notice_on=one.notice_on,
            done_due_on=timezone.localdate(one.done_due_at),
            state=one.get_state_display(),
            problems=one.problems,
            closed=one.closed,
        )
        for one in counted
    ]


def events_of(one: Rectification) -> Any:
    return one.events.select_related("by", "item").order_by("-pk")


def changed_at(one: Rectification) -> list[datetime | str | None]:
    """What a page builds on: its state and when that came about."""
    return [one.state, one.plan_handed_in_at, one.plan_checked_at]
