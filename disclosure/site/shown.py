"""What the public sees of departments, their people and duties: the current versions (YC-R1, YC-R2).

Each page costs the same number of queries, whatever the size of the county. A version decides what may
be shown; the working copy may only take away, at once: who left, was taken down or moved elsewhere is
gone, and so is a photo whose basis was withdrawn.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from departments.kinds import StaffKind, Topic
from departments.models import Department, Section, ServiceItem, StaffMember
from departments.names.pinyin import initials
from departments.names.wording import abbreviates, without_region
from departments.queries import departments_in_scope, in_public_order
from disclosure.models import DisclosureVersion
from office.workbooks.sheets import squeeze

MOST_HITS = 60
LONGEST_QUERY = 30


@dataclass
class Person:
    """Somebody who is shown."""

    pk: int
    name: str
    kind: str
    post: str
    initials: str
    file: str
    section: Desk

    @property
    def get_kind_display(self) -> str:
        """The kind in words."""
        return str(StaffKind(self.kind).label)

    @property
    def has_public_photo(self) -> bool:
        """Whether a photo may be shown."""
        return bool(self.file)


@dataclass
class Item:
    """One matter of a duty sheet."""

    pk: int
    name: str
    procedure: str
    time_limit: str
    section: Desk

    @property
    def steps(self) -> list[str]:
        """The procedure step by step."""
        return ServiceItem(procedure=self.procedure).steps


@dataclass
class Desk:
    """A section with its duty sheet and its people."""

    pk: int
    name: str
    unit: Department
    is_leadership: bool
    topic: str
    leader: str
    responsibilities: str
    work_rules: str
    service_words: str
    leader_pk: int | None = None
    items: list[Item] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def get_topic_display(self) -> str:
        """The topic in words."""
        return str(Topic(self.topic).label)


@dataclass
class Unit:
    """A department as it is shown; without a version nothing but its name."""

    department: Department
    desks: list[Desk] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        """Everybody who is shown, section by section."""
        return [person for desk in self.desks for person in desk.people]

    @property
    def working_desks(self) -> list[Desk]:
        """The sections that have a duty sheet."""
        return [desk for desk in self.desks if not desk.is_leadership]

    @property
    def item_count(self) -> int:
        """How many matters are listed."""
        return sum(len(desk.items) for desk in self.desks)


def county() -> list[Unit]:
    """Return all departments in scope as they are shown: three queries."""
    versions = DisclosureVersion.objects.filter(is_current=True, department__is_active=True)
    return _units(departments_in_scope(), versions, StaffMember.objects.shown())


def department(pk: int) -> Unit | None:
    """Return one department in scope as it is shown: three queries."""
    versions = DisclosureVersion.objects.filter(is_current=True, department__id=pk)
    found = _units(
        departments_in_scope().filter(pk=pk), versions, StaffMember.objects.shown().filter(department__id=pk)
    )
    return found[0] if found else None


def section(pk: int) -> Desk | None:
    """Return a section as it is shown, even if the working copy no longer has it there."""
    home = Section.objects.filter(pk=pk).values_list("department_id", flat=True).first()
    unit = department(home) if home else None
    for one in [unit] if unit else county():
        for desk in one.desks:
            if desk.pk == pk:
                return desk
    return None


def groups(units: Iterable[Unit]) -> list[tuple[str, list[Unit]]]:
    """Return departments by peer group (系列)."""
    found: dict[str, list[Unit]] = {}
    for unit in units:
        found.setdefault(unit.department.peer_group, []).append(unit)
    return list(found.items())


def photo_file(pk: int) -> str | None:
    """Return where the photo of somebody who is shown lies; None when there is none to show."""
    person = StaffMember.objects.shown().filter(pk=pk).exclude(photo_basis="").first()
    if person is None:
        return None
    version = DisclosureVersion.objects.filter(is_current=True, department=person.department_id).first()
    named = version.shown()["people"] if version else []
    return next((one["file"] for one in named if one["id"] == pk and one["file"]), None)


def _units(
    departments: Iterable[Department], versions: Iterable[DisclosureVersion], staff: Any
) -> list[Unit]:
    alive = {
        (pk, home): (basis, reading.lower())
        for pk, home, basis, reading in staff.values_list("pk", "department_id", "photo_basis", "reading")
    }
    shown = {version.department_id: version.shown() for version in versions}
    return [_unit(one, shown.get(one.pk, {}), alive) for one in departments]


def _unit(
    department: Department, content: dict[str, Any], alive: dict[tuple[int, int], tuple[str, str]]
) -> Unit:
    unit = Unit(department)
    for row in content.get("sections", []):
        led = (row["leader"], department.pk) in alive
        desk = Desk(
            row["id"],
            row["name"],
            department,
            row["is_leadership"],
            row["topic"],
            row["leader_name"] if led else "",
            row["responsibilities"],
            row["work_rules"],
            row["service_words"],
            row["leader"] if led else None,
        )
        desk.items = [
            Item(item["id"], item["name"], item["procedure"], item["time_limit"], desk)
            for item in row["items"]
        ]
        unit.desks.append(desk)
    desks = {desk.pk: desk for desk in unit.desks}
    for row in content.get("people", []):
        key, desk_of = (row["id"], department.pk), desks.get(row["section"])
        if key in alive and desk_of is not None:
            basis, reading = alive[key]  # a reading put right is a key for searching and waits for nobody
            file, letters = row["file"] if basis else "", reading or row["initials"]
            desk_of.people.append(
                Person(row["id"], row["name"], row["kind"], row["post"], letters, file, desk_of)
            )
    for desk in unit.desks:
        desk.people = in_public_order(desk.people)
    return unit


# --- Search ----------------------------------------------------------------------------------------------


@dataclass
class Hits:
    """What a search found; `more` when there was more than is listed."""

    departments: list[Department] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    sections: list[Desk] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.departments or self.people or self.sections or self.items)


def search(written: str) -> Hits:
    """Find departments, people, sections and matters by name or by pinyin initials."""
    text = squeeze(written)[:LONGEST_QUERY].lower()
    if not text:
        return Hits()
    versions = DisclosureVersion.objects.filter(is_current=True, department__is_active=True)
    units = _units(departments_in_scope().prefetch_related("aliases"), versions, StaffMember.objects.shown())
    desks = [desk for unit in units for desk in unit.working_desks]
    people = [person for unit in units for person in unit.people if _is_named(text, person)]
    found = Hits(
        [unit.department for unit in units if _names(text, unit.department)],
        in_public_order(people),
        [desk for desk in desks if _fits(text, desk.name)],
        [item for desk in desks for item in desk.items if _fits(text, item.name)],
    )
    lists: tuple[list[Any], ...] = (found.people, found.sections, found.items)
    for hits in lists:
        if len(hits) > MOST_HITS:
            found.more = True
            del hits[MOST_HITS:]
    return found


def _is_letters(text: str) -> bool:
    return text.isascii() and text.isalpha()


def _is_named(text: str, person: Person) -> bool:
    return text in person.name.lower() or (_is_letters(text) and person.initials.startswith(text))


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
