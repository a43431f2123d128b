"""How many were served at a window on a day; what was rated beyond it without a ticket is held."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from django.db import models, transaction
from django.db.models import Count, Q

from departments.models import Hall, Window
from office import audit, dates, roles
from office.errors import Refused
from office.models import User
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, squeeze
from office.workbooks.tables import Row, Table
from ratings.incoming.lists import ListPlan, RatingList
from ratings.incoming.places import HEADINGS as PLACES
from ratings.incoming.places import Places
from ratings.intake.services import BEYOND_SERVED
from ratings.models import Judgment, Rating, Served

MOST = 5000
Key = tuple[int, date]
"""A window and a day."""


@transaction.atomic
def enter_served(*, hall: Hall, day: date, numbers: Mapping[int, int], today: date, acting_user: User) -> int:
    """Enter a day's numbers by window and return how many ratings are held for it.

    A number that is raised later brings nothing back: what was held counts when two people said so.
    """
    roles.require(acting_user, "rating.ticket")
    if day > today:
        raise Refused("日期晚于今天", "请填写当日或者以前的办件量。")
    if not numbers:
        raise Refused("没有填写办件量", "请至少填写一个窗口。")
    windows = Window.objects.filter(hall=hall, pk__in=numbers).select_related("hall")
    found = {window.pk: window for window in windows}
    if set(found) != set(numbers):
        raise Refused("窗口不在这个大厅", "请刷新页面后重新填写。")
    before, after = _write({(pk, day): number for pk, number in numbers.items()}, found, acting_user)
    held = hold_beyond((pk, day) for pk in numbers)
    told = {"日期": day.isoformat(), **after} | ({"暂缓无票评价": held} if held else {})
    audit.record("填报办件量", hall, acting_user=acting_user, before=before, after=told)
    return held


def _write(
    numbers: Mapping[Key, int], windows: Mapping[int, Window], user: User
) -> tuple[dict[str, int], dict[str, int]]:
    """Store numbers; return in words what stood there before and what stands there now."""
    stored = stored_numbers(numbers, lock=True)
    new, altered, before, after = [], [], {}, {}
    for (window, day), number in numbers.items():
        name, served = str(windows[window]), stored.get((window, day))
        if fault := fault_of(number, served.cases if served else 0):
            raise Refused(f"{name}：{fault}", "请核对后重新填写。")
        after[name] = number
        if served is None:
            new.append(Served(window_id=window, day=day, number=number, entered_by=user))
        elif served.number != number:
            before[name] = served.number
            served.number, served.entered_by = number, user
            altered.append(served)
    Served.objects.bulk_create(new)
    Served.objects.bulk_update(altered, ["number", "entered_by"])
    return before, after


def fault_of(number: int, cases: int) -> str:
    if not 0 <= number <= MOST:
        return f"办件量不在0至{MOST}之间"
    return f"办件量少于已导入的办件编号{cases}件" if number < cases else ""


def stored_numbers(keys: Mapping[Key, int] | set[Key], *, lock: bool = False) -> dict[Key, Served]:
    rows = Served.objects.select_for_update() if lock else Served.objects.all()
    found = rows.filter(day__in={day for _, day in keys}, window__in={window for window, _ in keys})
    return {(one.window_id, one.day): one for one in found}


def hold_beyond(keys: Iterable[Key]) -> int:
    """Hold what was rated without a ticket at windows on days where more was rated than was served.

    Ratings with a ticket and those that two people decided about stay as they are.
    """
    wanted = set(keys)
    stored = stored_numbers(wanted)
    counted = (
        Rating.objects.filter(
            state=Rating.State.COUNTED,
            day__in={day for _, day in wanted},
            code__window__in={window for window, _ in wanted},
        )
        .order_by()
        .values_list("code__window", "day")
        .annotate(n=Count("pk"))
    )
    beyond = [
        Q(code__window=window, day=day)
        for window, day, n in counted
        if (window, day) in stored and n > stored[window, day].number
    ]
    if not beyond:
        return 0
    judged = Judgment.objects.exclude(state=Judgment.State.DECLINED).values("rating")
    where = Q()
    for one in beyond:
        where |= one
    rows = Rating.objects.filter(where, state=Rating.State.COUNTED, has_ticket=False).exclude(pk__in=judged)
    chosen = list(rows.values_list("pk", flat=True))
    return Rating.objects.filter(pk__in=chosen, state=Rating.State.COUNTED).update(
        state=Rating.State.HELD, held_because=BEYOND_SERVED
    )


HEADINGS = {
    **PLACES,
    "day": ("日期", "办件日期", "统计日期"),
    "number": ("办件量", "办件数", "办件数量", "叫号量", "叫号数", "办理量"),
}


@dataclass
class ServedPlan(ListPlan):
    numbers: dict[Key, int] = field(default_factory=dict)
    windows: dict[int, Window] = field(default_factory=dict)
    held: int = 0


def _read(table: Table, rules_id: str, today: date, progress: ReportProgress) -> ServedPlan:
    plan, places = ServedPlan(rules_id, today), Places()
    lines: dict[Key, Row] = {}
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row):
            continue
        plan.count("行数")
        place = places.of(table, row, needs_window=True)
        day, number = day_of(row.own["day"] or row.shown["day"]), squeeze(row.shown.get("number"))
        found: list[Fault] = [*row.faults]
        if isinstance(place, Fault):
            found.append(place)
        if day is None or day > today:
            text = "日期晚于今天，请核对。" if day else not_a_day(row.shown["day"])
            found.append(table.fault(row.number, "day", "not a day", text))
        if not (number.isascii() and number.isdecimal() and int(number[:6]) <= MOST and len(number) < 6):
            text = f"办件量须是0至{MOST}的整数，请核对。"
            found.append(table.fault(row.number, "number", "not a number", text))
        if found or day is None or isinstance(place, Fault) or place.window is None:
            plan.faults += found
            continue
        key = (place.window.pk, day)
        if key in lines:
            text = f"这个窗口当日的办件量在第{lines[key].number}行已经出现，请删去一行。"
            plan.faults.append(table.fault(row.number, "window", "twice", text))
            continue
        lines[key] = row
        plan.numbers[key], plan.windows[place.window.pk] = int(number), place.window
    _compare(plan, table, lines)
    return plan


def _compare(plan: ServedPlan, table: Table, lines: Mapping[Key, Row]) -> None:
    stored = stored_numbers(plan.numbers)
    counts: Counter[str] = Counter()
    for key, number in plan.numbers.items():
        served = stored.get(key)
        if fault := fault_of(number, served.cases if served else 0):
            plan.faults.append(table.fault(lines[key].number, "number", "too few", f"{fault}，请核对。"))
        elif served is None or served.number != number:
            before = f"由{served.number}件改为" if served else ""
            counts["变更" if served else "新增"] += 1
            plan.changes.append(f"{plan.windows[key[0]]}　{dates.day(key[1])}　{before}{number}件")
        else:
            counts["未变"] += 1
    for name in ("新增", "变更", "未变"):
        plan.count(name, counts[name])


def _write_list(plan: ServedPlan, user: User) -> models.Model:
    _write(plan.numbers, plan.windows, user)
    plan.held = hold_beyond(plan.numbers)
    if plan.held:
        plan.counts["暂缓无票评价"] = plan.held
    return next(iter(plan.windows.values())).hall


SERVED = RatingList(
    what="办件量",
    action="rating.ticket",
    headings=HEADINGS,
    needed=("window", "day", "number"),
    days=("day",),
    read=_read,
    write=_write_list,
    rules=None,
)
