"""From slip to count with the secret ballot; what goes wrong is said and changes nothing."""

from __future__ import annotations

import gzip
import json
from datetime import date
from functools import partial
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.utils import timezone

from office.errors import Refused
from office.models import AuditEntry, Job
from surveys import queries, services
from surveys.ballots import credentials, keyfile, signing
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.encoding import from_b64, to_b64
from surveys.ballots.exporting import write_bundle
from surveys.ballots.sealing import Comment
from surveys.box import bundles
from surveys.keys import keyring, turnout
from surveys.models import Ballot, Slip, Survey
from surveys.voting import voting
from surveys.voting.demo_box import fill_box
from surveys.voting.refusals import NotTaken
from tests.kit.receipts import receipt_holds
from tests.kit.survey_office import PASSPHRASE, SHARES, Office, Voter, error, parts
from tests.kit.worker import eventually

pytestmark = pytest.mark.both_databases
WORDS = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
ZERO = dict.fromkeys(WORDS, 0)
MIXED = {"p1": {"overall": "满意"}, "p3": {"overall": "不满意"}}


@pytest.fixture
def voter(office: Office) -> Voter:
    """Somebody with a slip of an open survey."""
    survey, slips = office.ready()
    return Voter(survey, slips["private"][0])


def used() -> int:
    return Slip.objects.exclude(state=Slip.State.UNUSED).count()


@pytest.mark.both_databases
def test_a_round_is_counted_per_kind_person_and_choice(office: Office) -> None:
    """`YC-R5` `YC-R7`: kinds apart, five choices, everything untouched is 不了解情况."""
    survey, slips = office.ready(slips=20, kinds=SHARES)
    for slip in slips["private"][:12]:
        assert Voter(survey, slip).vote(MIXED).status_code == 200
    for slip in slips["sole_trader"][:11]:
        assert Voter(survey, slip).vote({"p1": {"overall": "基本满意"}}).status_code == 200
    for slip in slips["non_private"][:10]:
        assert Voter(survey, slip).vote().status_code == 200
    office.count(survey)
    counts = queries.counts(survey)
    assert counts["private"]["p1"]["overall"] == {**ZERO, "满意": 12}
    assert counts["private"]["p2"]["overall"] == {**ZERO, "不了解情况": 12}
    assert counts["private"]["p3"]["overall"] == {**ZERO, "不满意": 12}
    assert counts["sole_trader"]["p1"]["overall"] == {**ZERO, "基本满意": 11}
    assert counts["non_private"]["p1"]["overall"] == {**ZERO, "不了解情况": 10}
    assert dict(queries.valid_ballots(survey)) == {"private": 12, "sole_trader": 11, "non_private": 10}
    assert queries.controls(survey)["faults"] == []


@pytest.mark.parametrize(("cast_of_small", "kinds"), [(10, 3), (9, 2)])
def test_a_kind_with_fewer_than_ten_ballots_is_not_shown_apart(
    office: Office, cast_of_small: int, kinds: int
) -> None:
    survey, slips = office.ready(slips=20, kinds=SHARES)
    numbers = {"private": 11, "sole_trader": 10, "non_private": cast_of_small}
    cast = [slip for kind, number in numbers.items() for slip in slips[kind][:number]]
    fill_box(survey=survey, votes=[(slip, {"p1": {"overall": "满意"}}, []) for slip in cast])
    office.count(survey)
    counts = queries.counts(survey)
    assert len(counts) == kinds
    assert set(SHARES) == {kind for joined in counts for kind in joined.split("+")}
    total = sum(subjects["p1"]["overall"]["满意"] for subjects in counts.values())
    assert total == 21 + cast_of_small


@pytest.mark.both_databases
def test_comments_come_out_by_department_and_apart(office: Office) -> None:
    """`YC-R8`: the concrete matter and a suggestion are collected."""
    survey, slips = office.ready()
    said = [Comment(0, "等候过久", "增开窗口")]
    Voter(survey, slips["private"][0]).vote({"p1": {"overall": "不满意"}}, said)
    office.close(survey)
    comments = office.tally(survey).comments
    assert sorted(part["text"] for part in comments["d1"]) == ["增开窗口", "等候过久"]
    assert "p1" not in json.dumps(comments)


