"""Reads what the office records about a subject: marks, occurrences, conditions, placements, vetoes …"""

from fractions import Fraction
from typing import Any

from evaluations.scoring.facts import Condition, Event, Mark, Placement, in_order
from evaluations.scoring.periods import is_day
from evaluations.scoring.reading.cursor import Reader
from evaluations.scoring.steps.step import MarkNeed
from office.definitions.faults import Path
from office.definitions.numbers import plain


def read_marks(reader: Reader, node: Any, path: Path) -> dict[str, tuple[Mark, ...]]:
    known = reader.words.marks
    found = reader.mapping(node, path, known)
    return {key: _panel(reader, one, (*path, key), known[key]) for key, one in found.items() if key in known}


def read_asked(reader: Reader, node: Any, path: Path, marks: dict[str, tuple[Mark, ...]]) -> dict[str, int]:
    """How many of each panel were to mark the subject; never fewer than did."""
    panels = [key for key, need in reader.words.marks.items() if not need.single]
    found: dict[str, int] = {}
    for panel, number in in_order(reader.mapping(node, path), panels).items():
        here = (*path, panel)
        if reader.one_of(panel, here, panels, "panel"):
            found[panel] = reader.count(number, here)
            if found[panel] < (given := len(marks.get(panel, ()))):
                reader.fault(here, f"{given} marks were given; at least as many were asked")
    return found


def _panel(reader: Reader, node: Any, path: Path, need: MarkNeed) -> tuple[Mark, ...]:
    if need.single:
        return (_mark(reader, node, path, need, ""),)
    if isinstance(node, list):
        return tuple(_mark(reader, one, (*path, at), need, "") for at, one in enumerate(node))
    by_marker = reader.mapping(node, path)
    return tuple(_mark(reader, one, (*path, who), need, who) for who, one in by_marker.items())


def _mark(reader: Reader, node: Any, path: Path, need: MarkNeed, marker: str) -> Mark:
    if not isinstance(node, dict):
        return Mark(_points(reader, node, path, need), marker)
    remark = reader.text(node.get("remark"), (*path, "remark"), "")
    if "points" in node:
        reader.mapping(node, path, ("points", "remark"))
        return Mark(_points(reader, node["points"], (*path, "points"), need), marker, {}, remark)
    reader.mapping(node, path, (*need.aspects, "points", "remark"))
    if missing := [aspect for aspect in need.aspects if aspect not in node]:
        reader.fault(path, f"no mark for {'、'.join(missing)}; give every aspect one")
    given = {key: full for key, full in need.aspects.items() if key in node}
    aspects = {key: reader.number(node[key], (*path, key), full) for key, full in given.items()}
    return Mark(sum(aspects.values(), Fraction(0)), marker, aspects, remark)


def _points(reader: Reader, node: Any, path: Path, need: MarkNeed) -> Fraction:
    points = reader.number(node, path, need.full)
    if need.all_or_nothing and points not in (0, need.full):
        reader.fault(
            path, f"{plain(points)} is neither 0 nor {plain(need.full)}; this mark is all or nothing"
        )
    return points


def read_occurrences(reader: Reader, node: Any, path: Path) -> dict[str, tuple[Event, ...]]:
    known = reader.words.occurrences
    found: dict[str, tuple[Event, ...]] = {}
    for item, events in in_order(reader.mapping(node, path), known).items():
        here = (*path, item)
        if reader.one_of(item, here, known, "item"):
            found[item] = _events(reader, events, here)
    return found


def _events(reader: Reader, node: Any, path: Path) -> tuple[Event, ...]:
    if not isinstance(node, list):
        return (Event(reader.count(node, path)),)
    events = []
    vetoes = reader.scheme.veto.events if reader.scheme.veto else {}
    for at, one in enumerate(node):
        here = (*path, at)
        item = reader.mapping(one, here, ("count", "date", "practice", "title", "remark", "veto"))
        count = reader.count(item.get("count", 1), (*here, "count"))
        keys = ("date", "practice", "title", "remark", "veto")
        words = {key: reader.text(item.get(key), (*here, key), "") for key in keys}
        if words["date"] and not is_day(words["date"]):
            reader.fault((*here, "date"), "no such day; write it like 2023-09-01, or 2023-09 for a month")
        if words["veto"]:
            reader.one_of(words["veto"], (*here, "veto"), vetoes, "veto", "vetoes")
        day, practice, title, remark, veto = (words[key] for key in keys)
        events.append(Event(count, day, practice, title, remark, veto))
    return tuple(events)


