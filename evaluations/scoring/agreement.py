"""Whether a stored outcome is what the same scheme and facts give now.

Numbers, grades, ranks, lists and consequences must be the same under every version of the engine. Words,
codes of reasons and the shape of derivations may change from one version to the next; they are compared
only when the very version that wrote them computes again. No order of keys matters.
"""

from collections.abc import Iterator
from typing import Any

_SCORED = ("score", "exact", "valid_answers", "grade", "rank", "ranked_of", "listed", "last")
_PROPOSED = ("id", "clause", "annual_points", "annual_points_to_date")


def disagreements(stored: dict[str, Any], fresh: dict[str, Any]) -> list[str]:
    """One line per difference, as place, stored and fresh value; none if the outcomes agree."""
    if same_engine(stored, fresh):
        return list(_compared(stored, fresh, "结果"))
    return list(_compared(_judged(stored), _judged(fresh), "结果"))


def same_engine(stored: dict[str, Any], fresh: dict[str, Any]) -> bool:
    """Outcomes of version 0.1 do not name their engine."""
    return stored.get("engine") is not None and stored.get("engine") == fresh.get("engine")


def _judged(outcome: dict[str, Any]) -> dict[str, Any]:
    """What holds under every version: nothing that is a sentence, and no list in an order of its own."""
    found = {key: outcome.get(key) for key in ("scheme", "scheme_sha256", "period")}
    found["subjects"] = {key: _subject(one) for key, one in _named(outcome, "subjects").items()}
    found["lists"] = {
        pool: {name: _sorted(keys) for name, keys in lists.items()}
        for pool, lists in _named(outcome, "lists").items()
    }
    return found


def _subject(subject: dict[str, Any]) -> dict[str, Any]:
    parts = {
        what: {key: _scored(one) for key, one in _named(subject, what).items()}
        for what in ("sections", "members")
    }
    beside = {key: figure.get("exact") for key, figure in _named(subject, "beside").items()}
    return _scored(subject) | parts | {"beside": beside}


def _scored(result: dict[str, Any]) -> dict[str, Any]:
    found = {key: result.get(key) for key in _SCORED}
    given = result.get("consequences")
    proposed = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return found | {"consequences": {str(one.get("id")): _proposed(one) for one in proposed}}


def _proposed(one: dict[str, Any]) -> dict[str, Any]:
    points = {key: one.get(key) for key in _PROPOSED}
    return points | {key: _sorted(one.get(key)) for key in ("targets", "members", "proposes")}


def _named(node: dict[str, Any], key: str) -> dict[str, dict[str, Any]]:
    """A mapping of mappings; what a damaged file has instead is left out, and so found missing."""
    found = node.get(key)
    items = found.items() if isinstance(found, dict) else ()
    return {name: one for name, one in items if isinstance(one, dict)}


def _sorted(keys: Any) -> list[str]:
    return sorted(map(str, keys)) if isinstance(keys, list) else []


def _compared(stored: Any, fresh: Any, path: str) -> Iterator[str]:
    if isinstance(stored, dict) and isinstance(fresh, dict):
        for key in dict.fromkeys([*stored, *fresh]):
            yield from _compared(stored.get(key), fresh.get(key), f"{path}.{key}")
    elif isinstance(stored, list) and isinstance(fresh, list) and len(stored) == len(fresh):
        for at, (one, other) in enumerate(zip(stored, fresh, strict=True)):
            yield from _compared(one, other, f"{path}.{at}")
    elif stored != fresh:
        yield f"{path}：存档 {stored}，重算 {fresh}"