@pytest.mark.both_databases
def test_tracker_and_receipt_say_that_the_ballot_is_in(office: Office, voter: Voter) -> None:
    answer = voter.vote(MIXED).json()
    box_key = from_b64(voter.phone.public["box_key"])
    assert answer["tracker"] == credentials.tracker(voter.phone.credential)
    assert receipt_holds(box_key, voter.survey.public_id, answer["tracker"], from_b64(answer["receipt"]))
    path = f"/b/{voter.survey.public_id}/trackers.json"
    assert error(Client().get(path)) == (404, "not_published")
    office.close(voter.survey)
    bundles.make(voter.survey)
    assert Client().get(path).json() == {
        "survey": voter.survey.public_id,
        "trackers": [answer["tracker"]],
    }


@pytest.mark.both_databases
def test_a_lost_answer_may_be_asked_for_again(voter: Voter) -> None:
    body = voter.phone.redeem()
    first, second = voter.post("/v/redeem", body), voter.post("/v/redeem", body)
    assert (first.status_code, first.content) == (second.status_code, second.content) == (200, first.content)
    assert used() == 1


@pytest.mark.both_databases
def test_one_slip_buys_one_credential(office: Office) -> None:
    survey, slips = office.ready()
    assert Voter(survey, slips["private"][0]).vote(MIXED).status_code == 200
    assert error(Voter(survey, slips["private"][0]).redeem()) == (409, "used")
    assert Ballot.objects.count() == 1


@pytest.mark.both_databases
def test_first_vote_change_and_repetition_are_answered_alike(voter: Voter) -> None:
    """Status, headers and bytes: who watches the answer learns nothing."""
    first = voter.vote(MIXED)
    body = voter.phone.cast({"p1": {"overall": "不满意"}})
    change, again = voter.post("/v/cast", body), voter.post("/v/cast", body)
    assert first.status_code == change.status_code == again.status_code == 200
    assert first.content == change.content == again.content
    assert dict(first.headers) == dict(change.headers) == dict(again.headers)


