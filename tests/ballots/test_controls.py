"""Every counting control broken once, by an office that signs what it altered; which can be explained."""

from __future__ import annotations

import json
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import credentials, explanations, forms, tally
from surveys.ballots.bundle import SLIP, Bundle, BundleFault
from surveys.ballots.control import Control, unexplained
from surveys.ballots.controls import controls
from surveys.ballots.explanations import Explanation, ExplanationFault, Explanations
from surveys.ballots.verify import verify
from tests.ballots.election import SEED, Election, hold

Files = dict[str, bytes]
Change = Callable[[Files, dict[str, Any]], None]


@pytest.fixture(scope="module")
def election() -> Election:
    return hold({"K7M2": 11, "M8QW": 10, "P3ZT": 10}, printed=20)


@pytest.fixture
def bundle(election: Election, tmp_path: Path) -> Bundle:
    return election.write(tmp_path / "bundle.zip")


def altered(bundle: Bundle, folder: Path, change: Change) -> Bundle:
    """The bundle with something changed by whoever holds the box's key: hashes and signature fit again."""
    files = {name: bundle.read(name) for name in bundle.files}
    manifest = json.loads(bundle.manifest_bytes)
    change(files, manifest)
    manifest["files"] = {name: sha256(content).hexdigest() for name, content in files.items()}
    files["manifest.json"] = forms.canonical(manifest).encode()
    files["manifest.sig"] = credentials.sign_manifest(SEED, bundle.survey, files["manifest.json"])
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    found = Bundle(folder)
    assert found.faults() == []
    return found


def rows(files: Files) -> list[bytes]:
    data = files["slips.bin"]
    return [data[start : start + SLIP.size] for start in range(0, len(data), SLIP.size)]


def with_slips(change: Callable[[list[bytes]], list[bytes]]) -> Change:
    def work(files: Files, manifest: dict[str, Any]) -> None:
        files["slips.bin"] = b"".join(sorted(change(rows(files))))

    return work


def restated(state: int, to: int, number: int) -> Change:
    """Some slips of the first batch put into another state."""

    def change(listed: list[bytes]) -> list[bytes]:
        left, found = number, []
        for row in listed:
            code_hash, now, batch = SLIP.unpack(row)
            if left and (now, batch) == (state, 0):
                row, left = SLIP.pack(code_hash, to, batch), left - 1  # noqa: PLW2901 - the row as it is listed
            found.append(row)
        return found

    return with_slips(change)


def one_slip_more(files: Files, manifest: dict[str, Any]) -> None:
    files["slips.bin"] = b"".join(sorted([*rows(files), SLIP.pack(b"\x01" * 32, 0, 0)]))
    manifest["batches"][0]["printed"] += 1
    manifest["batches"][0]["handed"] += 1


def a_slip_twice(files: Files, manifest: dict[str, Any]) -> None:
    """In place of another of its batch and state, so that all numbers stay as they were."""
    listed = rows(files)
    one, other = [row for row in listed if SLIP.unpack(row)[1:] == SLIP.unpack(listed[0])[1:]][:2]
    files["slips.bin"] = b"".join(sorted([*(row for row in listed if row != other), one]))


def a_ballot_twice(files: Files, manifest: dict[str, Any]) -> None:
    size = len(files["ballots.bin"]) // sum(manifest["ballots"].values())
    files["ballots.bin"] += files["ballots.bin"][-size:]
    last = files["ballots.bin"][-size]
    manifest["ballots"][sorted(manifest["ballots"])[last]] += 1


def a_tracker_gone(files: Files, manifest: dict[str, Any]) -> None:
    listed = files["trackers.txt"].split(b"\n")
    files["trackers.txt"] = b"\n".join(listed[1:])


def in_batch(**numbers: int) -> Change:
    def work(files: Files, manifest: dict[str, Any]) -> None:
        for name, more in numbers.items():
            manifest["batches"][0][name] += more

    return work


def in_manifest(name: str, value: str) -> Change:
    def work(files: Files, manifest: dict[str, Any]) -> None:
        manifest[name] = value

    return work


def one_ballot_more_listed(files: Files, manifest: dict[str, Any]) -> None:
    manifest["ballots"]["K7M2"] += 1


