"""Reads periods and earlier results, and checks that a history starts with the oldest round."""

import re
from typing import Any

from evaluations.scoring.facts import PastResult
from evaluations.scoring.faults import Path
from evaluations.scoring.reading.cursor import Reader

_PERIOD = re.compile(r"(\d{4})(?:-([A-Z]?)(\d{1,2}))?\Z")


def check_period(reader: Reader, period: str, path: Path) -> None:
    if period and not _PERIOD.match(period):
        reader.fault(path, "not a period; write it like 2023, 2023-Q3, 2023-09 or 2023-2")


def read_history(reader: Reader, node: Any, path: Path, period: str) -> tuple[PastResult, ...]:
    if node is None:
        return ()
    results: list[PastResult] = []
    grades = reader.scheme.grades.names() if reader.scheme.grades else []
    for at, one in enumerate(reader.listing(node, path)):
        here = (*path, at)
        item = reader.mapping(one, here, ("period", "grade", "listed", "rank", "last"))
        grade, listed, rank = item.get("grade"), item.get("listed"), item.get("rank")
        if grade is not None:
            reader.one_of(grade, (*here, "grade"), grades, "grade")
        if listed is not None:
            reader.one_of(listed, (*here, "listed"), ("best", "worst"), "list")
        if rank is not None:
            reader.count(rank, (*here, "rank"))
        last = item.get("last", False)
        if not isinstance(last, bool):
            reader.fault((*here, "last"), "must be true or false")
        results.append(
            PastResult(
                period=reader.text(item.get("period"), (*here, "period")),
                grade=grade,
                listed=listed,
                rank=rank,
                last=last is True,
            )
        )
    _oldest_first(reader, results, path, period)
    return tuple(results)


def _oldest_first(reader: Reader, results: list[PastResult], path: Path, period: str) -> None:
    before = ""
    for at, result in enumerate(results):
        here = (*path, at, "period")
        check_period(reader, result.period, here)
        if before and not _earlier(before, result.period):
            reader.fault(
                here, f"{result.period} is not later than {before}; list the oldest first, each once"
            )
        before = result.period
    if before and period and not _earlier(before, period):
        reader.fault(path, f"reaches into the round itself ({period}); list earlier rounds only")


def _earlier(one: str, other: str) -> bool:
    """Whether a period precedes another; if they are written differently, only the years are compared."""
    a, b = _PERIOD.match(one), _PERIOD.match(other)
    if a is None or b is None:
        return True
    if a[2] != b[2]:
        return a[1] <= b[1]
    return (int(a[1]), int(a[3] or 0)) < (int(b[1]), int(b[3] or 0))
