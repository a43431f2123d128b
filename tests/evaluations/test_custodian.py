"""The tally key kept offline: through the pages and the commands of the custodian."""

from __future__ import annotations

import json
import zipfile
from datetime import timedelta
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.test import Client
from django.utils import timezone

from evaluations import services
from evaluations.models import Round
from office.models import AuditEntry
from surveys import queries
from tests.evaluations.county import OPENED, County, fresh
from tests.evaluations.custodian import Custodian
from tests.evaluations.pages import Browse, download, said, starts, upload
from tests.evaluations.states import WRITTEN
from tests.kit.publishing import publish, run_waiting_jobs

WEAKER = "没有由纪检监察机关离线保管"


@starts("frozen")
def test_the_key_is_chosen_with_care(county: County, browse: Browse, custodian: Custodian) -> None:
    """A private key file, a torn public key, both ways at once make no slips; then the right one does."""
    county.plan(county.round)
    operator, path = browse("centre_operator"), f"{county.pages}do/prepare/"
    private = (custodian.folder / "tally-key.json").read_bytes()
    public = custodian.public_key.decode()
    ends = {"closes_at": f"{timezone.localtime() + timedelta(days=9):%Y-%m-%dT18:00}"}
    for data, word in (
        ({"keeper": "custodian"}, "二者择一"),
        ({"keeper": "custodian", "key_file": upload(private)}, "不得交出"),
        ({"keeper": "custodian", "key_text": public[:-5]}, "计票公钥格式不正确"),
        ({"keeper": "custodian", "key_file": upload(b"\x00\xff\x00")}, "计票公钥格式不正确"),
        ({"keeper": "custodian", "key_text": public, "passphrase": "口令" * 8}, "只填写其中一种"),
        ({"keeper": "server", "key_text": public, "passphrase": "口令" * 8}, "只填写其中一种"),
        ({"keeper": "server"}, "请设定计票口令"),
    ):
        assert word in said(operator, path, {**ends, **data})
        assert fresh(county.round).survey is None
    assert "已制票" in said(operator, path, {**ends, "keeper": "custodian", "key_text": f" {public} "})
    assert not county.survey.key_on_server
    assert county.survey.tally_key_file == {}


