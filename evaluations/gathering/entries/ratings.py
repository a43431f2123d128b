"""The grid of counts, filled from what was rated at the counter (码上评); nobody types in it.

A unit has what was rated at it, at windows it staffs, at windows judged as itself, and at every
unit within it: a county has what was rated anywhere in it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

from departments.models import Department
from evaluations.gathering.entries import counts
from evaluations.gathering.entries.grid import Grid
from evaluations.gathering.entries.stored import subjects_of
from evaluations.gathering.entries.words import name_of, scheme
from evaluations.models import Channel, RoundDepartment
from evaluations.rounds import periods
from evaluations.scoring.gathering import COUNTED
from evaluations.scoring.steps.ballot_mean import BallotMean
from office import dates
from office.errors import Refused
from ratings.counts.counting import Tally, codes_of, tallies
from ratings.rules import RatingRules, all_rules

TICKETS = "tickets"
ASIDE = "请改用其他渠道，或者更正评价办法（ratings.yaml）的用语。"


@dataclass(frozen=True)
class Source:
    """Which rules of rating serve the channel, and over which days."""

    rules_id: str
    rules: RatingRules
    first: date
    last: date
    tickets_only: bool

    @property
    def which(self) -> str:
        return COUNTED[TICKETS if self.tickets_only else "all"]


def grid_of(channel: Channel) -> Grid:
    return replace(counts.grid_of(channel), is_taken=True, says="")


def source_of(channel: Channel, today: date) -> Source:
    """Return where the round's ratings are; refuse where words differ, or where no day of it is over.

    Only days that are over count: the numbers of two takings on one day would say when somebody rated.
    """
    rules_id, rules = _rules(channel)
    first, end = days_of(channel)
    last = min(end, today - timedelta(days=1))
    if last < first:
        raise Refused(f"本轮的评价从{dates.day(first)}开始，还没有过完的日子", "请以后再取数。")
    rule = next((rule for need, rule in scheme(channel).needs() if need.key == channel.need), None)
    return Source(rules_id, rules, first, last, tickets_only=bool(rule and rule.counted == TICKETS))


def days_of(channel: Channel) -> tuple[date, date]:
    return periods.days_of(channel.round.period, scheme(channel).cadence.rounds_per_year)


def _rules(channel: Channel) -> tuple[str, RatingRules]:
    """The rules whose levels belong to the round's scheme, in the words of its scale and its questions."""
    need, own = counts.need_of(channel), scheme(channel)
    found = [
        (name, rules)
        for name, rules in all_rules().items()
        if rules.levels.scheme == own.id and rules.levels.scale == need.scale
    ]
    if not found:
        raise Refused(f"“{own.title}”没有对应的码上评办法", "请改用其他渠道。")
    rules_id, rules = found[0]
    wanted = tuple(own.answer_scales[need.scale].choices)
    if rules.words != wanted:
        said = f"码上评是{'、'.join(rules.words)}，本轮的口径是{'、'.join(wanted)}"
        raise Refused(f"码上评的等次与评价方案的答案不同：{said}", ASIDE)
    asked = set(counts.questions_of(need))
    if set(rules.aspect_ids or ("overall",)) != asked:
        raise Refused("码上评的分项与评价方案的评价方面不同", ASIDE)
    return rules_id, rules


def tallies_of(channel: Channel, source: Source) -> dict[int, Tally]:
    """Return {row of the round: its tally}, empty ones included."""
    found = tallies(source.first, source.last, source.rules_id, source.rules)
    subjects = subjects_of(channel.round)
    sums = {subject.department_id: Tally() for subject in subjects}
    parents = dict(Department.objects.values_list("pk", "parent_id"))
    for code in codes_of(source.rules_id):
        if (tally := found.get(code.pk)) is None:
            continue
        units = _with_parents(code.unit_id, parents)
        if code.window and code.window.unit_id:
            units.add(code.window.unit_id)
        for unit in units & sums.keys():
            sums[unit].add(tally)
    return {subject.pk: sums[subject.department_id] for subject in subjects}


def _with_parents(unit: int | None, parents: Mapping[int, int | None]) -> set[int]:
    """The unit and all it is within; a window's own unit is not walked up: it may have changed hands."""
    found: set[int] = set()
    while unit is not None and unit not in found:
        found.add(unit)
        unit = parents.get(unit)
    return found


def told(source: Source, tally: Tally) -> dict[str, Any]:
    """What is kept of a unit beside its answers: never a day or an hour of one rating."""
    return {
        "first": source.first.isoformat(),
        "last": source.last.isoformat(),
        "counted": tally.with_ticket if source.tickets_only else tally.number,
        "with_ticket": tally.with_ticket,
        "without_ticket": tally.without_ticket,
        "held": tally.held,
        "excluded": tally.excluded,
        # Pairs: a database may give the names of an object back in an order of its own.
        "levels": list(map(list, tally.levels(source.rules, tickets_only=source.tickets_only).items())),
        "public_from": source.rules.shown.public_from,
    }


def in_words(source: Source, tally: Tally) -> str:
    """The same as the source of every number that goes into the result."""
    days = f"{dates.day(source.first)}至{dates.day(source.last)}"
    if source.tickets_only:
        said = f"计入凭票{tally.with_ticket}条，无票{tally.without_ticket}条按口径不计"
    else:
        said = f"计入{tally.number}条（凭票{tally.with_ticket}、无票{tally.without_ticket}）"
    return f"码上评{days}：{said}，暂缓{tally.held}条，排除{tally.excluded}条"


def least_of(channel: Channel) -> int:
    """How many must have rated before the scheme lets the part count."""
    steps = [step for step in scheme(channel).steps if isinstance(step, BallotMean)]
    return max((step.min_answers for step in steps if step.source == name_of(channel)), default=1)


def notes_of(channel: Channel) -> list[str]:
    """What should be known of what was taken, whether or not somebody does something about it."""
    units: dict[str, dict[str, Any]] = channel.taken
    if not units:
        return []
    again = channel.state == Channel.State.OPEN
    found = []
    if held := sum(one["held"] for one in units.values()):
        found.append(f"取数时有{held}条评价暂缓，没有计入{'；两人认定之后请重新取数' if again else ''}")
    end, last = days_of(channel)[1], min(one["last"] for one in units.values())
    if last < end.isoformat():
        taken = f"本期到{dates.day(end)}为止，只取到{dates.of_iso(last)}"
        found.append(f"{taken}{'；期满之后请重新取数' if again else ''}")
    least = least_of(channel)
    if few := [one for one in units.values() if one["counted"] < least]:
        found.append(f"{len(few)}个单位不足{least}条，按评价方案关于缺项的规定处理")
    return found


def total_in_words(channel: Channel) -> str:
    """All units together, for a result; empty where nothing was taken."""
    units = list(channel.taken.values())
    if not units:
        return ""
    first, last = min(one["first"] for one in units), max(one["last"] for one in units)
    counted, held, excluded = (sum(one[name] for one in units) for name in ("counted", "held", "excluded"))
    days = f"{dates.of_iso(first)}至{dates.of_iso(last)}"
    return f"{days}，计入{counted}条，暂缓{held}条，排除{excluded}条"


def rows(channel: Channel) -> list[tuple[RoundDepartment, dict[str, Any] | None]]:
    return [(subject, channel.taken.get(str(subject.pk))) for subject in subjects_of(channel.round)]
