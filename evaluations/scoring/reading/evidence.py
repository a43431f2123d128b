"""What the office records about a subject: marks, occurrences, conditions, placements, figures, vetoes."""

from fractions import Fraction
from typing import Any

from evaluations.scoring.facts import Event, Mark, Placement
from evaluations.scoring.faults import Path
from evaluations.scoring.numbers import plain
from evaluations.scoring.reading.cursor import Reader
from evaluations.scoring.steps.step import MarkNeed


def read_marks(reader: Reader, node: Any, path: Path) -> dict[str, tuple[Mark, ...]]:
    known = reader.words.marks
    found = reader.mapping(node, path, known)
    return {key: _panel(reader, one, (*path, key), known[key]) for key, one in found.items() if key in known}


def _panel(reader: Reader, node: Any, path: Path, need: MarkNeed) -> tuple[Mark, ...]:
    if isinstance(node, list):
        return tuple(
            mark for at, one in enumerate(node) for mark in _mark(reader, one, (*path, at), need, "")
        )
    if need.single:
        return _mark(reader, node, path, need, "")
    by_marker = reader.mapping(node, path)
    return tuple(
        mark for who, one in by_marker.items() for mark in _mark(reader, one, (*path, who), need, who)
    )


def _mark(reader: Reader, node: Any, path: Path, need: MarkNeed, marker: str) -> tuple[Mark, ...]:
    if not isinstance(node, dict):
        return (Mark(reader.number(node, path, Fraction(0), need.full), marker),)
    if "points" in node:
        reader.mapping(node, path, ("points", "remark"))
        remark = reader.text(node.get("remark"), (*path, "remark"), "")
        return (
            Mark(
                reader.number(node["points"], (*path, "points"), Fraction(0), need.full), marker, "", remark
            ),
        )
    marks = []
    for aspect, points in node.items():
        if reader.one_of(aspect, (*path, aspect), need.aspects, "aspect"):
            full = need.aspects[aspect]
            marks.append(Mark(reader.number(points, (*path, aspect), Fraction(0), full), marker, aspect))
    if missing := [aspect for aspect in need.aspects if aspect not in node]:
        reader.fault(path, f"no mark for {'、'.join(missing)}; give every aspect one")
    return tuple(marks)


def read_occurrences(reader: Reader, node: Any, path: Path) -> dict[str, tuple[Event, ...]]:
    known = reader.words.occurrences
    found: dict[str, tuple[Event, ...]] = {}
    for item, events in reader.mapping(node, path).items():
        here = (*path, item)
        if reader.one_of(item, here, known, "item"):
            found[item] = _events(reader, events, here)
    return found


def _events(reader: Reader, node: Any, path: Path) -> tuple[Event, ...]:
    if not isinstance(node, list):
        return (Event(Fraction(reader.count(node, path))),)
    events = []
    for at, one in enumerate(node):
        here = (*path, at)
        item = reader.mapping(one, here, ("count", "date", "practice", "remark"))
        count = reader.count(item.get("count", 1), (*here, "count"))
        words = (reader.text(item.get(key), (*here, key), "") for key in ("date", "practice", "remark"))
        events.append(Event(Fraction(count), *words))
    return tuple(events)


def read_not_applicable(reader: Reader, node: Any, path: Path) -> frozenset[str]:
    known = {**reader.words.optional}
    items = reader.listing(node, path)
    return frozenset(
        item
        for at, item in enumerate(items)
        if reader.one_of(item, (*path, at), known, "item that may not apply")
    )


def read_conditions(reader: Reader, node: Any, path: Path) -> dict[str, bool]:
    found: dict[str, bool] = {}
    for key, value in reader.mapping(node, path).items():
        if not reader.one_of(key, (*path, key), reader.words.conditions, "condition"):
            continue
        if isinstance(value, bool):
            found[key] = value
        else:
            reader.fault((*path, key), "must be true or false")
    return found


def read_measures(reader: Reader, node: Any, path: Path) -> dict[str, Fraction]:
    found = reader.mapping(node, path, reader.words.measures)
    return {key: reader.number(value, (*path, key), Fraction(0)) for key, value in found.items()}


def read_placements(reader: Reader, node: Any, path: Path) -> dict[str, Placement]:
    found: dict[str, Placement] = {}
    for key, value in reader.mapping(node, path, reader.words.placements).items():
        need = reader.words.placements.get(key)
        here = (*path, key)
        item = reader.mapping(value, here, ("tier", "points"))
        if need is None:
            continue
        tier, points = item.get("tier"), item.get("points")
        if tier is not None and tier not in range(1, len(need.tiers) + 1):
            reader.fault((*here, "tier"), f"no such tier; tiers are 1 to {len(need.tiers)}")
            tier = None
        given = None if points is None else reader.number(points, (*here, "points"))
        if tier is not None and given is not None:
            low, high = need.tiers[tier - 1]
            if not low <= given <= high:
                message = (
                    f"{plain(given)} points do not fit tier {tier}; it has {plain(low)} to {plain(high)}"
                )
                reader.fault((*here, "points"), message)
        elif given is not None and not any(low <= given <= high for low, high in need.tiers):
            allowed = "、".join(f"{plain(low)}–{plain(high)}" for low, high in need.tiers)
            reader.fault((*here, "points"), f"{plain(given)} points fit no tier; tiers have {allowed}")
        found[key] = Placement(tier, given)
    return found


def read_external(reader: Reader, node: Any, path: Path) -> dict[str, dict[str, Fraction | None]]:
    found: dict[str, dict[str, Fraction | None]] = {}
    for key, figures in reader.mapping(node, path, reader.words.external).items():
        if (need := reader.words.external.get(key)) is None:
            continue
        here = (*path, key)
        rows = reader.mapping(figures, here, need.names or None)
        found[key] = {
            name: None if value is None else reader.number(value, (*here, name), Fraction(0), need.full)
            for name, value in rows.items()
        }
    return found


def read_vetoes(reader: Reader, node: Any, path: Path) -> tuple[str, ...]:
    known = reader.scheme.veto.events if reader.scheme.veto else {}
    items = reader.listing(node, path)
    return tuple(item for at, item in enumerate(items) if reader.one_of(item, (*path, at), known, "veto"))
