"""Checks that names within a scheme refer to something.

Works on the raw tree, so that it reports even where the scheme has faults of form, all in one go.
"""

from collections.abc import Iterator
from typing import Any

from office.definitions.faults import Fault, Path
from office.definitions.source import Document

_STEP_KEYS = ("of", "from", "suggested_by")


def reference_faults(document: Document) -> list[Fault]:
    """Every name that refers to nothing or is given twice."""
    if not isinstance(document.data, dict):
        return []
    return [document.fault(path, message) for path, message in _all(document.data)]


def _all(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    yield from _repeated_ids(scheme, "steps")
    yield from _repeated_ids(scheme, "consequences")
    yield from _repeated_ids(scheme, "duties")
    yield from _repeated_ids(scheme, "readings")
    yield from _repeated_items(scheme)
    yield from _step_order(scheme)
    yield from _step_levels(scheme)
    yield from _names(scheme)
    yield from _score(scheme)
    yield from _grade_names(scheme)
    yield from _readings(scheme)


def _mapping(node: Any) -> dict[str, Any]:
    return node if isinstance(node, dict) else {}


def _list(node: Any) -> list[Any]:
    return node if isinstance(node, list) else []


def _rules(scheme: dict[str, Any], key: str) -> Iterator[tuple[int, dict[str, Any]]]:
    for index, rule in enumerate(_list(scheme.get(key))):
        if isinstance(rule, dict):
            yield index, rule


def _ids(scheme: dict[str, Any], key: str) -> list[str]:
    return [str(rule["id"]) for _, rule in _rules(scheme, key) if "id" in rule]


def _repeated_ids(scheme: dict[str, Any], key: str) -> Iterator[tuple[Path, str]]:
    seen: set[str] = set()
    for index, rule in _rules(scheme, key):
        name = str(rule.get("id"))
        if name in seen:
            yield (key, index, "id"), f"the id {name} is given twice; ids within {key} must differ"
        seen.add(name)


def _repeated_items(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """Facts name items and conditions without their step, so their ids differ throughout the scheme."""
    for key in ("items", "conditions"):
        owner: dict[str, str] = {}
        for index, step in _rules(scheme, "steps"):
            for name in _mapping(step.get(key)):
                if name in owner:
                    yield ("steps", index, key, name), f"the id {name} is given twice (also in {owner[name]})"
                owner[name] = str(step.get("id"))


def _step_order(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    every, before = set(_ids(scheme, "steps")), set[str]()
    for index, step in _rules(scheme, "steps"):
        for path, name in _steps_named(step):
            if name not in before:
                why = (
                    "is used before it is defined; move it up"
                    if name in every
                    else "is no step of this scheme"
                )
                listed = (
                    "" if name in every else f"; steps so far are {'、'.join(sorted(before)) or '(none)'}"
                )
                yield ("steps", index, *path), f"step {name} {why}{listed}"
        before.add(str(step.get("id")))


def _step_levels(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    """A step that builds on a step of the wrong level would find no values there."""
    levels = {str(step.get("id")): _level(step) for _, step in _rules(scheme, "steps")}
    for index, step in _rules(scheme, "steps"):
        sections = step.get("take") == "supervised_sections"
        needed = {"member_mean": "member", "derived_member": "section" if sections else "subject"}
        level = needed.get(str(step.get("kind")), "subject")
        for path, name in _steps_named(step):
            if name in levels and levels[name] != level:
                why = f"step {name} is of level {levels[name]}; a step of level {level} is needed here"
                yield ("steps", index, *path), why


def _steps_named(step: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    for key in _STEP_KEYS:
        if isinstance(step.get(key), str):
            yield (key,), step[key]
    for index, part in enumerate(_list(step.get("parts"))):
        if isinstance(part, dict) and isinstance(part.get("step"), str):
            yield ("parts", index, "step"), part["step"]


def _names(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    scales = _mapping(scheme.get("answer_scales"))
    subjects = _mapping(scheme.get("subjects"))
    roles, groups = _mapping(subjects.get("roles")), _mapping(subjects.get("groups"))
    for key in ("steps", "consequences"):
        for index, rule in _rules(scheme, key):
            scale = rule.get("scale")
            if isinstance(scale, str) and scale not in scales:
                yield (
                    (key, index, "scale"),
                    f"no such answer scale: {scale}; scales are {'、'.join(scales) or '(none)'}",
                )
            for place, role in enumerate(_list(rule.get("roles"))):
                if isinstance(role, str) and role not in roles:
                    yield (
                        (key, index, "roles", place),
                        f"no such role: {role}; roles are {'、'.join(roles) or '(none)'}",
                    )
            for role in _mapping(rule.get("role_weights")):
                if role not in roles:
                    path = (key, index, "role_weights", role)
                    yield path, f"no such role: {role}; roles are {'、'.join(roles) or '(none)'}"
    pools = {
        *groups,
        *(str(group.get("pool")) for group in groups.values() if isinstance(group, dict)),
        "全部",
    }
    for pool in _mapping(_mapping(scheme.get("ranking")).get("lists_of")):
        if pool not in pools:
            yield (
                ("ranking", "lists_of", pool),
                f"no such group or pool: {pool}; they are {'、'.join(sorted(pools))}",
            )


def _score(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    levels = {str(step.get("id")): _level(step) for _, step in _rules(scheme, "steps")}
    score = _mapping(scheme.get("score"))
    named: list[tuple[Path, Any, str]] = [
        (("score", key), score.get(key), key) for key in ("subject", "section")
    ]
    named += [(("score", "member", at), step, "member") for at, step in enumerate(_list(score.get("member")))]
    named.append((("strata", "beside"), _mapping(scheme.get("strata")).get("beside"), "subject"))
    ties = _list(_mapping(scheme.get("ranking")).get("tie_breakers"))
    named += [(("ranking", "tie_breakers", at), step, "subject") for at, step in enumerate(ties)]
    for path, step, level in named:
        if not isinstance(step, str):
            continue
        if step not in levels:
            known = "、".join(levels) or "(none)"
            yield path, f"step {step} is no step of this scheme; steps are {known}"
        elif levels[step] != level:
            yield path, f"step {step} is of level {levels[step]}; a step of level {level} is needed here"


def _level(step: dict[str, Any]) -> str:
    return str(step.get("level", "member" if step.get("kind") == "derived_member" else "subject"))


def _grade_names(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    bands = _list(_mapping(scheme.get("grades")).get("bands"))
    names = [str(band.get("grade")) for band in bands if isinstance(band, dict)]
    for path, grade in _grades_named(scheme):
        if grade not in names:
            yield path, f"no such grade: {grade}; grades are {'、'.join(names) or '(none)'}"


def _grades_named(scheme: dict[str, Any]) -> Iterator[tuple[Path, Any]]:
    veto = _mapping(scheme.get("veto"))
    if "grade" in veto:
        yield ("veto", "grade"), veto["grade"]
    for index, rule in _rules(scheme, "consequences"):
        for at, trigger in enumerate(map(_mapping, _list(rule.get("triggers")))):
            path: Path = ("consequences", index, "triggers", at)
            for key in ("grade", "any_member_grade"):
                yield from (((*path, key, place), one) for place, one in enumerate(_list(trigger.get(key))))
            for key in ("consecutive", "times_in_year"):
                inner = _list(_mapping(trigger.get(key)).get("grade"))
                yield from (((*path, key, "grade", place), one) for place, one in enumerate(inner))


def _readings(scheme: dict[str, Any]) -> Iterator[tuple[Path, str]]:
    options = _mapping(scheme.get("options"))
    known = _ids(scheme, "readings")
    for index, reading in _rules(scheme, "readings"):
        for at, name in enumerate(_list(reading.get("options"))):
            if isinstance(name, str) and name not in options:
                yield (
                    ("readings", index, "options", at),
                    f"no such option: {name}; options are {'、'.join(options) or '(none)'}",
                )
    rules: list[tuple[Path, dict[str, Any]]] = [
        ((key,), _mapping(scheme.get(key))) for key in ("appeals", "tolerance")
    ]
    for key in ("steps", "consequences", "measures", "duties", "gathering"):
        rules += [((key, index), rule) for index, rule in _rules(scheme, key)]
    for path, rule in rules:
        for at, name in enumerate(_list(rule.get("readings"))):
            if name not in known:
                yield (
                    (*path, "readings", at),
                    f"no such reading: {name}; readings are {'、'.join(known) or '(none)'}",
                )
