"""When readings of one sheet agree: two clerks who do not see each other's, and a third if they differ."""

from collections import Counter
from collections.abc import Hashable, Iterable
from typing import NamedTuple, TypeVar

from surveys.ballots.paper import VALID

ENOUGH = 2
Value = TypeVar("Value", bound=Hashable)


class Reading(NamedTuple):
    """What one clerk read: whose sheet, what kind, one mark for each question, and the words."""

    key: str
    department: str
    kind: str
    marks: str = ""
    matter: str = ""
    suggestion: str = ""


def agreed(readings: list[Reading], *, width: int = 1) -> Reading | None:
    """What at least two of the readings say, part by part; None if no two agree on some part.

    Two readings must be equal. Of three, each part that two read alike is taken, so that one clerk's error
    here and another's there do not send the sheet to the reviewer. Comments are no votes and two people
    paraphrase them later: a comma more must not hold up a sheet, so the longest text is taken. `width`
    is that of a key (`paper_notation`).
    """
    head = _majority((one.key, one.department, one.kind) for one in readings)
    if head is None:
        return None
    alike = [one for one in readings if (one.key, one.department, one.kind) == head]
    marks = ""
    if head[2] == VALID:
        for cell in zip(*(_keys(one.marks, width) for one in alike), strict=True):
            mark = _majority(cell)
            if mark is None:
                return None
            marks += mark
    texts = [max((getattr(one, kind).strip() for one in alike), key=len) for kind in ("matter", "suggestion")]
    return Reading(*head, marks, *texts)


def _keys(marks: str, width: int) -> list[str]:
    return [marks[at : at + width] for at in range(0, len(marks), width)]


def _majority(values: Iterable[Value]) -> Value | None:
    """The value that two readings share; with at most three there is never more than one."""
    ((value, number),) = Counter(values).most_common(1)
    return value if number >= ENOUGH else None
