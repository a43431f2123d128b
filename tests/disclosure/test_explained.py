"""Numbers that do not add up, and a person withdrawn on appeal: explained, carried to the verifier."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from disclosure.models import Publication
from evaluations import services
from evaluations.models import Round, RoundMember
from surveys.box import controls as checking
from surveys.models import ControlExplanation, Slip, SlipBatch
from tests.disclosure.test_custodian import Custodian, download, prepared, said
from tests.evaluations.county import LAST_APPEAL_DAY, NOW, SERVED, County, fresh, ordinary_ballots
from tests.kit.publishing import publish, run_waiting_jobs, varied_ballots

pytestmark = pytest.mark.on_sqlite

REASON = "会场清点时误将已发出的凭条记为损毁，经监票人复点查实。"
WITHDRAWN = "申诉采纳：借调在外，不应参评"


@pytest.fixture(scope="module")
def custodian(tmp_path_factory: pytest.TempPathFactory) -> Custodian:
    return Custodian(tmp_path_factory.mktemp("offline"))


def browser(county: County, role: str) -> Client:
    client = Client()
    client.force_login(county.users[role])
    return client


def closed_with_too_many_spoiled(county: County, custodian: Custodian) -> Round:
    """One batch says that all but one of its slips were spoiled, and more of them voted."""
    round_ = prepared(county, lambda role: browser(county, role), custodian)
    operator, base = browser(county, "centre_operator"), f"/office/rounds/{round_.pk}/"
    challenge = operator.get(f"{base}rehearsal.txt").content.decode().strip()
    said(operator, f"{base}do/open/", {"answer": custodian.answer(challenge)})
    for number, answers in enumerate([*ordinary_ballots(), *varied_ballots()]):
        county.vote(answers, ("private", "sole_trader")[number % 2])
    used = Slip.objects.filter(state=Slip.State.REDEEMED).values_list("batch", flat=True)
    batch = SlipBatch.objects.get(pk=max(set(used), key=list(used).count))
    SlipBatch.objects.filter(pk=batch.pk).update(spoiled=batch.size - 1)
    said(operator, f"{base}do/close/", {})
    run_waiting_jobs()
    return fresh(round_)


def until_the_appeals_are_over(county: County, round_: Round) -> None:
    services.serve_round(round=fresh(round_), today=SERVED, acting_user=county.operator)
    day = LAST_APPEAL_DAY.replace(day=LAST_APPEAL_DAY.day + 1)
    services.end_appeals(round=fresh(round_), today=day, acting_user=county.operator)


def test_from_a_broken_number_to_a_verified_and_published_result(
    county: County, custodian: Custodian
) -> None:
    """Held on the custodian's machine and on the server until explained; read out wherever it counts."""
    round_ = closed_with_too_many_spoiled(county, custodian)
    operator, inspector = browser(county, "centre_operator"), browser(county, "inspectorate")
    base, controls = f"/office/rounds/{round_.pk}/", f"/office/surveys/{round_.survey_id}/controls/"
    (custodian.folder / "bundle.zip").write_bytes(download(inspector, f"{base}bundle.zip"))
    held = custodian.run("tally", "bundle.zip", "--out", "counts.json", key=True)
    assert held.returncode == 1
    assert "不多于发出1张" in held.stderr
    assert "--explanations" in held.stderr
    assert not (custodian.folder / "counts.json").exists()

    assert round_.survey is not None
    [broken] = [one for one in checking.controls_of(round_.survey) if not one.holds]
    assert "已登记说明" in said(inspector, controls, {"key": broken.key, "text": REASON})
    file = inspector.get(f"/office/surveys/{round_.survey_id}/explanations.json").content
    (custodian.folder / "explanations.json").write_bytes(file)
    with_file = ("--explanations", "explanations.json")
    done = custodian.run("tally", "bundle.zip", "--out", "counts.json", *with_file, key=True)
    assert done.returncode == 0, done.stderr
    assert REASON in done.stdout
    counts = SimpleUploadedFile("counts.json", (custodian.folder / "counts.json").read_bytes())
    assert "已导入" in said(inspector, f"{base}do/tally/", {"counts": counts})

    services.compute_round(round=fresh(round_), now=NOW, acting_user=county.operator)
    assert REASON in said(operator, f"{base}result/")
    services.sign_off_round(round=fresh(round_), now=NOW, acting_user=county.reviewer)
    run_waiting_jobs()
    verdict = verified(custodian, inspector, base)
    assert f"{broken.said}。说明：{REASON}（inspectorate" in verdict
    assert "核验通过" in verdict

    until_the_appeals_are_over(county, round_)
    publication = publish(round_, county)
    method = Client().get(f"/results/{publication.pk}/method.html").content.decode()
    assert REASON in method
    assert "已用凭条多于登记发出的凭条" in method
    assert broken.said not in method, "a town's numbers stay inside"


