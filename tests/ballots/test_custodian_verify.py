"""The custodian's page verifies as the command line does without scores: the same sentences in order."""

import json
import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest
from playwright.sync_api import Browser, expect

from surveys.ballots import enclosed, explanations, forms, keyfile, marks, signing
from surveys.ballots.bundle import ONLY_PUBLIC, Bundle, BundleFault
from surveys.ballots.controls import controls
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.exporting import public_part
from surveys.ballots.findings import Findings, PostedFault
from surveys.ballots.public_part import NOT_RECOUNTED, PublicPart, verify_public
from surveys.ballots.verify import NOT_RESCORED, main, verify
from tests.ballots.test_custodian_tally import BOXES, zipped
from tests.journeys.custodian_page import offline as offline_page
from tests.kit.altered_results import Json, Results, changed, every_one
from tests.kit.bundles import files_of
from tests.kit.custodian import ROOT, Custodian, Refusal
from tests.kit.election import Election, facts_of, results_of, with_outcome

KIT = "../../test/kit/verifying"


def alike(offline: Custodian, bundle: Bundle, private: bytes | None = None, **published: str) -> Findings:
    """What both sides find."""
    found = verify(bundle, private_key=private, published=published, scores=False)
    assert offline.ask(KIT, "verified", bundle.path, private, published) == told(found)
    return found


def told(found: Findings) -> Json:
    return {**vars(found), "lines": found.lines()}


def test_every_altered_result_is_named_alike(election: Election, offline: Custodian, tmp_path: Path) -> None:
    """In a box of few ballots, which are opened again for each."""
    bundle = replace(election, casts=election.casts[:12]).write(tmp_path / "small.zip")
    counts = counted(bundle, election.private)
    results = results_of(bundle.public, counts)
    wrong = 0
    for altered in every_one(results, counts, bundle.public):
        whole = with_outcome(bundle, tmp_path / "altered.zip", altered)
        wrong += bool(alike(offline, whole, election.private).wrong)
    assert wrong > 50


def counted(bundle: Bundle, private: bytes) -> Json:
    return signing.signed(counts_file(bundle, count_bundle(bundle, private)), private, bundle.public)


def test_without_a_key_the_signatures_and_what_was_posted_are_compared_alike(
    election: Election, whole: Bundle, forged: Bundle, offline: Custodian, tmp_path: Path
) -> None:
    posted = {name: whole.manifest[name] for name in ("fp", "code_root", "tracker_root")}
    assert alike(offline, whole, **posted).wrong == []
    assert NOT_RESCORED in alike(offline, whole, fp=f" {posted['fp'].lower()}\u3000\x85", code_root="").open
    assert alike(offline, forged, tracker_root="0" * 64).wrong
    for typed in ({"tracker_root": "İ"}, {"code_root": "𝟘" * 63 + "ﬀ"}, {"fp": "2" * 25 + "票"}, {"fp": "-"}):
        with pytest.raises(PostedFault) as refused:
            verify(whole, published=typed)
        with pytest.raises(Refusal, match=f"^{re.escape(str(refused.value))}$"):
            offline.ask(KIT, "verified", whole.path, None, typed)
    former = {name: part for name, part in election.public.items() if name != "counts_key"}
    weaker = election.write(tmp_path / "weaker.zip", key_on_server=True, public=former)
    assert alike(offline, weaker, election.private).wrong == []
    files = files_of(whole)
    for number, change in enumerate(
        ({"ballots.bin": files["ballots.bin"][::-1]}, {"manifest.sig": bytes(64)}, {"paper.json": b"{}"})
    ):
        assert alike(offline, Bundle(zipped(files | change, tmp_path / f"{number}.zip"))).wrong


def test_controls_that_were_explained_are_told_alike(
    election: Election, results: Results, offline: Custodian, tmp_path: Path
) -> None:
    """A broken number of a batch, and controls that only the office can tell of."""
    batches = [election.batches[0] | {"handed": 1}, *election.batches[1:]]
    bad = replace(election, batches=batches).write(tmp_path / "bad.zip")
    broken = [one for one in controls(bad) if not one.holds]
    said = [explanations.Explanation(one.key, one.said, "清点有误", "甲", "2026-09-30") for one in broken]
    outside = replace(broken[0], key="outside", said="登记3张，等于5张")
    more = [outside, replace(outside, holds=True), replace(outside, explainable=False), controls(bad)[0]]
    for given, further in ((said, more), (said[:1], more[:1]), ([], [])):
        texts = explanations.write(bad.survey, given, further), explanations.write("other", given, further)
        for text in texts:
            with_text = {**results, explanations.NAME: text}
            found = alike(offline, with_outcome(bad, tmp_path / "with.zip", with_text))
            assert found.wrong or found.explained


