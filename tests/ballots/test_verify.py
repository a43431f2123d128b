"""The verifier: proves from the bundle alone, names what is wrong, admits what it cannot know."""

import io
import json
import re
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import forms, signing
from surveys.ballots import verify as verifier
from surveys.ballots.bundle import Bundle
from surveys.ballots.controls import check_signed_counts
from surveys.ballots.counting import FORMER, count_bundle, counts_file
from surveys.ballots.encoding import to_b64
from surveys.ballots.verify import Findings, verify
from tests.kit.altered_results import (
    BROKEN,
    BROKEN_FILES,
    NAMED,
    NO_REASONS,
    UNSIGNED,
    WORDS,
    Change,
    Json,
    Results,
    changed,
    with_words,
    withdraw,
)
from tests.kit.bundles import with_ballots_turned_round
from tests.kit.election import PASSPHRASE, Election, rescored, results_of, with_outcome

Verified = Callable[..., Findings]


@pytest.fixture
def verified(election: Election, bundle: Bundle, tmp_path: Path) -> Verified:
    """What is found, with the tally key, in the bundle with these results."""

    def work(results: Results) -> Findings:
        return verify(with_outcome(bundle, tmp_path / "altered.zip", results), private_key=election.private)

    return work


def test_with_the_key_every_count_and_every_score_is_proved(election: Election, whole: Bundle) -> None:
    found = verify(whole, private_key=election.private)
    assert found.wrong == []
    proved = "\n".join(found.proved)
    for promise in ("签名成立", "每人每问每档的票数一致", "文字意见与选票一致", "评分所用票数", "重新评分"):
        assert promise in proved
    assert any("没有为未发出的凭条制造凭证" in line for line in found.open)


def test_without_the_key_it_proves_that_the_custodian_signed_the_counts(
    bundle: Bundle, results: Results, tmp_path: Path
) -> None:
    """Invented numbers that add up, and other comments' marks: nobody but the custodian can sign them."""
    said = "计票结果由保管人签名"

    def verdict(given: Results, name: str) -> Findings:
        return verify(with_outcome(bundle, tmp_path / f"{name}.zip", given))

    assert any(said in line for line in verdict(results, "true").proved)
    for name, change in UNSIGNED.items():
        found = verdict(changed(results, "counts.json", change), name)
        assert any(said in line for line in found.wrong), name


def test_a_survey_of_an_earlier_version_verifies_and_says_that_its_counts_are_not_signed(
    election: Election, tmp_path: Path
) -> None:
    """Its form names no key for the counts; the fingerprint tells, so nobody can take the key out later."""
    public = {name: part for name, part in election.public.items() if name != "counts_key"}
    old = election.write(tmp_path / "old.zip", public=public)
    counts = counts_file(old, count_bundle(old, election.private))
    assert signing.signed(counts, election.private, public) == counts
    check_signed_counts(counts, old)
    found = verify(with_outcome(old, tmp_path / "whole.zip", results_of(public, counts)))
    assert any("未签名" in line for line in found.open)
    assert not any("保管人签名" in line for line in found.proved)
    assert forms.fingerprint(public) != forms.fingerprint(election.public)


def test_counts_of_an_earlier_version_verify_without_the_ballots_of_a_department(
    election: Election, bundle: Bundle, tmp_path: Path
) -> None:
    found = counts_file(bundle, count_bundle(bundle, election.private))
    former = {name: part for name, part in found.items() if name != "touched"} | {"format": FORMER}
    counts = signing.signed(former, election.private, election.public)
    check_signed_counts(counts, bundle)
    whole = with_outcome(bundle, tmp_path / "former.zip", results_of(election.public, counts))
    verdict = verify(whole, private_key=election.private)
    assert verdict.wrong == []
    assert not any("评价过各单位" in line for line in verdict.proved)


def test_the_tally_refuses_a_survey_whose_form_names_a_foreign_key_for_the_counts(
    election: Election, tmp_path: Path
) -> None:
    """Whoever put it there could sign numbers of their own."""
    public = {**election.public, "counts_key": to_b64(b"c" * 32)}
    assert not signing.fits(election.private, public)
    assert signing.fits(election.private, election.public)


def test_without_the_key_it_admits_that_the_counts_are_not_proved(whole: Bundle) -> None:
    found = verify(whole)
    assert found.wrong == []
    assert any("须有计票密钥" in line for line in found.open)
    assert not any("重新计票" in line for line in found.proved)


def test_without_results_it_admits_that_there_is_nothing_to_rescore(bundle: Bundle) -> None:
    found = verify(bundle)
    assert found.wrong == []
    assert any("没有计票结果" in line for line in found.open)
    assert any("没有评分事实" in line for line in found.open)


def test_a_key_on_the_server_is_named_as_the_weaker_mode(election: Election, tmp_path: Path) -> None:
    weaker = election.write(tmp_path / "weaker.zip", key_on_server=True)
    assert any("须信任服务器管理员" in line for line in verify(weaker).open)


@pytest.mark.parametrize("name", ["fp", "code_root", "tracker_root"])
def test_what_was_posted_publicly_is_compared(bundle: Bundle, name: str) -> None:
    """However it was copied; what was not is not shown, or it would be copied from here."""
    posted = bundle.manifest[name]
    assert verify(bundle, published={name: posted.upper()}).wrong == []
    wide = "".join(chr(ord(symbol) + 0xFEE0) for symbol in posted.lower())
    found = verify(bundle, published={name: f"{wide[:4]}－{wide[4:9]}. {wide[9:]}\u3000"})
    assert found.wrong == []
    assert any("与公布的一致" in line for line in found.proved)
    [wrong] = verify(bundle, published={name: "2" * len(posted)}).wrong
    assert "与公布的一致" in wrong
    assert posted not in "".join(verify(bundle).lines())


