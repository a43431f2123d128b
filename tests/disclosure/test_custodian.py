"""The tally key kept offline: through the pages and the commands of the custodian."""

from __future__ import annotations

import json
import subprocess
import sys
import zipfile
from collections.abc import Callable, Mapping
from hashlib import sha256
from io import BytesIO
from pathlib import Path

import pytest
from django.conf import settings as django_settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import FileResponse
from django.test import Client

from evaluations import services
from evaluations.models import Round
from office.models import AuditEntry
from surveys import queries
from surveys import services as surveys
from tests.evaluations.county import LAST_APPEAL_DAY, NOW, SERVED, County, fresh, ordinary_ballots
from tests.kit.publishing import publish, run_waiting_jobs, varied_ballots

pytestmark = pytest.mark.on_sqlite

Browse = Callable[[str], Client]
WRITTEN = "办证跑了三趟才受理"


class Custodian:
    """The inspectorate's computer that is not on the network: the commands as they are typed there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        said = self.run("keygen").stdout
        self.passphrase = next(
            line.split("　")[1].split("（")[0]
            for line in said.splitlines()
            if "口令" in line and "只显示" in line
        )

    def run(self, command: str, *arguments: str, key: bool = False) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [
                sys.executable,
                "-m",
                f"surveys.ballots.{command}",
                *arguments,
                *(["--key", "tally-key.json"] * key),
            ],
            cwd=self.folder,
            env={"PYTHONPATH": str(django_settings.BASE_DIR), "PATH": ""},
            input=f"{self.passphrase}\n" if key else None,
            capture_output=True,
            text=True,
            check=False,
        )

    @property
    def public_key(self) -> bytes:
        return (self.folder / "tally-public.txt").read_bytes()

    def answer(self, challenge: str) -> str:
        return self.run("keygen", f"--answer={challenge}", key=True).stdout.split("　")[1].strip()

    def count(self, bundle: bytes, name: str = "counts") -> bytes:
        (self.folder / f"{name}.zip").write_bytes(bundle)
        done = self.run("tally", f"{name}.zip", "--out", f"{name}.json", key=True)
        assert done.returncode == 0, done.stderr
        return (self.folder / f"{name}.json").read_bytes()


@pytest.fixture(scope="module")
def custodian(tmp_path_factory: pytest.TempPathFactory) -> Custodian:
    return Custodian(tmp_path_factory.mktemp("offline"))


def said(client: Client, path: str, data: Mapping[str, object] | None = None) -> str:
    answer = client.post(path, dict(data), follow=True) if data is not None else client.get(path)
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def file(content: bytes, name: str = "counts.json") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def planned(county: County) -> Round:
    round_ = county.frozen()
    east, west = (town.pk for town in county.towns)
    plan = {east: {"private": 20, "sole_trader": 20}, west: {"private": 4, "non_private": 20}}
    services.plan_slips(round=round_, plan=plan, acting_user=county.operator)
    return round_


def prepared(county: County, browse: Browse, custodian: Custodian) -> Round:
    """Slips made with the custodian's public key, and printed."""
    round_ = planned(county)
    data = {"keeper": "custodian", "key_file": file(custodian.public_key, "tally-public.txt")}
    assert "已制票" in said(browse("centre_operator"), f"/office/rounds/{round_.pk}/do/prepare/", data)
    county.urls = {}
    for batch in queries.batches(fresh(round_).survey):  # type: ignore[arg-type]
        printed = surveys.print_batch(batch=batch, acting_user=county.operator)
        county.urls.setdefault(batch.stratum.kind, []).extend(slip.url for slip in printed)
    return fresh(round_)


def closed(county: County, browse: Browse, custodian: Custodian) -> Round:
    """Voted and closed; the worker has written the bundle."""
    round_ = prepared(county, browse, custodian)
    operator, base = browse("centre_operator"), f"/office/rounds/{round_.pk}/"
    challenge = operator.get(f"{base}rehearsal.txt").content.decode().strip()
    assert "已开始打票" in said(operator, f"{base}do/open/", {"answer": custodian.answer(challenge)})
    kinds = ("private", "sole_trader", "private", "sole_trader", "non_private")
    for number, answers in enumerate([*ordinary_ballots(), *varied_ballots()]):
        county.vote(answers, kinds[number % 5], remark=WRITTEN if answers.get("乙科员一") == "不满意" else "")
    assert "已截止打票" in said(operator, f"{base}do/close/", {})
    run_waiting_jobs()
    return fresh(round_)