def verified(custodian: Custodian, client: Client, base: str) -> str:
    (custodian.folder / "verify.zip").write_bytes(download(client, f"{base}verify.zip"))
    verdict = custodian.run("verify", "verify.zip", key=True)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    return verdict.stdout


def test_a_person_withdrawn_on_an_upheld_appeal_is_read_out_and_verified(
    county: County, tmp_path: Path
) -> None:
    """The ballots name the person, the score does not: the facts say why, and the verifier repeats it."""
    round_ = county.served(ballots=[*ordinary_ballots(), *varied_ballots()])
    run_waiting_jobs()
    member = RoundMember.objects.get(round_department__round=round_, name="甲科员二")
    appeal = services.lodge_appeal(
        round_department=member.round_department,
        round_member=member,
        text="该人员已借调。",
        today=SERVED,
        acting_user=county.operator,
    )
    services.decide_appeal(
        appeal=appeal, upheld=True, decision="情况属实。", today=SERVED, acting_user=county.reviewer
    )
    services.withdraw_member(round_member=member, reason=WITHDRAWN, acting_user=county.reviewer)
    result = services.compute_round(
        round=fresh(round_), now=NOW, acting_user=county.operator, reason="采纳申诉"
    )
    assert result.facts["withdrawn"] == {f"p{member.staff_member_id}": WITHDRAWN}
    services.sign_off_round(round=fresh(round_), now=NOW, acting_user=county.reviewer)
    run_waiting_jobs()
    verifier = Custodian(tmp_path)
    bundle = download(browser(county, "inspectorate"), f"/office/rounds/{round_.pk}/verify.zip")
    (verifier.folder / "verify.zip").write_bytes(bundle)
    verdict = verifier.run("verify", "verify.zip")
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    assert f"县甲局甲科员二：选票上有此人，票数已计，评分时已取消参评。说明：{WITHDRAWN}" in verdict.stdout
    assert "评分所用票数就是计票结果" in verdict.stdout
    assert "核验通过" in verdict.stdout


def test_what_comes_to_light_after_the_sign_off_holds_the_publication_until_explained(
    county: County,
) -> None:
    """A slip scanned late turns out to have voted: no publication, then a bundle that says why."""
    round_ = county.signed_off(ballots=[*ordinary_ballots(), *varied_ballots()])
    run_waiting_jobs()
    until_the_appeals_are_over(county, round_)
    redeemed = Slip.objects.filter(state=Slip.State.REDEEMED).first()
    assert redeemed is not None
    Slip.objects.filter(pk=redeemed.pk).update(is_returned=True)
    operator, base = browser(county, "centre_operator"), f"/office/rounds/{round_.pk}/"
    refused = said(operator, f"{base}do/publish/", {})
    assert "退回的凭条中已兑换的1张，应为0张" in refused
    assert fresh(round_).state == Round.State.APPEALS_ENDED
    assert not Publication.objects.exists()

    inspector = browser(county, "inspectorate")
    controls = f"/office/surveys/{round_.survey_id}/controls/"
    key = f"returned_redeemed:{redeemed.batch.number}"
    assert "已登记说明" in said(inspector, controls, {"key": key, "text": REASON})
    assert ControlExplanation.objects.count() == 1
    publication = publish(round_, county)
    assert REASON in Client().get(f"/results/{publication.pk}/method.html").content.decode()
    bundle = download(inspector, f"{base}verify.zip")
    assert REASON.encode() in bundle