@pytest.mark.both_databases
def test_no_statement_fails_while_people_vote(office: Office) -> None:
    """A database writes failed statements into its log, with their values and the time."""
    survey, slips = office.ready()
    failed: list[str] = []

    def watch(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        try:
            return execute(sql, params, many, context)
        except Exception:
            failed.append(sql)
            raise

    with connection.execute_wrapper(watch):
        voter = Voter(survey, slips["private"][0])
        assert voter.vote(MIXED).status_code == 200
        body = voter.phone.cast({})
        for _ in range(2):
            assert voter.post("/v/cast", body).status_code == 200
        assert error(Voter(survey, slips["private"][0]).redeem()) == (409, "used")
        office.close(survey)
        assert error(voter.cast({})) == (403, "closed")
    assert failed == []


@pytest.mark.both_databases
def test_the_last_ballot_of_a_voter_counts(office: Office, voter: Voter) -> None:
    voter.vote({"p1": {"overall": "满意"}})
    voter.cast({"p1": {"overall": "不满意"}})
    office.count(voter.survey)
    [counts] = queries.counts(voter.survey).values()
    assert counts["p1"]["overall"] == {**ZERO, "不满意": 1}


@pytest.mark.both_databases
def test_an_older_ballot_does_not_replace_a_newer(voter: Voter) -> None:
    assert voter.redeem().status_code == 200
    older, newer = voter.phone.cast(MIXED), voter.phone.cast({})
    assert voter.post("/v/cast", newer).status_code == 200
    assert error(voter.post("/v/cast", older)) == (409, "stale")
    assert Ballot.objects.get().seq == newer["seq"]


@pytest.mark.both_databases
def test_where_changing_is_not_allowed_the_first_ballot_stays(office: Office) -> None:
    survey = office.frozen()
    survey.allow_revote = False
    survey.save()
    slips = office.print_all(survey)
    office.open(survey)
    voter = Voter(survey, slips["private"][0])
    assert voter.vote(MIXED).status_code == 200
    assert error(voter.cast({})) == (409, "final")


def test_a_mistyped_code_is_refused_and_not_used(voter: Voter) -> None:
    body = voter.phone.redeem()
    body["code"] = ("3" if body["code"][0] == "2" else "2") + body["code"][1:]
    answer = voter.post("/v/redeem", body)
    assert error(answer) == (404, "unknown_code")
    assert "未被使用" in answer.json()["message"]
    assert used() == 0


def test_a_code_may_be_typed_in_small_letters_with_blanks(voter: Voter) -> None:
    code = voter.phone.code.lower()
    voter.phone.code = " ".join(code[start : start + 4] for start in range(0, 16, 4))
    assert voter.redeem().status_code == 200


def test_a_code_of_another_round_is_refused_by_name(office: Office) -> None:
    survey, slips = office.ready()
    _, others = office.open_another()
    voter = Voter(survey, slips["private"][0])
    _, voter.phone.code = parts(others["private"][0])
    answer = voter.redeem()
    assert error(answer) == (404, "other_survey")
    assert "另一轮" in answer.json()["message"]
    assert used() == 0


def test_a_code_under_another_kind_is_refused(office: Office) -> None:
    survey, slips = office.ready(kinds=SHARES)
    voter = Voter(survey, slips["sole_trader"][0])
    _, voter.phone.code = parts(slips["private"][0])
    assert error(voter.redeem()) == (404, "unknown_code")
    assert used() == 0


@pytest.mark.parametrize(("state", "code"), [("paper", "paper"), ("void", "void")])
def test_redeeming_a_paper_or_void_slip_is_refused_with_its_reason(
    office: Office, state: str, code: str
) -> None:
    survey, slips = office.ready()
    Slip.objects.update(state=state)
    assert error(Voter(survey, slips["private"][0]).redeem()) == (409, code)


def test_slips_of_a_reprinted_batch_buy_nothing_whatever_state_they_have(office: Office) -> None:
    """A void batch has handed out nothing: its codes are known to whoever printed it first."""
    survey = office.frozen()
    old = services.print_batch(batch=survey.batches.get(), acting_user=office.operator)
    services.print_batch(batch=survey.batches.get(), acting_user=office.operator)
    survey = office.open(survey)
    Slip.objects.filter(batch__is_void=True).update(state=Slip.State.UNUSED)
    assert error(Voter(survey, old[0]).redeem()) == (409, "void")
    asked = {"survey": survey, "text": old[0].url, "acting_user": office.operator}
    for service in (services.exchange_for_paper, services.take_back_slip):
        with pytest.raises(Refused, match="已作废的批次"):
            service(**asked)
    assert used() == 0


@pytest.mark.parametrize("field", ["key", "code", "blinded"])
def test_a_field_of_a_megabyte_is_refused_by_its_length(voter: Voter, field: str) -> None:
    body = {**voter.phone.redeem(), field: "２" * 350_000}
    answer = voter.post("/v/redeem", body)
    assert error(answer) == (400, "bad_request")
    with pytest.raises(NotTaken):
        voting.redeem_slip(body=body)
    assert used() == 0


def test_a_round_not_open_yet_takes_nothing(office: Office) -> None:
    survey = office.frozen()
    slips = office.print_all(survey)
    assert error(Voter(survey, slips["private"][0]).redeem()) == (403, "not_open")
    assert used() == 0


@pytest.mark.both_databases
def test_a_closed_round_takes_nothing(office: Office) -> None:
    survey, slips = office.ready()
    late, ready = Voter(survey, slips["private"][0]), Voter(survey, slips["private"][1])
    ready.redeem()
    office.close(survey)
    assert error(late.redeem()) == (403, "closed")
    assert error(ready.cast(MIXED)) == (403, "closed")
    assert (used(), Ballot.objects.count()) == (1, 0)


@pytest.mark.both_databases
def test_issuer_keys_are_gone_at_the_close_and_the_box_key_after_the_bundle(
    office: Office, django_capture_on_commit_callbacks: Any
) -> None:
    survey, slips = office.ready()
    key, _ = parts(slips["private"][0])
    assert keyring.issuer(survey.public_id, key)
    with django_capture_on_commit_callbacks(execute=True):
        office.close(survey)
    with pytest.raises(keyring.KeyGone):
        keyring.issuer(survey.public_id, key)
    bundles.make(survey)
    assert list(keyring.folder(survey.public_id).iterdir()) == []


def test_a_process_that_nobody_asks_again_forgets_the_keys_after_the_close(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The close happens in one process; the others look for themselves."""
    monkeypatch.setattr(keyring, "LOOK_EVERY", 0.05)
    survey, slips = office.ready()
    assert Voter(survey, slips["private"][0]).redeem().status_code == 200
    assert keyring._kept
    for path in keyring.folder(survey.public_id).glob("issuer-*"):
        path.unlink()
    eventually(lambda: not keyring._kept)


@pytest.mark.parametrize(
    ("field", "broken"),
    [
        ("edsig", to_b64(bytes(64))),
        ("sig", to_b64(bytes(256))),
        ("prefix", to_b64(bytes(32))),
        ("credential", to_b64(bytes(32))),
        ("sealed", "last bytes changed"),
        ("sealed", "shorter"),
        ("seq", "one more"),
        ("seq", 0),
        ("seq", 2**53),
        ("seq", "7"),
        ("seq", None),
    ],
)
def test_an_altered_ballot_is_refused(voter: Voter, field: str, broken: Any) -> None:
    voter.redeem()
    body = voter.phone.cast(MIXED)
    sealed, seq = body["sealed"], body["seq"]
    words = {"last bytes changed": sealed[:-8] + "AAAAAAAA", "shorter": sealed[:-8], "one more": seq + 1}
    altered = {**body, field: words.get(broken, broken)}
    assert error(voter.post("/v/cast", altered)) == (400, "bad_ballot")
    assert Ballot.objects.count() == 0
    assert voter.post("/v/cast", body).status_code == 200


def test_a_credential_of_another_kind_of_voter_is_refused(office: Office) -> None:
    """The kind of a ballot is known only by the key that signed it; it cannot be claimed."""
    survey, slips = office.ready(kinds=SHARES)
    voter = Voter(survey, slips["private"][0])
    voter.redeem()
    voter.phone.key_id, _ = parts(slips["sole_trader"][0])
    assert error(voter.cast(MIXED)) == (400, "bad_ballot")


def test_a_credential_nobody_signed_is_refused(office: Office) -> None:
    survey, slips = office.ready()
    forger = Voter(survey, slips["private"][0])
    forger.phone.redeem()
    forger.phone.signature = bytes(255) + b"\1"
    assert error(forger.cast(MIXED)) == (400, "bad_ballot")
    assert Ballot.objects.count() == 0


@pytest.mark.both_databases
def test_a_copied_ciphertext_counts_for_nothing(office: Office) -> None:
    survey, slips = office.ready()
    victim, thief = (Voter(survey, slip) for slip in slips["private"][:2])
    victim.vote({"p1": {"overall": "满意"}})
    stolen = Ballot.objects.get().sealed
    thief.redeem()
    body = thief.phone.cast({})
    signed = credentials.ballot_message(survey.public_id, thief.phone.credential, body["seq"], bytes(stolen))
    body["sealed"] = to_b64(bytes(stolen))
    body["edsig"] = to_b64(bytes(thief.phone.signing.sign(signed).signature))
    assert thief.post("/v/cast", body).status_code == 200
    office.count(survey)
    assert queries.controls(survey)["spoiled"] == {"copied": 1}
    [counts] = queries.counts(survey).values()
    assert counts["p1"]["overall"]["满意"] == 1


@pytest.mark.parametrize("path", ["/v/redeem", "/v/cast"])
@pytest.mark.parametrize(
    "body",
    ["", "[]", "{", "null", '"x"', "{}", '{"key": 1, "code": {}}', "[" * 5000, '{"key": "K7M2"}', "\xff"],
)
def test_what_is_no_ballot_gets_a_clean_refusal(office: Office, client: Client, path: str, body: str) -> None:
    answer = client.post(path, body, content_type="application/json")
    assert answer.status_code in (400, 404)
    assert answer.json()["message"]


@pytest.mark.parametrize("blinded", [bytes(256), bytes(255) + b"\1", b"\xff" * 256, bytes(255), "no", None])
def test_a_value_out_of_range_is_not_signed_and_spends_nothing(voter: Voter, blinded: Any) -> None:
    body = voter.phone.redeem()
    body["blinded"] = to_b64(blinded) if isinstance(blinded, bytes) else blinded
    assert error(voter.post("/v/redeem", body)) == (400, "bad_request")
    assert used() == 0
    assert voter.redeem().status_code == 200


@pytest.mark.both_databases
def test_a_vote_leaves_no_trace_in_any_other_table(office: Office) -> None:
    survey, slips = office.ready()
    before = (AuditEntry.objects.count(), Job.objects.count())
    answer = Voter(survey, slips["private"][0]).vote(MIXED)
    assert (AuditEntry.objects.count(), Job.objects.count()) == before
    assert not answer.cookies
    assert "Cookie" not in answer.headers.get("Vary", "")


@pytest.mark.both_databases
def test_every_stored_ballot_has_the_same_length(office: Office) -> None:
    survey, slips = office.ready()
    Voter(survey, slips["private"][0]).vote()
    said = [Comment(0, "久" * 1500, "")]
    assert Voter(survey, slips["private"][1]).vote(MIXED, said).status_code == 200
    assert len({len(bytes(sealed)) for sealed in Ballot.objects.values_list("sealed", flat=True)}) == 1


@pytest.mark.both_databases
def test_a_wrong_passphrase_opens_nothing_and_can_be_tried_again(office: Office) -> None:
    survey = office.frozen()
    office.print_all(survey)
    with pytest.raises(Refused, match="口令不正确"):
        services.open_survey(survey=survey, passphrase="WRONG WRONG WRONG", acting_user=office.operator)
    survey = office.open(survey)
    office.close(survey)
    with pytest.raises(Refused, match="口令不正确"):
        services.tally_survey(survey=survey, passphrase="WRONG WRONG WRONG", acting_user=office.inspector)
    assert office.tally(survey).state == Survey.State.COUNTED


@pytest.mark.parametrize("passphrase", ["一二三四五六七八九十甲", "ABC DEF GHI JK", "-" * 20])
def test_a_passphrase_needs_twelve_letters_or_digits(office: Office, passphrase: str) -> None:
    with pytest.raises(Refused, match="不足12个字"):
        services.freeze_survey(survey=office.create(), passphrase=passphrase, acting_user=office.operator)


def custodian_survey(office: Office, private: bytes) -> Survey:
    survey = office.planned({0: {"private": 20}})
    key = keyfile.handed_over(private)
    return services.freeze_survey(survey=survey, custodian_key=key, acting_user=office.operator)


def test_with_a_custodian_no_private_key_ever_is_on_the_server(office: Office) -> None:
    """Offline key, rehearsal, bundle out, counts file in."""
    private = keyfile.new_private_key()
    survey = custodian_survey(office, private)
    slips = office.print_all(survey)
    assert survey.tally_key_file == {}
    with pytest.raises(Refused, match="演练的答复不正确"):
        services.open_survey(survey=survey, rehearsal_answer="ABCD", acting_user=office.operator)
    answer = keyfile.answer_challenge(survey.rehearsal["challenge"], private)
    services.open_survey(survey=survey, rehearsal_answer=answer, acting_user=office.operator)
    for slip in slips["private"][:10]:
        Voter(survey, slip).vote(MIXED)
    office.close(survey)
    with pytest.raises(Refused, match="离线保管"):
        services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=office.inspector)
    bundle = bundles.read(survey)
    true, other = counts_file(bundle, count_bundle(bundle, private)), keyfile.new_private_key()
    for counts, word in (
        (signed({**true, "ballots": 11}, private, survey), "选票总数与票箱不符"),
        (true, "没有保管人的签名"),
        (signed(true, other, survey), "没有保管人的签名"),
        ({**json.loads(signed(true, private, survey)), "comments": INVENTED}, "没有保管人的签名"),
        (signed(everybody(true, "满意", "不满意"), other, survey), "没有保管人的签名"),
    ):
        content = counts if isinstance(counts, bytes) else json.dumps(counts).encode()
        with pytest.raises(Refused, match=word):
            services.import_counts(survey=survey, content=content, acting_user=office.inspector)
    assert queries.counts(survey) == {}
    content = signed(true, private, survey)
    with pytest.raises(Refused, match="没有这项操作的权限"):
        services.import_counts(survey=survey, content=content, acting_user=office.operator)
    services.import_counts(survey=survey, content=content, acting_user=office.inspector)
    assert queries.counts(survey)["private"]["p1"]["overall"] == {**ZERO, "满意": 10}
    assert queries.control_faults(survey) == []


INVENTED = {"d1": [{"kind": "matter", "text": "窗口少"}]}


def signed(counts: dict[str, Any], private: bytes, survey: Survey) -> bytes:
    return json.dumps(signing.signed(counts, private, survey.frozen())).encode()


def everybody(counts: dict[str, Any], said: str, says: str) -> dict[str, Any]:
    """The same counts with two words of every question changed over."""
    found: dict[str, Any] = json.loads(json.dumps(counts))
    for group in found["strata"]:
        for questions in group["answers"].values():
            for words in questions.values():
                words[said], words[says] = words[says], words[said]
    return found


def counted_offline(office: Office, private: bytes) -> tuple[Survey, dict[str, Any]]:
    """Closed, with one ballot of everybody 满意, and its counts, not yet handed in."""
    survey = custodian_survey(office, private)
    slips = office.print_all(survey)
    answer = keyfile.answer_challenge(survey.rehearsal["challenge"], private)
    services.open_survey(survey=survey, rehearsal_answer=answer, acting_user=office.operator)
    fill_box(survey=survey, votes=[(slip, MIXED, []) for slip in slips["private"][:10]])
    office.close(survey)
    bundle = bundles.read(survey)
    return survey, counts_file(bundle, count_bundle(bundle, private))


def test_other_counts_replace_what_is_there_only_with_a_reason_and_stay_visible(office: Office) -> None:
    private = keyfile.new_private_key()
    survey, true = counted_offline(office, private)
    give = {"survey": survey, "acting_user": office.inspector}
    services.import_counts(**give, content=signed(true, private, survey))
    services.import_counts(**give, content=signed(true, private, survey))  # the same: nothing happens
    assert AuditEntry.objects.filter(verb__contains="计票结果").count() == 1

    other = signed(everybody(true, "满意", "比较满意"), private, survey)
    change = "民营企业，甲局甲p1：满意10→0"
    for reason in ("", "  改  "):
        with pytest.raises(Refused, match="已经登记过计票结果") as refusal:
            services.import_counts(**give, content=other, reason=reason)
        assert change in refusal.value.faults
    assert queries.counts(survey)["private"]["p1"]["overall"]["满意"] == 10
    reason = "保管人发现所用程序版本不对，重新计票。"
    services.import_counts(**give, content=other, reason=reason)
    assert queries.counts(survey)["private"]["p1"]["overall"]["比较满意"] == 10
    entry = AuditEntry.objects.get(verb="替换计票结果")
    assert entry.after["理由"] == reason
    assert change in entry.after["改动"]
    [kept] = queries.controls(survey)["replaced"]
    assert (kept["by"], kept["reason"]) == (str(office.inspector), reason)


def test_who_counts_with_the_key_on_the_server_is_not_told_which_numbers_differ(office: Office) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:12]:
        Voter(survey, slip).vote(MIXED)
    survey = office.count(survey)
    words = survey.counts["private"]["p1"]["overall"]
    words["满意"], words["不满意"] = words["不满意"], words["满意"]
    survey.save()
    for user, reads in ((office.operator, False), (office.inspector, True)):
        with pytest.raises(Refused, match="已经登记过计票结果") as refusal:
            services.tally_survey(survey=survey, passphrase=PASSPHRASE, acting_user=user)
        assert any("→" in fault for fault in refusal.value.faults) == reads


def test_a_bundle_that_somebody_signed_anew_is_not_counted(office: Office) -> None:
    """Whoever copied the box's key before the close can write a smaller box that holds in itself."""
    private = keyfile.new_private_key()
    survey = custodian_survey(office, private)
    seed = keyring.box_seed(survey.public_id)
    slips = office.print_all(survey)
    answer = keyfile.answer_challenge(survey.rehearsal["challenge"], private)
    services.open_survey(survey=survey, rehearsal_answer=answer, acting_user=office.operator)
    fill_box(survey=survey, votes=[(slip, MIXED, []) for slip in slips["private"][:12]])
    office.close(survey)
    honest = bundles.read(survey)
    survey.refresh_from_db()
    entry = AuditEntry.objects.get(verb="写出计票包")
    assert survey.bundle_digest == honest.hash == entry.after["计票包校验值"]
    path = bundles.path_of(survey)
    original = path.read_bytes()
    fewer = path.with_name("fewer.zip")
    write_bundle(
        fewer,
        public=survey.frozen(),
        ballots=list(honest.ballots())[1:],
        slips=honest.slips(),
        batches=honest.manifest["batches"],
        published_code_root=survey.code_root,
        key_on_server=False,
        box_seed=seed,
    )
    path.write_bytes(fewer.read_bytes())
    other = bundles.read(survey)
    assert (other.faults(), other.size) == ([], 11)
    content = signing.signed(counts_file(other, count_bundle(other, private)), private, other.public)
    give = {"survey": survey, "acting_user": office.inspector}
    with pytest.raises(Refused, match="清点核对不成立") as refusal:
        services.import_counts(**give, content=json.dumps(content).encode())
    assert "不是截止后写出的那一份" in refusal.value.faults[0]
    path.write_bytes(original)
    true = counts_file(honest, count_bundle(honest, private))
    services.import_counts(**give, content=signed(true, private, survey))
    path.write_bytes(fewer.read_bytes())
    assert queries.control_faults(survey)


def test_what_a_replacement_changed_is_the_inspectorates_to_read(office: Office) -> None:
    """Numbers of one kind of voter on one person: the centre reads that they changed, never what they are."""
    private = keyfile.new_private_key()
    survey, true = counted_offline(office, private)
    give = {"survey": survey, "acting_user": office.inspector}
    services.import_counts(**give, content=signed(true, private, survey))
    other = signed(everybody(true, "满意", "比较满意"), private, survey)
    services.import_counts(**give, content=other, reason="保管人发现所用程序版本不对，重新计票。")
    for user, reads in ((office.operator, False), (office.inspector, True)):
        client = Client()
        client.force_login(user)
        page = client.get(f"/office/surveys/{survey.pk}/controls/").content.decode()
        assert ("满意10→0" in page) == reads
        assert "保管人发现所用程序版本不对" in page


@pytest.mark.parametrize("what", ["counts", "comments", "signature"])
def test_counts_altered_in_the_database_are_found_before_a_result_is_made(office: Office, what: str) -> None:
    private = keyfile.new_private_key()
    survey, true = counted_offline(office, private)
    content = signed({**true, "comments": INVENTED}, private, survey)
    survey = services.import_counts(survey=survey, content=content, acting_user=office.inspector)
    assert queries.control_faults(survey) == []
    if what == "counts":
        words = survey.counts["private"]["p1"]["overall"]
        words["满意"], words["不满意"] = words["不满意"], words["满意"]
    elif what == "comments":
        survey.comments["d1"][0]["text"] = "窗口多"
    else:
        del survey.controls["signature"]
    survey.save()
    [fault] = queries.control_faults(survey)
    assert "没有保管人的签名" in fault


def test_once_comments_are_erased_their_nonce_is_too_and_the_numbers_still_hold(office: Office) -> None:
    private = keyfile.new_private_key()
    survey, true = counted_offline(office, private)
    content = signed({**true, "comments": INVENTED}, private, survey)
    survey = services.import_counts(survey=survey, content=content, acting_user=office.inspector)
    nonce = survey.controls["comments_nonce"]
    services.erase_originals(survey=survey, acting_user=None)
    survey.refresh_from_db()
    assert nonce not in json.dumps(survey.controls)
    assert queries.control_faults(survey) == []


@pytest.mark.parametrize("content", [b"", b"{", b"[]", b"{}", b"null", b"\xff\xfe"])
def test_what_is_no_counts_file_is_refused(office: Office, content: bytes) -> None:
    survey, _ = office.ready()
    office.close(survey)
    with pytest.raises(Refused, match="计票结果文件"):
        services.import_counts(survey=survey, content=content, acting_user=office.inspector)
    survey.refresh_from_db()
    assert survey.state == Survey.State.CLOSED


@pytest.mark.both_databases
def test_more_ballots_than_redeemed_slips_stop_the_tally(office: Office) -> None:
    survey, slips = office.ready()
    Voter(survey, slips["private"][0]).vote(MIXED)
    Slip.objects.update(state=Slip.State.UNUSED)
    office.close(survey)
    with pytest.raises(Refused, match="清点核对不成立") as refusal:
        office.tally(survey)
    assert "不多于已兑换凭条0张" in str(refusal.value)
    survey.refresh_from_db()
    assert survey.state == Survey.State.CLOSED


@pytest.mark.both_databases
def test_a_slip_added_after_the_opening_stops_the_tally(office: Office) -> None:
    survey, _ = office.ready()
    Slip.objects.create(batch=survey.batches.all()[0], code_hash=bytes(32))
    office.close(survey)
    with pytest.raises(Refused) as refusal:
        office.tally(survey)
    assert "票码清单与计票包所列的摘要一致" in str(refusal.value)


@pytest.mark.both_databases
def test_turnout_is_read_at_the_close_and_rounded_down(office: Office) -> None:
    survey, slips = office.ready()
    for slip in slips["private"][:19]:
        Voter(survey, slip).vote()
    assert queries.turnout(survey).total == 0
    office.close(survey)
    assert queries.turnout(survey).total == 10
    assert queries.turnout(survey).by_kind == {"private": 10}


@pytest.mark.both_databases
def test_of_each_night_the_rounded_total_is_kept_once_and_nothing_else(
    office: Office, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What the board said to everybody: no kind, town or hour; run again by a task that was disturbed."""
    survey, slips = office.ready(slips=40)
    waiting = iter(slips["private"])
    for day, votes in ((16, 13), (17, 9), (17, 1), (18, 7)):
        for _ in range(votes):
            Voter(survey, next(waiting)).vote()
        monkeypatch.setattr(timezone, "localdate", partial(date, 2026, 9, day))
        turnout.store_turnouts()
    for _ in range(5):
        Voter(survey, next(waiting)).vote()
    office.close(survey)
    survey.refresh_from_db()
    assert survey.turnout["nights"] == [["2026-09-16", 10], ["2026-09-17", 20], ["2026-09-18", 30]]
    days = [(one.first, one.last, one.ballots) for one in queries.added_by_day(survey)]
    assert days == [
        (None, date(2026, 9, 15), 10),
        (date(2026, 9, 16), date(2026, 9, 16), 10),
        (date(2026, 9, 17), date(2026, 9, 17), 10),
        (date(2026, 9, 18), date(2026, 9, 18), 0),
    ]


@pytest.mark.parametrize(("origin", "hall"), [("https://a.test", False), ("http://a.test", True)])
def test_a_survey_opens_with_https_or_in_a_hall_that_says_so(
    office: Office, settings: Any, client: Client, origin: str, hall: bool
) -> None:
    survey = office.frozen()
    office.print_all(survey)
    settings.DEMO, settings.PUBLIC_ORIGIN, settings.HALL_WITHOUT_HTTPS = False, origin, hall
    office.open(survey)
    key = survey.strata.get().key_id
    page = client.get(f"/v/form/{key}.json").json()
    assert any("未加密" in banner for banner in page["banners"]) == hall
    assert "计票密钥由评价中心加口令保存" in page["help"]


def test_codes_cross_no_open_network_in_the_clear(office: Office, settings: Any) -> None:
    survey = office.frozen()
    office.print_all(survey)
    settings.DEMO, settings.PUBLIC_ORIGIN = False, "http://a.test"
    with pytest.raises(Refused, match="https"):
        office.open(survey)


def test_the_form_is_the_same_bytes_for_every_key(office: Office, client: Client) -> None:
    survey, _ = office.ready(kinds=SHARES)
    keys = survey.strata.values_list("key_id", flat=True)
    answers = {client.get(f"/v/form/{key}.json").content for key in keys}
    assert len(answers) == 1
    form = json.loads(answers.pop())
    assert form["public"] == survey.frozen()
    packed = client.get(f"/v/form/{keys[0]}.json", headers={"Accept-Encoding": "gzip"})
    assert json.loads(gzip.decompress(packed.content)) == form
    assert form["open"]
    office.close(survey)
    assert not client.get(f"/v/form/{keys[0]}.json").json()["open"]
    assert error(client.get("/v/form/2222.json")) == (404, "unknown_key")
