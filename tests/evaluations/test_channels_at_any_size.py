"""What a channel gives is read in four queries at most, of every kind, whatever its size."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from evaluations.gathering.kinds import KINDS, kind_of
from evaluations.models import Channel, Interview, Occurrence
from tests.evaluations.channels import NOW, SOURCE, Office
from tests.evaluations.jilin import begun
from tests.evaluations.ledger_office import jilin
from tests.evaluations.rated import RatedWindows, rate
from tests.evaluations.states import county_at
from tests.evaluations.test_grids import FULL

pytestmark = pytest.mark.django_db
Kind = Channel.Kind
MOST, SIZE = 4, 9
GRIDS = {
    Kind.MARKS: "marks.innovation",
    Kind.CHECKS: "conditions",
    Kind.MEASURES: "measures.articles",
    Kind.PLACEMENT: "placements.publicity",
    Kind.FIGURES: "external.indicators",
    Kind.COUNTS: "answers.masses",
}


def fangcheng(size: int) -> Office:
    office = Office("fangcheng-2022", {f"县{number}局": "责任单位" for number in range(size)})
    office.name_indicators("external.indicators", ["开办企业", "获得电力"])
    return office


def a_grid(kind: str) -> Callable[[int], Channel]:
    """A placement is read with the measure that suggests it."""
    rows = {**FULL, "placements.publicity": FULL["placements.supervisors"]}

    def filled(size: int) -> Channel:
        office = fangcheng(size)
        names = list(office.departments)
        for need in dict.fromkeys(["measures.articles", GRIDS[Kind(kind)]]):
            office.enter(need, {name: rows[need](number) for number, name in enumerate(names)}, SOURCE)
            office.confirm(need)
        return office.channel(GRIDS[Kind(kind)])

    return filled


def interviews(size: int) -> Channel:
    office = fangcheng(size)
    channel = office.channel("answers.enterprises")
    Interview.objects.bulk_create(
        Interview(
            channel=channel,
            subject=subject,
            enterprise=f"{subject.name}企业{number}",
            state=Interview.State.DONE,
            answers={"overall": "满意"},
        )
        for subject in office.round.departments.all()
        for number in range(size)
    )
    return channel


def ledger(size: int) -> Channel:
    office = jilin(units=size)
    channel = office.channel(office.round("2021"))
    Occurrence.objects.bulk_create(
        Occurrence(
            scheme_id=office.scheme_id,
            department=unit,
            item="warned",
            day=date(2021, 5, number % 28 + 1),
            state=Occurrence.State.CONFIRMED,
            entered_by=office.enters,
            entered_at=NOW,
            confirmed_by=office.confirms,
            confirmed_at=NOW,
        )
        for unit in office.units
        for number in range(size)
    )
    return channel


def sheets(size: int) -> Channel:
    zone = begun()
    for number in range(size):
        zone.submit(zone.marker("leaders", f"领导{number}"), dict.fromkeys(zone.units, "28"))
    channel = zone.open().channel
    return Channel.objects.select_related("round__scheme_version").get(pk=channel.pk)


def ballot(_: int) -> Channel:
    round_ = county_at("counted").round
    return round_.channels.select_related("round__scheme_version", "round__survey").get(kind=Kind.BALLOT)


def ratings(_: int) -> Channel:
    office = RatedWindows()
    for code in office.codes:
        rate(code, {"满意": 30})
    office.take()
    office.confirm()
    return office.channel


FILLED: dict[str, Callable[[int], Channel]] = {
    **{kind: a_grid(kind) for kind in GRIDS},
    Kind.INTERVIEWS: interviews,
    Kind.RATINGS: ratings,
    Kind.LEDGER: ledger,
    Kind.SHEETS: sheets,
    Kind.BALLOT: ballot,
}


def test_every_kind_is_asked() -> None:
    assert set(FILLED) == set(KINDS)


@pytest.mark.parametrize("kind", FILLED)
def test_the_facts_of_a_channel_are_read_in_four_queries(kind: str, settings: Settings) -> None:
    settings.DEMO = True  # where phones vote without https
    channel = FILLED[kind](SIZE)
    with CaptureQueriesContext(connection) as asked:
        found = kind_of(channel).facts(channel)
    assert len(asked) <= MOST, [query["sql"] for query in asked]
    assert found or kind == Kind.BALLOT, "the county's voters rate persons, whose part is told elsewhere"
