"""What each department shows, what waits for a decision, and what was changed since."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from departments.models import Department
from disclosure.approval import content
from disclosure.models import DisclosureVersion

State = DisclosureVersion.State


@dataclass
class DepartmentDisclosure:
    department: Department
    draft: content.Content
    current: DisclosureVersion | None = None
    waiting: DisclosureVersion | None = None
    latest: DisclosureVersion | None = None
    base: DisclosureVersion | None = None  # `changes` compares the draft with it: handed in, or else shown
    changes: list[content.Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        return not (self.draft["people"] or self.draft["sections"])

    @property
    def returned(self) -> DisclosureVersion | None:
        """The newest version, if it was sent back."""
        return self.latest if self.latest and self.latest.state == State.RETURNED else None

    @property
    def in_words(self) -> str:
        if self.waiting:
            return self.waiting.get_state_display()
        if self.returned:
            return "已退回，待修改"
        if self.is_empty:
            return "尚未录入"
        if self.current is None:
            return "尚未公布"
        return "有修改尚未提交" if self.changes else "已公布，没有修改"

    @property
    def figures(self) -> list[content.Figure]:
        return content.completeness(self.draft)


def disclosures_of(departments: Iterable[Department]) -> list[DepartmentDisclosure]:
    """Return one for each department; the number of queries does not depend on how many there are."""
    wanted = list(departments)
    drafts = content.drafts(each.pk for each in wanted)
    found = {each.pk: DepartmentDisclosure(each, drafts[each.pk]) for each in wanted}
    people = ("submitted_by", "reviewed_by", "approved_by", "returned_by")
    versions = DisclosureVersion.objects.filter(department__in=found, pk__in=_newest_and_current(found))
    for version in versions.select_related(*people).order_by("number"):
        one = found[version.department_id]
        version.department = one.department
        one.latest = version
        if version.is_current:
            one.current = version
        if version.is_open:
            one.waiting = version
    for one in found.values():
        one.base = one.waiting or one.current
        one.changes = content.compare(one.base.shown() if one.base else None, one.draft)
    return list(found.values())


def _newest_and_current(ids: Iterable[int]) -> list[int]:
    """Choose versions by their keys first: the contents of old ones are large and not needed."""
    rows = DisclosureVersion.objects.filter(department__in=ids).order_by("number")
    newest: dict[int, int] = {}
    chosen = set()
    for pk, department, is_current in rows.values_list("pk", "department_id", "is_current"):
        newest[department] = pk
        if is_current:
            chosen.add(pk)
    return [*chosen, *newest.values()]