def download(client: Client, path: str) -> bytes:
    answer = client.post(path)
    assert isinstance(answer, FileResponse), answer.status_code
    assert "attachment" in answer["Content-Disposition"]
    assert "no-store" in answer["Cache-Control"]
    return b"".join(answer.streaming_content)


def test_the_key_is_chosen_with_care(county: County, browse: Browse, custodian: Custodian) -> None:
    """A private key file, a torn public key, both ways at once make no slips; then the right one does."""
    round_ = planned(county)
    operator, path = browse("centre_operator"), f"/office/rounds/{round_.pk}/do/prepare/"
    private = (custodian.folder / "tally-key.json").read_bytes()
    public = custodian.public_key.decode()
    for data, word in (
        ({"keeper": "custodian"}, "二者择一"),
        ({"keeper": "custodian", "key_file": file(private)}, "不得交出"),
        ({"keeper": "custodian", "key_text": public[:-5]}, "计票公钥格式不正确"),
        ({"keeper": "custodian", "key_file": file(b"\x00\xff\x00")}, "计票公钥格式不正确"),
        ({"keeper": "custodian", "key_text": public, "passphrase": "口令" * 8}, "只填写其中一种"),
        ({"keeper": "server", "key_text": public, "passphrase": "口令" * 8}, "只填写其中一种"),
        ({"keeper": "server"}, "请设定计票口令"),
    ):
        assert word in said(operator, path, data)
        assert fresh(round_).survey is None
    assert "已制票" in said(operator, path, {"keeper": "custodian", "key_text": f" {public} "})
    survey = fresh(round_).survey
    assert survey is not None
    assert not survey.key_on_server
    assert survey.tally_key_file == {}


def test_a_wrong_answer_opens_nothing_and_the_right_one_may_follow(
    county: County, browse: Browse, custodian: Custodian, tmp_path: Path
) -> None:
    round_ = prepared(county, browse, custodian)
    operator, path = browse("centre_operator"), f"/office/rounds/{round_.pk}/do/open/"
    page = said(operator, path)
    survey = round_.survey
    assert survey is not None
    challenge = survey.rehearsal["challenge"]
    assert challenge in page
    assert challenge in operator.get(f"/office/rounds/{round_.pk}/rehearsal.txt").content.decode()

    stranger = Custodian(tmp_path)
    assert "不是一对" in stranger.run("keygen", f"--answer={challenge}", key=True).stderr
    refused = said(operator, path, {"answer": "2345 6789 ABCD EFGH"})
    assert "开箱演练的答复不正确，不能开始打票，未作更改" in refused
    assert challenge in refused
    assert fresh(round_).state == Round.State.PREPARED
    assert "已开始打票" in said(operator, path, {"answer": custodian.answer(challenge).lower()})
    assert fresh(round_).state == Round.State.OPEN


