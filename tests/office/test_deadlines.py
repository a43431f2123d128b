"""When limits end: cases worked out by hand, and what holds for each (WY-R5, GY-R14, YC-R14, GY-R9)."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from chinese_calendar.constants import holidays, workdays
from hypothesis import given
from hypothesis import strategies as st

from office.calendar.deadlines import Clock, Ends, Limit, Pause, Span, Unit
from office.calendar.working_time import USUAL_HOURS, Calendar, Hours, after_months, read_shifts

CASES: list[dict[str, Any]] = yaml.load(
    (Path(__file__).parent / "deadlines.yaml").read_text("utf-8"), Loader=yaml.CSafeLoader
)
CALENDAR = Calendar.of(
    {day: False for day in holidays if day.year > 2020} | {day: True for day in workdays if day.year > 2020}
)
WINTER, SUMMER = "8:00-12:00, 14:30-17:30", "8:00-12:00, 15:00-18:00"
CLOCKS = {
    name: Clock(CALENDAR, Hours.of(texts))
    for name, texts in {
        "usual": {date(2000, 1, 1): USUAL_HOURS},
        "summer": {date(2026, 1, 1): WINTER, date(2026, 7, 1): SUMMER, date(2026, 10, 1): WINTER},
        "three": {date(2000, 1, 1): "9:00-12:00，13:00-17:00，19:00—21:00"},
    }.items()
}
USUAL = CLOCKS["usual"]


at = datetime.fromisoformat


def start_of(given: date | str) -> date | datetime:
    return at(given) if isinstance(given, str) else given


def limit_of(case: dict[str, Any]) -> Limit:
    count, unit, *ends = case["span"].split()
    span = Span(int(count), Unit(unit), Ends(ends[0]) if ends else Ends.OFFICE)
    pauses: list[Pause] = []
    for notice, answer in case.get("pauses", ()):
        pauses += Pause.between(notice, answer, notice_counts=case.get("notice_counts", False))
    return CLOCKS[case.get("hours", "usual")].limit(start_of(case["from"]), span, pauses)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_a_limit_ends_as_worked_out_by_hand(case: dict[str, Any]) -> None:
    limit = limit_of(case)
    if case["ends"] == "stopped":
        assert limit.is_stopped
        assert limit.ends_at is None
    else:
        day, hour = case["ends"].split()
        assert limit.last_day == date.fromisoformat(day)
        assert limit.closes == (None if hour == "24:00" else time.fromisoformat(hour))
        assert f"截止 {limit.end_in_words}" in limit.why("受理")
    assert limit.is_provisional == case.get("provisional", False)
    for part in case.get("why", ()):
        assert part in limit.why("受理")
    assert case.get("sentence", limit.why("受理")) == limit.why("受理")


@pytest.mark.parametrize(
    ("start", "span", "in_time", "late"),
    [
        ("2022-09-13 11:50", Span(60, Unit.MINUTES), "2022-09-13 13:50:59", "2022-09-13 13:51"),
        ("2026-03-10", Span(5), "2026-03-17 17:00", "2026-03-17 17:01"),
        ("2026-03-10", Span(5, ends=Ends.CITIZEN), "2026-03-17 23:59:59", "2026-03-18 00:00"),
    ],
)
def test_the_closing_minute_is_in_time_and_the_next_is_late(
    start: str, span: Span, in_time: str, late: str
) -> None:
    limit = USUAL.limit(at(start), span)
    assert limit.is_met_by(at(in_time))
    assert not limit.is_met_by(at(late))


def test_lateness_is_told_in_working_time() -> None:
    limit = USUAL.limit(at("2022-09-13 11:50"), Span(60, Unit.MINUTES))
    assert USUAL.minutes_late(limit, at("2022-09-13 13:50")) == 0
    assert USUAL.minutes_late(limit, at("2022-09-13 13:51")) == 1
    assert USUAL.minutes_late(limit, at("2022-09-14 09:10")) == 200
    assert CALENDAR.count(date(2022, 10, 8), date(2022, 10, 11)) == 3  # used before the supplement
    assert CALENDAR.count(date(2026, 9, 30), date(2026, 10, 10)) == 3


def test_months_keep_their_day_and_do_not_move_on() -> None:
    """A time that something lasts, such as the six months of an admonition, is no limit to act (YC-R14)."""
    assert after_months(date(2026, 5, 15), 3) == date(2026, 8, 15)
    assert after_months(date(2026, 8, 31), 6) == date(2027, 2, 28)  # a Sunday
    assert [after_months(day, 4) for day in (date(2022, 9, 6), date(2022, 10, 31))] == [
        date(2023, 1, 6),
        date(2023, 2, 28),
    ]
    assert after_months(date(2024, 2, 29), 12) == date(2025, 2, 28)


def test_the_first_day_of_a_week_and_the_last_of_a_month() -> None:
    assert CALENDAR.on_or_after(date(2026, 2, 23)) == date(2026, 2, 24)
    assert [CALENDAR.last_of_month(2026, month).day for month in (2, 5, 9)] == [28, 29, 30]


@pytest.mark.parametrize("text", ["", "9-12", "12:00-09:00", "09:00-12:00, 11:00-17:00", "25:00-26:00"])
def test_hours_that_make_no_sense_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"。$"):
        read_shifts(text)


def test_a_promise_names_what_it_rests_on_and_an_edit_of_the_calendar_shows() -> None:
    limit = USUAL.limit(date(2026, 3, 2), Span(5))
    edited = Calendar.of({**CALENDAR.differs, date(2026, 3, 4): False})
    again = Clock(edited, USUAL.hours).limit(date(2026, 3, 2), Span(5))
    assert (limit.last_day, again.last_day) == (date(2026, 3, 9), date(2026, 3, 10))
    assert limit.rests_on()["calendar"] != again.rests_on()["calendar"]
    assert limit.rests_on()["hours"] == again.rests_on()["hours"]


moments = st.datetimes(at("2021-01-01"), at("2026-11-30"))
spans = st.one_of(
    st.builds(Span, st.integers(0, 20), st.just(Unit.WORKING_DAYS), st.sampled_from(Ends)),
    st.builds(Span, st.integers(0, 40), st.just(Unit.DAYS), st.sampled_from(Ends)),
    st.builds(Span, st.integers(1, 3), st.just(Unit.MONTHS), st.sampled_from(Ends)),
    st.builds(Span, st.integers(1, 2000), st.just(Unit.MINUTES)),
)
clocks = st.sampled_from(list(CLOCKS.values()))


@given(clocks, moments, spans)
def test_no_limit_ends_on_a_day_off_outside_hours_or_before_its_event(
    clock: Clock, start: datetime, span: Span
) -> None:
    limit = clock.limit(start, span)
    assert limit.last_day
    assert limit.ends_at
    assert CALENDAR.works(limit.last_day)
    assert limit.ends_at > start.replace(second=0, microsecond=0)
    if limit.closes:
        assert any(shift.opens <= limit.closes <= shift.closes for shift in clock.hours.on(limit.last_day))


@given(clocks, moments, moments, spans)
def test_what_comes_earlier_is_never_due_later(
    clock: Clock, one: datetime, other: datetime, span: Span
) -> None:
    first, second = (clock.limit(start, span).ends_at for start in sorted((one, other)))
    assert first
    assert second
    assert first <= second


@given(clocks, moments, spans, st.integers(0, 40), st.integers(0, 20))
def test_a_stop_never_brings_a_limit_forward_nor_ends_within_itself(
    clock: Clock, start: datetime, span: Span, after: int, length: int
) -> None:
    notice = start.date() + timedelta(days=after)
    stop = Pause(notice, notice + timedelta(days=length))
    plain, stopped = clock.limit(start, span), clock.limit(start, span, [stop])
    assert plain.ends_at
    assert stopped.ends_at
    assert stopped.last_day
    assert plain.ends_at <= stopped.ends_at
    assert not stop.holds(stopped.last_day)


@given(clocks, moments, st.integers(1, 2000))
def test_minutes_that_are_counted_back_are_those_that_were_given(
    clock: Clock, start: datetime, count: int
) -> None:
    start = start.replace(second=0, microsecond=0)
    ends_at = clock.limit(start, Span(count, Unit.MINUTES)).ends_at
    assert ends_at
    assert clock.minutes_between(start, ends_at) == count
