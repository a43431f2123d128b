"""Entering into a grid, and confirming what somebody else entered."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from evaluations.gathering.entries import figures
from evaluations.gathering.entries.grid import REASON, Cell, Grid, Row, TypedFault, TypedRow
from evaluations.gathering.entries.kinds import CONFIRM, ENTER, grid_of
from evaluations.gathering.entries.stored import entries_of, rows_of, subjects_of
from evaluations.gathering.entries.together import merge
from evaluations.gathering.services import label_of, open_channel, refuse_others
from evaluations.models import Channel, Entry, RoundDepartment
from office import audit, dates, roles
from office.errors import Refused
from office.models import User
from office.workbooks.sheets import tidy

MOST_INDICATORS = 50
LONGEST_INDICATOR = 60


@dataclass(frozen=True)
class Change:
    """One item of a unit as it was and as it would be; None: it is not there."""

    subject: RoundDepartment
    item: str
    before: Cell | None
    after: Cell | None


@dataclass(frozen=True)
class Planned:
    """What entering would change, and what is wrong with what was typed."""

    changes: list[Change]
    faults: list[TypedFault]
    rows: int  # how many units were typed
    altered: int  # how many of them change


def plan(channel: Channel, grid: Grid, typed: Mapping[int, TypedRow], default: TypedRow) -> Planned:
    """Read what was typed against the grid; nothing is written."""
    stored = rows_of(channel.entries.all())
    changes: list[Change] = []
    faults: list[TypedFault] = []
    altered = 0
    for subject in subjects_of(channel.round):
        if subject.pk in typed:
            before = stored.get(subject.pk, {})
            row, wrong = grid.read(subject.pk, before, typed[subject.pk], default)
            faults += wrong
            found = list(_changes(subject, before, row))
            changes += found
            altered += bool(found)
    return Planned(changes, faults, len(typed), altered)


def _changes(subject: RoundDepartment, before: Row, row: Row) -> Iterable[Change]:
    for item in [*row, *(item for item in before if item not in row)]:
        if before.get(item) != row.get(item):
            yield Change(subject, item, before.get(item), row.get(item))


@transaction.atomic
def enter(
    *,
    channel: Channel,
    typed: Mapping[int, TypedRow],
    now: datetime,
    acting_user: User,
    default: TypedRow | None = None,
    seen: Mapping[int, TypedRow] | None = None,
) -> int:
    """Store what was typed for units of the round, {row of the round: what was typed}; all of it or nothing.

    `seen` is what the page showed before: what others changed since in other cells stays, and a cell that
    both changed is refused. What changes has to be confirmed (again). Returns how many units changed.
    """
    roles.require(acting_user, ENTER)
    current = open_channel(channel, to="填报")
    grid = grid_of(current)
    if grid.is_taken:
        raise Refused(f"“{label_of(current)}”的数从码上评取得，不能填报", "请点“取数”。")
    merged = merge(current, grid, typed, seen)
    if merged.clashes:
        raise Refused(
            f"有 {len(merged.clashes)} 格他人已经改过",
            "请核对后再保存：",
            faults=[str(one) for one in merged.clashes],
        )
    found = plan(current, grid, merged.typed, default or TypedRow())
    if found.faults:
        raise Refused(
            f"有 {len(found.faults)} 处不符合要求", "请改正后再保存：", faults=in_words(current, found.faults)
        )
    if not found.changes:
        raise Refused("没有需要保存的改动")
    refuse_others(current, {one.subject.pk for one in found.changes})
    write(current, found.changes, now=now, user=acting_user)
    labels = {column.item: column.label for column in grid.columns}
    audit.record(
        "填报",
        current,
        acting_user=acting_user,
        before={_named(one, labels): said(grid, one.item, one.before) for one in found.changes},
        after={_named(one, labels): said(grid, one.item, one.after) for one in found.changes},
    )
    return found.altered


def write(channel: Channel, changes: Iterable[Change], *, now: datetime, user: User) -> None:
    entries = {(one.subject_id, one.item): one for one in channel.entries.all()}
    new: list[Entry] = []
    altered: list[Entry] = []
    gone: list[int] = []
    for change in changes:
        key = (change.subject.pk, change.item)
        if change.after is None:
            gone.append(entries[key].pk)
            continue
        entry = entries.get(key) or Entry(channel=channel, subject=change.subject, item=change.item)
        entry.value, entry.remark = change.after.value, change.after.remark
        entry.source, entry.source_on = change.after.source, change.after.source_on
        entry.entered_by, entry.entered_at = user, now
        entry.confirmed_by = entry.confirmed_at = None
        (altered if key in entries else new).append(entry)
    channel.entries.filter(pk__in=gone).delete()
    Entry.objects.bulk_create(new, batch_size=500)
    fields = ["value", "remark", "source", "source_on", "entered_by", "entered_at"]
    Entry.objects.bulk_update(altered, [*fields, "confirmed_by", "confirmed_at"], batch_size=200)


@transaction.atomic
def confirm(*, channel: Channel, now: datetime, acting_user: User) -> int:
    """Confirm all that others entered; nobody confirms their own. Returns how many entries."""
    roles.require(acting_user, CONFIRM)
    current = open_channel(channel, to="确认")
    waiting = [one for one in entries_of(current) if one.confirmed_by_id is None]
    mine = [one for one in waiting if one.entered_by_id == acting_user.pk]
    others = [one for one in waiting if one.entered_by_id != acting_user.pk]
    if not waiting:
        raise Refused(f"“{label_of(current)}”没有待确认的填报")
    if not others:
        raise Refused(f"待确认的 {len(mine)} 项都由您本人填报，不能由您确认", "请另一人确认。")
    Entry.objects.filter(pk__in=[one.pk for one in others]).update(confirmed_by=acting_user, confirmed_at=now)
    after = {"数据": label_of(current), "确认": f"{len(others)} 项"}
    audit.record("确认填报", current, acting_user=acting_user, after=after)
    return len(others)


@transaction.atomic
def name_indicators(*, channel: Channel, names: Iterable[str], acting_user: User) -> Channel:
    """Name the indicators of figures that the scheme leaves open; one with figures in it stays."""
    roles.require(acting_user, ENTER)
    current = open_channel(channel, to="更改指标名称")
    refuse_others(current, current.round.departments.values_list("pk", flat=True))
    if current.kind != Channel.Kind.FIGURES or figures.fixed(current):
        raise Refused("这一项数据的指标由评价方案规定，不能更改")
    wanted = list(dict.fromkeys(filter(None, map(tidy, names))))
    if not wanted:
        raise Refused("没有填写指标名称", "请每行填写一个。")
    if len(wanted) > MOST_INDICATORS:
        raise Refused(f"指标有 {len(wanted)} 个，超过 {MOST_INDICATORS} 个的上限", "请合并或删减。")
    if long := [name for name in wanted if len(name) > LONGEST_INDICATOR]:
        raise Refused(f"有指标名称超过 {LONGEST_INDICATOR} 字", "请缩短：", faults=long)
    used = set(current.entries.exclude(value=None).values_list("item", flat=True))
    if lost := [name for name in current.named_items if name in used and name not in wanted]:
        raise Refused("有指标已经填报了数据，不能删去或改名", "请先清空这些指标的数据：", faults=lost)
    before, current.named_items = current.named_items, wanted
    current.save(update_fields=["named_items"])
    current.entries.filter(value=None).exclude(item__in=[*wanted, REASON]).delete()
    audit.record(
        "填写指标名称", current, acting_user=acting_user, before={"指标": before}, after={"指标": wanted}
    )
    return current


def in_words(channel: Channel, faults: Iterable[TypedFault]) -> list[str]:
    names = {one.pk: one.name for one in subjects_of(channel.round)}
    return [f"{names[one.subject]}“{one.label}”：{one.why}。" for one in faults]


def _named(change: Change, labels: dict[str, str]) -> str:
    return f"{change.subject.name} {labels.get(change.item, '备注')}"


def said(grid: Grid, item: str, cell: Cell | None) -> Any:
    if cell is None:
        return ""
    column = next((one for one in grid.columns if one.item == item), None)
    shown = column.show(cell.value) if column else ""
    parts = [shown, cell.remark and f"备注：{cell.remark}", cell.source and f"来源：{cell.source}"]
    parts.append(f"来源日期：{dates.day(cell.source_on)}" if cell.source_on else "")
    return "；".join(part for part in parts if part)