@pytest.mark.parametrize("kind", ["paper", "marks"])
def test_paper_and_marks_are_verified_alike(
    election: Election, offline: Custodian, tmp_path: Path, kind: str
) -> None:
    holder, bundle = BOXES[kind](election, tmp_path / "bundle.zip")
    counts = counted(bundle, holder.private)
    facts = (
        facts_of_marks(bundle.public["form"], counts) if kind == "marks" else facts_of(bundle.public, counts)
    )
    results = enclosed.enclose(counts, bundle.public) | {
        "facts.json": json.dumps(facts, ensure_ascii=False).encode(),
        "outcome.json": b"{}",
        "scheme.yaml": b"",
    }
    path = tmp_path / "whole.zip"
    name, changes, said = ALTERED[kind]
    assert said in alike(offline, with_outcome(bundle, path, results), holder.private).proved
    for change in changes:
        altered = changed(results, name, change)
        found = alike(offline, with_outcome(bundle, path, altered), holder.private)
        assert f"核对不成立：{said}" in found.wrong


def facts_of_marks(form: Json, counts: Json) -> Json:
    tables = {group["name"]: group["answers"] for group in counts["strata"]}
    subjects: Json = {}
    for panel in marks.panels(form):
        for unit, words in marks.given(form, panel, tables[panel["stratum"]]).items():
            numbered = {f"{number}": word for number, word in enumerate(words)}
            subjects.setdefault(unit, {"marks": {}})["marks"][panel["id"]] = numbered
    return {"subjects": subjects}


def marks_of(facts: Json) -> Json:
    [first, *_] = facts["subjects"].values()
    found: Json = next(iter(first["marks"].values()))
    return found


PAPER = [
    lambda counts: counts["paper"].update(sheets=counts["paper"]["sheets"] + 1),
    lambda counts: counts["paper"].update(more=0),
    lambda counts: counts.pop("paper"),
]
MARKED = [
    lambda facts: marks_of(facts).popitem(),
    lambda facts: marks_of(facts).update(x="5"),
    lambda facts: marks_of(facts).update(x=None),
    lambda facts: marks_of(facts).clear(),
    lambda facts: facts["subjects"].popitem(),
    lambda facts: next(iter(facts["subjects"].values())).pop("marks"),
    lambda facts: facts.update(subjects=[]),
]
ALTERED = {
    "paper": ("counts.json", PAPER, "用计票密钥重新计票，每人每问每档的票数一致"),
    "marks": ("facts.json", MARKED, "评分所用的分数就是计票结果"),
}
SUMMARIES = [
    lambda _: None,
    lambda summary: summary.update(ballots=29),
    lambda summary: summary.update(packets=93),
    lambda summary: summary.update(key_on_server=True),
    lambda summary: summary.update(tracker_root="0" * 64),
    lambda summary: summary.update(fp="2" * 26),
    lambda summary: summary["public"]["form"]["departments"][0].update(name="别的部门"),
    lambda summary: summary["printed"].update(K7M2=0, M8QW=0, P3ZT=1),
    lambda summary: summary["printed"].update(K000=1),
    lambda summary: summary["public"].pop("box_key"),
    lambda summary: summary.update(format="sanliang-public/2"),
    lambda summary: summary.update(ballots=-1),
    lambda summary: summary.update(ballots="28"),
    lambda summary: summary.pop("bundle"),
    lambda summary: summary.pop("format"),
]


def test_the_public_part_is_verified_alike_as_far_as_it_goes(
    bundle: Bundle, results: Results, offline: Custodian, tmp_path: Path
) -> None:
    path = tmp_path / "public.zip"
    path.write_bytes(public_part(bundle, results={"outcome.json": results["outcome.json"]}))
    summary = PublicPart(path).summary
    trackers = bundle.read("trackers.txt")
    assert public_told(offline, path, fp=summary["fp"], tracker_root=bundle.manifest["tracker_root"]) == []
    assert public_told(offline, path, tracker_root="1" * 64)
    answers = []
    for change in SUMMARIES:
        altered = json.loads(json.dumps(summary))
        change(altered)
        files = {"summary.json": forms.canonical(altered).encode(), "trackers.txt": trackers}
        answers.append(public_told(offline, zipped(files, path)))
    for more in (
        {"trackers.txt": trackers[66:]},
        {"trackers.txt": trackers + trackers[:66]},
        {"trackers.txt": trackers[:-1] + b"\xff"},
        {"summary.json": files_of(bundle)["manifest.json"]},
        {"summary.json": forms.canonical(summary).encode() + b"\n"},
        {"summary.json": b"[]"},
        {"summary.json": b""},
    ):
        honest = {"summary.json": forms.canonical(summary).encode(), "trackers.txt": trackers}
        answers.append(public_told(offline, zipped(honest | more, path)))
    answers.append(public_told(offline, zipped({"summary.json": forms.canonical(summary).encode()}, path)))
    assert answers[0] == []
    assert all(one for one in answers[4:])


