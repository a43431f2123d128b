"""How many were served at a window on a day; what was rated beyond it is held.

Only days that are over have a number: one of today would place the ratings of today in time. A clerk who
could alter numbers, or reach far back, could hold the ratings of any window; so no answer says how many are.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta

from django.db import models, transaction

from departments.models import Hall, Window
from office import audit, dates, roles
from office.errors import Refused
from office.models import User
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.sheets import Fault, ReportProgress, squeeze
from office.workbooks.tables import Row, Table
from ratings.incoming.holding import Key, hold_beyond, stored_numbers
from ratings.incoming.lists import ListPlan, RatingList
from ratings.incoming.places import HEADINGS as PLACES
from ratings.incoming.places import Places
from ratings.models import Served
from ratings.rules import all_rules

MOST = 5000
LONGEST_REASON = 200
MOST_TOLD = 1000
ALTERED = "已经填报，更正由评价中心办理"


def may_correct(user: User) -> bool:
    """Whether somebody may alter a number and enter one of any past day; a clerk may do neither."""
    return roles.allowed(user, "rating.judge")


def fault_of_day(day: date, today: date, user: User) -> str:
    within = max(rules.holding.judge_within_days for rules in all_rules().values())
    if day >= today:
        return "当日的办件量次日起填报"
    if not may_correct(user) and day < today - timedelta(days=within):
        return f"已超过{within}日，由评价中心填报"
    return ""


@transaction.atomic
def enter_served(
    *,
    hall: Hall,
    day: date,
    numbers: Mapping[int, int],
    today: date,
    acting_user: User,
    reason: str = "",
) -> None:
    """Enter a day's numbers by window; `reason` says why stored ones are altered.

    A number that is raised later brings nothing back: what was held counts when two people said so.
    """
    roles.require(acting_user, "rating.ticket")
    if fault := fault_of_day(day, today, acting_user):
        raise Refused(fault, "请另选日期。")
    if not numbers:
        raise Refused("没有填写办件量", "请至少填写一个窗口。")
    windows = Window.objects.filter(hall=hall, pk__in=numbers).select_related("hall")
    found = {window.pk: window for window in windows}
    if set(found) != set(numbers):
        raise Refused("窗口不在这个大厅", "请刷新页面后重新填写。")
    reason = reason.strip()[:LONGEST_REASON]
    keyed = {(pk, day): number for pk, number in numbers.items()}
    before = _write(keyed, found, acting_user, reasons=dict.fromkeys(keyed, reason))
    hold_beyond(keyed)
    after = {str(found[pk]): number for pk, number in numbers.items()}
    told = {"日期": day.isoformat(), **after} | ({"更正理由": reason} if before else {})
    audit.record("填报办件量", hall, acting_user=acting_user, before=before, after=told)


def _write(
    numbers: Mapping[Key, int], windows: Mapping[int, Window], user: User, *, reasons: Mapping[Key, str]
) -> dict[str, int]:
    """Store numbers; return in words what stood where one is altered."""
    stored = stored_numbers(numbers, lock=True)
    new, altered, before = [], [], {}
    for key, number in numbers.items():
        name, served = str(windows[key[0]]), stored.get(key)
        if not 0 <= number <= MOST:
            raise Refused(f"{name}的办件量不在0至{MOST}之间", "请核对后重新填写。")
        if served is None:
            new.append(Served(window_id=key[0], day=key[1], number=number, entered_by=user))
        elif served.number != number:
            if not may_correct(user):
                raise Refused(f"{name}的办件量{ALTERED}", "请与评价中心联系。")
            if not reasons[key]:
                raise Refused(f"没有写明更正{name}办件量的理由", "请写明核对了什么。")
            before[name] = served.number
            served.number, served.entered_by = number, user
            altered.append(served)
    Served.objects.bulk_create(new)
    Served.objects.bulk_update(altered, ["number", "entered_by"])
    return before


HEADINGS = {
    **PLACES,
    "day": ("日期", "办件日期", "统计日期"),
    "number": ("办件量", "办件数", "办件数量", "叫号量", "叫号数", "办理量"),
    "reason": ("更正理由",),
}


@dataclass
class ServedPlan(ListPlan):
    numbers: dict[Key, int] = field(default_factory=dict)
    windows: dict[int, Window] = field(default_factory=dict)
    rows: dict[Key, Row] = field(default_factory=dict)
    reasons: dict[Key, str] = field(default_factory=dict)


def _read(table: Table, rules_id: str, today: date, progress: ReportProgress) -> ServedPlan:
    plan, places = ServedPlan(rules_id, today), Places()
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row):
            continue
        plan.count("行数")
        place = places.of(table, row, needs_window=True)
        day, number = day_of(row.own["day"] or row.shown["day"]), squeeze(row.shown.get("number"))
        found: list[Fault] = [*row.faults]
        if isinstance(place, Fault):
            found.append(place)
        if day is None:
            found.append(table.fault(row.number, "day", "not a day", not_a_day(row.shown["day"])))
        if not (number.isascii() and number.isdecimal() and int(number[:6]) <= MOST and len(number) < 6):
            text = f"办件量须是0至{MOST}的整数，请核对。"
            found.append(table.fault(row.number, "number", "not a number", text))
        if found or day is None or isinstance(place, Fault) or place.window is None:
            plan.faults += found
            continue
        key = (place.window.pk, day)
        if key in plan.rows:
            text = f"这个窗口当日的办件量在第{plan.rows[key].number}行已经出现，请删去一行。"
            plan.faults.append(table.fault(row.number, "window", "twice", text))
            continue
        plan.rows[key], plan.windows[place.window.pk] = row, place.window
        plan.numbers[key] = int(number)
        plan.reasons[key] = squeeze(row.shown.get("reason"))[:LONGEST_REASON]
    return plan


def _check(plan: ServedPlan, table: Table, user: User) -> None:
    """Compare with what is stored, within what the user may enter."""
    stored = stored_numbers(plan.numbers)
    counts: Counter[str] = Counter()
    for key, number in plan.numbers.items():
        served, line = stored.get(key), plan.rows[key].number
        altered = served is not None and served.number != number
        if fault := fault_of_day(key[1], plan.today, user):
            plan.faults.append(table.fault(line, "day", "day out of reach", f"{fault}。"))
        elif altered and not may_correct(user):
            plan.faults.append(table.fault(line, "number", "stored already", f"办件量{ALTERED}。"))
        elif altered and not plan.reasons[key]:
            text = "办件量与已填报的不同，请在“更正理由”栏写明理由。"
            plan.faults.append(table.fault(line, "number", "no reason", text))
        elif served is None or altered:
            before = f"由{served.number}件改为" if served else ""
            counts["变更" if served else "新增"] += 1
            said = f"{plan.windows[key[0]]}　{dates.day(key[1])}　{before}{number}件"
            plan.changes.append(f"{said}　{plan.reasons[key]}" if served else said)
        else:
            counts["未变"] += 1
    for name in ("新增", "变更", "未变"):
        plan.count(name, counts[name])
    if counts["变更"]:
        plan.told["更正理由"] = "；".join(dict.fromkeys(filter(None, plan.reasons.values())))[:MOST_TOLD]


def _write_list(plan: ServedPlan, user: User) -> models.Model:
    _write(plan.numbers, plan.windows, user, reasons=plan.reasons)
    hold_beyond(plan.numbers)
    return next(iter(plan.windows.values())).hall


SERVED = RatingList(
    what="办件量",
    action="rating.ticket",
    headings=HEADINGS,
    needed=("window", "day", "number"),
    days=("day",),
    read=_read,
    check=_check,
    write=_write_list,
    rules=None,
)
