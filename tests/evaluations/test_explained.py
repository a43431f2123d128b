"""Numbers that do not add up, and a person withdrawn on appeal: explained, carried to the verifier."""

from __future__ import annotations

from django.test import Client

from disclosure.models import Publication
from evaluations import services
from evaluations.models import Round
from evaluations.rounds.subject_keys import person_key
from surveys.box import controls
from surveys.models import ControlExplanation, Slip, SlipBatch
from tests.evaluations.county import County, fresh
from tests.evaluations.custodian import Custodian
from tests.evaluations.pages import Browse, download, said, starts, upload
from tests.kit.publishing import publish, run_waiting_jobs

REASON = "会场清点时误将已发出的凭条记为损毁，经监票人复点查实。"
WITHDRAWN = "申诉采纳：借调在外，不应参评"


@starts("opened offline")
def test_from_a_broken_number_to_a_verified_and_published_result(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    """Held on the custodian's machine and on the server until explained; read out wherever it counts.

    One batch says that all but one of its slips were spoiled, and more of them voted.
    """
    operator, inspector = browse("centre_operator"), browse("inspectorate")
    for words in ("满意", "比较满意", "基本满意") * 4:
        county.vote({f"{mark}{post}": words for mark in "甲乙" for post in ("科长", "科员一", "科员二")})
    batch = SlipBatch.objects.filter(slips__state=Slip.State.REDEEMED).first()
    assert batch is not None
    SlipBatch.objects.filter(pk=batch.pk).update(spoiled=batch.size - 1, handed_out=1)
    here = county.pages
    said(operator, f"{here}do/close/", {})
    run_waiting_jobs()
    (custodian.folder / "bundle.zip").write_bytes(download(inspector, f"{here}bundle.zip"))
    (custodian.folder / "counts.json").unlink(missing_ok=True)
    held = custodian.run("tally", "bundle.zip", "--out", "counts.json", key=True)
    assert held.returncode == 1
    assert "不多于发出1张" in held.stderr
    assert "--explanations" in held.stderr
    assert not (custodian.folder / "counts.json").exists()

    [broken] = [one for one in controls.controls_of(county.survey) if not one.holds]
    explain(county, inspector, broken.key)
    file = inspector.get(f"/office/surveys/{county.survey.pk}/explanations.json").content
    (custodian.folder / "explanations.json").write_bytes(file)
    with_file = ("--explanations", "explanations.json")
    done = custodian.run("tally", "bundle.zip", "--out", "counts.json", *with_file, key=True)
    assert done.returncode == 0, done.stderr
    assert REASON in done.stdout
    counts = upload((custodian.folder / "counts.json").read_bytes())
    assert "已导入" in said(inspector, f"{here}do/tally/", {"counts": counts})

    round_ = county.compute(county.round)
    assert REASON in said(operator, f"{here}result/")
    round_ = county.sign_off(round_)
    run_waiting_jobs()
    verdict = custodian.verify(download(inspector, f"{here}verify.zip"))
    assert f"{broken.said}。说明：{REASON}（inspectorate" in verdict
    assert "没有发现问题" in verdict

    county.end_appeals(county.serve(round_))
    method = said(Client(), f"/results/{publish(round_, county).pk}/method.html")
    assert REASON in method
    assert "已用凭条多于登记发出的凭条" in method
    assert broken.said not in method, "a town's numbers stay inside"


def explain(county: County, inspector: Client, key: str) -> None:
    page = f"/office/surveys/{county.survey.pk}/controls/"
    assert "已登记说明" in said(inspector, page, {"key": key, "text": REASON})


@starts("served", varied=True)
def test_a_person_withdrawn_on_an_upheld_appeal_is_read_out_and_verified(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    """The ballots name the person, the score does not: the facts say why, and the verifier repeats it."""
    run_waiting_jobs()
    round_ = county.round
    county.decide(county.appeal(round_), upheld=True)
    member = county.withdraw(round_, "甲科员二", WITHDRAWN)
    round_ = county.compute(round_, "采纳申诉")
    result = services.current_result(round_)
    assert result.facts["withdrawn"] == {person_key(member.staff_member_id): WITHDRAWN}
    county.sign_off(round_)
    run_waiting_jobs()
    bundle = download(browse("inspectorate"), f"/office/rounds/{round_.pk}/verify.zip")
    verdict = custodian.verify(bundle, key=False)
    assert f"县甲局甲科员二：选票上有此名，票数已计，评分时已取消参评。说明：{WITHDRAWN}" in verdict
    assert "评分所用票数就是计票结果" in verdict
    assert "没有发现问题" in verdict


@starts("appeals_ended", varied=True)
def test_what_comes_to_light_after_the_sign_off_holds_the_publication_until_explained(
    county: County, browse: Browse
) -> None:
    """A slip scanned late turns out to have voted: no publication, then a bundle that says why."""
    run_waiting_jobs()
    redeemed = Slip.objects.filter(state=Slip.State.REDEEMED).select_related("batch").first()
    assert redeemed is not None
    Slip.objects.filter(pk=redeemed.pk).update(is_returned=True)
    here = county.pages
    refused = said(browse("centre_operator"), f"{here}do/publish/", {})
    assert "退回的凭条中已兑换的1张，应为0张" in refused
    assert fresh(county.round).state == Round.State.APPEALS_ENDED
    assert not Publication.objects.exists()

    inspector = browse("inspectorate")
    explain(county, inspector, f"returned_redeemed:{redeemed.batch.number}")
    assert ControlExplanation.objects.count() == 1
    publication = publish(county.round, county)
    assert REASON in said(Client(), f"/results/{publication.pk}/method.html")
    assert REASON.encode() in download(inspector, f"{here}verify.zip")
