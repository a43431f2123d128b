"""When a limit ends (期限): pure, from a calendar and opening hours that are given as values.

The day of the event is day 0. A limit in days ends at close of business, a citizen's at 24:00; one that
ends on a day off moves on. Months follow the Civil Code: a missing day is the month's last. Hours are
working minutes: night, lunch and days off do not count, and what ends exactly at closing stays there. Days
on which the clock is stopped do not count at all. Moments are local times without zone, to the minute.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from office.calendar.working_time import DAY, Calendar, Hours, after_months


class Unit(StrEnum):
    MINUTES = "minutes"  # of the opening hours
    CLOCK_MINUTES = "clock_minutes"  # of the clock on the wall, where a policy wants that
    WORKING_DAYS = "working_days"
    DAYS = "days"
    MONTHS = "months"


IN_WORDS = {
    Unit.MINUTES: "个工作分钟",
    Unit.CLOCK_MINUTES: "分钟",
    Unit.WORKING_DAYS: "个工作日",
    Unit.DAYS: "日",
    Unit.MONTHS: "个月",
}
AFTER_HOURS = "在下班后"
IN_MINUTES = (Unit.MINUTES, Unit.CLOCK_MINUTES)


class Ends(StrEnum):
    """When the last day of a limit in days ends."""

    OFFICE = "office"  # close of business
    CITIZEN = "citizen"  # 24:00


@dataclass(frozen=True)
class Span:
    """How long: 0 working days or days mean the same day."""

    count: int
    unit: Unit = Unit.WORKING_DAYS
    ends: Ends = Ends.OFFICE

    def __post_init__(self) -> None:
        least = 0 if self.unit in (Unit.WORKING_DAYS, Unit.DAYS) else 1
        if self.count < least:
            raise ValueError(f"a limit of {self.count} {self.unit} is no limit")

    def __str__(self) -> str:
        return "当日" if self.count == 0 else f"{self.count} {IN_WORDS[self.unit]}"


@dataclass(frozen=True)
class Pause:
    """The clock is stopped from the first day through the last; without a last one, still."""

    first: date
    last: date | None = None

    def __post_init__(self) -> None:
        if self.last is not None and self.last < self.first:
            raise ValueError("a stop cannot end before it begins")

    @classmethod
    def between(cls, notice: date, answer: date | None, *, notice_counts: bool = False) -> tuple[Pause, ...]:
        """From the day of a notice through the day of the answer; the day of the notice may count."""
        first = notice + DAY if notice_counts else notice
        return () if answer is not None and answer < first else (cls(first, answer),)

    def holds(self, day: date) -> bool:
        return self.first <= day and (self.last is None or day <= self.last)


@dataclass(frozen=True)
class Limit:
    """When it ends, and what that rests on; `last_day` is None while the clock is stopped."""

    start: date | datetime
    begins: date | datetime  # the first day or moment that counts
    span: Span
    pauses: tuple[Pause, ...]
    last_day: date | None
    closes: time | None  # None: 24:00
    ended_on: date | None  # before it moved on from a day off
    unknown_years: tuple[int, ...]
    where: str  # where the event stands in the hours; empty: in a shift, or the hour is not known
    calendar_version: str
    hours_version: str

    @property
    def is_stopped(self) -> bool:
        return self.last_day is None

    @property
    def is_provisional(self) -> bool:
        """Whether it hangs on a year whose calendar is not entered."""
        return bool(self.unknown_years)

    @property
    def ends_at(self) -> datetime | None:
        """The last moment; for a citizen the midnight that follows the last day."""
        if self.last_day is None:
            return None
        if self.closes is None:
            return datetime.combine(self.last_day + DAY, time())
        return datetime.combine(self.last_day, self.closes)

    def is_met_by(self, moment: datetime) -> bool:
        """Whether it came in time: the closing minute is in time, the next one is late."""
        return self.last_day is None or is_in_time(moment, self.last_day, self.closes)

    @property
    def end_in_words(self) -> str:
        if self.last_day is None:
            return "停计中"
        return f"{_day(self.last_day, self.start)} {self.closes:%H:%M}" if self.closes else self._midnight

    @property
    def _midnight(self) -> str:
        return f"{_day(self.last_day, self.start)} 24:00" if self.last_day else ""

    def why(self, event: str) -> str:
        """Explain the limit in one sentence, after the event it runs from, such as 受理."""
        start, end = self.start, self.last_day
        said = [f"{event} {_moment(start, start)}" + (f" {self.where}" if self.where else "")]
        begins = _moment(self.begins, start)
        if self.where or self.span.unit not in IN_MINUTES:
            said.append(f"从 {begins} 起算" if self.span.count else self._same_day)
        else:
            said[0] += " 起算"
        if self.span.count:
            said.append(str(self.span))
        said += [f"{_stop(pause, start)}停计" for pause in self.pauses if end is None or pause.first <= end]
        if self.ended_on:
            said.append(f"期满日 {_day(self.ended_on, start)} 休息，顺延")
        said.append(f"截止 {self.end_in_words}" if end else "恢复计时后再定截止时间")
        text = "，".join(said)
        if self.unknown_years:
            years = "、".join(map(str, self.unknown_years))
            text += f"（{years}年的节假日安排尚未录入，暂按周一至周五推算）"
        return text

    @property
    def _same_day(self) -> str:
        return "当日办结，顺延" if self.last_day != _date(self.start) else "当日办结"

    def rests_on(self) -> dict[str, object]:
        """What is stored with a promised limit, as JSON."""
        return {
            "start": self.start.isoformat(),
            "count": self.span.count,
            "unit": str(self.span.unit),
            "ends": str(self.span.ends),
            "pauses": [[one.first.isoformat(), one.last and one.last.isoformat()] for one in self.pauses],
            "calendar": self.calendar_version,
            "hours": self.hours_version,
            "unknown_years": list(self.unknown_years),
        }


def is_in_time(moment: datetime, last_day: date, closes: time | None) -> bool:
    """Whether a moment is not after the closing minute of the last day; None is 24:00."""
    if moment.date() != last_day:
        return moment.date() < last_day
    return closes is None or moment.time().replace(second=0, microsecond=0) <= closes


@dataclass(frozen=True)
class Clock:
    """A calendar and the hours of one place: everything that computes a limit."""

    calendar: Calendar
    hours: Hours

    def limit(self, start: date | datetime, span: Span, pauses: Iterable[Pause] = ()) -> Limit:
        """Say when a limit ends that runs from an event; a day alone is enough for limits in days."""
        walk = _Walk(self.calendar, tuple(sorted(pauses, key=lambda one: one.first)))
        if isinstance(start, datetime):
            start = start.replace(second=0, microsecond=0, tzinfo=None)
            if span.unit is Unit.MINUTES:
                return self._of_minutes(start, span, walk)
            if span.unit is Unit.CLOCK_MINUTES:
                end = start + timedelta(minutes=span.count)
                return self._made(start, span, walk, begins=start, last=end.date(), closes=end.time())
        elif span.unit in IN_MINUTES:
            raise ValueError("a limit in minutes needs the moment of the event")
        return self._of_days(start, span, walk)

    def _of_days(self, start: date | datetime, span: Span, walk: _Walk) -> Limit:
        day, where = _date(start), self.where(start)
        begins: date | datetime = walk.free_from(day + DAY) or day
        if span.count == 0:
            over = span.ends is Ends.OFFICE and where == AFTER_HOURS
            ended = last = walk.works_from(day + DAY if over else day)
        elif span.unit is Unit.WORKING_DAYS:
            first = walk.works_from(day + DAY)
            begins = datetime.combine(first, self.hours.opening(first)) if first and where else first or day
            ended = last = walk.working_days(day, span.count)
        else:
            months = span.unit is Unit.MONTHS
            ended = walk.days(day, (after_months(day, span.count) - day).days if months else span.count)
            last = ended and walk.works_from(ended)
        closes = None if span.ends is Ends.CITIZEN or last is None else self.hours.closing(last)
        moved = ended if ended != last else None
        return self._made(
            start, span, walk, begins=begins, last=last, closes=closes, ended=moved, where=where
        )

    def _of_minutes(self, start: datetime, span: Span, walk: _Walk) -> Limit:
        left, where = timedelta(minutes=span.count), self.where(start)
        begins: datetime | None = None
        day: date | None = walk.works_from(start.date())
        while day is not None:
            for opens, closes in self._shifts_after(day, start):
                begins = begins or opens
                if left <= closes - opens:
                    end = (opens + left).time()
                    return self._made(start, span, walk, begins=begins, last=day, closes=end, where=where)
                left -= closes - opens
            day = walk.works_from(day + DAY)
        return self._made(start, span, walk, begins=begins or start, last=None, closes=None, where=where)

    def _made(
        self,
        start: date | datetime,
        span: Span,
        walk: _Walk,
        *,
        begins: date | datetime,
        last: date | None,
        closes: time | None,
        ended: date | None = None,
        where: str = "",
    ) -> Limit:
        versions = (self.calendar.version, self.hours.version)
        return Limit(
            start,
            begins,
            span,
            walk.stops,
            last,
            closes,
            ended,
            tuple(sorted(walk.unknown)),
            where,
            *versions,
        )

    def _shifts_after(self, day: date, start: datetime) -> Iterator[tuple[datetime, datetime]]:
        """Yield what is left of the shifts of a working day after a moment."""
        for shift in self.hours.on(day):
            opens, closes = datetime.combine(day, shift.opens), datetime.combine(day, shift.closes)
            if closes > start:
                yield max(opens, start), closes

    def where(self, start: date | datetime) -> str:
        """Say where the event stands when it is not in a shift; the closing minute is in it."""
        if not isinstance(start, datetime):
            return "" if self.calendar.works(start) else "是休息日"
        if not self.calendar.works(start.date()):
            return "在休息日"
        shifts, at = self.hours.on(start.date()), start.time()
        if any(shift.opens <= at < shift.closes for shift in shifts):
            return ""
        if at < shifts[0].opens:
            return "在上班前"
        return AFTER_HOURS if at >= shifts[-1].closes else "在午休时"

    def minutes_between(self, first: datetime, last: datetime, pauses: Iterable[Pause] = ()) -> int:
        """How many working minutes lie between two moments; 0 where the last is the earlier one."""
        walk, found = _Walk(self.calendar, tuple(pauses)), timedelta()
        day = walk.works_from(first.date())
        while day is not None and day <= last.date():
            for opens, closes in self._shifts_after(day, first):
                found += max(min(closes, last) - opens, timedelta())
            day = walk.works_from(day + DAY)
        return found // timedelta(minutes=1)

    def minutes_late(self, limit: Limit, at: datetime) -> int:
        """By how many working minutes it came late; 0 also for what came late after hours."""
        late = limit.ends_at is not None and not limit.is_met_by(at)
        return self.minutes_between(limit.ends_at, at) if late and limit.ends_at else 0


class _Walk:
    """Steps from day to day past days off and stops, and notes the years it had to guess."""

    def __init__(self, calendar: Calendar, stops: tuple[Pause, ...]) -> None:
        self.calendar = calendar
        self.stops = stops
        self.unknown: set[int] = set()

    def free_from(self, day: date) -> date | None:
        """Return the first day from `day` on which the clock is not stopped; None: it never runs again."""
        for stop in self.stops:
            if stop.holds(day):
                if stop.last is None:
                    return None
                day = stop.last + DAY
        return day

    def works_from(self, day: date) -> date | None:
        found = self.free_from(day)
        while found is not None:
            if not self.calendar.knows(found.year):
                self.unknown.add(found.year)
            if self.calendar.works(found):
                return found
            found = self.free_from(found + DAY)
        return None

    def working_days(self, day: date, count: int) -> date | None:
        found: date | None = day
        while found is not None and count:
            found = self.works_from(found + DAY)
            count -= 1
        return found

    def days(self, day: date, count: int) -> date | None:
        """Return the `count`-th day after `day` on which the clock is not stopped."""
        if not self.stops:
            return day + DAY * count
        found: date | None = day
        while found is not None and count:
            found = self.free_from(found + DAY)
            count -= 1
        return found


def _date(moment: date | datetime) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _day(day: date | datetime, beside: date | datetime) -> str:
    """Say a day; its year only where it differs from the one beside it."""
    return ("" if day.year == beside.year else f"{day.year}年") + f"{day.month}月{day.day}日"


def _moment(moment: date | datetime, beside: date | datetime) -> str:
    said = _day(moment, beside)
    return f"{said} {moment:%H:%M}" if isinstance(moment, datetime) else said


def _stop(pause: Pause, beside: date | datetime) -> str:
    first = _day(pause.first, beside)
    return f"{first}起" if pause.last is None else f"{first}至{_day(pause.last, beside)}"
