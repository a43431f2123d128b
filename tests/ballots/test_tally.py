"""Counting: exact, per stratum, in one process or two; every trouble named, nothing lost."""

import io
import json
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import forms, keyfile, tally
from surveys.ballots.bundle import Altered, Bundle
from surveys.ballots.controls import CountsFault, check_counts
from surveys.ballots.counting import Count, count_bundle, counts_file, groups
from surveys.ballots.credentials import ballot_message
from surveys.ballots.encoding import to_b64
from tests.ballots.test_paper import on_paper, packet
from tests.kit.bundles import with_ballots_turned_round
from tests.kit.election import NUMBERS, PASSPHRASE, Election, closed_election

Counts = dict[str, Any]


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


def test_the_counts_are_exact_and_small_strata_are_merged(
    election: Election, bundle: Bundle, counts: Counts
) -> None:
    merged = {group["name"]: group["counted"] for group in counts["strata"]}
    assert merged == {"民营企业": 14, "个体工商户+非民营企业": 14}
    for group in counts["strata"]:
        assert group["answers"] == by_hand(election, group["keys"])
    check_counts(counts, bundle)


def touched_by_hand(election: Election) -> dict[str, int]:
    """Ballots with at least one answer other than 不了解情况, department by department."""
    form = election.public["form"]
    words = ["", *forms.words(form)]
    found = {one["id"]: 0 for one in form["departments"]}
    for _, answers, _ in election.votes:
        said = zip(forms.cells(form), answers, strict=True)
        for department in {cell.department for cell, value in said if words[value] not in {"", "不了解情况"}}:
            found[department] += 1
    return found


def test_ballots_that_say_anything_of_a_department_are_counted_beside_its_answers(
    election: Election, bundle: Bundle, counts: Counts
) -> None:
    """Of 28 ballots; the answers over two persons are more than the ballots."""
    assert counts["format"] == "sanliang-counts/2"
    assert counts["touched"] == touched_by_hand(election)
    assert 0 < counts["touched"]["d1"] <= 28
    two = counts_file(bundle, count_bundle(bundle, election.private, processes=2))
    assert two["touched"] == counts["touched"]


def test_ballots_that_give_everybody_the_same_choice_are_counted(tmp_path: Path) -> None:
    """From five subjects on, each kind of voter for itself; merged kinds together, fewer than ten not."""

    def vote(at: int, length: int) -> bytes:
        return bytes([3] * 5 + [0] * (length - 5)) if at < 4 else bytes([3] * 4 + [0] * (length - 4))

    election = closed_election(persons=3, vote=vote)
    box = election.write(tmp_path / "alike.zip")
    count = count_bundle(box, election.private)
    groups = {group["name"]: group.get("alike") for group in counts_file(box, count)["strata"]}
    assert groups == {"民营企业": 4, "个体工商户+非民营企业": 7}
    alone = {group["name"]: group.get("alike") for group in counts_file(box, count, least=0)["strata"]}
    assert alone == {"民营企业": 4, "个体工商户": 4, "非民营企业": None}


def test_fewer_than_ten_ballots_of_a_department_are_not_written(election: Election, tmp_path: Path) -> None:
    """With one answer on each of two persons, a one would say that they are one voter's."""
    few = election.write(
        tmp_path / "few.zip", ballots=sorted(election.casts, key=lambda one: one.credential)[:9]
    )
    counts = counts_file(few, count_bundle(few, election.private))
    assert counts["touched"] == {}
    check_counts(counts, few)


def test_counts_of_an_earlier_version_are_still_taken(bundle: Bundle, counts: Counts) -> None:
    del counts["touched"]
    with pytest.raises(CountsFault, match="格式版本"):
        check_counts(counts, bundle)
    counts["format"] = "sanliang-counts/1"
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