def test_counted_offline_verified_offline(county: County, browse: Browse, custodian: Custodian) -> None:
    """From the custodian's public key to a publication that the custodian's own commands confirm."""
    round_ = closed(county, browse, custodian)
    base = f"/office/rounds/{round_.pk}/"
    operator, inspector, reviewer = (
        browse(role) for role in ("centre_operator", "inspectorate", "centre_reviewer")
    )
    bundle = download(inspector, f"{base}bundle.zip")
    assert download(operator, f"{base}bundle.zip") == bundle
    assert AuditEntry.objects.filter(verb="导出计票包").count() == 2
    counts = custodian.count(bundle)
    assert "已导入" in said(inspector, f"{base}do/tally/", {"counts": file(counts)})

    services.compute_round(round=fresh(round_), now=NOW, acting_user=county.operator)
    assert "离线保管" in said(operator, base)
    assert "没有由纪检监察机关离线保管" not in said(operator, f"{base}result/")
    assert "核验包还没有写好" in said(inspector, f"{base}verify.zip", {})
    assert "已审定" in said(reviewer, f"{base}do/sign-off/", {})
    run_waiting_jobs()
    assert "下载核验包" in said(inspector, base)
    whole = download(inspector, f"{base}verify.zip")
    assert WRITTEN in counts.decode()
    assert WRITTEN.encode() not in whole
    assert json.dumps(WRITTEN)[1:-1].encode() not in whole
    (custodian.folder / "verify.zip").write_bytes(whole)
    board = queries.board(round_.survey.public_id)  # type: ignore[union-attr]
    assert board is not None
    posted = ("--fp", board.fingerprint, "--code-root", board.code_root, "--tracker-root", board.tracker_root)
    verdict = custodian.run("verify", "verify.zip", *posted, key=True)
    assert verdict.returncode == 0, verdict.stdout + verdict.stderr
    for proof in (
        "与公布的一致",
        "用计票密钥重新计票，每人每问每档的票数一致",
        "文字意见与选票一致，没有增删改",
        "评分所用票数就是计票结果",
        "按评价方案重新评分，全部得分、等次和推导一致",
        "核验通过",
    ):
        assert proof in verdict.stdout

    services.serve_round(round=fresh(round_), today=SERVED, acting_user=county.operator)
    after = LAST_APPEAL_DAY.replace(day=LAST_APPEAL_DAY.day + 1)
    services.end_appeals(round=fresh(round_), today=after, acting_user=county.operator)
    publication = publish(round_, county)
    visitor = Client()
    index = visitor.get(f"/results/{publication.pk}/index.html").content.decode()
    assert f"/b/{board.public_id}/" in index
    assert "没有由纪检监察机关离线保管" not in index
    page = said(visitor, f"/b/{board.public_id}/")
    public = visitor.get(f"/b/{board.public_id}/public.zip").content
    for word in (board.fingerprint, board.code_root, board.tracker_root, sha256(public).hexdigest()):
        assert word in page
    with zipfile.ZipFile(BytesIO(public)) as archive:
        assert set(archive.namelist()) == {"summary.json", "trackers.txt"}
        listed = archive.read("trackers.txt").decode().split()
    assert listed == visitor.get(f"/b/{board.public_id}/trackers.json").json()["trackers"]


