"""What changed between two versions of a guide, for who began a claim under the one before (GY-R13)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from benefits.models import ItemVersion
from benefits.rules import rules
from office import dates

TOLD = ("name", "audience", "area", "standard", "ceiling", "way", "steps", "claims_to", "contact_phone")

LONGEST_NUMBER = 18
COLUMNS = {one.name: one for one in ItemVersion._meta.concrete_fields}


@dataclass(frozen=True)
class Change:
    label: str
    before: str
    after: str


def changes_between(before: ItemVersion, after: ItemVersion) -> list[Change]:
    """Return what a firm has to know: words of the guide, conditions, papers; in the order of the guide."""
    return [one for one in _compared(before, after) if one.before != one.after]


def changes_since(began: str, version: ItemVersion) -> list[Change] | None:
    """What changed since a form was opened with the version `began`; None where that one still holds."""
    if began == str(version.pk):
        return None
    number = int(began) if began.isdecimal() and len(began) < LONGEST_NUMBER else 0
    earlier = ItemVersion.objects.filter(item=version.item_id, pk=number)
    before = earlier.first()
    return changes_between(before, version) if before else []


def changed_in_words(version: ItemVersion) -> str:
    since = dates.day(version.valid_from)
    return f"办事指南已经更新，新的指南自{since}起施行，没有提交。请核对下列变化，再重新选择材料、提交。"


def _compared(before: ItemVersion, after: ItemVersion) -> Iterator[Change]:
    for name in TOLD:
        yield Change(str(COLUMNS[name].verbose_name), _said(before, name), _said(after, name))
    yield Change("兑现内容", _kind(before), _kind(after))
    yield Change("申报条件", _conditions(before), _conditions(after))
    yield Change("申报材料", _papers(before), _papers(after))


def _said(version: ItemVersion, name: str) -> str:
    value = getattr(version, name)
    return "" if value is None else str(value)


def _kind(version: ItemVersion) -> str:
    found = rules()[1].kind(version.kind)
    return found.label if found else ""


def _conditions(version: ItemVersion) -> str:
    return "；".join(one.says for one in version.conditions.all())


def _papers(version: ItemVersion) -> str:
    return "；".join(
        f"{one.name}（可以免提交）" if one.may_be_waived else one.name for one in version.papers.all()
    )
