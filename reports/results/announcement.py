"""Everything a published result says in words, gathered once for pages and PDFs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from evaluations.models import Result
from evaluations.publication import PublicView, rules_of
from evaluations.results.public import public_view_of
from evaluations.rounds import periods
from evaluations.schemes import stored as schemes
from surveys import queries

PERSONS = {
    "all": "本轮公布全部参评人员的评价结果。",
    "top_grades": "本轮只公布评定为{grades}等次的人员，其他人员的结果已送达本人。",
    "none": "本轮不公布个人评价结果，个人结果已送达本人。",
}


@dataclass(frozen=True, slots=True)
class Reading:
    """A gap of the policy and how this round reads it (口径)."""

    clause: str
    question: str
    answer: str
    chosen: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Announcement:
    """A result as it is announced: the public view with its title, dates, source and readings."""

    title: str
    period: str
    published_on: date
    number: int
    document: str
    view: PublicView
    readings: tuple[Reading, ...]
    about_persons: str
    decision: str
    reason: str = ""
    key_on_server: bool = False
    """The weaker way of keeping the tally key; said wherever a result shows."""
    explained: tuple[queries.Published, ...] = ()
    """Numbers of slips that did not add up, and who explained them."""
    survey: str = ""
    """The public id of the survey, under which its box is posted."""

    @property
    def departments(self) -> int:
        """How many departments took part."""
        return len(self.view.departments)


def announce(
    result: Result,
    *,
    published_on: date,
    number: int = 1,
    with_persons: bool = True,
    earlier: Sequence[Mapping[str, Any]] = (),
) -> Announcement:
    """Gather what is announced of `result`; `earlier` are the facts of the round's earlier publications."""
    round = result.round
    policy = schemes.policy_of(result.scheme_version)
    scheme = policy.decide(round.options)
    rules = rules_of(scheme)
    options = result.outcome["options"]
    readings = tuple(
        Reading(
            one.clause,
            one.question,
            one.answer,
            tuple(
                f"{policy.options[key].label}：{policy.options[key].in_words(options[key])}"
                for key in one.options
            ),
        )
        for one in policy.readings
    )
    number_of = f"（{scheme.document.number}）" if scheme.document.number else ""
    named = "、".join(name for name, _ in rules.grades if name in rules.named_grades)
    return Announcement(
        title=round.title,
        period=periods.in_words(round.period),
        published_on=published_on,
        number=number,
        document=f"《{scheme.document.title}》{number_of}",
        view=public_view_of(result, with_persons=with_persons, earlier=earlier),
        readings=readings,
        about_persons=PERSONS[round.persons_public].format(grades=named),
        decision=round.persons_public_decision,
        reason=result.reason,
        key_on_server=bool(round.survey and round.survey.key_on_server),
        explained=tuple(queries.published_explanations(round.survey)) if round.survey else (),
        survey=round.survey.public_id if round.survey else "",
    )
