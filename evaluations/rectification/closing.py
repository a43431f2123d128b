"""Doing it and closing it: progress, evidence, the request (申请销号), the check, the look back."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.db.models import Max
from django.utils import timezone

from evaluations.consequences.ending import finish_if_done
from evaluations.consequences.history import after as after_act
from evaluations.models import (
    Disposition,
    DispositionEvent,
    Rectification,
    RectificationItem,
    RectificationPaper,
)
from evaluations.rectification.case import (
    Act,
    ItemState,
    State,
    authors_of,
    locked_item,
    note,
    require_side_of_the_unit,
    require_text,
)
from office import audit, dates, roles
from office.calendar import days
from office.errors import Refused
from office.files import papers
from office.models import User

MOST_PAPERS = 20
CLOSED = (ItemState.CLOSED, ItemState.HELD, ItemState.REOPENED)
EVIDENCE, ANOTHER, REQUEST = "佐证材料", "核验人须为他人", "单位申请销号"


def gaps(item: RectificationItem, *, checker: User) -> list[str]:
    """Say exactly what is missing before this person may close an item; nothing: it can be closed."""
    found = [] if item.papers.all() else [EVIDENCE]
    if item.state != ItemState.ASKED:
        found.append(REQUEST)
    if checker.pk in authors_of([item]):
        found.append(ANOTHER)
    return found


@transaction.atomic
def report_progress(
    *, item: RectificationItem, text: str, now: datetime, acting_user: User
) -> RectificationItem:
    one, found = locked_item(item, State.UNDER_WAY, to="填报进展")
    require_side_of_the_unit(one, acting_user)
    _must_be(found, ItemState.OPEN, to="填报进展")
    before = found.progress
    found.progress = require_text(text, "进展情况", 1000)
    found.save(update_fields=["progress"])
    note(one, Act.PROGRESS, now=now, by=acting_user, text=found.progress, item=found)
    audit.record(
        "填报整改进展",
        found,
        acting_user=acting_user,
        before={"进展": before},
        after={"进展": found.progress},
    )
    return found


@transaction.atomic
def hand_in_evidence(
    *, item: RectificationItem, file: UploadedFile[Any], note_text: str = "", now: datetime, acting_user: User
) -> RectificationPaper:
    one, found = locked_item(item, State.UNDER_WAY, to="提交佐证材料")
    require_side_of_the_unit(one, acting_user)
    _must_be(found, ItemState.OPEN, to="提交佐证材料")
    if found.papers.count() >= MOST_PAPERS:
        raise Refused(f"一项最多提交{MOST_PAPERS}份材料", "请合并后提交。")
    made = RectificationPaper(
        item=found, note=note_text.strip()[:200], handed_in_by=acting_user, handed_in_at=now
    )
    with papers.put(made, "file", file):
        made.save()
        note(one, Act.EVIDENCE, now=now, by=acting_user, text=made.file_name, item=found)
        audit.record("提交整改佐证", found, acting_user=acting_user, after={"材料": made.file_name})
    return made


@transaction.atomic
def ask_closing(*, item: RectificationItem, now: datetime, acting_user: User) -> RectificationItem:
    """Ask for the closing (申请销号): the unit's clock stops on this day, unless it is returned."""
    one, found = locked_item(item, State.UNDER_WAY, to="申请销号")
    require_side_of_the_unit(one, acting_user)
    _must_be(found, ItemState.OPEN, to="申请销号")
    missing = [] if found.papers.exists() else [EVIDENCE]
    missing += [] if found.progress else ["进展情况"]
    if missing:
        raise Refused(f"不能申请销号，还缺：{'、'.join(missing)}", "请补齐后重新申请。")
    found.state, found.done_on = ItemState.ASKED, timezone.localdate(now)
    found.asked_by, found.asked_at = acting_user, now
    found.checked_by = found.checked_at = None
    found.save()
    note(one, Act.ASKED, now=now, by=acting_user, item=found)
    audit.record(
        "申请整改销号", found, acting_user=acting_user, after={"完成日期": found.done_on.isoformat()}
    )
    return found


@transaction.atomic
def close_item(
    *, item: RectificationItem, opinion: str, now: datetime, acting_user: User
) -> RectificationItem:
    """Close an item (核验销号), by somebody of the centre who had no part in it.

    With the last one the disposition is fulfilled, if it was served and no paper of it is awaited.
    """
    roles.require(acting_user, "rectification.check")
    # Before the rectification, as a correction that withdraws it locks them.
    disposition = Disposition.objects.select_for_update(of=("self",)).get(rectification__items=item.pk)
    one, found = locked_item(item, State.UNDER_WAY, to="核验销号")
    _must_be(found, ItemState.OPEN, ItemState.ASKED, to="核验销号")
    if missing := gaps(found, checker=acting_user):
        raise Refused(f"不能销号，还缺：{'、'.join(missing)}", "请补齐后再核验。")
    _check(found, opinion, now, acting_user)
    today = timezone.localdate(now)
    found.state, found.closed_on = ItemState.CLOSED, today
    found.look_back_on = days.calendar().on_or_after(today + timedelta(days=one.look_back_days))
    found.save()
    note(one, Act.CLOSED, now=now, by=acting_user, text=found.opinion, item=found)
    after = {"核验意见": found.opinion, "回头看": found.look_back_on.isoformat()}
    audit.record("核验销号", found, acting_user=acting_user, after=after)
    if not one.items.exclude(state__in=CLOSED).exists():
        one.state, one.closed_on = State.CLOSED, today
        one.save(update_fields=["state", "closed_on"])
        audit.record("整改全部销号", one, acting_user=acting_user, after={"日期": today.isoformat()})
        finish_if_done(disposition, today, now, acting_user)
    return found