def test_what_cannot_have_been_posted_is_refused_before_anything_is_verified(
    whole: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = str(tmp_path / "no-key.json")
    for option, said in REFUSED:
        assert verifier.main([str(whole.path), "--key", missing, *option]) == 1
        printed = capsys.readouterr()
        assert (printed.out, printed.err) == ("", f"{said}，请核对后重新输入。\n")


REFUSED = [
    (["--code-root", "abc"], "票码清单摘要应为64位，现为3位"),
    (["--tracker-root", "g" * 64], "回执名单摘要中不会有“G”（只有数字和字母a至f）"),
    (["--fp", "0" * 26], "校验码中不会有“0”（没有数字0和1，也没有字母I、L、O）"),
    (["--fp", "2345-6789"], "校验码应为26位，现为8位"),
]


@pytest.mark.parametrize(("name", "change", "said"), NAMED)
def test_every_altered_result_is_named(
    results: Results, verified: Verified, name: str, change: Change, said: str
) -> None:
    assert any(said in line for line in verified(changed(results, name, change)).wrong)


@pytest.mark.parametrize("change", WORDS)
def test_words_that_are_not_the_voters_are_named(
    bundle: Bundle, counts: Json, results: Results, verified: Verified, change: str
) -> None:
    altered = with_words(results, counts, bundle.public, change)
    assert verified(altered).wrong == ["核对不成立：文字意见与选票一致，没有增删改"]


def test_nobody_without_the_tally_key_reads_what_voters_wrote(whole: Bundle, counts: Json) -> None:
    texts = {entry["text"] for entries in counts["comments"].values() for entry in entries}
    assert texts
    data = whole.path.read_bytes()
    for text in texts:
        assert text.encode() not in data
        assert json.dumps(text)[1:-1].encode() not in data


def test_another_scheme_gives_another_outcome(results: Results, verified: Verified) -> None:
    scheme = results["scheme.yaml"].replace("满意: 100".encode(), "满意: 90".encode(), 1)
    assert scheme != results["scheme.yaml"]
    assert any("重新评分" in line for line in verified({**results, "scheme.yaml": scheme}).wrong)


@pytest.mark.parametrize("name", BROKEN_FILES)
@pytest.mark.parametrize("content", BROKEN)
def test_a_broken_result_file_is_named(
    results: Results, verified: Verified, name: str, content: bytes
) -> None:
    assert verified({**results, name: content}).wrong


def test_a_forged_credential_is_found_without_any_key(election: Election, forged: Bundle) -> None:
    """The office, which holds the box's key but no issuer key any more, swaps a ballot's credential."""
    assert any(election.casts[0].tracker[:16] in line for line in verify(forged).wrong)


def test_a_ballot_moved_to_another_stratum_is_found(election: Election, tmp_path: Path) -> None:
    moved = replace(election.casts[0], key_id="M8QW")
    bundle = replace(election, casts=[moved, *election.casts[1:]]).write(tmp_path / "moved.zip")
    assert any("票种相符" in line for line in verify(bundle).wrong)


def test_the_command_needs_no_django_and_says_passed(
    election: Election, whole: Bundle, tmp_path: Path
) -> None:
    key = election.key_file(tmp_path / "tally-key.json")
    code = (
        "import sys; from surveys.ballots.verify import main; status = main(sys.argv[1:]); "
        "assert 'django' not in sys.modules; sys.exit(status)"
    )
    command = [sys.executable, "-c", code, str(whole.path), "--key", str(key)]
    ran = subprocess.run(command, input=PASSPHRASE + "\n", capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stderr) == (0, "")
    assert re.search(r"没有发现问题；另有[0-9]+项不能证明。\n\Z", ran.stdout)
    assert "不能证明：" in ran.stdout


def test_the_command_fails_for_a_changed_bundle(
    bundle: Bundle, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert verifier.main([str(with_ballots_turned_round(bundle, tmp_path / "changed"))]) == 1
    assert "核验未通过" in capsys.readouterr().out


def test_the_command_names_a_wrong_passphrase(
    election: Election,
    whole: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("wrong\n"))
    key = election.key_file(tmp_path / "tally-key.json")
    assert verifier.main([str(whole.path), "--key", str(key)]) == 1
    assert "口令不正确" in capsys.readouterr().err


def test_a_person_withdrawn_after_an_appeal_is_explained_and_not_a_difference(
    results: Results, verified: Verified
) -> None:
    why = "申诉采纳：借调在外"
    found = verified(rescored(changed(results, "facts.json", lambda facts: withdraw(facts, why))))
    assert found.wrong == []
    [explained] = found.explained
    assert why in explained


@pytest.mark.parametrize("why", NO_REASONS)
def test_nobody_is_withdrawn_without_a_reason(results: Results, verified: Verified, why: Any) -> None:
    found = verified(changed(results, "facts.json", lambda facts: withdraw(facts, why)))
    assert "核对不成立：评分所用票数就是计票结果" in found.wrong


def test_nobody_is_judged_and_withdrawn_at_once(results: Results, verified: Verified) -> None:
    found = verified(changed(results, "facts.json", lambda facts: facts.update(withdrawn={"d1p2": "调离"})))
    assert "核对不成立：评分所用票数就是计票结果" in found.wrong
