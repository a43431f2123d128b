"""A scheme as a person reads it: its rules with their clauses, its grades, its readings (口径)."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evaluations.models import SchemeVersion
from evaluations.schemes.stored import policy_of
from evaluations.scoring.options import Option
from evaluations.scoring.scheme import Scheme
from office.definitions.faults import InvalidSchemeError
from office.definitions.numbers import plain
from office.definitions.rule import Rule


@dataclass(frozen=True)
class Line:
    """One rule: its name, what it asks in our words, the clause it rests on, and figures of it."""

    label: str
    rule: Rule
    figures: str = ""


def shown(version: SchemeVersion) -> dict[str, object]:
    """Return what the page of a stored scheme shows, with the defaults of its options.

    Nothing for one that this version of the product no longer reads: the page then has only its file.
    """
    try:
        policy = policy_of(version)
    except InvalidSchemeError:
        return {}
    scheme = policy.defaults
    return {
        "document": scheme.document,
        "parts": [
            ("参评对象和周期", [*_framework(scheme)]),
            ("计分步骤", [Line(step.label, step) for step in scheme.steps]),
            ("等次和名次", [*_judgement(scheme)]),
            ("结果运用", [Line(one.label, one) for one in scheme.consequences]),
        ],
        "readings": [
            (reading, [_option(policy.options[name]) for name in reading.options])
            for reading in policy.readings
        ],
    }


def _framework(scheme: Scheme) -> Iterator[Line]:
    yield Line(scheme.subjects.label, scheme.subjects)
    yield Line("评价周期", scheme.cadence)
    if scheme.strata:
        shares = "、".join(f"{name} {plain(share)}%" for name, share in scheme.strata.shares.items())
        yield Line("评价主体占比", scheme.strata, shares)


def _judgement(scheme: Scheme) -> Iterator[Line]:
    if scheme.grades:
        bands = [
            f"{band.grade}：{plain(band.lower)}分起" if band.lower is not None else f"{band.grade}：其余"
            for band in scheme.grades.bands
        ]
        yield Line("等次", scheme.grades, "；".join(bands))
    if scheme.veto:
        yield Line("一票否决", scheme.veto, "；".join(scheme.veto.events.values()))
    if scheme.ranking:
        yield Line("名次", scheme.ranking)


def _option(option: Option) -> str:
    """Say what may be chosen: `并列名次：一同列入（默认）；都不列入`."""
    usual = option.in_words(option.default)
    others = [words for words in option.choices.values() if words != usual]
    return f"{option.label}：{'；'.join([f'{usual}（默认）', *others])}"
