"""Rounds whose voters rate units as wholes, from the slips to the result (GY-R3, GY-R5, WY-R8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.models import Result, SchemeVersion
from evaluations.polling.questionnaire import form_of
from evaluations.rounds.forms import RoundForm
from evaluations.scoring import load_scheme, score_facts
from office.errors import Refused
from surveys import queries
from surveys.ballots import keyfile
from surveys.ballots.bundle import Bundle
from surveys.ballots.sealing import Comment
from surveys.ballots.verify import verify
from surveys.box import bundles, questionnaire
from surveys.comments import queries as comment_queries
from surveys.models import Ballot, Stratum
from tests.evaluations.county import NOW, PASSPHRASE
from tests.evaluations.units import GUANGYUAN, WUYANG, Said, UnitsCounty
from tests.kit.files import own_folders
from tests.kit.publishing import run_waiting_jobs

pytestmark = pytest.mark.django_db

ALL = {"policy": "满意", "service": "满意", "solving": "满意"}
BALLOTS: list[Said] = [
    {
        "甲县": {"policy": "非常满意", "service": "满意", "solving": "基本满意"},
        "乙县": ALL,
        "甲局": {"policy": "不满意"},
        "丙局": {"policy": "不了解", "service": "非常不满意", "solving": "满意"},
    },
    {"甲县": {**ALL, "policy": "非常满意"}, "乙局": ALL, "丙局": ALL},
] * 6


@pytest.fixture
def own_place(db: None, settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True


@pytest.fixture
def guangyuan(own_place: None) -> UnitsCounty:
    return UnitsCounty("guangyuan-2022", GUANGYUAN)


@pytest.fixture
def wuyang(own_place: None) -> UnitsCounty:
    return UnitsCounty("wuyang-units-2022", WUYANG)


def counted(county: UnitsCounty, ballots: list[Said]) -> UnitsCounty:
    county.open()
    for said in ballots:
        county.vote(said)
    county.close()
    run_waiting_jobs()
    county.tally()
    return county


def by_hand(county: UnitsCounty, ballots: list[Said], source: str, unknown: str) -> dict[str, Any]:
    """The facts that these ballots make: whoever says nothing of a unit does not know it."""
    form = form_of(county.round)
    words = [choice["id"] for choice in form["choices"]]
    subjects = {}
    for unit in form["departments"]:
        answers = {}
        for question in unit["questions"]:
            row = dict.fromkeys(words, 0)
            for said in ballots:
                row[said.get(unit["name"], {}).get(question["id"], unknown)] += 1
            answers[question["id"]] = row
        group = county.round.departments.get(name=unit["name"]).peer_group
        subjects[unit["id"]] = {"name": unit["name"], "group": group, "answers": {source: answers}}
    return {"scheme": county.scheme.scheme_id, "period": "2026-Q3", "subjects": subjects}


def test_the_form_lists_units_by_peer_group_with_the_questions_of_the_scheme(guangyuan: UnitsCounty) -> None:
    """GY-R5: three aspects of each unit; 不了解 is a choice, and the last two words ask for a reason."""
    form = form_of(guangyuan.create())
    assert [group["name"] for group in form["groups"]] == ["县（区）", "市级部门（单位）"]
    assert [(one["name"], one["group"]) for one in form["departments"]] == [
        ("甲县", "g1"),
        ("乙县", "g1"),
        ("甲局", "g2"),
        ("乙局", "g2"),
        ("丙局", "g2"),
    ]
    assert form["departments"][0]["id"] == guangyuan.keys["甲县"]
    assert form["departments"][0]["questions"] == [
        {"id": "policy", "text": "政策落实"},
        {"id": "service", "text": "服务质效"},
        {"id": "solving", "text": "解决问题"},
    ]
    assert form["choices"][-1] == {"id": "不了解", "unknown": True}
    assert form["reason_for"] == ["不满意", "非常不满意"]


def test_a_round_of_two_groups_counts_and_scores_as_its_ballots_say(guangyuan: UnitsCounty) -> None:
    """GY-R3, GY-R5, GY-R6: without real-time ratings the gathered ones carry all the weight."""
    guangyuan.create()
    guangyuan.prepare()
    counted(guangyuan, BALLOTS)
    guangyuan.without("answers.realtime")
    guangyuan.compute()
    result = Result.objects.get(round=guangyuan.round)
    facts = by_hand(guangyuan, BALLOTS, "scheduled", "不了解")
    assert {key: one["answers"] for key, one in result.facts["subjects"].items()} == {
        key: one["answers"] for key, one in facts["subjects"].items()
    }
    golden = score_facts(load_scheme("guangyuan-2022"), facts)
    assert result.outcome["subjects"] == golden["subjects"]
    scores = {one["name"]: one["score"] for one in result.outcome["subjects"].values()}
    assert scores["甲县"] == "83.33"  # policy 100, service 80, solving 60 and 80: (100 + 80 + 70) / 3
    assert scores["甲局"] == "40.00"
    assert not {"respondents", "shares", "answers_by_stratum"} & set(result.facts)
    assert "answers_by_stratum" not in json.dumps(result.facts)


def test_a_round_with_questions_of_its_own_counts_and_scores(wuyang: UnitsCounty) -> None:
    """WY-R8: units of two pools; the round may ask what it likes."""
    wuyang.create(questions=["办事是否方便", "服务是否规范"], options={"min_answers": 10})
    ballots: list[Said] = [
        {"甲局": {"q1": "满意", "q2": "比较满意"}, "乙局": {"q1": "不满意"}, "东镇": {"q1": "基本满意"}},
        {"甲局": {"q1": "满意"}, "乙局": {"q1": "比较满意"}, "丙局": {"q1": "满意"}, "西镇": {"q2": "满意"}},
    ] * 10
    wuyang.prepare()
    counted(wuyang, ballots).compute()
    result = Result.objects.get(round=wuyang.round)
    facts = by_hand(wuyang, ballots, "ballot", "不了解情况")
    facts["options"] = {"min_answers": 10}
    golden = score_facts(load_scheme("wuyang-units-2022"), facts)
    assert result.outcome["subjects"] == golden["subjects"]
    scores = {one["name"]: one["score"] for one in result.outcome["subjects"].values()}
    assert scores == {"甲局": "90.00", "乙局": "55.00", "丙局": "100.00", "东镇": "60.00", "西镇": "100.00"}


def test_everybody_votes_under_one_key_where_no_shares_are_held(guangyuan: UnitsCounty) -> None:
    guangyuan.create()
    guangyuan.prepare(slips=30)
    (stratum,) = Stratum.objects.all()
    assert (stratum.name, stratum.share) == ("评价人", 100)
    assert guangyuan.round.shares == {}
    with pytest.raises(Refused, match="不要求评价主体占比"):
        services.set_shares(
            round=guangyuan.create(again_reason="另一轮"),
            shares={"private": 50, "sole_trader": 40, "non_private": 10},
            acting_user=guangyuan.operator,
        )


def test_too_low_a_floor_is_refused_by_the_name_of_the_schemes_own_reading(wuyang: UnitsCounty) -> None:
    wuyang.create(options={"min_answers": 4})
    with pytest.raises(Refused) as refusal:
        wuyang.prepare()
    assert "单位最少有效票数：现为4，最低为5" in str(refusal.value)
    assert not Ballot.objects.exists()


def test_words_about_a_unit_reach_the_unit_and_nobody_else(guangyuan: UnitsCounty) -> None:
    guangyuan.create()
    guangyuan.prepare()
    guangyuan.open()
    for said in BALLOTS:
        guangyuan.vote(said, remark=Comment(6, "材料反复退回", "") if "甲局" in said else None)
    guangyuan.close()
    run_waiting_jobs()
    guangyuan.tally()
    survey = guangyuan.round.survey
    assert survey is not None
    (row,) = comment_queries.progress(survey)
    assert (row.name, row.matters) == ("甲局", 6)
    assert "政策落实" in comment_queries.topics_of(survey)


def test_the_bundle_of_such_a_round_is_verified_with_and_without_the_key(guangyuan: UnitsCounty) -> None:
    """Recounted and rescored by the program that knows no database."""
    guangyuan.create()
    guangyuan.prepare()
    counted(guangyuan, BALLOTS)
    guangyuan.without("answers.realtime")
    guangyuan.compute()
    services.sign_off_round(round=guangyuan.round, now=NOW, acting_user=guangyuan.reviewer)
    run_waiting_jobs()
    survey = guangyuan.round.survey
    assert survey is not None
    private = keyfile.unlock(survey.tally_key_file, PASSPHRASE)
    path = (
        bundles.results_path_of(survey, 1)
        if queries.has_results_bundle(survey, 1)
        else bundles.path_of(survey)
    )
    bundle = Bundle(path)
    for key in (None, private):
        found = verify(bundle, private_key=key)
        assert found.wrong == []


@pytest.mark.parametrize(
    ("scheme_id", "groups", "asked", "words"),
    [
        ("wuyang-sections", {"行政执法": ("甲科", "乙科")}, ["总体评价"], ["五星", "一星", "不了解情况"]),
        (
            "wuyang-windows-2022",
            {"服务窗口": ("甲窗口", "乙窗口")},
            ["总体评价"],
            ["满意", "不满意", "不了解情况"],
        ),
        (
            "guangyuan-2022",
            GUANGYUAN,
            ["政策落实", "服务质效", "解决问题"],
            ["非常满意", "非常不满意", "不了解"],
        ),
    ],
)
def test_every_scheme_about_units_makes_a_form_that_phones_take(
    own_place: None, scheme_id: str, groups: dict[str, tuple[str, ...]], asked: list[str], words: list[str]
) -> None:
    """WY-R8, WY-R9, GY-R5: whatever the scale and the questions."""
    form = form_of(UnitsCounty(scheme_id, groups).create())
    assert [one["text"] for one in form["departments"][0]["questions"]] == asked
    given = [choice["id"] for choice in form["choices"]]
    assert [given[0], given[-2], given[-1]] == words
    questionnaire.check("s-1", questionnaire.voter_form("评价", form))


def test_questions_of_ones_own_are_offered_where_the_scheme_takes_them(
    guangyuan: UnitsCounty,
) -> None:
    """GY-R5 names its three aspects; WY leaves the questions to the round."""
    assert "questions" not in RoundForm(version=guangyuan.scheme).fields
    wuyang = SchemeVersion.objects.get(scheme_id="wuyang-units-2022")
    assert "对每个评价单位逐一询问" in str(RoundForm(version=wuyang).fields["questions"].help_text)