def test_two_processes_count_a_large_box_as_one_does(
    election: Election, counts: Counts, tmp_path: Path
) -> None:
    """A thousand forged ballots in the middle, so that each process finds honest ones."""
    honest = sorted(election.casts, key=lambda cast: cast.credential)
    middle = int.from_bytes(honest[14].credential, "big")
    forged = [replace(honest[0], credential=(middle - n).to_bytes(32, "big")) for n in range(1000, 0, -1)]
    large = election.write(tmp_path / "large.zip", ballots=[*honest[:14], *forged, *honest[14:]])
    for processes in (1, 2):
        found = count_bundle(large, election.private, processes=processes)
        assert found.forged == [cast.tracker for cast in forged]
        assert counts_file(large, found)["strata"] == counts["strata"]
    assert large.faults() == []
    flip(large, "ballots.bin", at=-1)
    with pytest.raises(Altered):
        count_bundle(large, election.private, processes=2)


def flip(bundle: Bundle, name: str, at: int) -> None:
    """Write into a file of the bundle where it lies."""
    region = bundle.region(name)
    with region.path.open("r+b") as file:
        file.seek(region.start + at % region.size)
        byte = file.read(1)[0]
        file.seek(-1, 1)
        file.write(bytes([byte ^ 1]))


def test_comments_keep_their_department_and_nothing_else(election: Election, counts: Counts) -> None:
    written = sum(len(comments) for *_, comments in election.votes)
    assert written
    said = counts["comments"]["d1"]
    assert Counter(entry["kind"] for entry in said) == {"matter": written, "suggestion": written}
    assert all(set(entry) == {"kind", "text"} for entry in said)


def test_a_ciphertext_copied_from_another_ballot_counts_for_nothing(
    election: Election, tmp_path: Path
) -> None:
    first, *rest = election.casts
    sealed, signing = rest[0].sealed, election.phones[0].signing
    message = ballot_message(election.public["survey"], first.credential, first.seq, sealed)
    copied = replace(first, sealed=sealed, edsig=signing.sign(message).signature)
    bundle = replace(election, casts=[copied, *rest]).write(tmp_path / "copied.zip")
    counts = counts_file(bundle, count_bundle(bundle, election.private))
    assert counts["spoiled"] == {"copied": 1}
    assert sum(group["counted"] for group in counts["strata"]) == 27
    check_counts(counts, bundle)


def test_a_ballot_for_another_key_is_spoiled_not_lost(bundle: Bundle) -> None:
    counts = counts_file(bundle, count_bundle(bundle, keyfile.new_private_key()))
    assert counts["spoiled"] == {"unopened": 28}


class Custodian:
    """Runs the command in a folder of its own, with a key file and a passphrase at hand."""

    def __init__(self, election: Election, folder: Path, patch: pytest.MonkeyPatch, capsys: Any) -> None:
        self.folder, self.patch, self.capsys = folder, patch, capsys
        self.key = election.key_file(folder / "tally-key.json")
        self.out = folder / "counts.json"

    def tally(self, bundle: Path, *how: str, typed: str = PASSPHRASE) -> tuple[int, str]:
        """The exit status, and what the command said."""
        self.patch.setattr("sys.stdin", io.StringIO(typed + "\n"))
        status = tally.main([str(bundle), *(how or ["--key", str(self.key)]), "--out", str(self.out)])
        return status, "".join(self.capsys.readouterr())


