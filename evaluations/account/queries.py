"""Read the yearly account: as many queries for one unit as for two hundred over ten years."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, QuerySet, Subquery, Value
from django.db.models.functions import Coalesce

from departments.models import Department
from evaluations.account.reckoning import Account, Registered, Stood
from evaluations.models import Disposition, Standing, ToleranceCase

ENTRY = (
    "id",
    "register_year",
    "register_serial",
    "department_id",
    "staff_member_id",
    "person_name",
    "person_post",
    "target",
    "rule",
    "label",
    "because",
    "word",
    "kind",
    "points",
    "points_are_total",
    "year",
    "state",
    "body",
    "number",
    "decided_on",
    "effect_from",
    "effect_until",
    "reason",
    "round_id",
    "round__period",
    "round__title",
    "result__scheme_version__scheme_id",
    "result__scheme_version__title",
    "subject__superior_body",
    "tolerance",
)
STOOD = (
    "department_id",
    "staff_member_id",
    "round_id",
    "year",
    "ends_on",
    "grade",
    "score",
    "rank",
    "listed",
    "subject__name",
    "round__period",
    "round__title",
    "result__scheme_version__scheme_id",
    "result__scheme_version__title",
)


def entries(**of: Any) -> Iterator[Registered]:
    said = ToleranceCase.objects.filter(disposition=OuterRef("pk")).exclude(state=ToleranceCase.State.APPLIED)
    last = said.order_by("-decided_on", "-pk").values("state")[:1]
    rows = Disposition.objects.filter(**of).annotate(tolerance=Coalesce(Subquery(last), Value("")))
    rows = rows.order_by("register_year", "register_serial")
    return map(Registered._make, rows.values_list(*ENTRY))


def stood(**of: Any) -> Iterator[Stood]:
    rows = Standing.objects.filter(**of).order_by("ends_on", "round")
    return map(Stood._make, rows.values_list(*STOOD))


def years() -> list[int]:
    """Every year that has something to account for, the latest first."""
    found = set(Standing.objects.order_by().values_list("year", flat=True).distinct())
    return sorted(
        found | set(Disposition.objects.order_by().values_list("year", flat=True).distinct()), reverse=True
    )


def units_in(year: int, *, of: QuerySet[Department] | None = None) -> list[Account]:
    """Every unit's account of a year, in 机构序列; runs look back over the years before."""
    return units_between(year, year, of=of)


def units_between(first: int, last: int, *, of: QuerySet[Department] | None = None) -> list[Account]:
    """Every unit's accounts of these years, year by year within a unit."""
    where: dict[str, Any] = {} if of is None else {"department__in": of}
    found: dict[tuple[int, int], Account] = {}
    before: dict[int, list[Stood]] = {}
    for one in stood(year__lte=last, staff_member=None, **where):
        before.setdefault(one.department, []).append(one)
        if one.year >= first:
            account = _account(found, one.department, one.year)
            account.stood.append(one)
            account.name = one.name
    for entry in entries(year__gte=first, year__lte=last, **where):
        if not entry.is_about_a_person:
            _account(found, entry.department, entry.year).entries.append(entry)
    for (key, _), account in found.items():
        account.behind = before.get(key, [])
    return _in_order(found)


def _account(found: dict[tuple[int, int], Account], department: int, year: int) -> Account:
    return found.setdefault((department, year), Account(department, "", year=year))


def _in_order(found: dict[tuple[int, int], Account]) -> list[Account]:
    units = Department.objects.filter(pk__in={department for department, _ in found})
    names = dict(units.order_by("order", "id").values_list("pk", "name"))
    place = {pk: number for number, pk in enumerate(names)}
    for (department, _), account in found.items():
        account.name = account.name or names[department]
    return [found[key] for key in sorted(found, key=lambda key: (place[key[0]], key[1]))]


def people_of(department: int, year: int) -> list[Account]:
    """The people of a unit of whom the year's register or results say anything."""
    found: dict[tuple[int | None, str], Account] = {}
    for entry in entries(year=year, department=department):
        if entry.is_about_a_person:
            named = entry.person_name or f"{entry.label}对象（姓名待定）"
            key = (entry.staff_member, "" if entry.staff_member else named)
            account = found.setdefault(key, Account(department, named, entry.staff_member, entry.person_post))
            account.entries.append(entry)
    return list(found.values())


def person_in(staff_member: int, year: int, *, of: QuerySet[Department] | None = None) -> Account | None:
    """A person's account of a year, whichever unit they were in; `of`: only what those units may read."""
    where: dict[str, Any] = {} if of is None else {"department__in": of}
    rows = list(entries(year=year, staff_member=staff_member, **where))
    before = list(stood(year__lte=year, staff_member=staff_member, **where))
    now = [one for one in before if one.year == year]
    if not (rows or now):
        return None
    department = rows[-1].department if rows else now[-1].department
    name, post = (rows[-1].person_name, rows[-1].person_post) if rows else ("", "")
    return Account(department, name, staff_member, post, year, now, rows, before)
