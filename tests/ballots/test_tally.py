"""Counting: exact, per stratum, in one process or two; every trouble named, nothing lost."""

import io
import json
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import casting, forms, keyfile, tally
from surveys.ballots.bundle import Bundle
from surveys.ballots.controls import CountsFault, check_counts
from surveys.ballots.counting import Count, count_bundle, counts_file, groups
from tests.ballots.election import PASSPHRASE, Election, hold

NUMBERS = {"K7M2": 14, "M8QW": 11, "P3ZT": 3}


@pytest.fixture(scope="module")
def election() -> Election:
    return hold(NUMBERS)


@pytest.fixture
def bundle(election: Election, tmp_path: Path) -> Bundle:
    return election.write(tmp_path / "bundle.zip")


def by_hand(election: Election, key_ids: list[str]) -> dict[str, dict[str, dict[str, int]]]:
    """The same counts without numpy: one dictionary, one vote after the other."""
    form = election.public["form"]
    words = ["不了解情况", *forms.words(form)]
    found = {cell.subject: {cell.question: dict.fromkeys(forms.words(form), 0)} for cell in forms.cells(form)}
    for key_id, answers, _ in election.votes:
        if key_id in key_ids:
            for cell, value in zip(forms.cells(form), answers, strict=True):
                found[cell.subject][cell.question][words[value]] += 1
    return found


def test_the_counts_are_exact_and_small_strata_are_merged(election: Election, bundle: Bundle) -> None:
    counts = counts_file(bundle, count_bundle(bundle, election.private))
    groups = {group["name"]: group for group in counts["strata"]}
    assert {name: group["counted"] for name, group in groups.items()} == {
        "民营企业": 14,
        "个体工商户+非民营企业": 14,
    }
    for group in groups.values():
        assert group["answers"] == by_hand(election, group["keys"])
    check_counts(counts, bundle)


@pytest.mark.parametrize(
    ("numbers", "names"),
    [
        ((10, 10, 10), ["民营企业", "个体工商户", "非民营企业"]),
        ((10, 10, 9), ["民营企业+非民营企业", "个体工商户"]),
        ((10, 4, 5), ["民营企业+个体工商户+非民营企业"]),
        ((30, 4, 6), ["民营企业", "个体工商户+非民营企业"]),
        ((0, 0, 0), ["民营企业+个体工商户+非民营企业"]),
    ],
)
def test_no_stratum_below_ten_is_written_alone(
    election: Election, numbers: tuple[int, ...], names: list[str]
) -> None:
    count = Count(counted=Counter(dict(zip(NUMBERS, numbers, strict=True))))
    assert ["+".join(group.names) for group in groups(election.public, count)] == names


