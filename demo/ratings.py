"""Eight months of ratings in the demo county: codes, rolls of tickets, and what people rated up to today.

The numbers are those of a usual county: 180 on a working day, one in a hundred bad, a few held or excluded.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.db import transaction
from django.utils import timezone

from demo.matters import YearOfMatters
from demo.rating_texts import BAD, CHECKED, GOOD
from demo.surroundings import open_halls
from departments.models import Department, Hall, Window
from office.calendar.days import calendar
from office.errors import Refused
from office.models import User
from ratings.codes.making import Wanted, make_codes
from ratings.follow_up.making import counts_since, make_matter
from ratings.follow_up.sealing import seal_phone
from ratings.intake.services import AFTER_HOURS, AGAIN, BURST
from ratings.judging.services import Proposal, propose_judgment, settle_judgment
from ratings.models import (
    BadRatingContact,
    Judgment,
    Rating,
    RatingCode,
    RatingMatter,
    Served,
    Ticket,
    TicketBatch,
)
from ratings.rules import rules_of
from ratings.tickets import marks

RULES = "guangyuan-bad-ratings"
ROLL = 120
OPENS, OPEN_FOR = 9, 8  # hours
LOBBY, QUIET = 0.45, 0.08  # how often beside a window; so few that the sum of a month stays hidden
QUIET_ONES = 3
WITH_TICKET, BAD_ONES, LEAVE_A_NUMBER = 0.6, 0.01, 0.4
HELD_ONES = 0.003
BURST_EVERY, SINCE_THE_LAST, BURST_OF = 30, 3, 5  # working days, working days, ratings
JUDGED_WITHIN = timedelta(days=10)
SERVED_DAYS = timedelta(days=30)
AT_ONCE = 2000
NINE = time(9)
State, Act = Rating.State, Judgment.Act


@dataclass(frozen=True)
class Size:
    days: int = 240
    a_day: int = 180


USUAL = Size()


def hold_ratings(
    people: Mapping[str, User], now: datetime, year: YearOfMatters | None = None, size: Size = USUAL
) -> None:
    """Rate once; bad ratings with a number become matters, which `year` settles as it does the others."""
    if TicketBatch.objects.filter(rules_id=RULES, kind=TicketBatch.Kind.ROLL).exists():
        return
    ratings = DemoRatings(people, now, size)
    with transaction.atomic():
        ratings.put_up_codes()
        ratings.print_rolls()
        ratings.rate()
        ratings.judge()
    ratings.follow_up(year)


class DemoRatings:
    """Draws the same ratings whenever it runs, up to the day it ends."""

    def __init__(self, people: Mapping[str, User], now: datetime, size: Size = USUAL) -> None:
        self.people = people
        self.now = timezone.localtime(now)
        self.a_day = size.a_day
        self.today = self.now.date()
        self.first = self.today - timedelta(days=size.days)
        self.rules = rules_of(RULES)
        self.chance = random.Random(20261115)  # noqa: S311 - a demo that is the same every time
        self.codes: list[RatingCode] = []

    def put_up_codes(self) -> None:
        """Codes at all windows and walls and in the units' lobbies; what another round put up stays."""
        if not Window.objects.exists():
            open_halls(list(Department.objects.bodies().filter(is_active=True).order_by("order")))
        lobbies = Department.objects.disclosing().filter(is_active=True).order_by("order")
        wanted = [Wanted(hall=hall, windows=True, wall=True) for hall in Hall.objects.all()]
        for one in (*wanted, Wanted(units=tuple(lobbies))):
            with suppress(Refused):  # all of them have theirs
                make_codes(
                    wanted=one, rules_id=RULES, valid_from=self.first, acting_user=self.people["centre"]
                )
        rated = RatingCode.objects.filter(rules_id=RULES, ended_on=None).exclude(kind=RatingCode.Kind.WALL)
        windows = rated.filter(window__in=Window.objects.all()).order_by("window__hall__order", "window_id")
        self.codes = [*windows, *rated.filter(window=None, unit__in=lobbies).order_by("unit__order")]

    def print_rolls(self) -> None:
        last = self.today + timedelta(days=self.rules.tickets.roll_days)
        for hall in Hall.objects.all():
            uses = [self.chance.random() < WITH_TICKET for _ in range(ROLL)]
            roll = TicketBatch.objects.create(
                rules_id=RULES,
                kind=TicketBatch.Kind.ROLL,
                hall=hall,
                size=ROLL,
                used=sum(uses),
                made_on=self.first,
                made_by=self.people["centre"],
            )
            Ticket.objects.bulk_create(
                Ticket(
                    batch=roll,
                    mark=marks.mark_of(marks.new_number()),
                    last_day=last,
                    is_used=is_used,
                )
                for is_used in uses
            )

    def rate(self) -> None:
        Rating.objects.bulk_create(self._drawn(), batch_size=AT_ONCE)
        rated_at = {code.pk: code.window_id for code in self.codes}
        seen: dict[tuple[int, date], int] = {}
        since = self.today - SERVED_DAYS
        for code, day in Rating.objects.filter(day__gte=since).values_list("code_id", "day"):
            if window := rated_at.get(code):
                seen[window, day] = seen.get((window, day), 0) + 1
        Served.objects.bulk_create(
            (
                Served(window_id=window, day=day, number=number * 2, entered_by=self.people["window"])
                for (window, day), number in seen.items()
                if day < self.today
            ),
            ignore_conflicts=True,
        )

    def _drawn(self) -> Iterator[Rating]:
        works = calendar().works
        days = [self.first + timedelta(days=at) for at in range((self.today - self.first).days + 1)]
        weights = [
            1.0 if code.window_id else QUIET if at >= len(self.codes) - QUIET_ONES else LOBBY
            for at, code in enumerate(self.codes)
        ]
        for ago, day in reversed([*enumerate(day for day in reversed(days) if works(day))]):
            many = round(self.a_day * self.chance.uniform(0.75, 1.25) * self._so_far(day))
            for code in self.chance.choices(self.codes, weights, k=many):
                yield self._one(code, day)
            if ago % BURST_EVERY == SINCE_THE_LAST:
                code = self.chance.choice(self.codes)
                best = {"level": self.rules.words[0], "state": State.HELD, "held_because": BURST}
                yield from (Rating(code=code, day=day, **best) for _ in range(BURST_OF))

    def _so_far(self, day: date) -> float:
        """Return how much of a day's hours is over."""
        if day < self.today:
            return 1.0
        return min(max((self.now.hour + self.now.minute / 60 - OPENS) / OPEN_FOR, 0.0), 1.0)

    def _one(self, code: RatingCode, day: date) -> Rating:
        good = [word for word in self.rules.words if word not in self.rules.bad_words]
        is_bad = self.chance.random() < BAD_ONES
        level = self._pick(self.rules.bad_words if is_bad else good)
        rating = Rating(code=code, day=day, level=level, has_ticket=self.chance.random() < WITH_TICKET)
        if self.chance.random() < 0.2:
            apart = self.chance.sample(self.rules.aspect_ids, min(2, len(self.rules.aspect_ids)))
            words = self.rules.bad_words if is_bad else good
            rating.aspects = ";".join(
                f"{one}={self._pick(words)}" for one in self.rules.aspect_ids if one in apart
            )
        if is_bad:
            rating.reasons = self.chance.choice(self.rules.reasons.items)
            rating.text = self.chance.choice(BAD)
        elif self.chance.random() < 0.03:
            rating.text = self.chance.choice(GOOD)
        if not rating.has_ticket and self.chance.random() < HELD_ONES:
            rating.state, rating.held_because = State.HELD, self.chance.choice((AGAIN, AFTER_HOURS))
        return rating

    def _pick(self, words: Sequence[str]) -> str:
        """The first word mostly, each next one four times as seldom."""
        return self.chance.choices(words, [4.0**-at for at in range(len(words))])[0]

    def judge(self) -> None:
        """Two people have settled what was held before the last days; some bad ratings were moved."""
        until = self.today - JUDGED_WITHIN
        held = Rating.objects.filter(code__in=self.codes, state=State.HELD, day__lt=until)
        together: dict[tuple[date, int, str], list[Rating]] = {}
        for rating in held.order_by("day", "code_id", "held_because"):
            together.setdefault((rating.day, rating.code_id, rating.held_because), []).append(rating)
        for (_, _, because), ratings in together.items():
            is_excluded = because == BURST and self.chance.random() < 0.7
            self._judged(
                ratings, self._exclusion() if is_excluded else Proposal(Act.COUNT, CHECKED["counted"])
            )
        windows = [code for code in self.codes if code.window_id]
        bad = Rating.objects.filter(
            code__in=windows, state=State.COUNTED, level__in=self.rules.bad_words, day__lt=until
        )
        for rating in bad.order_by("day", "code_id")[:40:20]:
            elsewhere = next(code for code in windows if code.pk != rating.code_id)
            self._judged([rating], Proposal(Act.MOVE, CHECKED["moved"], to_code=elsewhere))

    def _exclusion(self) -> Proposal:
        reason = next(one.id for one in self.rules.excluding.reasons if not one.moves)
        return Proposal(Act.EXCLUDE, CHECKED["excluded"], reason)

    def _judged(self, ratings: Sequence[Rating], proposal: Proposal) -> None:
        at = timezone.make_aware(datetime.combine(ratings[0].day, NINE)) + timedelta(days=1)
        proposed = propose_judgment(
            ratings=[one.pk for one in ratings],
            proposal=proposal,
            now=at,
            acting_user=self.people["centre"],
        )
        settle_judgment(
            judgments=[one.pk for one in proposed],
            agrees=True,
            opinion="同意",
            now=at + timedelta(days=1),
            acting_user=self.people["reviewer"],
        )

    def follow_up(self, year: YearOfMatters | None) -> None:
        """Numbers were left with some bad ratings of units that answer; those of past days become matters."""
        bad = Rating.objects.filter(code__in=self.codes, state=State.COUNTED, level__in=self.rules.bad_words)
        if year is not None:
            bad = bad.filter(code__unit__in=year.units)
        for rating in bad.order_by("day", "code_id", "text"):
            if self.chance.random() >= LEAVE_A_NUMBER:
                continue
            phone = f"0000-{self.chance.randrange(10**4):07}"
            contact = BadRatingContact.objects.create(rating=rating, sealed=seal_phone(rating, phone))
            since = counts_since(rating)
            night = since + timedelta(days=1)
            if since < self.today and make_matter(contact.pk, night) and year is not None:
                matter = RatingMatter.objects.select_related("matter").get(rating=rating).matter
                with transaction.atomic():
                    year.settle(matter, matter.received_at)
