"""What if: the same facts under two schemes, or under one scheme with other options, and what changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from evaluations.scoring.consequences import points_in_words
from evaluations.scoring.engine import score_round
from evaluations.scoring.facts_reader import read_facts
from evaluations.scoring.loading import Policy
from evaluations.scoring.outcome import GradedResult, Outcome, SubjectResult
from evaluations.scoring.scheme import Scheme
from evaluations.scoring.texts import flag_in_words, withheld_in_words
from office.definitions.faults import InvalidFactsError, InvalidInputError
from office.definitions.numbers import shown
from office.definitions.source import Document

LABELS = {
    "score": "得分",
    "withheld": "不计分的原因",
    "grade": "等次",
    "rank": "名次",
    "listed": "名单",
    "consequences": "处置建议",
    "points": "年度分数",
    "flags": "标记",
}
_LISTED = {"best": "前列", "worst": "末位", None: "无"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference for one subject or member (``member`` is None for the subject itself).

    ``what`` is a key of ``LABELS``; ``before`` and ``after`` are None where there was no value.
    """

    subject: str
    member: str | None
    name: str
    what: str
    before: Any
    after: Any


def compare(document: Document, before: Policy, after: Policy, overrides: dict[str, Any]) -> list[Change]:
    """Score the facts twice, the second time under ``after`` with ``overrides``, and list every change.

    Another scheme gets the facts' own options where it has options of the same id. Raises
    ``InvalidInputError`` if the facts do not fit one of the two.
    """
    first = score_round(before, read_facts(document, before))
    own = document.data.get("options") or {}
    carried = {key: value for key, value in own.items() if key in after.options}
    data = document.data | {"options": carried | overrides}
    try:
        second = score_round(after, read_facts(Document(data, document.file, document.text), after))
    except InvalidInputError as error:
        found = [
            replace(one, message=f"{one.message} (the second time, under {after.id})") for one in error.faults
        ]
        raise InvalidFactsError(found) from None
    return changes(first, second, after.defaults)


def changes(before: Outcome, after: Outcome, scheme: Scheme) -> list[Change]:
    """``scheme`` has the labels of steps that flags and reasons name."""
    found: list[Change] = []
    for key, old in before.subjects.items():
        new = after.subjects[key]
        found += _differences(key, None, old.name, (old, new), scheme)
        for member, one in old.members.items():
            found += _differences(key, member, f"{old.name}　{one.name}", (one, new.members[member]), scheme)
    return found


def as_json(found: list[Change]) -> list[dict[str, Any]]:
    return [
        {
            "subject": c.subject,
            "member": c.member,
            "name": c.name,
            "what": c.what,
            "before": c.before,
            "after": c.after,
        }
        for c in found
    ]


def as_text(found: list[Change]) -> str:
    return "\n".join(_lines(found)) + "\n"


def _lines(found: list[Change]) -> Iterator[str]:
    if not found:
        yield "没有变化"
    who: tuple[str, str | None] | None = None
    for change in found:
        if who != (change.subject, change.member):
            who = (change.subject, change.member)
            yield f"{'  · ' if change.member else '■ '}{change.name}"
        indent = "    " if change.member else "  "
        yield f"{indent}{LABELS[change.what]}　{in_words(change.before)} → {in_words(change.after)}"


def in_words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value) or "无"
    return _LISTED[value] if value in _LISTED else str(value)


def _differences(
    key: str, member: str | None, name: str, results: tuple[GradedResult, GradedResult], scheme: Scheme
) -> list[Change]:
    was, now = _visible(results[0], scheme), _visible(results[1], scheme)
    return [
        Change(subject=key, member=member, name=name, what=what, before=was[what], after=now[what])
        for what in was
        if was[what] != now[what]
    ]


def _visible(result: GradedResult, scheme: Scheme) -> dict[str, Any]:
    found: dict[str, Any] = {
        "score": None if result.score is None else shown(result.score, result.places),
        "withheld": None if result.withheld is None else withheld_in_words(result.withheld, scheme),
        "grade": result.grade,
    }
    if isinstance(result, SubjectResult):
        found |= {"rank": result.rank, "listed": result.listed}
    proposed = [one.proposal for one in result.consequences]
    points = [(one.rule.label, points_in_words(one)) for one in proposed]
    return found | {
        "consequences": [one.rule.label for one in proposed],
        "points": [f"{label}：{said}" for label, said in points if said],
        "flags": [flag_in_words(flag, scheme) for flag in result.flags],
    }
