"""A round in which some vote on paper: the cockpit's step, the office's pages, one result for all."""

from __future__ import annotations

import pytest
from django.test import Client

from office.errors import Refused
from office.models import User
from office.roles import Role
from surveys import queries
from surveys import services as surveys
from surveys.paper import numbers as paper_numbers
from tests.evaluations.county import County, fresh, ordinary_ballots
from tests.evaluations.pages import said, starts


def page(county: County) -> str:
    client = Client()
    client.force_login(county.operator)
    return said(client, county.pages)


def persons(county: County) -> list[str]:
    """Who of the first department is asked about."""
    sections = county.survey.frozen()["form"]["departments"][0]["sections"]
    return [person["name"] for section in sections for person in section["persons"]]


def exchange_and_close(county: County, packets: int) -> None:
    for _ in range(packets):
        code = county.urls["private"].pop()
        surveys.exchange_for_paper(survey=county.survey, text=code, acting_user=county.operator)
    county.round = county.close(county.round)


def key_all(county: County, marks: str) -> None:
    """Two clerks enter a sheet of the first department from every packet."""
    survey = county.survey
    department = survey.frozen()["form"]["departments"][0]["id"]
    kinds = {one.key_id: one.kind for one in survey.strata.all()}
    code = next(
        code
        for code, place in paper_numbers.codes(survey.public).items()
        if place.department == department and "private" in kinds[place.key].split("+")
    )
    clerks = [county.users["paper_clerk"], User.objects.create_user("second", role=Role.PAPER_CLERK)]
    for number in surveys.make_labels(survey=survey, number=3, acting_user=county.operator):
        for clerk in clerks:
            surveys.key_sheet(
                survey_id=survey.pk,
                number=str(number),
                typed=surveys.Typed(code=code, kind="valid", marks=marks),
                acting_user=clerk,
            )


@starts("opened")
def test_the_cockpit_shows_the_step_only_where_somebody_took_paper(county: County) -> None:
    assert "录入纸质票" not in page(county)
    county.close(county.round)
    shown = page(county)
    assert "录入纸质票" not in shown
    assert "计票</a>" in shown


@starts("voted")
def test_a_round_with_paper_waits_for_it_and_gives_one_result(county: County) -> None:
    """YC-R6, YC-R7: three packets that say 满意 count as three phones that do."""
    exchange_and_close(county, 3)
    assert f'href="/office/surveys/{county.round.survey_id}/paper/">核对纸质票</a>' in page(county)
    with pytest.raises(Refused, match="纸质票还没有录完"):
        county.tally(county.round)
    key_all(county, "1" * len(persons(county)))
    surveys.finish_keying(survey=county.survey, acting_user=county.operator)
    shown = page(county)
    assert "查看纸质票" in shown
    assert "计票</a>" in shown
    county.round = county.tally(county.round)
    assert sum(queries.valid_ballots(county.survey).values()) == len(ordinary_ballots()) + 3
    assert "计算结果</a>" in page(county)
    county.compute(county.round)

    other = county.opened(title="下一轮", period="2026-Q4")
    county.vote_all(ordinary_ballots())
    for _ in range(3):
        county.vote(dict.fromkeys(persons(county), "满意"))
    county.tally(county.close(other))
    assert queries.counts(county.survey) == queries.counts(fresh(other).survey)  # type: ignore[arg-type]
