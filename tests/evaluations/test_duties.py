"""Recurring duties: when they are due, what came, and what is proposed as late (JL-R2 (8))."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.test import Client

from departments.models import Membership
from evaluations.gathering.ledger import duties, services
from evaluations.gathering.ledger.book import find_ledger
from evaluations.gathering.ledger.duties import Due
from evaluations.gathering.ledger.start_page import duties_to_hand_in, duties_to_note
from evaluations.models import DutyRecord, Occurrence, Round
from evaluations.scoring import InvalidInputError, parse_scheme
from evaluations.scoring.loading import SCHEMES
from office.errors import Refused
from office.models import Holiday
from office.roles import Role
from tests.evaluations.ledger_office import NOW, LedgerOffice, jilin
from tests.kit.people import person

pytestmark = pytest.mark.django_db
TODAY = date(2021, 10, 20)
QUARTERLY = {"duty_id": "quarterly_report", "period": "2021-Q3"}


@pytest.fixture
def office() -> LedgerOffice:
    """An office with the State Council's calendar for the National Day of 2021."""
    for day in range(1, 8):
        Holiday.objects.create(day=date(2021, 10, day), name="国庆节")
    Holiday.objects.create(day=date(2021, 10, 9), name="国庆节调休", is_working_day=True)
    return jilin()


def due(office: LedgerOffice, first: date, last: date, today: date = TODAY) -> list[Due]:
    ledger = find_ledger(office.scheme_id)
    assert ledger is not None
    return duties.due_in(ledger, first, last, today)


def tick(office: LedgerOffice, came_on: date, units: int = 1, today: date = TODAY) -> None:
    duties.tick_off(
        scheme_id=office.scheme_id,
        **QUARTERLY,
        departments=office.units[:units],
        came_on=came_on,
        today=today,
        now=NOW,
        acting_user=office.enters,
    )


def propose(office: LedgerOffice, today: date = TODAY, **given: str) -> None:
    duties.propose_late(
        scheme_id=office.scheme_id,
        **(QUARTERLY | given),
        departments=office.units,
        today=today,
        now=NOW,
        acting_user=office.enters,
    )


def test_the_quarterly_report_is_due_in_the_first_two_working_days(office: LedgerOffice) -> None:
    """JL-R2: in the fourth quarter of 2021 that is Saturday, the 9th of October."""
    found = {
        one.duty.id: (one.period, one.due_on) for one in due(office, date(2021, 10, 1), date(2021, 10, 31))
    }
    assert found == {
        "monthly_report": ("2021-10", date(2021, 10, 31)),
        "quarterly_report": ("2021-Q3", date(2021, 10, 9)),
        "disclosure_ledger": ("2021-10", date(2021, 10, 31)),
    }


def test_without_a_calendar_the_day_is_not_guessed(office: LedgerOffice) -> None:
    Holiday.objects.all().delete()
    [trouble] = [one.trouble for one in due(office, date(2021, 10, 1), date(2021, 10, 31)) if one.trouble]
    assert "没有2021年的节假日安排" in trouble


def test_what_came_in_time_is_ticked_off_and_costs_nothing(office: LedgerOffice) -> None:
    tick(office, date(2021, 10, 9))
    [record] = DutyRecord.objects.all()
    assert (record.due_on, record.came_on) == (date(2021, 10, 9), date(2021, 10, 9))
    assert not Occurrence.objects.exists()
    with pytest.raises(Refused, match="已登记报送"):
        tick(office, date(2021, 10, 9))


def test_what_came_late_is_proposed_and_counts_once_somebody_else_confirmed_it(office: LedgerOffice) -> None:
    tick(office, date(2021, 10, 11))
    [one] = Occurrence.objects.all()
    assert (one.item, one.day, one.state) == ("quarterly_report_late", date(2021, 10, 9), "entered")
    assert one.entered_by == office.enters
    assert one.remark == "应于2021年10月9日前报送，2021年10月11日报送"
    office.confirm(one)


def test_what_did_not_come_is_proposed_for_each_unit_once(office: LedgerOffice) -> None:
    with pytest.raises(Refused, match="还没有过"):
        propose(office, today=date(2021, 10, 9))
    propose(office)
    assert Occurrence.objects.filter(item="quarterly_report_late").count() == len(office.units)
    with pytest.raises(Refused, match="已办理"):
        propose(office)
    tick(office, date(2021, 10, 15))
    assert Occurrence.objects.count() == len(office.units), "what came after that is not late a second time"


