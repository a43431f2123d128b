"""The content of a version: sections with their duties, and people; what differs between two contents.

Ids are those of the working copy, so that a renamed person is still the same person.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from hashlib import sha256
from json import dumps
from typing import Any

from departments.kinds import StaffKind, Topic
from departments.models import Section, ServiceItem, StaffMember

Content = dict[str, Any]
EMPTY: Content = {"sections": [], "people": []}
TEXTS = {"responsibilities": "岗位职责", "work_rules": "工作制度", "service_words": "服务用语"}
NOT_COMPARED = {"file", "initials"}  # a copy of the photo's file and a key for searching


def drafts(department_ids: Iterable[int]) -> dict[int, Content]:
    """Return the working copies of departments: three queries, however many there are.

    People who left or were taken down are left out, and photos without a recorded basis (照片公开依据).
    """
    ids = list(department_ids)
    found: dict[int, Content] = {pk: {"sections": [], "people": []} for pk in ids}
    items: dict[int, list[dict[str, Any]]] = {}
    for item in ServiceItem.objects.filter(section__department__in=ids).order_by("order", "id"):
        row = {"id": item.pk, "name": item.name, "procedure": item.procedure, "time_limit": item.time_limit}
        items.setdefault(item.section_id, []).append(row)
    sections = Section.objects.filter(department__in=ids).select_related("supervising_leader")
    for section in sections.order_by("-is_leadership", "order", "id"):
        leader = section.supervising_leader
        found[section.department_id]["sections"].append(
            {
                "id": section.pk,
                "name": section.name,
                "is_leadership": section.is_leadership,
                "topic": section.topic,
                "leader": leader.pk if leader else None,
                "leader_name": leader.name if leader else "",
                **{name: getattr(section, name) for name in TEXTS},
                "items": items.get(section.pk, []),
            }
        )
    people = StaffMember.objects.filter(department__in=ids, is_shown=True, left_on=None)
    for person in people.order_by("id"):
        found[person.department_id]["people"].append(
            {
                "id": person.pk,
                "section": person.section_id,
                "name": person.name,
                "initials": person.name_initials,
                "kind": person.kind,
                "post": person.post,
                "photo": str(person.photo) if person.has_public_photo else "",
                "photo_basis": person.photo_basis if person.has_public_photo else "",
                "file": "",
            }
        )
    return found


def digest(content: Content) -> str:
    bare = {
        **content,
        "people": [{k: v for k, v in one.items() if k not in NOT_COMPARED} for one in content["people"]],
    }
    return sha256(dumps(bare, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


# --- What changed --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Difference:
    label: str
    old: str
    new: str


@dataclass
class Entry:
    """One person, section or matter that would be added, changed or removed; `act` says which."""

    what: str
    name: str
    act: str
    fields: list[Difference] = field(default_factory=list)
    person: int | None = None
    old_photo: str = ""
    new_photo: str = ""


def compare(old: Content | None, new: Content) -> list[Entry]:
    before, after = old or EMPTY, new
    return [
        *_entries("工作人员", _people(before), _people(after)),
        *_entries("科（室）", _sections(before), _sections(after)),
        *_entries("事项", _items(before), _items(after)),
        *_orders(before, after),
    ]


@dataclass(frozen=True)
class _Thing:
    name: str
    fields: dict[str, str]
    person: int | None = None
    photo: str = ""


def _entries(what: str, old: dict[int, _Thing], new: dict[int, _Thing]) -> list[Entry]:
    found = []
    for key in [*new, *(key for key in old if key not in new)]:
        before, after = old.get(key), new.get(key)
        labels = dict.fromkeys([*(before.fields if before else ()), *(after.fields if after else ())])
        pairs = [
            Difference(
                label,
                before.fields.get(label, "") if before else "",
                after.fields.get(label, "") if after else "",
            )
            for label in labels
        ]
        changed = [pair for pair in pairs if pair.old != pair.new]
        photos = (before.photo if before else "", after.photo if after else "")
        if not changed and photos[0] == photos[1]:
            continue
        act = "新增" if before is None else "移除" if after is None else "修改"
        one = new[key] if key in new else old[key]
        found.append(Entry(what, one.name, act, changed, one.person, *photos))
    return found


def _people(content: Content) -> dict[int, _Thing]:
    sections = {section["id"]: section["name"] for section in content["sections"]}
    return {
        one["id"]: _Thing(
            one["name"],
            {
                "姓名": one["name"],
                "科（室）": sections.get(one["section"], ""),
                "人员类别": str(StaffKind(one["kind"]).label),
                "职务（岗位）": one["post"],
                "照片公开依据": one["photo_basis"],
            },
            one["id"],
            one["photo"],
        )
        for one in content["people"]
    }


def _sections(content: Content) -> dict[int, _Thing]:
    return {
        one["id"]: _Thing(
            one["name"],
            {
                "科（室）": one["name"],
                "栏目": "局领导" if one["is_leadership"] else "业务科室",
                "事项类别": str(Topic(one["topic"]).label),
                "分管负责人": one["leader_name"],
                **{label: one[name] for name, label in TEXTS.items()},
            },
        )
        for one in content["sections"]
    }


def _items(content: Content) -> dict[int, _Thing]:
    return {
        item["id"]: _Thing(
            f"{item['name']}（{section['name']}）",
            {"事项名称": item["name"], "办理流程": item["procedure"], "办理时限": item["time_limit"]},
        )
        for section in content["sections"]
        for item in section["items"]
    }


def _orders(old: Content, new: Content) -> list[Entry]:
    """Return the lists in which rows that both contents have changed their order."""
    before = {section["id"]: section for section in old["sections"]}
    lists = [("科（室）", "各科（室）", old["sections"], new["sections"])]
    lists += [
        ("事项", section["name"], before[section["id"]]["items"], section["items"])
        for section in new["sections"]
        if section["id"] in before
    ]
    found = []
    for what, name, first, second in lists:
        common = {row["id"] for row in first} & {row["id"] for row in second}
        places = [[row for row in rows if row["id"] in common] for rows in (first, second)]
        if [row["id"] for row in places[0]] != [row["id"] for row in places[1]]:
            words = ["、".join(row["name"] for row in rows) for rows in places]
            found.append(Entry(what, name, "修改", [Difference("顺序", *words)]))
    return found


# --- How complete it is --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Figure:
    label: str
    done: int
    total: int
    missing: list[str]

    @property
    def counter(self) -> str:
        """The measure word of what is missing."""
        return "人" if "人员" in self.label else "个" if "科（室）" in self.label else "项"


def completeness(content: Content) -> list[Figure]:
    """Count what a department's disclosure has and lacks (YC-R1, YC-R2)."""
    people = content["people"]
    sections = [one for one in content["sections"] if not one["is_leadership"]]
    items = [(section, item) for section in sections for item in section["items"]]
    return [
        _figure("有照片的人员", [(one["name"], bool(one["photo"])) for one in people]),
        _figure("有岗位职责的科（室）", [(one["name"], bool(one["responsibilities"])) for one in sections]),
        _figure("有事项清单的科（室）", [(one["name"], bool(one["items"])) for one in sections]),
        _figure(
            "有办理时限的事项",
            [(f"{item['name']}（{section['name']}）", bool(item["time_limit"])) for section, item in items],
        ),
    ]


def _figure(label: str, rows: list[tuple[str, bool]]) -> Figure:
    missing = [name for name, there in rows if not there]
    return Figure(label, len(rows) - len(missing), len(rows), missing)
