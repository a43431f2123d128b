"""What the public sees of departments, their people and duties: the current versions (YC-R1, YC-R2).

A version decides what may be shown. The working copy can only take away, and does so at once: whoever
left, was taken down or moved to another department, and a photo whose basis was withdrawn. Each page
costs the same number of queries, whatever the size of the county.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from departments.kinds import StaffKind, Topic
from departments.models import Department, Section, ServiceItem, StaffMember
from departments.names.pinyin import initials, name_spelled, spelled
from departments.names.wording import SHORTEST, abbreviates, person_name, plain, short_names
from departments.queries import departments_in_scope, in_public_order
from disclosure.models import DisclosureVersion
from office.workbooks.letters import without_dots_around

MOST_HITS = 60
LONGEST_QUERY = 30


@dataclass
class Person:
    pk: int
    name: str
    kind: str
    post: str
    initials: str
    file: str
    section: ShownSection

    @property
    def get_kind_display(self) -> str:
        return str(StaffKind(self.kind).label)

    @property
    def has_public_photo(self) -> bool:
        return bool(self.file)


@dataclass
class Item:
    """One matter of a duty sheet (办理事项)."""

    pk: int
    name: str
    procedure: str
    time_limit: str
    section: ShownSection

    @property
    def steps(self) -> list[str]:
        return ServiceItem(procedure=self.procedure).steps


@dataclass(kw_only=True)
class ShownSection:
    """A section (科室) as the public sees it, with its duty sheet and its people."""

    pk: int
    name: str
    department: Department
    is_leadership: bool
    topic: str
    leader: str
    leader_pk: int | None
    responsibilities: str
    work_rules: str
    service_words: str
    items: list[Item] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)

    @property
    def get_topic_display(self) -> str:
        return str(Topic(self.topic).label)


@dataclass
class ShownDepartment:
    """A department as the public sees it; without a version nothing but its name."""

    department: Department
    sections: list[ShownSection] = field(default_factory=list)

    @property
    def people(self) -> list[Person]:
        return [person for section in self.sections for person in section.people]

    @property
    def sections_with_duties(self) -> list[ShownSection]:
        """All but the leadership, which has no duty sheet."""
        return [section for section in self.sections if not section.is_leadership]

    @property
    def item_count(self) -> int:
        return sum(len(section.items) for section in self.sections)


def county() -> list[ShownDepartment]:
    """Return all departments in scope: three queries."""
    versions = DisclosureVersion.objects.filter(is_current=True, department__is_active=True)
    return _shown(departments_in_scope(), versions, StaffMember.objects.shown())


def department(pk: int) -> ShownDepartment | None:
    """Return one department in scope: three queries."""
    versions = DisclosureVersion.objects.filter(is_current=True, department__id=pk)
    found = _shown(
        departments_in_scope().filter(pk=pk), versions, StaffMember.objects.shown().filter(department__id=pk)
    )
    return found[0] if found else None


def section(pk: int) -> ShownSection | None:
    """Return a section as it is shown, even if the working copy no longer has it there."""
    home = Section.objects.filter(pk=pk).values_list("department_id", flat=True).first()
    shown = department(home) if home else None
    for each in [shown] if shown else county():
        for found in each.sections:
            if found.pk == pk:
                return found
    return None


def by_peer_group(departments: Iterable[ShownDepartment]) -> list[tuple[str, list[ShownDepartment]]]:
    found: dict[str, list[ShownDepartment]] = {}
    for each in departments:
        found.setdefault(each.department.peer_group, []).append(each)
    return list(found.items())


def photo_file(pk: int) -> str | None:
    """Return the file of a person's photo; None unless both person and photo are shown."""
    person = StaffMember.objects.shown().filter(pk=pk).exclude(photo_basis="").first()
    if person is None:
        return None
    version = DisclosureVersion.objects.filter(is_current=True, department=person.department_id).first()
    named = version.shown()["people"] if version else []
    return next((one["file"] for one in named if one["id"] == pk and one["file"]), None)


_OnDuty = dict[tuple[int, int], tuple[str, str]]
"""(person, department) → (basis of the photo, corrected pinyin initials), for whoever may be shown today."""


def _shown(
    departments: Iterable[Department], versions: Iterable[DisclosureVersion], staff: Any
) -> list[ShownDepartment]:
    on_duty = {
        (pk, home): (basis, reading.lower())
        for pk, home, basis, reading in staff.values_list("pk", "department_id", "photo_basis", "reading")
    }
    contents = {version.department_id: version.shown() for version in versions}
    return [_shown_department(one, contents.get(one.pk, {}), on_duty) for one in departments]


