"""What can be done with departments and their people; every act writes its audit row."""

from __future__ import annotations

from typing import Any

from django.db import models, transaction

from departments.models import Department, DepartmentAlias, Section, ServiceItem, StaffMember
from departments.roster.compare import plan_roster
from departments.roster.plan import Plan
from departments.roster.sheets import RosterSheets, read_roster
from office import audit, roles
from office.errors import Refused
from office.imports.unchanged import require_same, standing
from office.models import User
from office.workbooks.sheets import STALE, UNCHANGED, Step, digest, silently

# Rows point at rows of the models before them.
CREATION_ORDER: tuple[type[models.Model], ...] = (
    Department,
    DepartmentAlias,
    Section,
    StaffMember,
    ServiceItem,
)


def preview_roster(
    *, content: bytes, acting_user: User | None, new_departments: bool = False, step: Step = silently
) -> Plan:
    """Say what importing this workbook (annex 1 and 2) would do; write nothing.

    `acting_user` is None for the operator of the machine, who uses the command line.
    """
    _require_import(acting_user)
    return plan_roster(read_roster(content, step), new_departments=new_departments)


def import_roster(
    *,
    content: bytes,
    file_name: str,
    acting_user: User | None,
    new_departments: bool = False,
    expected_digest: str | None = None,
    step: Step = silently,
) -> Plan:
    """Import a roster (YC-R1, YC-R2): all of it, or nothing and the list of faults.

    With `expected_digest` it writes exactly what was previewed or refuses. The workbook is read and
    compared before the transaction, so that the one writer SQLite allows is held only for the writing.
    """
    _require_import(acting_user)
    sheets = read_roster(content, step)
    compared = standing(*CREATION_ORDER)
    plan = _plan_to_write(sheets, new_departments=new_departments, expected_digest=expected_digest)
    step(len(sheets.people), len(sheets.people), "正在写入")
    with transaction.atomic():
        # Two imports at once would both find a person missing: the second one waits here.
        list(Department.objects.select_for_update().values_list("pk"))
        if plan.writes:
            require_same(compared, *CREATION_ORDER)
            _write(plan)
            audit.record(
                "导入名册",
                Department(name=file_name),
                acting_user=acting_user,
                after={**plan.counts(), "文件校验值": digest(content)},
            )
    return plan


def _require_import(acting_user: User | None) -> None:
    if acting_user is not None:
        roles.require(acting_user, "roster.import")


def _plan_to_write(sheets: RosterSheets, *, new_departments: bool, expected_digest: str | None) -> Plan:
    plan = plan_roster(sheets, new_departments=new_departments)
    if plan.faults:
        message = f"名册中有 {len(plan.faults)} 处需要更正，{UNCHANGED}请更正后重新上传。"
        raise Refused(message, faults=[str(fault) for fault in plan.faults])
    if expected_digest is not None and plan.digest() != expected_digest:
        raise Refused(STALE)
    return plan


def _write(plan: Plan) -> None:
    for model in CREATION_ORDER:
        _rows(model).bulk_create([thing for thing in plan.new if type(thing) is model], batch_size=500)
    for section, leader in plan.leaders:
        section.supervising_leader = leader
    led = [section for section, _ in plan.leaders]
    Section.objects.bulk_update(led, ["supervising_leader"], batch_size=200)
    groups: dict[tuple[type[models.Model], tuple[str, ...]], list[models.Model]] = {}
    for thing, names in plan.altered:
        groups.setdefault((type(thing), names), []).append(thing)
    for (kind, names), things in groups.items():
        _rows(kind).bulk_update(things, names, batch_size=200)


def _rows(model: type[models.Model]) -> Any:
    return model._meta.default_manager
