"""Panels that mark by secret slip: what voters give, what is counted, what facts it makes (JL-R4, JL-R8)."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from pytest_django.fixtures import Settings

from evaluations import services
from evaluations.gathering import ballot
from evaluations.models import Channel, SchemeVersion
from evaluations.polling.questionnaire import form_of
from evaluations.rounds.forms import RoundForm
from evaluations.rounds.voters import panels_by_ballot, voter_kinds
from office.errors import Refused
from office.models import User
from office.roles import Role
from surveys import queries
from surveys import services as surveys
from surveys.ballots import forms, keyfile
from surveys.ballots.bundle import Bundle
from surveys.ballots.exporting import with_results
from surveys.ballots.sealing import REASONS
from surveys.ballots.verify import verify
from surveys.box import bundles
from surveys.models import Stratum, Survey
from surveys.paper import numbers, packets_pdf
from tests.evaluations.county import NOW, PASSPHRASE, fresh
from tests.evaluations.units import JILIN, WUYANG, Said, UnitsCounty
from tests.kit.files import own_folders
from tests.kit.publishing import run_waiting_jobs

pytestmark = pytest.mark.django_db
BOTH = {"marks.enterprises": "ballot", "marks.supervisors": "ballot"}


@pytest.fixture
def own_place(db: None, settings: Settings, tmp_path: Path) -> None:
    own_folders(settings, tmp_path)
    settings.DEMO = True


@pytest.fixture
def zone(own_place: None) -> UnitsCounty:
    county = UnitsCounty("jilin-jkq-2021", JILIN)
    county.create(period="2026", channels=BOTH)
    return county


def marked(**marks: str) -> Said:
    return {name: {"mark": mark} for name, mark in marks.items()}


def facts_of(county: UnitsCounty, panel: str) -> dict[str, Any]:
    """Name of a unit → what the channel gives of it."""
    channel = Channel.objects.select_related("round__survey").get(round=county.round, need=f"marks.{panel}")
    names = {key: name for name, key in county.keys.items()}
    return {names[key]: part for key, part in ballot.facts(channel).items()}


def count_slips(county: UnitsCounty, kind: str, handed: int) -> None:
    assert county.round.survey is not None
    for batch in queries.batches(county.round.survey):
        if batch.stratum.kind == kind:
            surveys.count_batch(
                batch=batch,
                handed_out=handed // 2,
                returned=batch.size - handed // 2,
                spoiled=0,
                acting_user=county.operator,
            )


def test_each_panel_has_slips_of_its_own_and_marks_in_the_scheme_s_step(zone: UnitsCounty) -> None:
    """JL-R8: the round chooses slips; one mark for each unit from 0 to full, and 不评."""
    form = form_of(zone.round)
    assert [(one["id"], one["stratum"]) for one in form["panels"]] == [
        ("enterprises", "企业"),
        ("supervisors", "营商环境监督员"),
    ]
    assert form["panels"][0]["words"][:3] == ["10", "9.5", "9"]
    assert len(form["panels"][0]["words"]) == 21
    assert form["choices"][-1] == {"id": "不评", "unknown": True, "added": True}
    assert {len(one["questions"]) for one in form["departments"]} == {1}
    zone.prepare()
    assert [(one.kind, one.name) for one in Stratum.objects.order_by("order")] == [
        ("enterprises", "企业"),
        ("supervisors", "营商环境监督员"),
    ]
    help_text = RoundForm(version=zone.scheme).fields["channel-marks.enterprises"].help_text
    assert "不区分是否评本单位" in str(help_text)


def test_a_panel_too_small_for_a_key_of_its_own_is_refused(zone: UnitsCounty) -> None:
    with pytest.raises(Refused, match="企业：19张"):
        zone.prepare(slips=19)


@pytest.mark.both_databases
def test_marks_reach_the_facts_lowest_first_and_the_bundle_is_verified(zone: UnitsCounty) -> None:
    """JL-R4: one value per voter and unit; who leaves a unit out gave it none; no panel marks for another."""
    zone.prepare()
    zone.open()
    zone.vote(marked(区甲局="10", 区乙局="7.5"), kind="enterprises")
    zone.vote(marked(区甲局="8"), kind="enterprises")
    zone.vote(marked(区甲局="9.5", 区乙局="0"), kind="enterprises")
    zone.vote(marked(区丙站="6"), kind="supervisors")
    for kind in ("enterprises", "supervisors"):
        count_slips(zone, kind, 8)
    zone.close()
    run_waiting_jobs()
    zone.tally()
    assert facts_of(zone, "enterprises") == {
        "区甲局": {
            "asked": {"enterprises": 8},
            "marks": {"enterprises": {"m1": "8", "m2": "9.5", "m3": "10"}},
        },
        "区乙局": {"asked": {"enterprises": 8}, "marks": {"enterprises": {"m1": "0", "m2": "7.5"}}},
        "区丙站": {"asked": {"enterprises": 8}},
    }
    assert facts_of(zone, "supervisors") == {
        "区甲局": {"asked": {"supervisors": 8}},
        "区乙局": {"asked": {"supervisors": 8}},
        "区丙站": {"asked": {"supervisors": 8}, "marks": {"supervisors": {"m1": "6"}}},
    }
    channel = Channel.objects.get(round=zone.round, need="marks.supervisors")
    assert "发出凭条8张，收到1张" in ballot.progress(channel).notes
    with CaptureQueriesContext(connection) as asked:
        facts_of(zone, "enterprises")
    assert len(asked) <= 4 + 2  # finding the channel, and the names of the units
    for need in ("occurrences", "marks.leaders", "marks.departments"):
        zone.without(need)
    zone.compute()
    judged = zone.round.results.get().outcome["subjects"][zone.keys["区丙站"]]
    assert "quorum:supervisors" in judged["flags"]
    services.sign_off_round(round=zone.round, now=NOW, acting_user=zone.reviewer)
    run_waiting_jobs()
    survey = fresh(zone.round).survey
    assert survey is not None
    path = bundles.results_path_of(survey, 1)
    private = keyfile.unlock(survey.tally_key_file, PASSPHRASE)
    for key in (None, private):
        found = verify(Bundle(path), private_key=key)
        assert found.wrong == []
        assert "评分所用的分数就是计票结果" in found.proved
    changed = json.loads(Bundle(path).read("facts.json"))
    unit = zone.keys["区甲局"]
    changed["subjects"][unit]["marks"]["enterprises"]["m1"] = "8.5"
    altered = path.with_name("altered.zip")
    with_results(Bundle(bundles.path_of(survey)), altered, results=_results(path, changed))
    assert "核对不成立：评分所用的分数就是计票结果" in verify(Bundle(altered)).wrong


def _results(path: Path, facts: dict[str, Any]) -> dict[str, bytes]:
    kept = {name: Bundle(path).read(name) for name in ("counts.json", "scheme.yaml", "outcome.json")}
    return {**kept, "facts.json": json.dumps(facts).encode()}


def test_a_mark_that_the_panel_cannot_give_spoils_its_ballot(own_place: None) -> None:
    """A phone that was tampered with gives 30 of 10: the ballot is void and named so."""
    zone = UnitsCounty("jilin-jkq-2021", JILIN)
    head, panel, tail = zone.scheme.text.partition("panel: supervisors\n    full: 10\n")
    text = head + panel.replace("10", "5") + tail.replace("full: 2}", "full: 1}", 5)
    text = text.replace("{step: supervisors, full: 10,", "{step: supervisors, full: 5,")
    zone.scheme = SchemeVersion.objects.create(
        scheme_id="jilin-jkq-2021", title="改动的方案", text=text, sha256="0" * 64
    )
    zone.create(period="2026", channels=BOTH)
    zone.prepare()
    zone.open()
    zone.vote(marked(区甲局="5"), kind="supervisors")
    zone.vote(marked(区甲局="5.5"), kind="supervisors")
    zone.vote(marked(区甲局="10"), kind="enterprises")
    zone.close()
    run_waiting_jobs()
    zone.tally()
    assert facts_of(zone, "supervisors")["区甲局"] == {"marks": {"supervisors": {"m1": "5"}}}
    survey = fresh(zone.round).survey
    assert survey is not None
    assert queries.controls(survey)["spoiled"] == {"choice": 1}
    assert REASONS["choice"] == "含有评价表以外的选项"


def keyed(zone: UnitsCounty, survey: Survey, typed: str) -> None:
    """Two clerks enter a supervisor's sheet about the first group."""
    code = next(
        code
        for code, place in numbers.codes(survey.public).items()
        if (place.stratum, place.department) == ("营商环境监督员", "g1")
    )
    (number,) = surveys.make_labels(survey=survey, number=1, acting_user=zone.operator)
    for name in ("first", "second"):
        clerk, _ = User.objects.get_or_create(username=name, defaults={"role": Role.PAPER_CLERK})
        surveys.key_sheet(
            survey_id=survey.pk,
            number=str(number),
            typed=surveys.Typed(code=code, kind="valid", marks=typed),
            acting_user=clerk,
        )


