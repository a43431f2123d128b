"""Ballots and paper about units as wholes: what is counted, printed, kept and refused."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest
from django.apps import apps

from office.errors import Refused
from office.models import User
from office.roles import Role
from surveys import queries, services
from surveys.ballots import forms
from surveys.box import questionnaire
from surveys.comments import queries as comments
from surveys.models import Ballot, Slip, Survey
from surveys.models.entities import EVERYBODY
from surveys.paper import numbers, packets_pdf, reconciliation
from tests.kit.publishing import run_waiting_jobs
from tests.kit.survey_office import ABOUT_UNITS, Office, Voter, opened_about_units

pytestmark = pytest.mark.django_db
GOOD = {"policy": "满意", "service": "比较满意"}


def test_a_vote_about_units_changes_a_slip_and_a_ballot_and_nothing_else(office: Office) -> None:
    survey, slips = opened_about_units(20)
    before = {model: model._default_manager.count() for model in apps.get_models()}
    voter = Voter(survey, slips[0])
    voter.vote({"d1": GOOD, "d5": {"policy": "不满意"}})
    after = {model: model._default_manager.count() for model in apps.get_models()}
    assert {model: after[model] - before[model] for model in after if after[model] != before[model]} == {
        Ballot: 1
    }
    assert Slip.objects.filter(state=Slip.State.REDEEMED).count() == 1


def test_every_ballot_about_units_has_the_same_length_whatever_it_says(office: Office) -> None:
    survey, slips = opened_about_units(20)
    everything = {f"d{number}": GOOD for number in range(1, 6)}
    Voter(survey, slips[0]).vote({})
    Voter(survey, slips[1]).vote(everything)
    assert len({len(bytes(one)) for one in Ballot.objects.values_list("sealed", flat=True)}) == 1


def keyed(office: Office, survey: Survey, group: str, marks: str, **words: str) -> None:
    """Two clerks enter one sheet of a peer group."""
    code = next(code for code, place in numbers.codes(survey.public).items() if place.department == group)
    (number,) = services.make_labels(survey=survey, number=1, acting_user=office.operator)
    for name in ("first", "second"):
        clerk, _ = User.objects.get_or_create(username=name, defaults={"role": Role.PAPER_CLERK})
        services.key_sheet(
            survey_id=survey.pk,
            number=str(number),
            typed=services.Typed(code=code, kind="valid", marks=marks, **words),
            acting_user=clerk,
        )


def test_a_packet_has_one_sheet_for_each_peer_group(office: Office) -> None:
    survey, _ = opened_about_units(20)
    survey = Survey.objects.get(pk=survey.pk)
    html = packets_pdf.packet(survey.strata.get())
    assert html.count('<section class="ballot') == 2
    assert "县（区）" in html
    assert "评价单位" in html
    assert "姓名" not in html
    assert "工作人员服务质量测评表" not in html
    rows = [packets_pdf.rows(one) for one in forms.sheets(survey.frozen()["form"])]
    assert [len(one) for one in rows] == [4, 6]
    assert [(one["number"], one["who"], one["ask"]) for one in rows[1][:3]] == [
        (1, "第3单位", "政策落实"),
        (2, "第3单位", "服务质效"),
        (3, "第4单位", "政策落实"),
    ]


def test_paper_about_units_counts_like_phones_and_its_words_stand_for_the_group(office: Office) -> None:
    survey, slips = opened_about_units(20)
    services.exchange_for_paper(survey=survey, text=slips.pop().url, acting_user=office.operator)
    for slip in slips[:10]:
        Voter(survey, slip).vote({"d3": GOOD})
    office.close(survey)
    survey = Survey.objects.get(pk=survey.pk)
    keyed(office, survey, "g2", "120900", matter="第三单位材料反复退回")
    figures = reconciliation.reconcile(survey)
    assert figures.groups[0].sheets == {"县（区）": 0, "市级部门": 1}
    services.finish_keying(survey=survey, acting_user=office.operator)
    run_waiting_jobs()
    office.tally(survey)
    (counts,) = queries.counts(survey).values()
    assert counts["d3"]["policy"]["满意"] == 11
    assert counts["d3"]["service"]["比较满意"] == 11
    assert counts["d4"]["policy"] == dict.fromkeys(counts["d4"]["policy"], 0) | {"不了解情况": 11}
    assert queries.touched(survey) == {"d3": 11}
    (row,) = comments.progress(survey)
    assert (row.name, row.matters) == ("市级部门（纸质票）", 1)


def changed(**parts: Any) -> dict[str, Any]:
    return {**deepcopy(ABOUT_UNITS), **parts}


UNITS: Any = ABOUT_UNITS["departments"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        (changed(groups=[{"id": "g1", "name": "县（区）"}]), "属于一个系列"),
        (changed(groups=[*ABOUT_UNITS["groups"], {"id": "g3", "name": "空"}]), "至少有一个评价单位"),
        (changed(groups=[{"id": "d1", "name": "县（区）"}, {"id": "g2", "name": "部门"}]), "编号不能重复"),
        (changed(departments=[{**one, "group": "g1"} for one in UNITS]), "至少有一个评价单位"),
        (
            changed(departments=[{key: one[key] for key in one if key != "group"} for one in UNITS]),
            "属于一个系列",
        ),
    ],
)
def test_a_form_whose_groups_do_not_fit_its_units_is_refused(form: dict[str, Any], said: str) -> None:
    with pytest.raises(Refused, match=said):
        questionnaire.check("s-1", questionnaire.voter_form("评价", form))


def test_whoever_is_asked_without_shares_has_one_kind(office: Office) -> None:
    survey, _ = opened_about_units(20)
    (stratum,) = survey.strata.all()
    assert (stratum.kind, stratum.name) == (EVERYBODY, "评价人")
    with pytest.raises(Refused, match="100"):
        services.create_survey(title="甲", shares={"private": 50}, acting_user=office.operator)