@after_act(DispositionEvent.Act.SERVED)
def fulfil_what_was_put_right(rows: Sequence[Disposition], now: datetime, acting_user: User | None) -> None:
    """What was put right before it was served is fulfilled with the service."""
    closed = Rectification.objects.filter(disposition__in=rows, state=State.CLOSED)
    done = set(closed.values_list("disposition", flat=True))
    for one in rows:
        if acting_user and one.pk in done:
            finish_if_done(one, timezone.localdate(now), now, acting_user)


@transaction.atomic
def return_request(
    *, item: RectificationItem, opinion: str, now: datetime, acting_user: User
) -> RectificationItem:
    """Return a request with reasons: it was not done, so its clock runs on."""
    roles.require(acting_user, "rectification.check")
    one, found = locked_item(item, State.UNDER_WAY, to="退回销号申请")
    _must_be(found, ItemState.ASKED, to="退回销号申请")
    if acting_user.pk in authors_of([found]):
        raise Refused("这项整改由您填报，不能由您核验", "请评价中心的其他人员核验。")
    _check(found, opinion, now, acting_user)
    found.state, found.done_on = ItemState.OPEN, None
    found.save()
    note(one, Act.NOT_CLOSED, now=now, by=acting_user, text=found.opinion, item=found)
    audit.record("退回销号申请", found, acting_user=acting_user, after={"核验意见": found.opinion})
    return found


@transaction.atomic
def look_back(
    *,
    item: RectificationItem,
    holds: bool,
    opinion: str,
    due_on: date | None = None,
    now: datetime,
    acting_user: User,
) -> RectificationItem:
    """Look whether a closed item held (回头看); one that did not begins again as a new item."""
    roles.require(acting_user, "rectification.check")
    one, found = locked_item(item, State.UNDER_WAY, State.CLOSED, to="回头看")
    _must_be(found, ItemState.CLOSED, to="回头看")
    if acting_user.pk in authors_of([found]):
        raise Refused("这项整改由您填报，不能由您回头看", "请评价中心的其他人员办理。")
    today = timezone.localdate(now)
    if holds and found.look_back_on and today < found.look_back_on:
        raise Refused(f"回头看应在{dates.day(found.look_back_on)}以后认定合格", "请届时办理。")
    found.look_back_opinion = require_text(opinion, "回头看意见", 500)
    found.looked_back_on, found.looked_back_by = today, acting_user
    found.state = ItemState.HELD if holds else ItemState.REOPENED
    found.save()
    note(one, Act.HELD if holds else Act.REOPENED, now=now, by=acting_user, text=opinion.strip(), item=found)
    verb = "回头看合格" if holds else "回头看不合格"
    audit.record(verb, found, acting_user=acting_user, after={"意见": found.look_back_opinion})
    if not holds:
        _open_again(one, found, due_on, today)
    return found


def _open_again(one: Rectification, old: RectificationItem, due_on: date | None, today: date) -> None:
    if due_on is None or due_on <= today:
        raise Refused("没有填写今天以后的完成时限", "重新整改的，请填写新的完成时限。")
    last = one.items.aggregate(last=Max("number"))["last"]
    RectificationItem.objects.create(
        rectification=one,
        number=last + 1,
        problem=old.problem,
        source_kind=RectificationItem.Source.LOOK_BACK,
        source=f"第{old.number}项：{old.look_back_opinion}"[:200],
        leader=old.leader,
        leader_member=old.leader_member,
        person=old.person,
        person_member=old.person_member,
        measures=old.measures,
        goal=old.goal,
        due_on=due_on,
        planned_by=old.planned_by,
        reopens=old,
    )
    one.state, one.closed_on = State.UNDER_WAY, None
    one.save(update_fields=["state", "closed_on"])


def _must_be(item: RectificationItem, *states: RectificationItem.State, to: str) -> None:
    if item.state not in states:
        raise Refused(f"第{item.number}项目前为“{item.get_state_display()}”，不能{to}", "请刷新页面查看。")


def _check(item: RectificationItem, opinion: str, now: datetime, acting_user: User) -> None:
    item.opinion = require_text(opinion, "核验意见", 500)
    item.checked_by, item.checked_at = acting_user, now