def _shown_department(department: Department, content: dict[str, Any], on_duty: _OnDuty) -> ShownDepartment:
    sections = [_shown_section(row, department, on_duty) for row in content.get("sections", [])]
    by_pk = {section.pk: section for section in sections}
    for row in content.get("people", []):
        key, section = (row["id"], department.pk), by_pk.get(row["section"])
        if key in on_duty and section is not None:
            basis, reading = on_duty[key]  # a corrected reading only helps searching: it needs no approval
            file, letters = row["file"] if basis else "", reading or row["initials"]
            section.people.append(
                Person(
                    pk=row["id"],
                    name=row["name"],
                    kind=row["kind"],
                    post=row["post"],
                    initials=letters,
                    file=file,
                    section=section,
                )
            )
    for section in sections:
        section.people = in_public_order(section.people)
    return ShownDepartment(department, sections)


def _shown_section(row: dict[str, Any], department: Department, on_duty: _OnDuty) -> ShownSection:
    led = (row["leader"], department.pk) in on_duty
    section = ShownSection(
        pk=row["id"],
        name=row["name"],
        department=department,
        is_leadership=row["is_leadership"],
        topic=row["topic"],
        leader=row["leader_name"] if led else "",
        leader_pk=row["leader"] if led else None,
        responsibilities=row["responsibilities"],
        work_rules=row["work_rules"],
        service_words=row["service_words"],
    )
    section.items = [
        Item(item["id"], item["name"], item["procedure"], item["time_limit"], section)
        for item in row["items"]
    ]
    return section


# --- Search ----------------------------------------------------------------------------------------------


@dataclass
class Hits:
    """What a search found; `more` means that the lists were cut."""

    departments: list[Department] = field(default_factory=list)
    people: list[Person] = field(default_factory=list)
    sections: list[ShownSection] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    more: bool = False

    def __bool__(self) -> bool:
        return bool(self.departments or self.people or self.sections or self.items)


def search(written: str) -> Hits:
    """Find departments, people, sections and matters by name or by pinyin initials."""
    text = without_dots_around(plain(written))[:LONGEST_QUERY].lower()
    if not text:
        return Hits()
    versions = DisclosureVersion.objects.filter(is_current=True, department__is_active=True)
    named = departments_in_scope().prefetch_related("aliases")
    shown = _shown(named, versions, StaffMember.objects.shown())
    sections = [section for each in shown for section in each.sections_with_duties]
    people = [person for each in shown for person in each.people if _is_named(text, person)]
    found = Hits(
        departments=[each.department for each in shown if _names(text, each.department)],
        people=in_public_order(people),
        sections=[section for section in sections if _fits(text, section.name)],
        items=[item for section in sections for item in section.items if _fits(text, item.name)],
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
    return person_name(text) in person_name(person.name).lower() or (
        _is_letters(text) and (person.initials.startswith(text) or _sounds(text, name_spelled(person.name)))
    )


def _fits(text: str, name: str) -> bool:
    return text in plain(name).lower() or (
        _is_letters(text) and (initials(name).startswith(text) or _sounds(text, spelled(name)))
    )


SHORTEST_SPELLED = 3
"""Two letters are initials; as a beginning of a syllable they would find half the county."""


def _sounds(text: str, syllables: tuple[str, ...]) -> bool:
    """Whether the letters begin at a syllable of the name: `xiongting`, `ting`, `shenpi`."""
    if len(text) < SHORTEST_SPELLED:
        return False
    return any("".join(syllables[place:]).startswith(text) for place in range(len(syllables)))


def _names(text: str, department: Department) -> bool:
    """Part of a name, a short form, or initials or pinyin of either."""
    names = [department.name, *(alias.name for alias in department.aliases.all())]
    if any(_fits(text, one) for name in names for one in (name, *short_names(name))):
        return True
    if not _is_letters(text):
        return any(abbreviates(text, name) for name in names)
    shorts = [spelled(short_names(name)[-1]) for name in names]
    return any(_shortens(text, one) or _shortens(text, tuple(s[:1] for s in one)) for one in shorts)


def _shortens(text: str, parts: tuple[str, ...]) -> bool:
    """Whether the text leaves out parts, but neither the first nor the last: `jyj`, `jiaoyuju`."""
    if len(parts) < SHORTEST or not text.startswith(parts[0]):
        return False
    reached = {len(parts[0])}
    for part in parts[1:-1]:
        reached |= {place + len(part) for place in reached if text.startswith(part, place)}
    return any(text[place:] == parts[-1] for place in reached)