def test_a_false_counts_file_is_named_and_the_true_one_may_follow(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    round_ = closed(county, browse, custodian)
    base = f"/office/rounds/{round_.pk}/"
    operator = browse("centre_operator")
    true = custodian.count(download(operator, f"{base}bundle.zip"), "true")

    moved = json.loads(true)
    words = next(iter(next(iter(moved["strata"][0]["answers"].values())).values()))
    words["满意"] += 1
    other = {**json.loads(true), "bundle": "0" * 64}
    for content, word in (
        (json.dumps(moved).encode(), "各档之和不等于有效票数"),
        (json.dumps(other).encode(), "计票结果不属于本次评价的计票包"),
        (true[: len(true) // 2], "无法读取计票结果文件"),
        (b"[]", "计票结果文件不完整"),
        (b"\xff\x00", "无法读取计票结果文件"),
    ):
        page = said(operator, f"{base}do/tally/", {"counts": file(content)})
        assert word in page
        assert "未作更改" in page
        assert queries.counts(round_.survey) == {}  # type: ignore[arg-type]
    assert "已导入" in said(operator, f"{base}do/tally/", {"counts": file(true)})


def test_a_counts_file_of_another_survey_is_refused(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    first = closed(county, browse, custodian)
    operator = browse("centre_operator")
    foreign = custodian.count(download(operator, f"/office/rounds/{first.pk}/bundle.zip"), "foreign")
    second = closed(county, browse, custodian)
    page = said(operator, f"/office/rounds/{second.pk}/do/tally/", {"counts": file(foreign)})
    assert "计票结果不属于本次评价的计票包" in page
    assert queries.counts(second.survey) == {}  # type: ignore[arg-type]


def test_a_bundle_changed_after_the_count_stops_the_result_and_its_publication(
    county: County, browse: Browse, custodian: Custodian
) -> None:
    """A box that no longer fits names itself; with the original back in its place the round goes on."""
    round_ = closed(county, browse, custodian)
    base = f"/office/rounds/{round_.pk}/"
    operator = browse("centre_operator")
    original = download(operator, f"{base}bundle.zip")
    assert "已导入" in said(operator, f"{base}do/tally/", {"counts": file(custodian.count(original, "kept"))})
    path = Path(django_settings.DATA_DIR) / "bundles" / f"{round_.survey.public_id}.zip"  # type: ignore[union-attr]
    damaged = bytearray(original)
    damaged[original.index(b"ballots.bin") + 40] ^= 1
    path.write_bytes(damaged)
    refused = said(operator, f"{base}do/compute/", {})
    assert "清点核对不成立，不能继续，未作任何更改" in refused
    path.unlink()
    assert "计票包不在服务器上" in said(operator, f"{base}do/compute/", {})
    path.write_bytes(original)
    assert "已计算" in said(operator, f"{base}do/compute/", {})

    services.sign_off_round(round=fresh(round_), now=NOW, acting_user=county.reviewer)
    services.serve_round(round=fresh(round_), today=SERVED, acting_user=county.operator)
    after = LAST_APPEAL_DAY.replace(day=LAST_APPEAL_DAY.day + 1)
    services.end_appeals(round=fresh(round_), today=after, acting_user=county.operator)
    path.write_bytes(damaged)
    assert "清点核对不成立" in said(operator, f"{base}do/publish/", {})
    assert fresh(round_).state == Round.State.APPEALS_ENDED


def test_the_weaker_mode_is_said_wherever_a_result_shows(county: County, browse: Browse) -> None:
    weaker = "没有由纪检监察机关离线保管"
    round_ = county.signed_off(ballots=[*ordinary_ballots(), *varied_ballots()])
    operator, base = browse("centre_operator"), f"/office/rounds/{round_.pk}/"
    assert "较弱的保管方式" in said(operator, base)
    assert weaker in said(operator, f"{base}result/")
    assert weaker in said(operator, f"{base}result/{county.departments[0].pk}/")
    services.serve_round(round=round_, today=SERVED, acting_user=county.operator)
    after = LAST_APPEAL_DAY.replace(day=LAST_APPEAL_DAY.day + 1)
    services.end_appeals(round=fresh(round_), today=after, acting_user=county.operator)
    publication = publish(round_, county)
    for page in ("index.html", "method.html"):
        assert weaker in said(Client(), f"/results/{publication.pk}/{page}")
    assert weaker in said(Client(), f"/b/{round_.survey.public_id}/")  # type: ignore[union-attr]


def test_the_board_before_and_during_the_vote(county: County, browse: Browse, custodian: Custodian) -> None:
    """Fingerprint and printed slips before opening, the list of codes at opening; no tracker, no bundle."""
    visitor = Client()
    round_ = prepared(county, browse, custodian)
    survey = round_.survey
    assert survey is not None
    page = said(visitor, f"/b/{survey.public_id}/")
    assert queries.board(survey.public_id).fingerprint in page  # type: ignore[union-attr]
    assert "共 64 张" in page
    assert "开始打票时确定" in page
    services.open_round(
        round=round_,
        rehearsal_answer=custodian.answer(survey.rehearsal["challenge"]),
        today=SERVED,
        acting_user=county.operator,
    )
    survey.refresh_from_db()
    assert survey.code_root in said(visitor, f"/b/{survey.public_id}/")
    assert f"/b/{survey.public_id}/" in said(visitor, "/")
    assert visitor.get(f"/b/{survey.public_id}/public.zip").status_code == 404
    assert visitor.get("/b/unknown/").status_code == 404
    refused = said(browse("inspectorate"), f"/office/rounds/{round_.pk}/bundle.zip", {})
    assert "打票尚未截止，没有计票包" in refused
