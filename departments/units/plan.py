"""What importing a list of units would do, in words, and doing it."""

from __future__ import annotations

from dataclasses import dataclass, field

from departments.models import Department, DepartmentAlias, UnitGroup
from office.imports.short_lists import Plan

MOST_ABOVE = 5


@dataclass
class UnitPlan(Plan[Department]):
    """With what hangs on the units: other names, and groups by scheme."""

    aliases: list[DepartmentAlias] = field(default_factory=list)
    groups: list[UnitGroup] = field(default_factory=list)


def in_words(unit: Department) -> dict[str, str]:
    return {
        "单位类别": unit.get_kind_display(),
        "分组": unit.peer_group,
        "所属单位": str(unit.parent or "空白"),
        "上级主管部门": unit.superior or "空白",
        "机构序列": str(unit.order),
        "在评价范围内": "是" if unit.is_active else "否",
    }


FIELDS = ("kind", "peer_group", "parent", "superior", "order", "is_active")


def write(plan: UnitPlan) -> None:
    for unit in sorted(plan.new, key=_depth):
        unit.parent = unit.parent  # takes over the key that a unit of this workbook has only now
        unit.save()
    for unit in plan.altered:
        unit.parent = unit.parent
    Department.objects.bulk_update(plan.altered, FIELDS, batch_size=200)
    for alias in plan.aliases:
        alias.department = alias.department
        alias.save()
    for joined in plan.groups:
        joined.department = joined.department
        joined.save()


def _depth(unit: Department) -> int:
    """How many units stand above it: those come first. A circle ends somewhere."""
    depth, above = 0, unit.parent
    while above is not None and depth < MOST_ABOVE:
        depth, above = depth + 1, above.parent
    return depth