def test_a_tick_is_taken_back_once_what_it_proposed_is_withdrawn(office: LedgerOffice) -> None:
    tick(office, date(2021, 10, 11))
    record = DutyRecord.objects.get()
    with pytest.raises(Refused, match="请先撤回那条记录"):
        duties.take_back_tick(record=record, acting_user=office.enters)
    office.withdraw(Occurrence.objects.get())
    duties.take_back_tick(record=record, acting_user=office.enters)
    tick(office, date(2021, 10, 8))


@pytest.mark.parametrize(
    ("given", "says"),
    [
        ({"period": "2021-09"}, "所属时期不正确"),
        ({"period": "2021-Q9"}, "所属时期不正确"),
        ({"duty_id": "weekly"}, "没有这项定期报送"),
    ],
)
def test_another_duty_or_period_is_refused(office: LedgerOffice, given: dict[str, str], says: str) -> None:
    with pytest.raises(Refused, match=says):
        propose(office, **given)


@pytest.mark.parametrize("came_on", [date(2021, 6, 30), date(2021, 10, 21)])
def test_a_day_before_its_time_or_in_the_future_is_refused(office: LedgerOffice, came_on: date) -> None:
    with pytest.raises(Refused, match="请核对日期"):
        tick(office, came_on)


def test_a_unit_to_which_the_rule_does_not_apply_owes_nothing(office: LedgerOffice) -> None:
    channel = office.channel(office.round("2021"))
    row = channel.round.departments.first()
    assert row is not None
    services.mark_not_applicable(
        channel=channel,
        subject=row,
        item="disclosure_ledger_late",
        reason="没有许可和处罚",
        acting_user=office.enters,
    )
    found = {one.duty.id: one for one in due(office, date(2021, 9, 1), date(2021, 9, 30))}
    lines = found["disclosure_ledger"].lines
    assert [(line.applies, line.is_late) for line in lines] == [(False, False), (True, True)]
    assert all(line.is_late for line in found["monthly_report"].lines)


def test_a_duty_names_an_item_of_its_scheme() -> None:
    text = (SCHEMES / "jilin-jkq-2021" / "scheme.yaml").read_text(encoding="utf-8")
    wrong = text.replace("late: quarterly_report_late", "late: quarterly_report")
    with pytest.raises(
        InvalidInputError, match="quarterly_report: no such item: quarterly_report; items are"
    ):
        parse_scheme(wrong)


def test_what_is_overdue_stands_on_the_start_page_of_those_who_must_act(
    office: LedgerOffice, monkeypatch: pytest.MonkeyPatch, django_assert_max_num_queries: Any
) -> None:
    """JL-R2: the centre notes or proposes it, the unit hands it in; once that is done nobody is reminded."""
    monkeypatch.setattr("django.utils.timezone.localdate", lambda: TODAY)
    officer = person(Role.DEPARTMENT_OFFICER, "officer")
    Membership.objects.create(user=officer, department=office.units[0])
    assert list(duties_to_note(office.enters)) == [], "without a round nobody owes anything"
    round_ = office.round("2021")
    with django_assert_max_num_queries(5):
        (told,) = duties_to_note(office.enters)
    assert told.is_late
    assert told.url.endswith("duties/?month=2021-01")
    assert "个单位等" in told.note
    Round.objects.filter(pk=round_.pk).update(period="2021-Q4")
    (told,) = duties_to_note(office.enters)
    assert told.note == "营商环境建设工作总结（2021年第三季度） 2 个单位。"
    assert [one.text for one in duties_to_hand_in(officer)] == ["1 项定期报送已逾期"]
    client = Client()
    client.force_login(officer)
    page = "/office/rounds/ledgers/own/"
    assert "已逾期，未收到" in client.get(page).content.decode()
    tick(office, date(2021, 10, 9))
    assert list(duties_to_hand_in(officer)) == []
    assert "2021年10月9日报送" in client.get(page).content.decode()
    assert next(duties_to_note(office.enters)).note.endswith("1 个单位。")
    duties.propose_late(
        scheme_id=office.scheme_id,
        **QUARTERLY,
        departments=office.units[1:],
        today=TODAY,
        now=NOW,
        acting_user=office.enters,
    )
    assert list(duties_to_note(office.enters)) == []
