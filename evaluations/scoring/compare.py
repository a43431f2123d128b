"""What if: the same facts under two schemes, or under one scheme with other options, and what changes."""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from evaluations.scoring.engine import score_round
from evaluations.scoring.facts_reader import read_facts
from evaluations.scoring.faults import InvalidFactsError, InvalidInputError
from evaluations.scoring.loading import Policy
from evaluations.scoring.numbers import shown
from evaluations.scoring.outcome import GradedResult, Outcome, SubjectResult
from evaluations.scoring.source import Document

_LABELS = {"score": "得分", "grade": "等次", "rank": "名次", "listed": "名单", "consequences": "处置建议"}
_LISTED = {"best": "前列", "worst": "末位", None: "无"}


@dataclass(frozen=True, slots=True)
class Change:
    """One difference for one subject or member (``member`` is None for the subject itself).

    ``what`` is a key of ``_LABELS``; ``before`` and ``after`` are None where there was no value.
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
    return changes(first, second)


def changes(before: Outcome, after: Outcome) -> list[Change]:
    found: list[Change] = []
    for key, old in before.subjects.items():
        new = after.subjects[key]
        found += _differences(key, None, old.name, (old, new))
        for member, one in old.members.items():
            found += _differences(key, member, f"{old.name}　{one.name}", (one, new.members[member]))
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
        yield f"{indent}{_LABELS[change.what]}　{_words(change.before)} → {_words(change.after)}"


def _words(value: Any) -> str:
    if isinstance(value, list):
        return "、".join(value) or "无"
    return _LISTED[value] if value in _LISTED else str(value)


def _differences(
    key: str, member: str | None, name: str, results: tuple[GradedResult, GradedResult]
) -> list[Change]:
    was, now = _visible(results[0]), _visible(results[1])
    return [
        Change(subject=key, member=member, name=name, what=what, before=was[what], after=now[what])
        for what in was
        if was[what] != now[what]
    ]


def _visible(result: GradedResult) -> dict[str, Any]:
    found: dict[str, Any] = {
        "score": None if result.score is None else shown(result.score, result.places),
        "grade": result.grade,
    }
    if isinstance(result, SubjectResult):
        found |= {"rank": result.rank, "listed": result.listed}
    return found | {"consequences": [one.proposal.rule.label for one in result.consequences]}