def public_told(offline: Custodian, path: Path, **posted: str) -> list[str] | str:
    """What is wrong, or why nothing is found: the same on both sides."""
    if "fp" in posted:
        opened = found_or_why(lambda: Bundle(path).manifest)
        assert opened == ONLY_PUBLIC == found_or_why(lambda: offline.ask("bundle", "openBundle", path))
    ours = found_or_why(lambda: told(verify_public(PublicPart(path), published=posted)))
    theirs = found_or_why(lambda: offline.ask(KIT, "verified", path, None, posted))
    assert theirs == ours
    return ours if isinstance(ours, str) else ours["wrong"]


def found_or_why(work: Callable[[], Json]) -> Json | str:
    try:
        return work()
    except (BundleFault, Refusal) as fault:
        return str(fault)


def test_the_command_takes_a_public_part_and_leaves_the_scores_where_told(
    bundle: Bundle, whole: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "public.zip"
    path.write_bytes(public_part(bundle))
    assert main([str(path), "--fp", bundle.manifest["fp"]]) == 0
    assert "公开核验包不含选票" in capsys.readouterr().out
    assert main([str(path), "--key", str(tmp_path / "no-key.json")]) == 1
    assert capsys.readouterr().err == f"{NOT_RECOUNTED}\n"
    assert main([str(whole.path), "--no-scores"]) == 0
    assert NOT_RESCORED in capsys.readouterr().out


@pytest.mark.journey
def test_the_screen_recounts_in_workers_and_keeps_a_record(
    chromium: Browser, election: Election, whole: Bundle, tmp_path: Path
) -> None:
    saved = tmp_path / "custodian.html"
    saved.write_bytes((ROOT / "surveys/box/custodian.html").read_bytes())
    (tmp_path / "public.zip").write_bytes(public_part(whole))
    with offline_page(chromium, saved) as custodian:
        page = custodian.page
        custodian.choose("核验")
        page.get_by_label("计票包或核验包").set_input_files(whole.path)
        page.get_by_label("票码清单摘要").fill("abc")
        custodian.button("核验").click()
        expect(page.get_by_text("票码清单摘要应为64位，现为3位，请核对后重新输入。")).to_be_visible()
        page.get_by_label("票码清单摘要").fill("")
        page.get_by_label("校验码").fill(whole.manifest["fp"].lower())
        page.get_by_label("用计票密钥重新开票计票").check()
        page.get_by_label("恢复单（没有密钥文件或忘记口令）").check()
        for number, line in enumerate(keyfile.recovery_lines(election.private), start=1):
            page.get_by_label(f"第{number}行").fill(line)
        custodian.button("核验").click()
        expect(page.get_by_role("heading", name="核验结果")).to_be_focused()
        record = custodian.take("保存核验记录").read_text()
        custodian.looked("核验结果")
        today = page.evaluate(
            "(now => `${now.getFullYear()}年${now.getMonth() + 1}月${now.getDate()}日`)(new Date())"
        )
        custodian.button("返回修改").click()
        expect(page.get_by_label("校验码")).to_have_value(whole.manifest["fp"].lower())
        page.get_by_label("计票包或核验包").set_input_files(tmp_path / "public.zip")
        custodian.button("核验").click()
        expect(page.get_by_text(NOT_RECOUNTED)).to_be_visible()
        again = custodian.verify(tmp_path / "public.zip")
        assert not custodian.look.faults
    posted = {"fp": whole.manifest["fp"]}
    found = verify(whole, private_key=election.private, published=posted, scores=False)
    lines = record.splitlines()
    title = f"{whole.public['form']['title']}（{whole.survey}）"
    for line in (
        f"评价：{title}",
        f"计票包摘要：{whole.hash}",
        "选票：28张",
        f"　校验码（凭条所印）：{whole.manifest['fp']}",
        "重新计票：已用计票密钥重新计票",
        f"保存日期：{today}",
    ):
        assert line in lines
    told_in = [re.sub("^　[✓—] ", "　", line) for line in lines]
    at = told_in.index("已经证明：")
    assert told_in[at:-3] == found.lines()
    assert lines[-2].startswith("核验人（签名）：")
    assert "回执码28个，等于选票28张" in again