def test_marks_on_paper_count_like_those_from_phones(zone: UnitsCounty) -> None:
    """JL-R8: a sheet asks for a number; what is blank or no number is no mark."""
    zone.prepare()
    zone.open()
    survey = fresh(zone.round).survey
    assert survey is not None
    for _ in range(2):
        url = zone.urls["supervisors"].pop()
        surveys.exchange_for_paper(survey=survey, text=url, acting_user=zone.operator)
    zone.vote(marked(区甲局="9"), kind="supervisors")
    html = packets_pdf.packet(Stratum.objects.get(kind="supervisors"))
    assert "分数（0—10分）" in html
    assert "以0.5分为单位" in html
    assert "□" not in html
    zone.close()
    survey = Survey.objects.get(pk=survey.pk)
    for wrong in ("10.5,8", "9.3,8", "九,8"):
        with pytest.raises(Refused, match="有1项不是可用的分数"):
            keyed(zone, survey, wrong)
    with pytest.raises(Refused, match="应有2项"):
        keyed(zone, survey, "9")
    keyed(zone, survey, "9.5,0")
    keyed(zone, survey, "-,x")
    surveys.finish_keying(survey=survey, acting_user=zone.operator)
    run_waiting_jobs()
    zone.tally()
    given = {name: part.get("marks") for name, part in facts_of(zone, "supervisors").items()}
    assert given == {
        "区甲局": {"supervisors": {"m1": "9", "m2": "9.5"}},
        "区乙局": {"supervisors": {"m1": "0"}},
        "区丙站": None,
    }
    assert forms.words(survey.frozen()["form"])[0] == "10"


