"""Keeping service windows: each is, as one who is judged, a unit of its own (WY-R9)."""

from __future__ import annotations

from departments.kinds import USUAL_GROUP, UnitKind
from departments.models import Department, Window
from office.errors import Refused

LONGEST = 80


def keep(window: Window) -> Window:
    """Store a window together with its unit, which bears its name in rounds; the caller audits.

    A window out of use leaves the scope of evaluation; rounds that judged it keep its name.
    """
    check_name(window)
    unit = window.unit if window.unit_id else _new_unit()
    unit.name, unit.parent, unit.is_active = str(window), window.department, window.is_active
    unit.save()
    window.unit = unit
    window.save()
    return window


def check_name(window: Window) -> None:
    """Refuse a window whose unit could not bear its name."""
    name = str(window)
    if len(name) > LONGEST:
        raise Refused(f"窗口连同大厅的名称超过{LONGEST}个字", "请改短窗口名称。")
    if Department.objects.filter(name=name).exclude(pk=window.unit_id).exists():
        raise Refused(f"已有单位叫“{name}”", "请核对大厅、窗口号和窗口名称。")


def _new_unit() -> Department:
    last = Department.objects.order_by("-order").values_list("order", flat=True).first() or 0
    return Department(kind=UnitKind.WINDOW, peer_group=USUAL_GROUP[UnitKind.WINDOW], order=last + 1)
