"""From slip to count with the interim ballot; what goes wrong is said and changes nothing."""

from __future__ import annotations

import json
from typing import Any

import pytest
from django.test import Client

from office.errors import Refused
from office.models import AuditEntry, Job
from surveys import queries, services
from surveys.models import Ballot, Slip, Survey
from tests.surveys.conftest import Cast, Office, parts

ALL_SATISFIED = {"p1": {"overall": "满意"}, "p3": {"overall": "不满意"}}


def used() -> int:
    return Slip.objects.exclude(state=Slip.State.UNUSED).count()


def test_a_round_is_counted_per_kind_person_and_choice(office: Office, cast: Cast) -> None:
    """`YC-R5` `YC-R7`: kinds apart, five choices, everything untouched is 不了解情况."""
    survey, slips = office.ready(slips=20)
    for slip in slips["private"][:12]:
        assert cast(slip, ALL_SATISFIED).json() == {"tracker": ""}
    for slip in slips["sole_trader"][:11]:
        assert cast(slip, {"p1": {"overall": "基本满意"}}).status_code == 200
    for slip in slips["non_private"][:10]:
        assert cast(slip).status_code == 200
    office.close(survey)
    office.tally(survey)
    counts = queries.counts(survey)
    zero = dict.fromkeys(("满意", "比较满意", "基本满意", "不满意", "不了解情况"), 0)
    assert counts["private"]["p1"]["overall"] == {**zero, "满意": 12}
    assert counts["private"]["p2"]["overall"] == {**zero, "不了解情况": 12}
    assert counts["private"]["p3"]["overall"] == {**zero, "不满意": 12}
    assert counts["sole_trader"]["p1"]["overall"] == {**zero, "基本满意": 11}
    assert counts["non_private"]["p1"]["overall"] == {**zero, "不了解情况": 10}
    assert queries.valid_ballots(survey) == {"private": 12, "sole_trader": 11, "non_private": 10}
    assert queries.controls(survey)["faults"] == []


@pytest.mark.parametrize(("cast_of_small", "kinds"), [(10, 3), (9, 2)])
def test_a_kind_with_fewer_than_ten_ballots_is_not_shown_apart(
    office: Office, cast: Cast, cast_of_small: int, kinds: int
) -> None:
    survey, slips = office.ready(slips=20)
    for kind, number in (("private", 15), ("sole_trader", 12), ("non_private", cast_of_small)):
        for slip in slips[kind][:number]:
            cast(slip, {"p1": {"overall": "满意"}})
    office.close(survey)
    office.tally(survey)
    counts = queries.counts(survey)
    assert len(counts) == kinds
    total = sum(subjects["p1"]["overall"]["满意"] for subjects in counts.values())
    assert total == 27 + cast_of_small


def test_comments_come_out_by_department_and_shuffled_apart(office: Office, cast: Cast) -> None:
    """`YC-R8`: the concrete matter and a suggestion are collected."""
    survey, slips = office.ready()
    said = {
        "department": "d1",
        "subject": "p1",
        "question": "overall",
        "matter": "等候过久",
        "suggestion": "增开窗口",
    }
    assert cast(slips["private"][0], {"p1": {"overall": "不满意"}}, comments=[said]).status_code == 200
    office.close(survey)
    comments = office.tally(survey).comments
    assert sorted(part["text"] for part in comments["d1"]) == ["增开窗口", "等候过久"]
    assert "p1" not in json.dumps(comments)


