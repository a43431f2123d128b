"""Questions about departments, their people and duties.

Each costs the same number of queries, whatever the size of the county.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import groupby

from django.db.models import Count, Prefetch, Q, QuerySet

from departments.models import Department, Section, ServiceItem, StaffKind, StaffMember
from departments.pinyin import initials
from departments.strokes import by_strokes
from departments.wording import abbreviates, without_region
from office.workbooks import squeeze

_KIND_PLACE = {kind.value: place for place, kind in enumerate(StaffKind)}
MOST_HITS = 60
LONGEST_QUERY = 30


def in_public_order(people: list[StaffMember]) -> list[StaffMember]:
    """Sort people as officials expect: by kind, then by the strokes of their names."""
    return sorted(people, key=lambda person: (_KIND_PLACE[person.kind], by_strokes(person.name)))


def departments_in_scope() -> QuerySet[Department]:
    """Return the departments in 机构序列 order (YC-R4)."""
    return Department.objects.filter(is_active=True).order_by("order", "id")


def directory() -> list[tuple[str, list[Department]]]:
    """Return the departments by peer group, each with how many people and matters it shows."""
    shown = Q(staff__is_shown=True, staff__left_on=None)
    units = departments_in_scope().annotate(people_count=Count("staff", filter=shown, distinct=True))
    items = dict(
        ServiceItem.objects.filter(section__department__is_active=True)
        .values_list("section__department")
        .annotate(count=Count("id"))
        .order_by()
    )
    sections = dict(
        Section.objects.filter(is_leadership=False)
        .values_list("department")
        .annotate(count=Count("id"))
        .order_by()
    )
    found = list(units)
    for unit in found:
        unit.item_count = items.get(unit.pk, 0)  # type: ignore[attr-defined]
        unit.section_count = sections.get(unit.pk, 0)  # type: ignore[attr-defined]
    groups = list(dict.fromkeys(unit.peer_group for unit in found))
    return [(group, [unit for unit in found if unit.peer_group == group]) for group in groups]


@dataclass
class Totals:
    """How much is shown: for the home page."""

    departments: int
    people: int
    items: int


def totals() -> Totals:
    """Count what the public can see."""
    return Totals(
        departments_in_scope().count(),
        StaffMember.objects.shown().count(),
        ServiceItem.objects.filter(section__department__is_active=True).count(),
    )


@dataclass
class SectionOfPeople:
    """A section with its people in public order and whoever supervises it."""

    section: Section
    people: list[StaffMember]


def sections_of(department: Department) -> list[SectionOfPeople]:
    """Return a department's sections, the leadership first, with those whom the public may see."""
    sections = (
        Section.objects.filter(department=department)
        .select_related("supervising_leader")
        .annotate(item_count=Count("items"))
        .order_by("-is_leadership", "order", "id")
    )
    staff = StaffMember.objects.shown().filter(department=department).order_by("section_id")
    people = {key: list(rows) for key, rows in groupby(staff, key=lambda person: person.section_id)}
    return [SectionOfPeople(section, in_public_order(people.get(section.pk, []))) for section in sections]


def section_with_duties(pk: int) -> Section | None:
    """Return a section in scope with its duty sheet (YC-R2)."""
    items = Prefetch("items", queryset=ServiceItem.objects.order_by("order", "id"))
    return (
        Section.objects.filter(pk=pk, department__is_active=True)
        .select_related("department", "supervising_leader")
        .prefetch_related(items)
        .first()
    )


def people_of(section: Section) -> list[StaffMember]:
    """Return whom the public may see in a section."""
    return in_public_order(list(StaffMember.objects.shown().filter(section=section)))


def duties() -> list[tuple[Department, list[Section]]]:
    """Return the departments in scope with their sections, each with how many matters it lists."""
    sections = (
        Section.objects.filter(department__is_active=True, is_leadership=False)
        .select_related("department")
        .annotate(item_count=Count("items"))
        .order_by("department__order", "department_id", "order", "id")
    )
    return [(unit, list(rows)) for unit, rows in groupby(sections, key=lambda section: section.department)]


@dataclass
class Hits:
    """What a search found; `more` when there was more than is listed."""

    departments: list[Department] = field(default_factory=list)
    people: list[StaffMember] = field(default_factory=list)
    sections: list[Section] = field(default_factory=list)
    items: list[ServiceItem] = field(default_factory=list)
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.departments or self.people or self.sections or self.items)


def search(written: str) -> Hits:
    """Find departments, people, sections and matters by name or by pinyin initials."""
    text = squeeze(written)[:LONGEST_QUERY].lower()
    if not text:
        return Hits()
    named = Q(name__icontains=text)
    if _is_letters(text):
        named |= Q(name_initials__startswith=text)
    people = StaffMember.objects.shown().filter(named).select_related("department", "section")
    sections = Section.objects.filter(department__is_active=True, is_leadership=False)
    items = ServiceItem.objects.filter(section__department__is_active=True).order_by(
        "section__department__order", "section__order", "order"
    )
    found = Hits(
        [unit for unit in departments_in_scope().prefetch_related("aliases") if _names(text, unit)],
        in_public_order(list(people[: MOST_HITS + 1])),
        [section for section in sections.select_related("department") if _fits(text, section.name)],
        [item for item in items.select_related("section__department") if _fits(text, item.name)],
    )
    for hits in (found.people, found.sections, found.items):
        if len(hits) > MOST_HITS:
            found.more = True
            del hits[MOST_HITS:]
    return found


def _is_letters(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _fits(text: str, name: str) -> bool:
    return text in name.lower() or (_is_letters(text) and initials(name).startswith(text))


def _names(text: str, unit: Department) -> bool:
    """Whether the text names a department: part of a name, a short form, or initials of either."""
    names = [unit.name, *(alias.name for alias in unit.aliases.all())]
    if any(_fits(text, name) or _fits(text, without_region(name)) for name in names):
        return True
    if _is_letters(text):
        return any(abbreviates(text, initials(without_region(name))) for name in names)
    return any(abbreviates(text, name) for name in names)