@starts("prepared offline")
def test_a_wrong_answer_opens_nothing_and_the_right_one_may_follow(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    """Before the opening the board shows what cannot change any more: fingerprint and printed slips."""
    board = queries.board(county.survey.public_id)
    assert board is not None
    for words in (board.fingerprint, "共 64 张", "评价开始时确定"):
        assert words in said(Client(), f"/b/{board.public_id}/")
    operator, path = browse("centre_operator"), f"{county.pages}do/open/"
    challenge = county.survey.rehearsal["challenge"]
    assert challenge in said(operator, path)
    assert challenge in said(operator, f"{county.pages}rehearsal.txt")
    refused = said(operator, path, {"answer": "2345 6789 ABCD EFGH"})
    assert "演练的答复不正确" in refused
    assert challenge in refused
    assert fresh(county.round).state == Round.State.PREPARED
    assert "已开始评价" in said(operator, path, {"answer": custodian.answer(challenge).lower()})
    assert fresh(county.round).state == Round.State.OPEN


@starts("closed offline")
def test_counted_offline_verified_offline(county: County, browse: Browse, custodian: Custodian) -> None:
    """From the sealed ballots to a publication that the custodian's own commands confirm."""
    operator, inspector, reviewer = map(browse, ("centre_operator", "inspectorate", "centre_reviewer"))
    here = county.pages
    bundle = download(inspector, f"{here}bundle.zip")
    assert download(operator, f"{here}bundle.zip") == bundle
    assert AuditEntry.objects.filter(verb="导出计票包").count() == 2
    counts = custodian.count(bundle)
    assert "已导入" in said(inspector, f"{here}do/tally/", {"counts": upload(counts)})

    county.compute(county.round)
    assert "离线保管" in said(operator, here)
    assert WEAKER not in said(operator, f"{here}result/")
    assert "核验包还没有写好" in said(inspector, f"{here}verify.zip", {})
    assert "已审定" in said(reviewer, f"{here}do/sign-off/", {})
    run_waiting_jobs()
    assert "下载核验包" in said(inspector, here)
    whole = download(inspector, f"{here}verify.zip")
    assert WRITTEN in counts.decode()
    assert WRITTEN.encode() not in whole
    assert json.dumps(WRITTEN)[1:-1].encode() not in whole
    board = queries.board(county.survey.public_id)
    assert board is not None
    posted = ("--fp", board.fingerprint, "--code-root", board.code_root, "--tracker-root", board.tracker_root)
    verdict = custodian.verify(whole, *posted)
    for proof in (
        "与公布的一致",
        "用计票密钥重新计票，每人每问每档的票数一致",
        "文字意见与选票一致，没有增删改",
        "评分所用票数就是计票结果",
        "按评价方案重新评分，全部得分、等次和推导一致",
        "没有发现问题",
    ):
        assert proof in verdict

    county.end_appeals(county.serve(fresh(county.round)))
    publication = publish(county.round, county)
    visitor = Client()
    index = said(visitor, f"/results/{publication.pk}/index.html")
    assert f"/b/{board.public_id}/" in index
    assert WEAKER not in index
    page = said(visitor, f"/b/{board.public_id}/")
    public = visitor.get(f"/b/{board.public_id}/public.zip").content
    for word in (board.fingerprint, board.code_root, board.tracker_root, sha256(public).hexdigest()):
        assert word in page
    with zipfile.ZipFile(BytesIO(public)) as archive:
        assert set(archive.namelist()) == {"summary.json", "trackers.txt"}
        listed = archive.read("trackers.txt").decode().split()
    assert listed == visitor.get(f"/b/{board.public_id}/trackers.json").json()["trackers"]


@starts("closed offline")
def test_a_false_counts_file_is_named_and_the_true_one_may_follow(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    """Also where a box was changed after the count: with the original back in its place the round goes on."""
    operator, inspector, here = browse("centre_operator"), browse("inspectorate"), county.pages
    original = download(operator, f"{here}bundle.zip")
    true = custodian.count(original)

    moved = json.loads(true)
    words = next(iter(next(iter(moved["strata"][0]["answers"].values())).values()))
    words["满意"] += 1
    other = {**json.loads(true), "bundle": "0" * 64}
    invented = json.loads(true)
    for group in invented["strata"]:
        for questions in group["answers"].values():
            for numbers in questions.values():
                numbers.update(dict.fromkeys(numbers, 0) | {"满意": group["counted"]})
    invented["touched"] = dict.fromkeys(
        invented["touched"], sum(one["counted"] for one in invented["strata"])
    )
    for content, word in (
        (json.dumps(moved).encode(), "各档之和不等于有效票数"),
        (json.dumps(invented).encode(), "没有保管人的签名"),
        (json.dumps(other).encode(), "计票结果不属于本次评价的计票包"),
        (true[: len(true) // 2], "无法读取计票结果文件"),
        (b"[]", "计票结果文件不完整"),
        (b"\xff\x00", "无法读取计票结果文件"),
    ):
        assert word in said(inspector, f"{here}do/tally/", {"counts": upload(content)})
        assert queries.counts(county.survey) == {}
    assert operator.post(f"{here}do/tally/", {"counts": upload(true)}).status_code == 403
    assert "已导入" in said(inspector, f"{here}do/tally/", {"counts": upload(true)})
    assert "重新登记计票结果" in said(inspector, here)
    assert "重新登记计票结果" not in said(operator, here)
    assert "替换理由" in said(inspector, f"{here}do/tally/")

    path = Path(settings.PRIVATE_ROOT) / "bundles" / f"{county.survey.public_id}.zip"
    damaged = bytearray(original)
    damaged[original.index(b"ballots.bin") + 40] ^= 1
    path.write_bytes(damaged)
    assert "清点核对不成立，不能继续" in said(operator, f"{here}do/compute/", {})
    path.unlink()
    assert "计票包不在服务器上" in said(operator, f"{here}do/compute/", {})
    path.write_bytes(original)
    assert "已计算" in said(operator, f"{here}do/compute/", {})
    county.end_appeals(county.serve(county.sign_off(fresh(county.round))))
    path.write_bytes(damaged)
    assert "清点核对不成立" in said(operator, f"{here}do/publish/", {})
    assert fresh(county.round).state == Round.State.APPEALS_ENDED


@starts("closed offline")
def test_a_counts_file_of_another_survey_is_refused(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    operator = browse("centre_operator")
    foreign = custodian.count(download(operator, f"{county.pages}bundle.zip"))
    county.round = county.prepare(county.frozen(), custodian.public_key.decode())
    answer = custodian.answer(county.survey.rehearsal["challenge"])
    services.open_round(
        round=county.round, rehearsal_answer=answer, today=OPENED, acting_user=county.operator
    )
    county.vote({"甲科长": "满意"})
    county.close(county.round)
    run_waiting_jobs()
    page = said(browse("inspectorate"), f"{county.pages}do/tally/", {"counts": upload(foreign)})
    assert "计票结果不属于本次评价的计票包" in page
    assert queries.counts(county.survey) == {}


@starts("published", varied=True)
def test_the_weaker_mode_is_said_wherever_a_result_shows(county: County, browse: Browse) -> None:
    operator, visitor = browse("centre_operator"), Client()
    assert "较弱的保管方式" in said(operator, county.pages)
    published = f"/results/{county.round.publications.get().pk}"
    inside = (f"{county.pages}result/", f"{county.pages}result/{county.departments[0].pk}/")
    for client, path in (
        *((operator, path) for path in inside),
        (visitor, f"{published}/index.html"),
        (visitor, f"{published}/method.html"),
        (visitor, f"/b/{county.survey.public_id}/"),
    ):
        assert WEAKER in said(client, path), path


@starts("opened offline")
def test_during_the_vote_the_board_has_no_tracker_and_nobody_gets_a_bundle(
    county: County, browse: Browse
) -> None:
    visitor, survey = Client(), county.survey
    assert survey.code_root in said(visitor, f"/b/{survey.public_id}/")
    assert f"/b/{survey.public_id}/" in said(visitor, "/")
    assert visitor.get(f"/b/{survey.public_id}/public.zip").status_code == 404
    assert visitor.get("/b/unknown/").status_code == 404
    assert "评价尚未截止" in said(browse("inspectorate"), f"{county.pages}bundle.zip", {})
