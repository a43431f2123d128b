"""What entries cost, asked of the engine's own rules for one unit: while somebody types, and in all."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from departments.models import Department
from evaluations.gathering.ledger.book import (
    Ledger,
    LedgerRule,
    blocks_of,
    evidence_of,
    round_of,
    rule_of,
)
from evaluations.models import Occurrence, Round
from evaluations.rounds import periods
from evaluations.schemes.stored import policy_of
from evaluations.scoring import InvalidInputError, Policy, facts_from
from evaluations.scoring.case import Case
from evaluations.scoring.derivation import Derivation
from office.definitions.numbers import plain, signed

_UNIT = "unit"


@dataclass(frozen=True)
class Reckoning:
    """By which rules a day counts: those of its round, or the usual ones where there is none yet."""

    policy: Policy
    options: dict[str, Any]
    period: str
    round: Round | None = None

    @classmethod
    def on(cls, ledger: Ledger, day: date) -> Reckoning:
        if round_ := round_of(ledger.scheme_id, day):
            return cls.of(round_)
        return cls(ledger.policy, {}, periods.containing(day, ledger.cadence))

    @classmethod
    def of(cls, round: Round) -> Reckoning:
        return cls(policy_of(round.scheme_version), round.options, round.period, round)

    @property
    def days(self) -> tuple[date, date]:
        return periods.days_of(self.period, self.policy.defaults.cadence.rounds_per_year)

    def occurrences(self) -> Any:
        """Return what lies in the period and was not withdrawn."""
        kept = Occurrence.objects.filter(scheme_id=self.policy.id, day__range=self.days)
        return kept.exclude(state=Occurrence.State.WITHDRAWN)


@dataclass(frozen=True)
class Total:
    """What a unit's entries come to: each block with its derivation, and the events that fix the grade."""

    blocks: list[tuple[str, Derivation]]
    vetoes: list[str] = field(default_factory=list)


def total_of(reckoning: Reckoning, group: str, found: Iterable[Occurrence]) -> Total:
    """Add up a unit's entries by the rules of the scheme; raise InvalidInputError if they fit them not."""
    scheme = reckoning.policy.decide(reckoning.options)
    known = scheme.subjects.groups
    subject = {"name": "单位", "group": group if group in known else next(iter(known), group)}
    data = {
        "period": reckoning.period,
        "options": reckoning.options,
        "subjects": {_UNIT: subject | evidence_of(found)},
    }
    facts = facts_from(data, reckoning.policy)
    one = facts.subjects[_UNIT]
    case = Case(key=_UNIT, facts=one, round_facts=facts, scheme=scheme, prepared={})
    blocks = [(block.label, block.of_subject(case)) for block in blocks_of(scheme)]
    events = scheme.veto.events if scheme.veto else {}
    return Total(blocks, [events[veto] for veto in one.vetoes])


@dataclass(frozen=True)
class Cost:
    """What one more entry changes, in lines to read; `counts` is false where it changes nothing."""

    lines: list[str]
    counts: bool


def cost_of(reckoning: Reckoning, group: str, kept: Sequence[Occurrence], new: Occurrence) -> Cost:
    """Compare a unit's blocks without and with an entry that nobody stored yet."""
    scheme = reckoning.policy.decide(reckoning.options)
    rule = rule_of(scheme, new)
    if rule is None:
        return Cost([], counts=False)
    lines = [f"依据：{rule.clause}　{rule.says}", f"计入：{_where(reckoning)}"]
    try:
        before = total_of(reckoning, group, kept)
        after = total_of(reckoning, group, [*kept, new])
    except InvalidInputError:
        return Cost([*lines, "已登记的记录与现行方案不一致，暂不能推算得分。"], counts=False)
    if waiting := sum(one.state == Occurrence.State.ENTERED for one in kept):
        lines.append(f"本单位本期另有 {waiting} 件待确认，推算时一并计入。")
    changed = after.vetoes != before.vetoes
    for (label, was), (_, now) in zip(before.blocks, after.blocks, strict=True):
        if rule.block is not None and label == rule.block.label:
            lines += _compared(label, was, now, rule)
        changed = changed or was.exact != now.exact
    if after.vetoes != before.vetoes and scheme.veto:
        grade = scheme.veto.grade
        lines.append(
            f"一票否决：{'、'.join(after.vetoes)}，不论得分，直接评为{grade}（{scheme.veto.clause}）。"
        )
    elif rule.is_veto:
        lines.append("本期已有同样的一票否决情形，再登记一件不改变等次。")
    if not rule.takes(new.title) and rule.item is not None:
        lines.append(f"标题不含规定词汇（{'、'.join(rule.item.keywords)}），可以登记，但不计分。")
    return Cost(lines, counts=changed)


def _where(reckoning: Reckoning) -> str:
    period = periods.in_words(reckoning.period)
    return f"{period}，轮次“{reckoning.round.title}”" if reckoning.round else f"{period}（尚未建立轮次）"


def _compared(label: str, was: Derivation, now: Derivation, rule: LedgerRule) -> list[str]:
    change = now.figure - was.figure
    said = f"{signed(change)} 分" if change else "不变"
    lines = [f"{label}：{plain(was.figure)} 分 → {plain(now.figure)} 分（{said}）"]
    lines += [
        f"{part.label}：{part.because}"
        for part in now.parts
        if part.clause == rule.clause and part.label == rule.label
    ]
    return [*lines, f"{label}合计：{now.because}"]


def kept_of(reckoning: Reckoning, department: Department) -> list[Occurrence]:
    return list(reckoning.occurrences().filter(department=department).order_by("day", "id"))
