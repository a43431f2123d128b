"""A year of matters in the demo county, each settled through the services people's pages call.

It ends with today, so that somebody who looks at it finds things that are due, late and waiting. The numbers
are those of a usual county: six at the window and five leads a month, twenty complaints, a few each week.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta

from django.contrib.auth.hashers import make_password
from django.db import transaction
from django.utils import timezone

from casework.matters import acceptance, assigning, calling, closing, deciding, extending, following, handling
from casework.matters.clocks import Reckoner
from casework.matters.registration import Reported, register_matter
from casework.models import Assignment, Clock, Matter
from casework.procedure import Procedure
from casework.procedure.words import Stage
from casework.procedures.stored import in_use
from demo.matter_texts import COMPLAINTS, COMPLETIONS, LAW, LEADS, REPLIES, UNRESOLVED
from departments.models import Department, Membership
from office.jobs.services import Progress
from office.models import User
from office.roles import Role

UNITS = 8  # departments that answer in the demo; the first has an account one can sign in with
DAYS = 365
QUIET_MONTH = 2  # in this month nobody came to the window
State = Matter.State
Each = Assignment.State


@dataclass(frozen=True)
class Stream:
    """What comes in at one desk: how many a month, and with which categories, by weight."""

    procedure: str
    a_month: int
    texts: Sequence[tuple[str, ...]]
    sources: Sequence[str]
    categories: Mapping[str, int]
    anonymous: float = 0.1
    fields: Mapping[str, Sequence[str]] = field(default_factory=dict)


STREAMS = (
    Stream(
        "wuyang-unresolved-matters",
        6,
        UNRESOLVED,
        ("window", "window", "phone", "web"),
        {"blue": 3, "yellow": 2, "red": 1},
        fields={"visits": ("1", "2", "3")},
    ),
    Stream("wuyang-leads", 5, LEADS, ("plate", "visit", "web"), {"c": 3, "b": 2, "a": 1}, anonymous=0.4),
    Stream(
        "guangyuan-complaints",
        20,
        COMPLAINTS,
        ("web", "phone", "window", "hotline", "letter"),
        {"c": 6, "b": 3, "a": 1},
        fields={"kind": ()},
    ),
)


class YearOfMatters:
    """Registers and settles the matters of a year; the same year whenever it runs, up to the day it ends."""

    def __init__(self, people: Mapping[str, User], now: datetime, progress: Progress | None = None) -> None:
        self.people = people
        self.progress = progress
        self.now = now
        self.chance = random.Random(20260930)  # noqa: S311 - a demo that is the same every time
        self.reckoner = Reckoner()
        self.units = list(Department.objects.disclosing().order_by("order")[:UNITS])
        first = (people["department"], people["checker"])
        self.officers = dict(zip(self.units, _officers(self.units, first), strict=True))

    def hold(self) -> int:
        """Register in the order of days; return how many."""
        wanted = sorted(self._wanted(), key=lambda one: one[0])
        for number, (at, stream, about) in enumerate(wanted, start=1):
            with transaction.atomic():
                self.settle(self._registered(stream, at, about), at)
            if self.progress and number % 20 == 0:
                self.progress(number, len(wanted), "正在载入事项")
        following.follow_the_clocks(now=self.now)
        return len(wanted)

    def _wanted(self) -> Iterator[tuple[datetime, Stream, Department]]:
        first = timezone.localdate(self.now) - timedelta(days=DAYS)
        for stream in STREAMS:
            for number in range(DAYS * stream.a_month * 12 // 365):
                day = first + timedelta(days=number * 365 // (stream.a_month * 12) + self.chance.randrange(5))
                if stream is STREAMS[0] and day.month == QUIET_MONTH:
                    continue
                at = self._working(_moment(day, self.chance.randrange(9 * 60, 16 * 60)))
                if at < self.now:
                    yield at, stream, self.chance.choice(self.units)

    def _registered(self, stream: Stream, at: datetime, about: Department) -> Matter:
        version = in_use(stream.procedure)
        title, text, *_ = self.chance.choice(stream.texts)
        anonymous = self.chance.random() < stream.anonymous
        number = self.chance.randrange(10**4)
        fields = {key: self.chance.choice(values) for key, values in stream.fields.items() if values}
        for asked in version.procedure.intake.fields:
            if asked.choices and asked.required:
                fields[asked.id] = self.chance.choice(asked.choices)
        reported = Reported(
            source=self.chance.choice(stream.sources),
            title=title,
            text=text,
            fields=fields,
            about=about,
            category=self.chance.choices([*stream.categories], [*stream.categories.values()])[0],
            is_anonymous=anonymous,
            name="" if anonymous else f"示范反映人{number}",
            phone="" if anonymous else f"0000-{number:07}",
        )
        receipt = register_matter(
            version=version,
            reported=reported,
            now=at,
            acting_user=self.people["window"],
            reckoner=self.reckoner,
        )
        return receipt.matter

    def settle(self, matter: Matter, at: datetime) -> None:
        """Let it go on from stage to stage until it has ended or today is reached."""
        while at < self.now:
            matter = Matter.objects.select_related("version", "about").get(pk=matter.pk)
            step = self._steps().get(State(matter.state))
            later = step(matter, at) if step else at
            if later <= at:  # nothing more happens by itself
                return
            at = later

    def _steps(self) -> dict[Matter.State, Callable[[Matter, datetime], datetime]]:
        return {
            State.REGISTERED: self._accept,
            State.ACCEPTED: self._judge,
            State.JUDGED: self._assign,
            State.ASSIGNED: self._answer,
            State.REPLIED: self._complete,
            State.COMPLETED: self._tell,
            State.CALLING: self._call,
            State.CLOSING: self._close_soon,
            State.REFERRED: self._decide,
        }

    def _accept(self, matter: Matter, at: datetime) -> datetime:
        at, refusals = self._later(at, 20, 240), matter.procedure.intake.refusals
        if at > self.now:
            return at
        if refusals and self.chance.random() < 0.04:
            refused = acceptance.propose_refusal(
                matter=matter,
                refusal=refusals[0].id,
                reason="经核对，该事项正在法定程序中。",
                now=at,
                acting_user=self.people["centre"],
            )
            at = self._later(at, 30, 120)
            if refused.state == State.REFUSING and at < self.now:
                acceptance.settle_refusal(
                    matter=refused, agrees=True, opinion="同意", now=at, acting_user=self.people["reviewer"]
                )
            return self.now
        acceptance.accept_matter(matter=matter, now=at, acting_user=self.people["centre"])
        return at

    def _judge(self, matter: Matter, at: datetime) -> datetime:
        at = self._later(at, 10, 60)
        if at < self.now:
            causes = matter.procedure.causes
            acceptance.judge_matter(
                matter=matter,
                category=matter.category,
                opinion="按规程分类。",
                cause=self.chance.choice(causes) if causes else "",
                now=at,
                acting_user=self.people["centre"],
            )
        return at

    def _assign(self, matter: Matter, at: datetime) -> datetime:
        at = self._later(at, 10, 120)
        if at < self.now:
            others = [unit for unit in self.units if unit != matter.about]
            rule = matter.procedure.assigning
            barred = rule is not None and rule.never_to_the_unit
            unit = self.chance.choice(others) if barred or matter.about is None else matter.about
            units = [unit]
            if self.chance.random() < 0.1:
                units.append(self.chance.choice([one for one in others if one != unit]))
            assigning.assign_matter(
                matter=matter,
                units=units,
                now=at,
                acting_user=self.people["centre"],
                reckoner=self.reckoner,
            )
        return at

    def _answer(self, matter: Matter, at: datetime) -> datetime:
        """Each unit signs and replies, mostly in time; some ask for more time, a few are late."""
        procedure, until = matter.procedure, at
        for one in list(
            matter.assignments.filter(state__in=(Each.WAITING, Each.IN_HAND)).order_by("-is_lead")
        ):
            by = self._handler(one)
            signed = self._later(at, 15, 180)
            if signed > self.now:
                return self.now
            if one.state == Each.WAITING and procedure.has(Stage.SIGNING):
                taken = assigning.sign_for_assignment(assignment=one, now=signed, acting_user=by)
                handling.note_contact(assignment=taken, now=self._later(signed, 10, 60), acting_user=by)
            replied = self._when_answered(matter, one, signed)
            if replied > self.now:
                return self.now
            self._reply(procedure, one, replied, by)
            until = max(until, replied)
        return until

    def _handler(self, one: Assignment) -> User:
        """Return who of the unit does it: what is done again, the other one."""
        return self.officers[one.unit][one.matter.times_reopened % 2]

    def _when_answered(self, matter: Matter, one: Assignment, signed: datetime) -> datetime:
        clock = (
            Clock.objects.filter(
                matter=matter, state__in=("running", "stopped"), due_at__isnull=False, assignment__in=[one.pk]
            )
            .order_by("-due_at")
            .first()
            or matter.clocks.filter(state="running").order_by("-due_at").first()
        )
        if clock is None or clock.due_at is None:
            return self._later(signed, 60, 600)
        share = self.chance.random()
        whole = max(clock.due_at - signed, timedelta(minutes=30))
        if share < 0.06:  # late by a day or more
            return self._working(clock.due_at + timedelta(days=self.chance.randrange(1, 6)))
        if share < 0.1 and clock.assignment_id and clock.due_at - signed > timedelta(days=2):
            self._extend(matter, one, clock, signed)
        return self._working(signed + whole * (0.15 + 0.8 * self.chance.random()), no_later=clock.due_at)

    def _extend(self, matter: Matter, one: Assignment, clock: Clock, at: datetime) -> None:
        rule = matter.procedure.extension
        if rule is None or clock.rule not in rule.clocks:
            return
        asked = extending.ask_extension(
            assignment=one,
            clock=clock,
            reason="需要会同其他单位核实。",
            now=at,
            acting_user=self._handler(one),
        )
        extending.settle_extension(
            clock=asked, grants=True, opinion="同意", now=at, acting_user=self.people["reviewer"]
        )

    def _reply(self, procedure: Procedure, one: Assignment, at: datetime, by: User) -> None:
        outcomes = [each for each in procedure.outcomes if "countersign" not in each.needs]
        chosen = next((each for each in outcomes if each.solved), outcomes[0])
        if self.chance.random() < 0.12:
            chosen = self.chance.choice([each for each in outcomes if each.call_back] or outcomes)
        handling.reply_to_assignment(
            assignment=one,
            reply=self.chance.choice(REPLIES),
            outcome=chosen.id,
            law=LAW if "law" in chosen.needs else "",
            now=at,
            acting_user=by,
        )

    def _complete(self, matter: Matter, at: datetime) -> datetime:
        until = at
        for one in list(matter.assignments.filter(state=Each.REPLIED)):
            done = self._later(at, 60, 60 * 20)
            if done > self.now:
                return self.now
            handling.complete_assignment(
                assignment=one,
                completion=self.chance.choice(COMPLETIONS),
                now=done,
                acting_user=self._handler(one),
            )
            until = max(until, done)
        return until

    def _tell(self, matter: Matter, at: datetime) -> datetime:
        at = self._later(at, 60, 900)
        if at > self.now:
            return self.now
        text = "您反映的事项已经办理完毕，办理情况见上。对结果不服的，可以申请复核。"
        closing.tell_reporter(matter=matter, text=text, now=at, acting_user=self.people["centre"])
        return at

    def _call(self, matter: Matter, at: datetime) -> datetime:
        rule = matter.procedure.call_back
        at = self._later(at, 60, 1200)
        if at > self.now or rule is None:
            return self.now
        reached = self.chance.random() < 0.9
        answer = rule.satisfied[0] if self.chance.random() < 0.9 else rule.unsatisfied[0]
        answers = {one.id: one.choices[0] for one in rule.questions if one.choices}
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=reached,
            answers={**answers, rule.satisfaction: answer} if reached else None,
            now=at,
            acting_user=self.people["centre"],
        )
        return at if reached else self._working(at + timedelta(days=1))

    def _decide(self, matter: Matter, at: datetime) -> datetime:
        """The leading group decides within days; the last ones still wait for it."""
        at = self._working(at + timedelta(days=self.chance.randrange(2, 9)))
        if at < self.now:
            deciding.decide_referred(
                matter=matter,
                text="请承办单位主要负责人办结，结果报领导小组。",
                decision=deciding.Decision.CLOSE,
                now=at,
                acting_user=self.people["leader"],
            )
        return at

    def _close_soon(self, matter: Matter, at: datetime) -> datetime:
        at = self._later(at, 10, 120)
        self._close(matter, at)
        return at

    def _close(self, matter: Matter, at: datetime) -> None:
        if at > self.now:
            return
        answered = matter.assignments.exclude(proposed_outcome="").order_by("-is_lead").first()
        outcome = answered.proposed_outcome if answered else matter.procedure.outcomes[0].id
        rule = matter.procedure.call_back
        if matter.is_reached is False and rule is not None and rule.not_reached:
            outcome = rule.not_reached
        findings = [one.id for one in matter.procedure.findings]
        closing.close_matter(
            matter=matter,
            outcome=outcome,
            finding=self.chance.choices(findings, range(len(findings), 0, -1))[0] if findings else "",
            now=at,
            acting_user=self.people["centre"],
        )

    def _later(self, at: datetime, least: int, most: int) -> datetime:
        """Return a moment of the office hours so many minutes later."""
        return self._working(at + timedelta(minutes=self.chance.randrange(least, most)))

    def _working(self, at: datetime, no_later: datetime | None = None) -> datetime:
        """Return this moment, or the next one at which people work; not after `no_later`."""
        local = timezone.localtime(at)
        moved = local
        while not self.reckoner.clock.calendar.works(moved.date()) or moved.hour >= 17:
            moved = _moment(moved.date() + timedelta(days=1), 9 * 60 + local.minute)
        if moved.hour < 9:
            moved = _moment(moved.date(), 9 * 60 + local.minute)
        return min(moved, no_later) if no_later else moved


def _moment(day: date, minutes: int) -> datetime:
    return timezone.make_aware(datetime.combine(day, time()) + timedelta(minutes=minutes))


def _officers(units: Sequence[Department], first: tuple[User, User]) -> list[tuple[User, User]]:
    """Give every unit that answers two people who do; those of the first sign in with its accounts."""
    hashed = make_password(None)
    roles = (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER)
    people = [first]
    for number, unit in enumerate(units[1:], start=2):
        two = [
            User.objects.create(
                username=f"unit{number}-{turn}",
                password=hashed,
                first_name=f"示范{number}局{turn}",
                role=role,
                is_staff=True,
            )
            for turn, role in zip("甲乙", roles, strict=True)
        ]
        Membership.objects.bulk_create(Membership(user=user, department=unit) for user in two)
        people.append((two[0], two[1]))
    return people
