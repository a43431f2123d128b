"""Importing users (用户): user name, name, role, and the department or town they work for.

Imported users have no password yet: the administrator hands them out as letters, printed once.
"""

from __future__ import annotations

from functools import partial

from django.core.exceptions import ValidationError

from departments.models import Department, DepartmentAlias, Membership, Town, TownAlias
from departments.names.wording import person_name, plain, short_form_of
from departments.towns import TownNames
from office.imports import short_lists
from office.imports.short_lists import ListKind, Plan
from office.models import User
from office.roles import DEPARTMENT, Role
from office.workbooks.sheets import Fault, ReportProgress
from office.workbooks.tables import Row, Table

HEADINGS = {
    "username": ("用户名", "登录名", "账号"),
    "name": ("姓名", "使用人"),
    "role": ("岗位角色", "角色", "岗位"),
    "unit": ("单位", "所属单位", "所属单位或镇（街）", "单位或镇（街）"),
}
MOST_ROWS = 2000

# Users are only ever added here: whoever is known is left as they are. A row is a user with their unit;
# who works for the whole county has a membership without one, which is not stored.
UserPlan = Plan[Membership]


class _Known:
    """Users, departments and towns as the database has them: five queries."""

    def __init__(self) -> None:
        self.users = {user.username.lower(): user for user in User.objects.all()}
        self.departments = {plain(unit.name): unit for unit in Department.objects.all()}
        for alias in DepartmentAlias.objects.select_related("department"):
            self.departments.setdefault(plain(alias.name), alias.department)
        self.towns = TownNames.stored()
        self.roles = {plain(role.label): role for role in Role}
        self.seen: dict[str, int] = {}

    def belonging(self, role: Role, name: str) -> Membership | None:
        """Return where a user of this role works; None where the name is unknown."""
        if role == Role.TOWN_ORGANIZER:
            town = self.towns.find(name)
            return Membership(town=town) if town else None
        unit = self.departments.get(name) or self.departments.get(short_form_of(name, self.departments) or "")
        return Membership(department=unit) if unit else None


def _compare(table: Table, progress: ReportProgress) -> UserPlan:
    plan: UserPlan = Plan()
    known = _Known()
    for row in table.rows(progress):
        if row.is_blank() or table.leaves_out(row):
            continue
        if row.faults:
            plan.faults += row.faults
            continue
        found = _user(table, row, known)
        if isinstance(found, Fault):
            plan.faults.append(found)
        elif found.user.pk is not None:
            plan.unchanged += 1
        else:
            plan.new.append(found)
            user, place = found.user, found.department or found.town or "全县"
            plan.changes.append(
                f"新增 {user.username}（{user.first_name}）：{user.get_role_display()}，{place}"
            )
    return plan


def _user(table: Table, row: Row, known: _Known) -> Membership | Fault:
    username, name = plain(row.shown["username"]), person_name(row.shown["name"])
    said, place = plain(row.shown["role"]), plain(row.shown["unit"])
    role = known.roles.get(said)
    if role is None:
        words = "、".join(Role.labels)
        text = (
            f"没有“{said[:20]}”这个岗位角色，请填写：{words}。"
            if said
            else f"岗位角色空白，请填写：{words}。"
        )
        return table.fault(row.number, "role", "unknown role", text)
    user = User(username=username, first_name=name, role=role, must_change_password=True)
    user.set_unusable_password()
    first = known.seen.setdefault(username.lower(), row.number)
    if first != row.number:
        return table.fault(row.number, "username", "twice", f"该用户名在第{first}行已经出现，请删去一行。")
    if (kept := known.users.get(username.lower())) is not None:
        if (kept.role, kept.first_name) != (role, name):
            text = (
                f"用户名“{username}”已由{kept.first_name or kept.username}（{kept.get_role_display()}）使用。"
            )
            return table.fault(row.number, "username", "taken", f"{text}请另取，或在用户页面修改。")
        return Membership(user=kept)
    try:
        user.clean_fields()
    except ValidationError as error:
        text = f"{'；'.join(message.rstrip('。') for message in error.messages)}。"
        return table.fault(row.number, "username", "bad name", text)
    return _placed(table, row, known, user, place)


def _placed(table: Table, row: Row, known: _Known, user: User, place: str) -> Membership | Fault:
    needs = user.role in DEPARTMENT or user.role == Role.TOWN_ORGANIZER
    if not needs:
        if place:
            text = f"{user.get_role_display()}不属于某个单位，请把这一格留空。"
            return table.fault(row.number, "unit", "unit not needed", text)
        return Membership(user=user)
    belonging = known.belonging(Role(user.role), place) if place else None
    if belonging is None:
        kind = "镇（街）" if user.role == Role.TOWN_ORGANIZER else "单位"
        text = f"{kind}名单中没有“{place[:40]}”，请核对名称。" if place else f"{kind}空白，请补填。"
        return table.fault(row.number, "unit", "unknown unit", text)
    belonging.user = user
    return belonging


def _write(plan: UserPlan) -> None:
    for row in plan.new:
        row.user.save()
        if row.department or row.town:
            row.user = row.user  # takes over the key that the user has only now
            row.save()


USERS = ListKind(
    what="用户",
    action="account.manage",
    headings=HEADINGS,
    needed=("username", "name", "role", "unit"),
    limit=MOST_ROWS,
    compared=(User, Membership, Department, DepartmentAlias, Town, TownAlias),
    compare=_compare,
    write=_write,
    subject=lambda _, file_name: User(username=file_name),
)
preview_users = partial(short_lists.preview_list, USERS)
import_users = partial(short_lists.import_list, USERS)