def test_two_processes_count_the_same(
    election: Election, bundle: Bundle, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("surveys.ballots.counting._STEP", 5)
    one = counts_file(bundle, count_bundle(bundle, election.private))
    two = counts_file(bundle, count_bundle(bundle, election.private, processes=2))
    assert one["strata"] == two["strata"]


def test_comments_keep_their_department_and_nothing_else(election: Election, bundle: Bundle) -> None:
    written = sum(len(comments) for *_, comments in election.votes)
    assert written
    comments = counts_file(bundle, count_bundle(bundle, election.private))["comments"]
    assert Counter(entry["kind"] for entry in comments["d1"]) == {"matter": written, "suggestion": written}
    assert all(set(entry) == {"kind", "text"} for entry in comments["d1"])


def recast(election: Election, voter: int, **changes: Any) -> Election:
    """Voter number n votes again with a ballot only a dishonest page would make."""
    length = casting.Checker(election.public).layout.sealed_length
    body = election.voters[voter].cast_body(election.votes[voter][1], **changes)
    casts = list(election.casts)
    casts[voter] = casting.read_cast(body, sealed_length=length)
    return replace(election, casts=casts)


def test_a_ciphertext_copied_from_another_ballot_counts_for_nothing(
    election: Election, tmp_path: Path
) -> None:
    copier = recast(election, 0, inside=b"copied from another ballot......")
    bundle = copier.write(tmp_path / "copied.zip")
    counts = counts_file(bundle, count_bundle(bundle, election.private))
    assert counts["spoiled"] == {"copied": 1}
    assert sum(group["counted"] for group in counts["strata"]) == 27
    check_counts(counts, bundle)


def test_a_ballot_for_another_key_is_spoiled_not_lost(election: Election, tmp_path: Path) -> None:
    bundle = election.write(tmp_path / "b.zip")
    counts = counts_file(bundle, count_bundle(bundle, keyfile.new_private_key()))
    assert counts["spoiled"] == {"unopened": 28}


def run(
    monkeypatch: pytest.MonkeyPatch, election: Election, folder: Path, *more: str, phrase: str = PASSPHRASE
) -> int:
    monkeypatch.setattr("sys.stdin", io.StringIO(phrase + "\n"))
    key = election.key_file(folder / "tally-key.json")
    arguments = [str(folder / "bundle.zip"), "--key", str(key), "--out", str(folder / "counts.json"), *more]
    return tally.main(arguments)


def test_the_command_writes_what_the_centre_imports(
    election: Election,
    bundle: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, election, tmp_path) == 0
    counts = json.loads((tmp_path / "counts.json").read_text())
    check_counts(counts, bundle)
    assert "共28张选票，有效28张，废票0张" in capsys.readouterr().out
    assert run(monkeypatch, election, tmp_path) == 1, "never over an earlier count"
    assert "没有覆盖" in capsys.readouterr().err


def test_a_wrong_passphrase_or_another_key_is_named_and_the_tally_can_run_again(
    election: Election,
    bundle: Bundle,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert run(monkeypatch, election, tmp_path, phrase="3333") == 1
    assert "口令不正确" in capsys.readouterr().err
    other = replace(election, private=keyfile.new_private_key())
    assert run(monkeypatch, other, tmp_path) == 1
    assert "不是本次评价的计票密钥" in capsys.readouterr().err
    assert not (tmp_path / "counts.json").exists()
    assert run(monkeypatch, election, tmp_path) == 0


def test_the_recovery_sheet_counts_as_well_as_the_key_file(
    election: Election, bundle: Bundle, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    sheet = "\n".join(keyfile.recovery_lines(election.private))
    monkeypatch.setattr("sys.stdin", io.StringIO(sheet + "\n"))
    assert tally.main([str(bundle.path), "--recovery", "--out", str(tmp_path / "counts.json")]) == 0


def test_a_changed_bundle_and_a_broken_inequality_stop_before_the_first_ballot_is_opened(
    election: Election, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr("surveys.ballots.sealing.Opener.open", lambda *_: pytest.fail("opened"))
    slips = [row._replace(state="unused") for row in election.slips]
    election.write(tmp_path / "bundle.zip", slips=slips)
    assert run(monkeypatch, election, tmp_path) == 1
    assert "不多于已兑换凭条0张" in capsys.readouterr().err

    path = election.write(tmp_path / "bundle.zip").path
    data = bytearray(path.read_bytes())
    data[3000] ^= 1
    path.write_bytes(data)
    assert run(monkeypatch, election, tmp_path) == 1
    assert "ballots.bin" in capsys.readouterr().err


def test_a_forged_credential_stops_the_tally_and_is_named(
    election: Election, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    forged = replace(election.casts[0], sig=election.casts[1].sig)
    replace(election, casts=[forged, *election.casts[1:]]).write(tmp_path / "bundle.zip")
    assert run(monkeypatch, election, tmp_path) == 1
    said = capsys.readouterr().err
    assert "1张选票的签名不成立" in said
    assert forged.tracker[:16] in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda counts: counts.update(format="x"), "格式版本"),
        (lambda counts: counts.update(bundle="0" * 64), "不属于"),
        (lambda counts: counts.update(fp="A" * 26), "不属于"),
        (lambda counts: counts.update(ballots=29), "总数"),
        (lambda counts: counts["strata"].pop(), "票种"),
        (lambda counts: counts["strata"][0]["keys"].append("K7M2"), "票种"),
        (lambda counts: counts["strata"][0].update(counted=15), "有效票与废票之和"),
        (lambda counts: counts["strata"][0].update(spoiled=1), "废票数"),
        (lambda counts: counts["spoiled"].update(copied=1), "废票数"),
        (lambda counts: counts["strata"][0]["answers"].pop("d1p1"), "评价对象"),
        (lambda counts: counts["strata"][0]["answers"]["d1p1"]["overall"].update(满意=99), "各档之和"),
        (lambda counts: counts["strata"][0]["answers"]["d1p1"]["overall"].pop("满意"), "各档之和"),
        (lambda counts: counts["strata"][0]["answers"]["d1p1"]["overall"].update(很满意=0), "各档之和"),
        (lambda counts: counts.pop("strata"), "不完整"),
        (lambda counts: counts.update(strata=None), "不完整"),
    ],
)
def test_a_counts_file_that_does_not_fit_the_bundle_is_refused(
    election: Election, bundle: Bundle, change: Any, said: str
) -> None:
    counts = counts_file(bundle, count_bundle(bundle, election.private))
    change(counts)
    with pytest.raises(CountsFault, match=said):
        check_counts(counts, bundle)
