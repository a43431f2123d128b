"""Problems that a result, the ledger and approved remarks offer: proposals that somebody ticks."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation

from evaluations.gathering.ledger.book import days_of_round, rule_of
from evaluations.models import Occurrence, Rectification, RectificationItem
from evaluations.rectification.planning import Problem
from evaluations.remarks.shown import comments_for_department
from evaluations.results.public import judges_persons
from evaluations.results.score_sheet import Line, score_sheet
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import scheme_of
from office import dates

Source = RectificationItem.Source
MOST_LINES, MOST_REMARKS, MOST_ENTRIES = 5, 10, 20


@dataclass(frozen=True)
class Candidate:
    """A problem that may be chosen; `key` names it in the form."""

    key: str
    problem: Problem

    @property
    def kind(self) -> str:
        return Source(self.problem.source_kind).label


def candidates(one: Rectification) -> list[Candidate]:
    """Only what the unit itself may read of its result, and what is not listed yet."""
    known = set(one.items.values_list("problem", flat=True))
    found = [*_of_the_result(one), *_of_the_ledger(one), *_of_the_remarks(one)]
    fresh = {each.text: each for each in found if each.text not in known}
    return [Candidate(f"{each.source_kind}-{at}", each) for at, each in enumerate(fresh.values())]


def _of_the_result(one: Rectification) -> Iterator[Problem]:
    disposition = one.disposition
    title = disposition.round.title
    yield Problem(disposition.because[:500], Source.RESULT, f"{title}（{disposition.clause}）")
    if judges_persons(disposition.result):
        return
    sheet = score_sheet(disposition.result, department_key(one.department_id))
    for line in _lowest(sheet.lines):
        full = f"满分{line.full}，" if line.full else ""
        said = f"{line.item}：{full}得{line.got}" + (f"。{line.remark}" if line.remark else "")
        yield Problem(said[:500], Source.RESULT, f"{title}评分表（{line.clause}）")


def _lowest(lines: tuple[Line, ...]) -> list[Line]:
    """The parts without parts that lost most of their full marks; aspects of one scale by what they got."""
    parts = [
        line
        for line, after in zip(lines, (*lines[1:], None), strict=True)
        if line.depth > 0 and (after is None or after.depth <= line.depth)
    ]
    lost = [(share, line) for line in parts if (share := _share(line)) is not None and share < 1]
    return [line for _, line in sorted(lost, key=lambda each: each[0])[:MOST_LINES]]


def _share(line: Line) -> Decimal | None:
    try:
        return Decimal(line.got) / Decimal(line.full or 100)
    except (InvalidOperation, ZeroDivisionError):
        return None


def _of_the_ledger(one: Rectification) -> Iterator[Problem]:
    round_ = one.disposition.round
    scheme = scheme_of(round_)
    entries = Occurrence.objects.filter(
        scheme_id=round_.scheme_version.scheme_id,
        department=one.department_id,
        day__range=days_of_round(round_),
        state=Occurrence.State.CONFIRMED,
    ).order_by("day", "pk")
    for entry in entries[:MOST_ENTRIES]:
        rule = rule_of(scheme, entry)
        if rule is None or (rule.points >= 0 and not rule.is_veto):
            continue
        said = entry.title or entry.practice or entry.remark
        text = f"{dates.day(entry.day)}：{rule.label}" + (f"。{said}" if said else "")
        yield Problem(text[:500], Source.LEDGER, f"台账记录{entry.pk}（{rule.clause}）")


def _of_the_remarks(one: Rectification) -> Iterator[Problem]:
    shown = comments_for_department(one.disposition.round, one.department_id)
    for words in (shown.matters if shown.is_shown else ())[:MOST_REMARKS]:
        yield Problem(words[:500], Source.REMARK, f"{one.disposition.round.title}意见建议（已复核）")