def test_a_scale_without_a_word_for_not_knowing_lets_voters_leave_units_out(own_place: None) -> None:
    """The added choice is no word of the scheme: whoever takes it, or nothing, answered nothing."""
    county = UnitsCounty("wuyang-units-2022", WUYANG)
    assert "excluded: [不了解情况]" in county.scheme.text
    text = county.scheme.text.replace("    excluded: [不了解情况]\n", "")
    county.scheme = SchemeVersion.objects.create(
        scheme_id="wuyang-units-2022", title="没有不了解", text=text, sha256="1" * 64
    )
    county.create(options={"min_answers": 5})
    assert form_of(county.round)["choices"][-1] == {"id": "不评", "unknown": True, "added": True}
    county.prepare()
    county.open()
    for _ in range(6):
        county.vote({"甲局": {"overall": "满意"}, "乙局": {"overall": "不评"}})
    county.close()
    run_waiting_jobs()
    county.tally()
    county.compute()
    subjects = county.round.results.get().facts["subjects"]
    words = {name: subjects[key]["answers"]["ballot"]["overall"] for name, key in county.keys.items()}
    assert words["甲局"] == {"满意": 6, "比较满意": 0, "基本满意": 0, "不满意": 0}
    assert sum(words["乙局"].values()) == 0
    services.sign_off_round(round=county.round, now=NOW, acting_user=county.reviewer)
    run_waiting_jobs()
    survey = fresh(county.round).survey
    assert survey is not None
    assert verify(Bundle(bundles.results_path_of(survey, 1))).wrong == []


def test_one_slip_asks_for_answers_or_for_marks_never_for_both(own_place: None) -> None:
    """A scheme may have both; full marks that are no whole number of steps can be given all the same."""
    county = UnitsCounty("jilin-jkq-2021", JILIN)
    text = (Path(__file__).parents[1] / "golden" / "plain" / "scheme.yaml").read_text()
    county.scheme = SchemeVersion.objects.create(
        scheme_id="plain", title="简单方案", text=text, sha256="2" * 64
    )
    with pytest.raises(Refused, match="不能既评满意度又打分"):
        county.create(period="2026", channels={"marks.jury": "ballot"})
    county.create(period="2026", channels={"marks.jury": "ballot", "answers.ballot": "counts"})
    (jury,) = panels_by_ballot(county.round)
    assert jury.words() == ["1.5", "1", "0"]
    assert voter_kinds(county.round) == {"jury": "评议"}
