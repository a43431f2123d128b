"""Import a roster."""

from __future__ import annotations

from typing import Any

from django.db import models

from departments.access import own_department, own_unit
from departments.models import Department, DepartmentAlias, Section, ServiceItem, StaffMember
from departments.roster.compare import plan_roster
from departments.roster.plan import Plan
from departments.roster.sheets import read_roster
from office import audit, roles
from office.errors import Refused
from office.imports.unchanged import digest_of_rows, require_unchanged
from office.models import User
from office.workbooks.sheets import ReportProgress, digest, silently

# Rows point at rows of the models before them.
CREATION_ORDER: tuple[type[models.Model], ...] = (
    Department,
    DepartmentAlias,
    Section,
    StaffMember,
    ServiceItem,
)


def preview_roster(
    *,
    content: bytes,
    acting_user: User | None,
    new_departments: bool = False,
    progress: ReportProgress = silently,
) -> Plan:
    """Say what importing this workbook (annex 1 and 2) would do; write nothing.

    `acting_user` is None for the operator of the machine, who uses the command line.
    """
    own = _confined_to(acting_user)
    return plan_roster(read_roster(content, progress), new_departments=new_departments, own=own)


def import_roster(
    *,
    content: bytes,
    file_name: str,
    acting_user: User | None,
    new_departments: bool = False,
    expected_digest: str | None = None,
    progress: ReportProgress = silently,
) -> Plan:
    """Import a roster (YC-R1, YC-R2): all of it, or nothing and the list of faults.

    With `expected_digest` it writes exactly what was previewed or refuses. The workbook is read and
    compared before the transaction, so that the one writer SQLite allows is held only for the writing.
    """
    own = _confined_to(acting_user)
    sheets = read_roster(content, progress)
    compared = digest_of_rows(*CREATION_ORDER)
    plan = plan_roster(sheets, new_departments=new_departments, own=own)
    plan.require_faultless(f"名册中有 {len(plan.faults)} 处")
    if not plan.writes:  # a job that was interrupted after writing finds nothing left to do
        return plan
    plan.require_previewed(expected_digest)
    progress(len(sheets.people), len(sheets.people), "正在写入")
    with require_unchanged(compared, *CREATION_ORDER):
        _write(plan)
        told = {"文件": file_name} if own else {}
        after = {**plan.counts(), **told, "文件校验值": digest(content)}
        audit.record("导入名册", own or Department(name=file_name), acting_user=acting_user, after=after)
    return plan


def _confined_to(acting_user: User | None) -> Department | None:
    """Return the one department a user may import; None for the centre and the command line."""
    if acting_user is None:
        return None
    if own_department(acting_user) is None:
        roles.require(acting_user, "roster.import")
        return None
    roles.require(acting_user, "roster.import_own")
    if (own := own_unit(acting_user)) is None:
        raise Refused("您的账户没有所属单位，不能导入", "请联系系统管理员登记所属单位。")
    return own


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