BROKEN: dict[str, tuple[Change, set[str]]] = {
    "a slip added after the opening": (one_slip_more, {"codes_root"}),
    "a code twice": (a_slip_twice, {"codes_root", "codes_once"}),
    "a ballot twice": (a_ballot_twice, {"credentials_once", "trackers_listed"}),
    "a receipt taken off the list": (a_tracker_gone, {"trackers_listed", "trackers_root"}),
    "another digest of receipts": (in_manifest("tracker_root", "0" * 64), {"trackers_root"}),
    "ballots miscounted": (one_ballot_more_listed, {"ballots_listed"}),
    "fewer redeemed than ballots": (restated(1, 0, 3), {"per_key:K7M2"}),
    "more printed than codes": (in_batch(printed=1, handed=1), {"batch_codes:1"}),
    "more used than handed out": (in_batch(handed=-5, spoiled=5), {"batch_used:1"}),
    "parts that do not make the whole": (in_batch(returned=1), {"batch_sum:1"}),
    "more scanned back than entered": (restated(0, 4, 4), {"batch_returned:1"}),
}
EXPLAINABLE = {"batch_codes:1", "batch_used:1", "batch_sum:1", "batch_returned:1"}


def broken(bundle: Bundle) -> list[Control]:
    return [one for one in controls(bundle) if not one.holds]


@pytest.mark.parametrize("name", BROKEN)
def test_each_inequality_names_itself_and_holds_the_tally_until_explained(
    bundle: Bundle, tmp_path: Path, name: str
) -> None:
    """Named by key and in words; explained only where an innocent reason is possible."""
    change, expected = BROKEN[name]
    bad = altered(bundle, tmp_path / "altered", change)
    found = broken(bad)
    assert {one.key for one in found} == expected
    with pytest.raises(BundleFault) as refusal:
        tally.check_before_opening(bad, Explanations())
    assert all(one.said in str(refusal.value) for one in found)
    assert set(verify(bad).wrong) >= {one.said for one in found}

    given = Explanations(
        tuple(Explanation(one.key, one.said, "已由监票人查实。", "示例人员", "2026-09-30") for one in found)
    )
    if expected <= EXPLAINABLE:
        tally.check_before_opening(bad, given)
    else:
        with pytest.raises(BundleFault):
            tally.check_before_opening(bad, given)


def test_every_control_of_a_bundle_is_broken_above(bundle: Bundle) -> None:
    """A control that comes later has to be broken here, too (those of paper: tests/ballots/test_paper.py)."""
    kinds = {one.key.partition(":")[0] for one in controls(bundle)}
    assert kinds == {key.partition(":")[0] for _, keys in BROKEN.values() for key in keys}


def test_keys_are_told_apart_and_a_whole_bundle_breaks_none(bundle: Bundle) -> None:
    found = controls(bundle)
    assert broken(bundle) == []
    assert len({one.key for one in found}) == len(found)


def test_an_explanation_holds_for_its_numbers_only() -> None:
    control = Control("batch_used:1", "共20张，不多于发出19张", holds=False, explainable=True)
    assert unexplained([control], {"batch_used:1": control.said}) == []
    assert unexplained([control], {"batch_used:1": "共21张，不多于发出19张"}) == [control]
    assert unexplained([control], {"batch_used:2": control.said}) == [control]
    hard = Control("per_key:K7M2", "选票5张，不多于已兑换凭条3张", holds=False)
    assert unexplained([hard], {hard.key: hard.said}) == [hard]


def test_the_file_of_explanations_is_read_back_and_verified(
    election: Election, bundle: Bundle, tmp_path: Path
) -> None:
    """The verifier reads out who explained what; a control outside the bundle that nobody explained fails."""
    bad = altered(bundle, tmp_path / "altered", in_batch(returned=1))
    [one] = broken(bad)
    outside = Control("returned_redeemed:1", "示范镇第1批：退回的凭条中已兑换的1张，应为0张", False, True)
    said = [
        Explanation(control.key, control.said, "清点时点错。", "示例人员", "2026-09-30")
        for control in (one, outside)
    ]
    path = bad.path / explanations.NAME
    path.write_bytes(explanations.write(bad.survey, said, [outside]))
    found = verify(Bundle(bad.path))
    assert found.wrong == []
    assert found.explained == [str(each) for each in said]
    path.write_bytes(explanations.write(bad.survey, said[:1], [outside]))
    assert verify(Bundle(bad.path)).wrong == [outside.said]


@pytest.mark.parametrize(
    "content",
    [b"", b"[]", b"\xff", b"[" * 5000, b"{}", b'{"format": "sanliang-explanations/1", "survey": "other"}']
    + [
        json.dumps({"format": explanations.FORMAT, "survey": "s", **parts}).encode()
        for parts in (
            {"explanations": [{"key": "k"}], "further": []},
            {"explanations": [], "further": [{"key": "k", "said": "s", "holds": "no", "explainable": True}]},
            {
                "explanations": [{"key": 1, "said": "s", "text": "t", "by": "b", "on": "o"}],
                "further": [],
            },
            {"explanations": None, "further": None},
        )
    ],
)
def test_a_broken_file_of_explanations_is_refused_cleanly(content: bytes) -> None:
    with pytest.raises(ExplanationFault):
        explanations.read(content, "s")
