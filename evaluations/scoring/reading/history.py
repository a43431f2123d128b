"""Reads periods and earlier results, and checks that a history starts with the oldest round."""

from typing import Any

from evaluations.scoring.facts import PastResult
from evaluations.scoring.periods import Period, precedes
from evaluations.scoring.reading.cursor import Reader
from office.definitions.faults import Path


def check_period(reader: Reader, period: str, path: Path) -> None:
    if period and Period.read(period) is None:
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
        if type(rank) is int and rank == 0:
            reader.fault((*here, "rank"), "ranks are counted from 1")
        last = item.get("last", False)
        if not isinstance(last, bool):
            reader.fault((*here, "last"), "must be true or false")
        elif last and rank == 1:
            reader.fault((*here, "last"), "rank 1 is not the last; remove one of the two")
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
        if before and not precedes(before, result.period):
            reader.fault(
                here, f"{result.period} is not later than {before}; list the oldest first, each once"
            )
        before = result.period
    if before and period and not precedes(before, period):
        reader.fault(path, f"reaches into the round itself ({period}); list earlier rounds only")
