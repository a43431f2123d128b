"""A procedure as a person reads it: its rules with their sources, no ids."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from casework.procedure import Procedure
from casework.procedure.describe import (
    ANONYMOUS,
    MEANINGS,
    NEEDS,
    late_in_words,
    limits_in_words,
    rules_of,
    who,
)
from casework.procedure.parts import ClockRule, Provision
from casework.procedure.words import EVENT_LABELS, RATE_LABELS, STAGE_LABELS


@dataclass(frozen=True)
class Line:
    """One rule: its name, what it asks in our words, figures of it, and where it comes from."""

    label: str
    rule: Provision
    figures: str = ""


def sections(procedure: Procedure) -> list[tuple[str, list[Line]]]:
    """Return the titled rules that the procedure has, in the order of a matter's way."""
    found = [
        ("受理", _intake(procedure)),
        (procedure.categories.label, _categories(procedure)),
        ("环节", _stages(procedure)),
        ("时限", (Line(one.label, one, _limit(procedure, one)) for one in procedure.clocks)),
        ("办理规则", (Line(title, rule, more) for title, rule, more in rules_of(procedure))),
        ("是否属实", (Line(one.label, one) for one in procedure.findings)),
        ("办理结果", _outcomes(procedure)),
        ("统计", (Line(one.label, one, RATE_LABELS[one.rate]) for one in procedure.figures)),
        ("可以向台账提出", (Line("提出扣分", one) for one in procedure.evidence)),
    ]
    listed = [(title, list(lines)) for title, lines in found]
    return [(title, lines) for title, lines in listed if lines]


def _intake(procedure: Procedure) -> Iterator[Line]:
    intake = procedure.intake
    said = f"{ANONYMOUS[intake.anonymous]}；来源：{'、'.join(intake.channels.values())}"
    yield Line("受理范围", intake, said)
    by_two = "（须两人）" if intake.refusal_by_two else ""
    for one in intake.refusals:
        yield Line(f"不予受理{by_two}：{one.label}", one, one.go_to)
    for tempting in intake.accept_anyway:
        yield Line(f"应当受理：{tempting.label}", tempting)


def _categories(procedure: Procedure) -> Iterator[Line]:
    rule = procedure.categories
    yield Line(rule.label, rule, MEANINGS[rule.meaning] + ("，逾期升一级" if rule.rises_when_late else ""))
    for one in rule.items:
        yield Line(one.label, one, "研判之前按此类计时" if one.id == rule.default else "")


def _stages(procedure: Procedure) -> Iterator[Line]:
    for one in procedure.stages:
        yield Line(STAGE_LABELS[one.stage], one, f"由{who(one.who)}办理")


def _limit(procedure: Procedure, rule: ClockRule) -> str:
    ends = "、".join(EVENT_LABELS[end] for end in rule.ends)
    said = [f"自{EVENT_LABELS[rule.begins]}至{ends}", limits_in_words(procedure, rule)]
    said += ["补正期间停计"] if rule.stops else []
    said += ["逾期没有决定的视为受理"] if rule.expiry_accepts else []
    return "；".join([*said, *late_in_words(rule.late)])


def _outcomes(procedure: Procedure) -> Iterator[Line]:
    for one in procedure.outcomes:
        said = ["计入解决率" if one.solved else "不计入解决率", *(NEEDS[need] for need in one.needs)]
        yield Line(one.label, one, "；".join(said))
