"""The facts of the ledger's channel: worked-out cases entered one by one give the worked-out outcome."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from evaluations.gathering.kinds import kind_of
from evaluations.gathering.ledger.book import days_of_round
from evaluations.gathering.ledger.services import mark_not_applicable
from evaluations.models import Channel
from evaluations.rounds.subject_keys import department_key
from evaluations.scoring import score_facts
from tests.evaluations.ledger_office import LedgerOffice, fangcheng, jilin
from tests.scoring.golden import GoldenCase, golden_cases

pytestmark = pytest.mark.django_db
OF_THE_LEDGER = ("occurrences", "vetoes", "not_applicable")
OFFICES = {"jilin-jkq-2021": jilin, "fangcheng-2022": fangcheng}


def is_of_the_ledger(case: GoldenCase) -> bool:
    if case.scheme not in OFFICES or case.refused:
        return False
    subjects = case.given.get("subjects", {}).values()
    return any(name in subject for subject in subjects for name in OF_THE_LEDGER)


CASES = [case for case in golden_cases() if is_of_the_ledger(case)]


def events(given: Any) -> list[dict[str, Any]]:
    return given if isinstance(given, list) else [{"count": given}]


def enter_all(office: LedgerOffice, case: GoldenCase, channel: Channel) -> dict[str, str]:
    """Enter and confirm what a case gives; return {key of the case: key of the round}."""
    first, _ = days_of_round(channel.round)
    keys = {}
    for row, (key, subject) in zip(
        channel.round.departments.all(), case.given["subjects"].items(), strict=True
    ):
        keys[key] = department_key(row.department_id)
        unit = row.department
        number = 0
        for item, found in subject.get("occurrences", {}).items():
            for event in events(found):
                number += 1
                words = {
                    name: event[name] for name in ("practice", "title", "remark", "veto") if name in event
                }
                if event.get("count", 1):
                    office.confirmed(
                        f"item:{item}",
                        first,
                        unit,
                        count=event.get("count", 1),
                        again_reason=f"第{number}件",
                        **words,
                    )
        set_off = {
            event.get("veto") for found in subject.get("occurrences", {}).values() for event in events(found)
        }
        for veto in subject.get("vetoes", []):
            if veto not in set_off:
                office.confirmed(f"veto:{veto}", first, unit)
        for item in subject.get("not_applicable", []):
            mark_not_applicable(
                channel=channel, subject=row, item=item, reason="没有这项职责", acting_user=office.enters
            )
    return keys


@pytest.mark.parametrize("case", CASES, ids=str)
def test_a_worked_case_entered_in_the_ledger_gives_the_worked_outcome(case: GoldenCase) -> None:
    """JL-R2, JL-R3, JL-R5, JL-R6, FC-R10: each by its golden cases."""
    office = OFFICES[case.scheme](units=0)
    for key, subject in case.given["subjects"].items():
        office.unit(subject.get("name", key), subject.get("group", office.group))
    asked = case.facts()
    channel = office.channel(office.round(asked["period"], asked.get("options")))
    keys = enter_all(office, case, channel)
    parts = kind_of(channel).facts(channel)
    subjects = {
        key: {name: value for name, value in subject.items() if name not in OF_THE_LEDGER}
        | parts.get(keys[key], {})
        for key, subject in asked["subjects"].items()
    }
    assert score_facts(case.policy, asked | {"subjects": subjects}) == case.outcome()


def test_the_worked_cases_reach_every_requirement_of_the_ledger() -> None:
    assert {"JL-R2", "JL-R3", "JL-R5", "JL-R6", "FC-R10"} <= {case.requirement for case in CASES}


def test_only_what_is_confirmed_and_lies_in_the_period_counts() -> None:
    """FC-R10"""
    office = fangcheng()
    one, other = office.units
    office.confirmed("item:endorsed_city", date(2023, 7, 1), practice="一窗通办", title="批示", remark="市长")
    office.confirmed("item:broken_promise", date(2023, 9, 30), count=2)
    office.confirmed("item:broken_promise", date(2023, 10, 1))
    office.enter("item:broken_promise", date(2023, 8, 1))
    office.withdraw(office.confirmed("item:broken_promise", date(2023, 8, 2), other))
    channel = office.channel(office.round("2023-Q3"))
    assert kind_of(channel).facts(channel) == {
        department_key(one.pk): {
            "occurrences": {
                "endorsed_city": [
                    {
                        "date": "2023-07-01",
                        "count": 1,
                        "practice": "一窗通办",
                        "title": "批示",
                        "remark": "市长",
                    }
                ],
                "broken_promise": [{"date": "2023-09-30", "count": 2}],
            }
        }
    }


def test_a_deduction_that_set_off_a_veto_brings_the_veto_along() -> None:
    """JL-R6"""
    office = jilin()
    office.confirmed("item:disciplined", date(2021, 6, 1), veto="discipline_case")
    channel = office.channel(office.round("2021"))
    [part] = kind_of(channel).facts(channel).values()
    assert part == {
        "occurrences": {"disciplined": [{"date": "2021-06-01", "count": 1, "veto": "discipline_case"}]},
        "vetoes": ["discipline_case"],
    }


def test_progress_names_what_waits_and_says_how_many_count() -> None:
    office = jilin()
    office.confirmed("item:warned", date(2021, 5, 1))
    one = office.enter("item:warned", date(2021, 5, 2))
    channel = office.channel(office.round("2021"))
    told = kind_of(channel).progress(channel)
    assert (told.done, told.of) == (1, 2)
    assert told.missing == [f"第1局：2021年5月2日 被区营商办警示（编号{one.pk}）待确认"]
    assert told.notes == ["已确认、计入本轮的记录 1 件"]


def test_facts_and_progress_ask_few_queries_whatever_their_size() -> None:
    office = jilin(units=12)
    channel = office.channel(office.round("2021"))
    row = channel.round.departments.first()
    assert row is not None
    mark_not_applicable(
        channel=channel, subject=row, item="data_sharing", reason="没有", acting_user=office.enters
    )
    for unit in office.units:
        for day in range(1, 6):
            office.confirmed("item:warned", date(2021, 5, day), unit)
    channel = office.channel(channel.round)
    for ask in (kind_of(channel).facts, kind_of(channel).progress):
        with CaptureQueriesContext(connection) as asked:
            ask(channel)
        assert len(asked) <= 4, [query["sql"] for query in asked]
