"""Make codes for the windows and the wall of a hall and for units; end one in one click (GY-R4)."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from django.db import transaction
from django.db.models import F, Q, QuerySet

from casework.matters.numbers import LETTERS
from casework.matters.turns import take_turn
from departments.models import Department, Hall, Window
from office import audit, roles
from office.errors import Refused
from office.models import User
from ratings.models import RatingCode
from ratings.rules import all_rules

CODE_LENGTH = 10
LONGEST_REASON = 120
Kind = RatingCode.Kind


@dataclass(frozen=True)
class Wanted:
    """Which codes to make: of a hall its windows, its wall or both; of units their lobby plates."""

    hall: Hall | None = None
    windows: bool = False
    wall: bool = False
    units: tuple[Department, ...] = ()


@transaction.atomic
def make_codes(*, wanted: Wanted, rules_id: str, valid_from: date, acting_user: User) -> list[RatingCode]:
    """Make what is wanted and not there yet; an object has one live code under each set of rules."""
    roles.require(acting_user, "rating.code")
    if rules_id not in all_rules():
        raise Refused("没有这一评价办法", "请刷新页面后重新选择。")
    if not (wanted.units or (wanted.hall and (wanted.windows or wanted.wall))):
        raise Refused("没有选择制作哪些评价码", "请选择大厅的窗口、码墙，或者选择单位。")
    take_turn("rating codes")
    new = [
        RatingCode(rules_id=rules_id, code=new_code(), valid_from=valid_from, **where)
        for where in _places(wanted, rules_id)
    ]
    if not new:
        raise Refused("所选对象都已有评价码", "需要更换的，请停用原码并换发。")
    made = RatingCode.objects.bulk_create(new)
    for code in made:
        _audit_made(code, acting_user)
    return made


def _places(wanted: Wanted, rules_id: str) -> Iterable[dict[str, object]]:
    """Say of each object without a code where its new one belongs."""
    if wanted.hall and wanted.windows:
        for window in windows_without(rules_id).filter(hall=wanted.hall):
            yield _at_window(window)
    if wanted.hall and wanted.wall and not _live(rules_id, Kind.WALL).filter(hall=wanted.hall).exists():
        yield {"kind": Kind.WALL, "hall": wanted.hall}
    if wanted.units:
        chosen = units_without(rules_id).filter(pk__in=[unit.pk for unit in wanted.units])
        yield from ({"kind": Kind.PLATE, "unit": unit} for unit in chosen)


def _at_window(window: Window) -> dict[str, object]:
    return {"kind": Kind.WINDOW, "hall": window.hall, "window": window, "unit": window.department}


def windows_without(rules_id: str) -> QuerySet[Window]:
    """Windows in use that have no code; one whose code fell dead has to be given a new one apart."""
    coded = _live(rules_id, Kind.WINDOW).values("window")
    found = windows_in_use().exclude(pk__in=coded)
    return found.select_related("hall", "department")


def units_without(rules_id: str) -> QuerySet[Department]:
    coded = _live(rules_id, Kind.PLATE).values("unit")
    bodies = Department.objects.bodies().filter(is_active=True)
    return bodies.exclude(pk__in=coded).order_by("order", "id")


def live_codes() -> QuerySet[RatingCode]:
    """The codes that lead to a rating now; `RatingCode.is_dead` says the same of one."""
    staffed = Q(window__is_active=True, window__department=F("unit"))
    rated = Q(unit=None) | Q(unit__is_active=True)
    return RatingCode.objects.filter(Q(window=None) | staffed, rated, ended_on=None)


def windows_in_use() -> QuerySet[Window]:
    return Window.objects.filter(is_active=True, department__is_active=True)


def may_replace(code: RatingCode) -> bool:
    """Whether another code can take the place of this one: who would be rated is there."""
    unit, window = (code.window.department if code.window else code.unit), code.window
    return (window is None or window.is_active) and (unit is None or unit.is_active)


def _live(rules_id: str, kind: Kind) -> QuerySet[RatingCode]:
    return RatingCode.objects.filter(rules_id=rules_id, kind=kind, ended_on=None)


@transaction.atomic
def end_code(
    *, code: RatingCode, reason: str, replace: bool, today: date, acting_user: User
) -> RatingCode | None:
    """Make a code dead at once; return the one that takes its place, where one is asked for."""
    roles.require(acting_user, "rating.code")
    why = " ".join(reason.split())
    if not why:
        raise Refused("没有写明停用原因", "例如：码牌损坏、被人更换、窗口撤销。")
    if len(why) > LONGEST_REASON:
        raise Refused(f"停用原因超过{LONGEST_REASON}字", "请写得简短一些。")
    rows = RatingCode.objects.select_related("hall", "window__hall", "window__department", "unit")
    current = rows.select_for_update(of=("self",)).get(pk=code.pk)
    if current.ended_on is not None:
        raise Refused("这个评价码已经停用", "请刷新页面，查看最新情况。")
    if replace and not may_replace(current):
        raise Refused("窗口已经撤销，或者单位已经不在评价范围内，不能换发", "请取消“换发”后停用。")
    current.ended_on, current.ended_reason = today, why
    current.save(update_fields=["ended_on", "ended_reason"])
    after = {"停用日期": today.isoformat(), "停用原因": why}
    audit.record("停用评价码", current, acting_user=acting_user, after=after)
    return _replaced(current, today, acting_user) if replace else None


def _replaced(former: RatingCode, today: date, user: User) -> RatingCode:
    """Make the code that follows: of the same object, at a window of the unit that staffs it now."""
    same = {"kind": former.kind, "hall": former.hall, "unit": former.unit}
    where = _at_window(former.window) if former.window else same
    new = RatingCode.objects.create(
        rules_id=former.rules_id,
        code=new_code(),
        valid_from=max(today, former.valid_from),
        replaces=former,
        **where,
    )
    _audit_made(new, user)
    return new


def new_code() -> str:
    return "".join(secrets.choice(LETTERS) for _ in range(CODE_LENGTH))


def _audit_made(code: RatingCode, user: User) -> None:
    after = {"类别": code.get_kind_display(), "启用日期": code.valid_from.isoformat()}
    unit = {"被评单位": str(code.unit)} if code.unit else {}
    audit.record("制作评价码", code, acting_user=user, after={**after, **unit})
