"""The channel of interviews: how far each unit's sample is, and what its answers give (FC-R8)."""

from __future__ import annotations

import hashlib
import math
import statistics
from collections.abc import Iterable
from dataclasses import dataclass, field
from decimal import Decimal

from django.urls import reverse

from evaluations.gathering.entries.counts import need_of
from evaluations.gathering.kinds import ChannelKind, Parts, Progress, register
from evaluations.models import Channel, Entry, Interview, RoundDepartment
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import scheme_of
from evaluations.scoring.steps.answer_deductions import AnswerDeductions

State = Interview.State
ENTER, CONFIRM = "gathering.enter", "gathering.settle"
RECHECKED = 10  # one in ten, at least one


def source_of(channel: Channel) -> str:
    return channel.need.partition(".")[2]


def deducting(channel: Channel) -> AnswerDeductions | None:
    """The step that takes each enterprise once, with its worst answer; None where every answer counts."""
    steps = scheme_of(channel.round).steps
    source = source_of(channel)
    return next((one for one in steps if isinstance(one, AnswerDeductions) and one.source == source), None)


def questions_of(channel: Channel) -> dict[str, str]:
    """What is asked, {key: words}. Where only the worst answer counts, the office may name its questions."""
    if deducting(channel) is not None and channel.named_items:
        return {one: one for one in channel.named_items}
    return need_of(channel).questions or {"overall": "总体评价"}


def choices_of(channel: Channel) -> tuple[str, ...]:
    return scheme_of(channel.round).answer_scales[need_of(channel).scale].words


def facts(channel: Channel) -> Parts:
    """Each enterprise that answered: its worst answer once, or each of its answers (FC reading 6)."""
    source, step = source_of(channel), deducting(channel)
    values = scheme_of(channel.round).answer_scales[need_of(channel).scale].values
    done = channel.interviews.filter(state=State.DONE).select_related("subject")
    found: Parts = {}
    for one in done:
        part = found.setdefault(department_key(one.subject.department_id), {"answers": {source: {}}})
        given = dict(one.answers)
        if step is not None:
            costly = [choice for choice in given.values() if choice in values]
            worst = max(costly, key=lambda choice: values[choice], default=next(iter(given.values())))
            given = {step.question: worst}
        for question, choice in given.items():
            row = part["answers"][source].setdefault(question, {})
            row[choice] = row.get(choice, 0) + 1
    return found


@dataclass
class Sample:
    """How far the interviews about one unit are."""

    subject: RoundDepartment
    wanted: int
    excuse: str = ""
    interviews: list[Interview] = field(default_factory=list)

    def count(self, *states: str) -> int:
        return sum(one.state in states for one in self.interviews)

    @property
    def done(self) -> int:
        return self.count(State.DONE)

    @property
    def waiting(self) -> int:
        return self.count(State.WAITING)

    @property
    def lacks(self) -> str:
        """What is missing, in words: a list that is used up is enough, and is noted."""
        if self.done >= self.wanted:
            return ""
        if not self.interviews:
            return "" if self.excuse else "没有样本企业，也没有注明原因"
        return f"完成 {self.done}／{self.wanted} 家，还有 {self.waiting} 家待访问" if self.waiting else ""

    @property
    def note(self) -> str:
        if self.interviews and not self.waiting and self.done < self.wanted:
            return f"{self.subject.name}：名单已用尽，完成 {self.done} 家，不足 {self.wanted} 家"
        return f"{self.subject.name}没有样本企业：{self.excuse}" if self.excuse else ""

    @property
    def outcomes(self) -> list[int]:
        return [self.count(state) for state in (State.REFUSED, State.INVALID, State.UNREACHED, State.VOID)]

    @property
    def medians(self) -> list[str]:
        done = [one for one in self.interviews if one.state == State.DONE]
        return [median(getattr(one, name) for one in done) for name in ("days", "cost", "papers")]


def median(values: Iterable[int | Decimal | None]) -> str:
    given = [Decimal(one) for one in values if one is not None]
    return f"{statistics.median(given).normalize():f}" if given else ""


def samples_of(channel: Channel) -> list[Sample]:
    excuses = dict(Entry.objects.filter(channel=channel).values_list("subject_id", "remark"))
    found = {
        one.pk: Sample(one, channel.sample_size, excuses.get(one.pk, ""))
        for one in channel.round.departments.filter(is_judged=True)
    }
    for interview in channel.interviews.order_by("id"):
        if sample := found.get(interview.subject_id):
            sample.interviews.append(interview)
    return list(found.values())


def to_recheck(channel: Channel, samples: Iterable[Sample]) -> list[Interview]:
    """One in ten of those done, chosen by what nobody chooses, and not rechecked yet."""
    done = [one for sample in samples for one in sample.interviews if one.state == State.DONE]
    drawn = sorted(done, key=lambda one: hashlib.sha256(f"{channel.pk}:{one.pk}".encode()).digest())
    return [one for one in drawn[: math.ceil(len(done) / RECHECKED)] if one.rechecked_by_id is None]


def progress(channel: Channel) -> Progress:
    samples = samples_of(channel)
    missing = [f"{one.subject.name}：{one.lacks}" for one in samples if one.lacks]
    done = len(samples) - len(missing)
    names = {one.subject.pk: one.subject.name for one in samples}
    missing += [
        f"抽查复核：{one.enterprise}（{names[one.subject_id]}）" for one in to_recheck(channel, samples)
    ]
    return Progress(done, len(samples), missing=missing, notes=[one.note for one in samples if one.note])


def url(channel: Channel) -> str:
    return reverse("cockpit:interviews", args=[channel.pk])


register(
    ChannelKind(
        kind=Channel.Kind.INTERVIEWS,
        action=ENTER,
        confirm=CONFIRM,
        progress=progress,
        facts=facts,
        url=url,
    )
)
