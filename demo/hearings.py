"""A hearing a quarter with what was promised there, weekly items, and the reviews of two months."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from casework.hearings import episodes, promising, reviewing, weeks
from casework.hearings.episodes import Counts
from casework.hearings.reviewing import UnitFigures
from casework.models import Appearance, Episode, Promise, WeeklyItem
from casework.officers.quarters import latest
from demo import desk_texts as texts
from demo.diary import Diary
from demo.matter_texts import WEEKLY
from departments.models import Department
from office.models import User
from office.workbooks.writing import workbook

QUARTERS = 4
INTO_THE_QUARTER = 19  # days after its first one a hearing is held
AT_LEAST_AGO = 26  # days: what was promised on the last one can be due today
MONTHS = 2
WEEKS, FEWER = 8, 3  # in the weeks before the last eight there are no more items than this
PANEL = 60
DAY = timedelta(days=1)


@dataclass
class Hearings:
    """What the centre, the units and the panel do about promises and weekly items."""

    people: Mapping[str, User]
    handlers: Mapping[Department, Sequence[User]]
    diary: Diary
    items: int

    def note(self) -> None:
        self.units = list(self.handlers)
        self.evidence = workbook("核验记录", ("核验事项", "核验情况"), [("示范", "与报告一致")])
        last = self.diary.today - timedelta(days=AT_LEAST_AGO)
        held = [
            one.first + timedelta(days=INTO_THE_QUARTER) for one in latest(self.diary.today, QUARTERS + 1)
        ]
        for number, day in enumerate(reversed([day for day in held if day <= last][:QUARTERS])):
            self.diary.at(day, 9, partial(self._hear, number))
        self._weeks()

    # --- On air

    def _hear(self, number: int, at: datetime) -> None:
        day, centre = timezone.localdate(at), self.people["centre"]
        episode = episodes.enter_episode(
            held_on=day, medium=texts.MEDIA[number], theme=texts.THEMES[number], acting_user=centre
        )
        on_stage = [self.units[(number * 2 + place) % len(self.units)] for place in range(3)]
        for place, unit in enumerate(dict.fromkeys(on_stage)):
            kind = Appearance.Kind.ANSWERS if place else Appearance.Kind.EXPOSES
            episodes.add_appearance(
                episode=episode, unit=unit, post="分管副局长（示范）", kind=kind, acting_user=centre
            )
            self._vote(episode, unit, at)
        for place, (title, problem) in enumerate((texts.FILMS[number], texts.FILMS[number - 1])):
            episodes.add_film(
                episode=episode, unit=on_stage[place], title=title, problem=problem, acting_user=centre
            )
        for place, (asked, answer) in enumerate(texts.ASKED):
            episodes.add_question(
                episode=episode, unit=on_stage[place], text=asked, answer=answer, acting_user=centre
            )
        for place, text in enumerate(texts.PROMISES):
            self._promise(episode, on_stage[place % 3], text, place, at, is_last=number == QUARTERS - 1)

    def _vote(self, episode: Episode, unit: Department, at: datetime) -> None:
        chance = self.diary.chance
        fairly, unsatisfied, away = chance.randrange(6, 12), chance.randrange(2, 6), chance.randrange(3)
        counts = Counts(PANEL, PANEL - fairly - unsatisfied - away, fairly, unsatisfied)
        vote = episodes.key_vote(
            episode=episode, unit=unit, counts=counts, now=at, acting_user=self.people["centre"]
        )
        episodes.confirm_vote(vote=vote, counts=counts, now=at, acting_user=self.people["reviewer"])

    def _promise(
        self, episode: Episode, unit: Department, text: str, place: int, at: datetime, *, is_last: bool
    ) -> None:
        """Most are kept; the fourth is late, the fifth is changed, the third was not yet done when reported.

        Of the last hearing one falls due today, one is late, one waits to be checked.
        """
        until = timezone.localdate(at) + timedelta(days=43 + 4 * place)
        if is_last:
            until = self.diary.today + DAY * (-9, 5, 0, -4, 12, 20)[place]
        promise = promising.enter_promise(
            episode=episode,
            unit=unit,
            text=text,
            promised_on=until,
            now=at,
            acting_user=self.people["centre"],
        )
        on = self.diary.at
        if place == 3:
            if not is_last:
                on(until + 6 * DAY, 10, partial(self._report, promise, unit))
        elif place == 4:
            on(until - 14 * DAY, 10, partial(self._change, promise, until + 25 * DAY))
            on(until + 20 * DAY, 10, partial(self._report, promise, unit))
        elif place == 2 and not is_last:
            on(until - 9 * DAY, 10, partial(self._report, promise, unit, is_true=False))
            on(until - DAY, 15, partial(self._report, promise, unit))
        else:
            on(until - 6 * DAY, 10, partial(self._report, promise, unit))

    def _change(self, promise: Promise, until: date, at: datetime) -> None:
        promising.change_promise(
            promise=promise,
            text=promise.text,
            promised_on=until,
            reason=texts.CHANGED,
            now=at,
            acting_user=self.people["centre"],
        )

    def _report(self, promise: Promise, unit: Department, at: datetime, *, is_true: bool = True) -> None:
        promising.report_promise(
            promise=promise, account=texts.KEPT, is_done=True, now=at, acting_user=self.handlers[unit][0]
        )
        self.diary.after(at, 2, partial(self._check, promise, passes=is_true))

    def _check(self, promise: Promise, at: datetime, *, passes: bool) -> None:
        promising.check_promise(
            promise=promise,
            passes=passes,
            finding=texts.CHECKED if passes else texts.NOT_YET,
            evidence=SimpleUploadedFile("核验记录.xlsx", self.evidence) if passes else None,
            now=at,
            acting_user=self.people["reviewer"],
        )

    # --- Week by week, month by month

    def _weeks(self) -> None:
        """Note the weeks since the first of the months that are reviewed, and the plan for the next one."""
        today, calendar = self.diary.today, self.diary.calendar
        over: list[date] = []
        month = today.replace(day=1)
        while len(over) < MONTHS:
            if calendar.last_of_month(month.year, month.month) < today:
                over.append(month)
            month = (month - DAY).replace(day=1)
        for month in over:
            day = calendar.last_of_month(month.year, month.month)
            self.diary.at(day, 16, partial(self._review, month))
        monday, first = weeks.monday_of(over[-1]), weeks.monday_of(today) - (WEEKS - 1) * weeks.WEEK
        while monday <= today + weeks.WEEK:
            if given_on := weeks.assigning_day(monday, calendar):
                count = self.items if monday >= first else min(self.items, FEWER)
                before = monday - 3 * DAY
                self.diary.at(before, 9, partial(self._plan, monday, given_on, count))
            monday += weeks.WEEK

    def _plan(self, monday: date, day: date, count: int, at: datetime) -> None:
        chance, today = self.diary.chance, self.diary.today
        for number in range(count):
            is_due = number == 0 and timedelta(7) <= today - monday < timedelta(
                14
            )  # last week's first: today
            title, asked = WEEKLY[(number + monday.toordinal() // 7) % len(WEEKLY)]
            weeks.plan_item(
                week=monday,
                unit=self.units[(number + monday.toordinal() // 7) % len(self.units)],
                title=title,
                text=asked,
                due_on=today if is_due else day + timedelta(days=chance.randrange(4, 12)),
                acting_user=self.people["centre"],
            )
        self.diary.at(day, 9, partial(self._assign, monday))

    def _assign(self, monday: date, at: datetime) -> None:
        for item in weeks.assign_week(week=monday, now=at, acting_user=self.people["centre"]):
            share = self.diary.chance.random()
            if share < 0.05 or item.due_on == self.diary.today:  # nobody has answered to this day
                continue
            late = 3 if share < 0.15 else -self.diary.chance.randrange(1, 3)
            self.diary.at(item.due_on + late * DAY, 10, partial(self._done, item))

    def _done(self, item: WeeklyItem, at: datetime) -> None:
        weeks.report_item(
            item=item, account=texts.KEPT, is_done=True, now=at, acting_user=self.handlers[item.unit][0]
        )
        self.diary.after(at, 1, partial(self._look_at, item))

    def _look_at(self, item: WeeklyItem, at: datetime) -> None:
        weeks.check_item(
            item=item, passes=True, finding=texts.CHECKED, now=at, acting_user=self.people["reviewer"]
        )

    def _review(self, month: date, at: datetime) -> None:
        found = reviewing.month_review(month, timezone.localdate(at))
        for one in found.units:
            word = _word(one)
            reviewing.review_unit(
                month=month,
                unit=one.unit,
                word=word,
                text=texts.REVIEWED[word],
                now=at,
                acting_user=self.people["centre"],
            )
        reviewing.end_review(month=month, now=at, acting_user=self.people["leader"])


def _word(one: UnitFigures) -> str:
    """Say of a unit what its own figures say: all in time, half of it, less."""
    shares = [share for share in (one.on_time, one.kept) if share.of]
    missed = sum(share.of - share.count for share in shares)
    return "好" if not missed else "一般" if missed * 2 <= sum(share.of for share in shares) else "差"