@pytest.fixture
def custodian(
    election: Election, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Custodian:
    return Custodian(election, tmp_path, monkeypatch, capsys)


def test_the_command_writes_what_the_centre_imports_and_never_over_an_earlier_count(
    bundle: Bundle, custodian: Custodian
) -> None:
    status, said = custodian.tally(bundle.path)
    assert status == 0
    assert "共28张选票，有效28张，废票0张" in said
    check_counts(json.loads(custodian.out.read_text()), bundle)
    status, said = custodian.tally(bundle.path)
    assert status == 1
    assert "没有覆盖" in said


def test_a_wrong_passphrase_or_another_key_is_named_and_the_tally_can_run_again(
    election: Election, bundle: Bundle, custodian: Custodian
) -> None:
    status, said = custodian.tally(bundle.path, typed="3333")
    assert (status, "口令不正确" in said) == (1, True)
    other = replace(election, private=keyfile.new_private_key()).key_file(custodian.folder / "other.json")
    status, said = custodian.tally(bundle.path, "--key", str(other))
    assert (status, "不是本次评价的计票密钥" in said) == (1, True)
    assert not custodian.out.exists()
    assert custodian.tally(bundle.path)[0] == 0


def test_the_recovery_sheet_counts_as_well_as_the_key_file(
    election: Election, bundle: Bundle, custodian: Custodian
) -> None:
    sheet = "\n".join(keyfile.recovery_lines(election.private))
    assert custodian.tally(bundle.path, "--recovery", typed=sheet)[0] == 0


def test_a_changed_bundle_and_a_broken_inequality_stop_the_tally_before_it_asks_for_the_passphrase(
    election: Election, bundle: Bundle, custodian: Custodian
) -> None:
    """Without the key nothing can have been opened."""
    slips = [row._replace(state="unused") for row in election.slips]
    unbalanced = election.write(custodian.folder / "unbalanced.zip", slips=slips).path
    for bad, why in (
        (unbalanced, "不多于已兑换凭条0张"),
        (with_ballots_turned_round(bundle, custodian.folder / "changed"), "ballots.bin"),
    ):
        status, said = custodian.tally(bad)
        assert status == 1
        assert why in said
        assert "已开票" not in said
        assert sys.stdin.read() == PASSPHRASE + "\n"
        assert not custodian.out.exists()


@pytest.mark.parametrize("name", ["ballots.bin", "paper.json"])
def test_what_was_checked_is_what_is_counted(
    election: Election, custodian: Custodian, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    """Somebody writes into the bundle while the custodian types the passphrase."""
    sheets = packet(election, "K7M2", b"\1\2\3\4", 1, [])
    bundle = on_paper(election, custodian.folder / "pooled.zip", {"K7M2": 1}, sheets)

    class Meanwhile(io.StringIO):
        def readline(self, *size: Any) -> str:
            flip(bundle, name, at=-9)
            return super().readline(*size)

    monkeypatch.setattr("sys.stdin", Meanwhile(PASSPHRASE + "\n"))
    assert tally.main([str(bundle.path), "--key", str(custodian.key), "--out", str(custodian.out)]) == 1
    said = custodian.capsys.readouterr().err
    assert said.endswith("计票包在核对以后被改动，没有写出计票结果。请重新拷贝计票包，重新核对。\n")
    assert not custodian.out.exists()


def test_a_key_that_cannot_be_an_issuers_is_named(
    election: Election, tmp_path: Path, custodian: Custodian
) -> None:
    keys = [election.public["keys"][0] | {"n": to_b64(b"n" * 256)}, *election.public["keys"][1:]]
    bundle = election.write(tmp_path / "b.zip", public=election.public | {"keys": keys})
    status, said = custodian.tally(bundle.path)
    assert status == 1
    assert "不是2048位的签名公钥" in said


def test_a_forged_credential_stops_the_tally_and_is_named(
    election: Election, forged: Bundle, custodian: Custodian
) -> None:
    status, said = custodian.tally(forged.path)
    assert status == 1
    assert f"1张选票的签名不成立（回执码{election.casts[0].tracker[:16]}）" in said


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda counts: counts.update(format="x"), "格式版本"),
        (lambda counts: counts.update(format="sanliang-counts/1"), "格式版本"),
        (lambda counts: counts["touched"].update(d1=29), "评价过d1的选票张数与各档票数不符"),
        (lambda counts: counts["touched"].update(d2=0), "评价过d2的选票张数与各档票数不符"),
        (lambda counts: counts["touched"].update(d2=20.0), "评价过d2的选票张数与各档票数不符"),
        (lambda counts: counts["touched"].pop("d2"), "评价过d2的选票张数与各档票数不符"),
        (lambda counts: counts["touched"].update(d9=12), "与评价表不符"),
        (lambda counts: counts.update(touched=None), "不完整"),
        (lambda counts: counts.update(bundle="0" * 64), "不属于"),
        (lambda counts: counts.update(fp="A" * 26), "不属于"),
        (lambda counts: counts.update(ballots=29), "总数"),
        (lambda counts: counts["strata"].pop(), "票种"),
        (lambda counts: counts["strata"][0].update(alike=15), "整张同答"),
        (lambda counts: counts["strata"][0].update(alike=-1), "不完整"),
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
    bundle: Bundle, counts: Counts, change: Any, said: str
) -> None:
    change(counts)
    with pytest.raises(CountsFault, match=said):
        check_counts(counts, bundle)
