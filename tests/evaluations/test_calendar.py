"""The calendar of rounds: which are there, due, late; days by the State Council's calendar."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from evaluations import services
from evaluations.models import Round, SchemeVersion
from evaluations.planning.calendar import Planned, Stage, YearOfScheme, year_of
from evaluations.planning.start_page import rounds_to_begin
from office.models import Holiday
from tests.evaluations.ledger_office import LedgerOffice, fangcheng

pytestmark = pytest.mark.django_db


@pytest.fixture
def office() -> LedgerOffice:
    return fangcheng()


def of(scheme_id: str, year: int, today: date) -> YearOfScheme:
    return next(one for one in year_of(year, today) if one.version.scheme_id == scheme_id)


def stages(office: LedgerOffice, year: int, today: date) -> list[Stage]:
    return [one.stage for one in of(office.scheme_id, year, today).lines]


def test_a_year_has_as_many_periods_as_each_text_says(office: LedgerOffice) -> None:
    found = {
        one.version.scheme_id: [line.words for line in one.lines] for one in year_of(2026, date(2026, 5, 1))
    }
    assert found["fangcheng-2022"] == [f"2026年第{each}季度" for each in "一二三四"]
    assert found["guangyuan-2022"] == ["2026年第一次", "2026年第二次", "2026年第三次"]
    assert found["jilin-jkq-2021"] == ["2026年度"]
    assert found["wuyang-windows-2022"][-1] == "2026年12月"
    assert found["yuncheng-2023"] == found["wuyang-sections"] == [], "their texts name no number of rounds"


def test_what_is_due_late_or_running_counts_from_the_first_round(office: LedgerOffice) -> None:
    """Nobody owes a round of a policy that this county never used, nor one from before its first."""
    today = date(2026, 9, 29)
    assert Stage.LATE not in stages(office, 2026, today)
    office.round("2026-Q1")
    assert stages(office, 2026, today) == [Stage.OVERRUN, Stage.LATE, Stage.DUE, Stage.LATER]
    assert set(stages(office, 2025, today)) == {Stage.BEFORE}
    Round.objects.update(state=Round.State.PUBLISHED)
    assert stages(office, 2026, today)[0] == Stage.DONE
    Round.objects.update(state=Round.State.VOID)
    assert of(office.scheme_id, 2026, today).last is None, "a cancelled round is none to go on from"


def test_a_round_that_nobody_made_waits_on_the_start_page(office: LedgerOffice) -> None:
    assert list(rounds_to_begin(date(2026, 9, 29))) == [], "a policy that this county does not use"
    office.round("2026-Q1")
    [one] = rounds_to_begin(date(2026, 9, 29))
    assert "2026年第三季度" in one.text
    assert (one.is_late, "此前还有1轮应评未评" in one.note) == (False, True)
    [one] = rounds_to_begin(date(2026, 12, 1))
    assert one.is_late


def test_days_are_suggested_by_working_days(office: LedgerOffice) -> None:
    """The year-end marks of 吉林 have to be given before the year ends."""
    for day in range(1, 8):
        Holiday.objects.create(day=date(2026, 10, day), name="国庆节")

    def suggested(scheme: str, at: int) -> Planned:
        return of(scheme, 2026, date(2026, 1, 5)).lines[at]

    third = suggested(office.scheme_id, 2)
    assert (third.begin_on, third.finish_on) == (date(2026, 9, 10), date(2026, 10, 21))
    assert suggested("jilin-jkq-2021", 0).finish_on == date(2026, 12, 31)


def test_a_round_of_an_odd_period_is_shown_and_the_year_takes_three_queries(
    office: LedgerOffice, django_assert_num_queries: Any
) -> None:
    made = office.round("2026-Q1")
    Round.objects.filter(pk=made.pk).update(period="2026")
    office.round("2026-Q2")
    year_of(2026, date(2026, 5, 1))
    with django_assert_num_queries(3):
        lines = of(office.scheme_id, 2026, date(2026, 5, 1)).lines
    assert [line.period for line in lines] == ["2026-Q1", "2026-Q2", "2026-Q3", "2026-Q4", "2026"]
    assert [len(line.rounds) for line in lines] == [0, 1, 0, 0, 1]


def test_a_scheme_whose_text_cannot_be_read_any_more_is_left_out(office: LedgerOffice) -> None:
    SchemeVersion.objects.filter(scheme_id=office.scheme_id).update(text="id: 1")
    assert office.scheme_id not in [one.version.scheme_id for one in year_of(2026, date(2026, 5, 1))]
    assert services.load_schemes()