def check_vetoing(
    reader: Reader, occurrences: dict[str, tuple[Event, ...]], vetoes: tuple[str, ...], path: Path
) -> None:
    """An occurrence that set off a veto needs that veto among the recorded ones."""
    for item, events in occurrences.items():
        for at, event in enumerate(events):
            if event.veto and event.veto not in vetoes:
                reader.fault((*path, item, at, "veto"), f"add {event.veto} to vetoes, or remove it here")


def read_not_applicable(
    reader: Reader, node: Any, path: Path, occurrences: dict[str, tuple[Event, ...]]
) -> frozenset[str]:
    known = [item for item, need in reader.words.occurrences.items() if need.optional]
    found = []
    for at, item in enumerate(reader.listing(node, path)):
        if reader.one_of(item, (*path, at), known, "item that may not apply", "such items"):
            found.append(item)
            if any(event.count for event in occurrences.get(item, ())):
                reader.fault((*path, at), f"{item} cannot be not applicable and have occurrences; remove one")
    return frozenset(found)


def read_conditions(reader: Reader, node: Any, path: Path) -> dict[str, Condition]:
    found: dict[str, Condition] = {}
    for key, value in reader.mapping(node, path).items():
        here = (*path, key)
        if not reader.one_of(key, here, reader.words.conditions, "condition"):
            continue
        item = value if isinstance(value, dict) else {"holds": value}
        reader.mapping(item, here, ("holds", "remark"))
        if isinstance(item.get("holds"), bool):
            found[key] = Condition(item["holds"], reader.text(item.get("remark"), (*here, "remark"), ""))
        else:
            reader.fault(here, "must be true or false (or holds: true with a remark)")
    for other, key in reader.words.instead.items():
        if all(one in found and found[one].holds for one in (other, key)):
            reader.fault((*path, other), f"excludes {key}; only one of the two can hold")
    return found


def read_measures(reader: Reader, node: Any, path: Path) -> dict[str, Fraction]:
    found = reader.mapping(node, path, reader.words.measures)
    return {key: reader.number(value, (*path, key)) for key, value in found.items()}


def read_placements(reader: Reader, node: Any, path: Path) -> dict[str, Placement]:
    found: dict[str, Placement] = {}
    for key, value in reader.mapping(node, path, reader.words.placements).items():
        need = reader.words.placements.get(key)
        here = (*path, key)
        item = reader.mapping(value, here, ("tier", "points", "remark"))
        if need is None:
            continue
        tier, points = item.get("tier"), item.get("points")
        if tier is not None and (type(tier) is not int or not 1 <= tier <= len(need.tiers)):
            reader.fault((*here, "tier"), f"no such tier; tiers are 1 to {len(need.tiers)}")
            tier = None
        given = None if points is None else reader.number(points, (*here, "points"), low=None)
        if tier is not None and given is not None:
            low, high = need.tiers[tier - 1]
            if not need.fits(tier, given):
                message = (
                    f"{plain(given)} points do not fit tier {tier}; it has {plain(low)} to {plain(high)}"
                )
                reader.fault((*here, "points"), message)
        elif given is not None and not any(need.fits(at, given) for at in range(1, len(need.tiers) + 1)):
            allowed = "、".join(f"{plain(low)}–{plain(high)}" for low, high in need.tiers)
            reader.fault((*here, "points"), f"{plain(given)} points fit no tier; tiers have {allowed}")
        remark = reader.text(item.get("remark"), (*here, "remark"), "")
        found[key] = Placement(given, remark)
    return found


def read_external(reader: Reader, node: Any, path: Path) -> dict[str, dict[str, Fraction | None]]:
    found: dict[str, dict[str, Fraction | None]] = {}
    for key, figures in reader.mapping(node, path, reader.words.external).items():
        if (need := reader.words.external.get(key)) is None:
            continue
        here = (*path, key)
        rows = reader.mapping(figures, here, need.names or None)
        found[key] = {
            name: None if value is None else reader.number(value, (*here, name), need.full)
            for name, value in in_order(rows, need.names).items()
        }
    return found


def read_vetoes(reader: Reader, node: Any, path: Path) -> tuple[str, ...]:
    known = reader.scheme.veto.events if reader.scheme.veto else {}
    found: list[str] = []
    for at, item in enumerate(reader.listing(node, path)):
        if item in found:
            reader.fault((*path, at), f"{item} stands twice; name each veto once")
        elif reader.one_of(item, (*path, at), known, "veto", "vetoes"):
            found.append(item)
    return tuple(found)
