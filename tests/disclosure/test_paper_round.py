"""A round in which some vote on paper: the cockpit's step, the office's pages, one result for all."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from evaluations import services
from evaluations.models import Round
from evaluations.rounds.state import survey_of
from office.models import User
from office.roles import Role
from surveys import queries
from surveys import services as surveys
from surveys.paper import numbers as paper_numbers
from tests.evaluations.county import NOW, PASSPHRASE, County, fresh, ordinary_ballots


def page(county: County, round_: Round, role: str = "centre_operator") -> str:
    client = Client()
    client.force_login(county.users[role])
    return client.get(f"/office/rounds/{round_.pk}/").content.decode()


def on_paper(county: County, round_: Round, packets: int) -> Round:
    """The ordinary ballots on the phone, some slips exchanged for paper, the box closed."""
    survey = survey_of(round_)
    kinds = ("private", "sole_trader", "private", "sole_trader", "non_private")
    for number, answers in enumerate(ordinary_ballots()):
        county.vote(answers, kinds[number % 5])
    for _ in range(packets):
        surveys.exchange_for_paper(
            survey=survey, text=county.urls["private"].pop(), acting_user=county.operator
        )
    return services.close_round(round=round_, today=date(2026, 9, 28), acting_user=county.operator)


def key_all(county: County, round_: Round, marks: str) -> None:
    """Two clerks key a sheet of the first department from every packet."""
    survey = survey_of(fresh(round_))
    form = survey.frozen()
    department = form["form"]["departments"][0]["id"]
    kinds = {one.key_id: one.kind for one in survey.strata.all()}
    code = next(
        code
        for code, place in paper_numbers.codes(survey.public).items()
        if place.department == department and "private" in kinds[place.key].split("+")
    )
    clerks = [county.users["paper_clerk"], User.objects.create_user("second", role=Role.PAPER_CLERK)]
    numbers = surveys.make_labels(survey=survey, number=3, acting_user=county.operator)
    for number in numbers:
        for clerk in clerks:
            surveys.key_sheet(
                survey_id=survey.pk,
                number=str(number),
                typed=surveys.Typed(code=code, kind="valid", marks=marks),
                acting_user=clerk,
            )


def test_the_cockpit_shows_the_step_only_where_somebody_took_paper(county: County) -> None:
    round_ = county.opened()
    assert "录入纸质票" not in page(county, round_)
    closed = services.close_round(round=round_, today=date(2026, 9, 28), acting_user=county.operator)
    shown = page(county, closed)
    assert "录入纸质票" not in shown
    assert "计票</a>" in shown


def test_a_round_with_paper_waits_for_it_and_gives_one_result(county: County) -> None:
    """YC-R6, YC-R7: three packets that say 满意 count as three phones that do."""
    round_ = on_paper(county, county.opened(), 3)
    shown = page(county, round_)
    assert f'href="/office/surveys/{round_.survey_id}/paper/">核对纸质票</a>' in shown
    with pytest.raises(Exception, match="纸质票还没有录完"):
        services.tally_round(round=round_, passphrase=PASSPHRASE, acting_user=county.operator)
    persons = sum(
        len(section["persons"])
        for section in survey_of(round_).frozen()["form"]["departments"][0]["sections"]
    )
    key_all(county, round_, "1" * persons)
    surveys.finish_keying(survey=survey_of(round_), acting_user=county.operator)
    shown = page(county, round_)
    assert "查看纸质票" in shown
    assert "计票</a>" in shown
    counted = services.tally_round(round=round_, passphrase=PASSPHRASE, acting_user=county.operator)
    assert sum(queries.valid_ballots(survey_of(counted)).values()) == len(list(ordinary_ballots())) + 3
    assert "计算结果</a>" in page(county, counted)
    services.compute_round(round=counted, now=NOW, acting_user=county.operator)

    other = county.opened(title="下一轮", period="2026-Q4")
    people = [
        person["name"]
        for section in survey_of(other).frozen()["form"]["departments"][0]["sections"]
        for person in section["persons"]
    ]
    kinds = ("private", "sole_trader", "private", "sole_trader", "non_private")
    for number, answers in enumerate(ordinary_ballots()):
        county.vote(answers, kinds[number % 5])
    for _ in range(3):
        county.vote(dict.fromkeys(people, "满意"))
    services.close_round(round=other, today=date(2026, 9, 28), acting_user=county.operator)
    services.tally_round(round=other, passphrase=PASSPHRASE, acting_user=county.operator)
    assert queries.counts(survey_of(counted)) == queries.counts(survey_of(other))
