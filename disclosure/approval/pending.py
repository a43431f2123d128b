"""Where departments stand on their way to the public; few queries, however many departments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from departments.models import Department
from disclosure.approval import content
from disclosure.models import DisclosureVersion

S = DisclosureVersion.State


@dataclass
class Standing:
    """One department: what is shown, what waits, what was changed since."""

    department: Department
    draft: content.Content
    current: DisclosureVersion | None = None
    waiting: DisclosureVersion | None = None
    latest: DisclosureVersion | None = None
    base: DisclosureVersion | None = None  # what the changes are changes of: handed in, or else shown
    changes: list[content.Entry] = field(default_factory=list)

    @property
    def is_empty(self) -> bool:
        """Whether nothing has been entered yet."""
        return not (self.draft["people"] or self.draft["sections"])

    @property
    def returned(self) -> DisclosureVersion | None:
        """The version that came back and was not handed in again."""
        return self.latest if self.latest and self.latest.state == S.RETURNED else None

    @property
    def in_words(self) -> str:
        """What happens next."""
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
        """How complete the working copy is."""
        return content.completeness(self.draft)


def standings(departments: Iterable[Department]) -> list[Standing]:
    """Return where departments stand: four queries beside that of the departments."""
    units = list(departments)
    drafts = content.drafts(unit.pk for unit in units)
    found = {unit.pk: Standing(unit, drafts[unit.pk]) for unit in units}
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
    """Return the versions that matter: the contents of old ones need not be read."""
    rows = DisclosureVersion.objects.filter(department__in=ids).order_by("number")
    newest: dict[int, int] = {}
    chosen = set()
    for pk, department, is_current in rows.values_list("pk", "department_id", "is_current"):
        newest[department] = pk
        if is_current:
            chosen.add(pk)
    return [*chosen, *newest.values()]