def test_a_mistyped_code_is_refused_and_not_used(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    _, code = parts(slips["private"][0])
    wrong = ("3" if code[0] == "2" else "2") + code[1:]
    answer = cast(slips["private"][0], code=wrong)
    assert (answer.status_code, answer.json()["error"]) == (404, "unknown_code")
    assert "未被使用" in answer.json()["message"]
    assert (used(), Ballot.objects.count()) == (0, 0)


def test_a_code_may_be_typed_in_small_letters_with_blanks(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    _, code = parts(slips["private"][0])
    typed = " ".join(code.lower()[start : start + 4] for start in range(0, 16, 4))
    assert cast(slips["private"][0], code=typed).status_code == 200


def test_a_used_code_is_refused_and_the_first_ballot_stays(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    assert cast(slips["private"][0]).status_code == 200
    again = cast(slips["private"][0], ALL_SATISFIED)
    assert (again.status_code, again.json()["error"]) == (409, "used")
    assert Ballot.objects.count() == 1


def test_a_code_of_another_round_is_refused_by_name(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    _, others = office.ready()
    key, _ = parts(slips["private"][0])
    answer = cast(others["private"][0], key=key)
    assert answer.json()["error"] == "other_survey"
    assert "另一轮" in answer.json()["message"]
    assert (used(), Ballot.objects.count()) == (0, 0)


def test_a_code_under_another_kind_is_refused(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    key, _ = parts(slips["sole_trader"][0])
    assert cast(slips["private"][0], key=key).json()["error"] == "unknown_code"
    assert used() == 0


def test_a_round_not_open_yet_takes_no_ballot(office: Office, cast: Cast) -> None:
    survey = office.freeze(office.create())
    slips = office.print_all(survey)
    answer = cast(slips["private"][0])
    assert (answer.status_code, answer.json()["error"]) == (403, "not_open")
    assert used() == 0


def test_a_closed_round_takes_no_ballot(office: Office, cast: Cast) -> None:
    survey, slips = office.ready()
    office.close(survey)
    answer = cast(slips["private"][0])
    assert (answer.status_code, answer.json()["error"]) == (403, "closed")
    assert (used(), Ballot.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("answers", "error"),
    [
        ({"p999": {"overall": "满意"}}, "not_in_form"),
        ({"p1": {"else": "满意"}}, "not_in_form"),
        ({"p1": {"overall": "很好"}}, "not_in_form"),
        ({"p1": {"overall": 3}}, "not_in_form"),
        ({"p1": "满意"}, "bad_request"),
        (["满意"], "bad_request"),
    ],
)
def test_answers_outside_the_round_are_refused(office: Office, cast: Cast, answers: Any, error: str) -> None:
    _, slips = office.ready()
    answer = cast(slips["private"][0], answers=answers)
    assert (answer.status_code, answer.json()["error"]) == (400, error)
    assert (used(), Ballot.objects.count()) == (0, 0)


@pytest.mark.parametrize("body", ["", "[]", "{", "null", '"x"', "{}", '{"key": 1, "code": {}}', "[" * 5000])
def test_what_is_no_ballot_gets_a_clean_refusal(office: Office, client: Client, body: str) -> None:
    office.ready()
    answer = client.post("/v/cast", body, content_type="application/json")
    assert answer.status_code in (400, 404)
    assert answer.json()["message"]


def test_a_vote_leaves_no_trace_in_any_other_table(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    before = (AuditEntry.objects.count(), Job.objects.count())
    answer = cast(slips["private"][0], ALL_SATISFIED)
    assert (AuditEntry.objects.count(), Job.objects.count()) == before
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


def test_every_stored_ballot_has_the_same_length(office: Office, cast: Cast) -> None:
    _, slips = office.ready()
    said = {
        "department": "d1",
        "subject": "p1",
        "question": "overall",
        "matter": "久" * 1500,
        "suggestion": "",
    }
    cast(slips["private"][0])
    assert cast(slips["private"][1], ALL_SATISFIED, comments=[said]).status_code == 200
    assert len({len(bytes(sealed)) for sealed in Ballot.objects.values_list("sealed", flat=True)}) == 1


def test_without_demo_the_interim_box_does_not_open(office: Office, settings: Any) -> None:
    survey = office.freeze(office.create())
    office.print_all(survey)
    settings.DEMO = False
    with pytest.raises(Refused, match="演示票箱"):
        office.open(survey)
    survey.refresh_from_db()
    assert survey.state == Survey.State.FROZEN


def test_a_wrong_passphrase_opens_nothing_and_can_be_tried_again(office: Office, cast: Cast) -> None:
    survey = office.freeze(office.create())
    office.print_all(survey)
    with pytest.raises(Refused, match="口令不正确"):
        services.open_survey(survey=survey, passphrase="别的口令", acting_user=office.operator)
    survey = office.open(survey)
    office.close(survey)
    with pytest.raises(Refused, match="口令不正确"):
        services.tally_survey(survey=survey, passphrase="别的口令", acting_user=office.inspector)
    assert office.tally(survey).state == Survey.State.COUNTED


def test_turnout_is_read_at_the_close_and_rounded_down(office: Office, cast: Cast) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:19]:
        cast(slip)
    assert queries.turnout(survey).total == 0
    office.close(survey)
    assert queries.turnout(survey).total == 10
    assert queries.turnout(survey).by_kind == {"private": 10}
