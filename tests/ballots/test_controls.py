"""Every counting control broken once, by an office that signs what it altered; which can be explained."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import explanations, tally
from surveys.ballots.bundle import SLIP, STATES, Bundle, BundleFault
from surveys.ballots.control import Control, unexplained
from surveys.ballots.controls import controls
from surveys.ballots.explanations import Explanation, ExplanationFault, Explanations
from surveys.ballots.verify import verify
from tests.kit.bundles import Change, Files, altered_and_signed, broken


def with_slips(change: Callable[[list[bytes]], list[bytes]]) -> Change:
    def work(files: Files, _: Any) -> None:
        data = files["slips.bin"]
        rows = [data[start : start + SLIP.size] for start in range(0, len(data), SLIP.size)]
        files["slips.bin"] = b"".join(sorted(change(rows)))

    return work


def restated(state: str, to: str, number: int) -> Change:
    """Some slips of the first batch put into another state."""

    def change(rows: list[bytes]) -> list[bytes]:
        chosen = [row for row in rows if SLIP.unpack(row)[1:] == (STATES.index(state), 0)][:number]
        other = [SLIP.pack(SLIP.unpack(row)[0], STATES.index(to), 0) for row in chosen]
        return [row for row in rows if row not in chosen] + other

    return with_slips(change)


def one_slip_more(files: Files, manifest: dict[str, Any]) -> None:
    with_slips(lambda rows: [*rows, SLIP.pack(b"\x01" * 32, 0, 0)])(files, manifest)
    in_batch(printed=1, handed=1)(files, manifest)


def a_slip_twice(rows: list[bytes]) -> list[bytes]:
    """In place of another of its batch and state, so that all numbers stay as they were."""
    one, other = [row for row in rows if SLIP.unpack(row)[1:] == SLIP.unpack(rows[0])[1:]][:2]
    return [*(row for row in rows if row != other), one]


def a_ballot_twice(files: Files, manifest: dict[str, Any]) -> None:
    size = len(files["ballots.bin"]) // sum(manifest["ballots"].values())
    last = files["ballots.bin"][-size:]
    files["ballots.bin"] += last
    manifest["ballots"][sorted(manifest["ballots"])[last[0]]] += 1


def a_tracker_gone(files: Files, _: Any) -> None:
    files["trackers.txt"] = files["trackers.txt"].partition(b"\n")[2]


def in_batch(**more: int) -> Change:
    """Other numbers entered for the first batch."""

    def work(_: Files, manifest: dict[str, Any]) -> None:
        for name, number in more.items():
            manifest["batches"][0][name] += number

    return work


ROOT = {"codes_root": "票码清单与计票包所列的摘要一致"}
LISTED = {"trackers_listed": "回执名单与票箱中的选票一一对应"}
DIGEST = {"trackers_root": "回执名单与其摘要一致"}
USED = {"batch_used:1": "示范镇第1批：已兑换、换纸质票和作废共38张，不多于发出37张"}
BROKEN: dict[str, tuple[Change, dict[str, str]]] = {
    "a slip added after the opening": (one_slip_more, ROOT),
    "a code twice": (with_slips(a_slip_twice), {**ROOT, "codes_once": "票码没有重复"}),
    "a ballot twice": (a_ballot_twice, {"credentials_once": "选票凭证没有重复", **LISTED}),
    "a receipt taken off the list": (a_tracker_gone, {**LISTED, **DIGEST}),
    "another digest of receipts": (lambda _, manifest: manifest.update(tracker_root="0" * 64), DIGEST),
    "ballots miscounted": (
        lambda _, manifest: manifest["ballots"].update(K7M2=15),
        {"ballots_listed": "清单所列选票数与票箱一致"},
    ),
    "fewer redeemed than ballots": (
        restated("redeemed", "unused", 3),
        {"per_key:K7M2": "民营企业：选票14张，不多于已兑换凭条13张"},
    ),
    "more printed than codes": (
        in_batch(printed=1, handed=1),
        {"batch_codes:1": "示范镇第1批：票码40个，等于印制41张"},
    ),
    "more void than handed out": (restated("unused", "void", 22), USED),
    "more on paper than handed out": (
        restated("unused", "paper", 22),
        {**USED, "paper_missing": "换领纸质票22份，计票包中有纸质票"},
    ),
    "parts that do not make the whole": (
        in_batch(returned=1),
        {"batch_sum:1": "示范镇第1批：发出、退回和损毁37+3+1张，等于印制40张"},
    ),
    "more scanned back than entered": (
        restated("unused", "returned", 4),
        {"batch_returned:1": "示范镇第1批：扫描退回的未用凭条4张，不多于登记退回和损毁3张"},
    ),
}
VOIDED = "示范镇第1批：重新印制前已作废，已兑换、换纸质票、退回或恢复为未使用的凭条{}张，应为0张"


def void(*, alive: int) -> Change:
    """The first batch was printed again; so many of its slips are in use all the same."""

    def work(files: Files, manifest: dict[str, Any]) -> None:
        def change(rows: list[bytes]) -> list[bytes]:
            mine = [row for row in rows if SLIP.unpack(row)[2] == 0]
            dead = [SLIP.pack(SLIP.unpack(row)[0], STATES.index("void"), 0) for row in mine[alive:]]
            return [row for row in rows if row not in mine] + mine[:alive] + dead

        with_slips(change)(files, manifest)
        manifest["batches"][0].update(void=True, handed=0, returned=0, spoiled=0)

    return work


NOBODY = "民营企业：选票14张，不多于已兑换凭条0张"
BROKEN |= {
    "used slips of a reprinted batch": (
        void(alive=30),
        {"batch_void:1": VOIDED.format(30), "per_key:K7M2": NOBODY},
    ),
    "a slip of a reprinted batch made good again": (
        void(alive=1),
        {"batch_void:1": VOIDED.format(1), "per_key:K7M2": NOBODY},
    ),
}
EXPLAINABLE = {"batch_codes:1", "batch_used:1", "batch_sum:1", "batch_returned:1"}


@pytest.mark.parametrize("name", BROKEN)
def test_each_inequality_names_itself_and_holds_the_tally_until_explained(
    bundle: Bundle, tmp_path: Path, name: str
) -> None:
    """Named by key and in words; explained only where an innocent reason is possible."""
    change, expected = BROKEN[name]
    bad = altered_and_signed(bundle, tmp_path / "altered", change)
    found = broken(bad)
    assert {one.key: one.said for one in found} == expected
    with pytest.raises(BundleFault) as refusal:
        tally.check_before_opening(bad, Explanations())
    assert all(said in str(refusal.value) for said in expected.values())
    assert {f"核对不成立：{said}" for said in expected.values()} <= set(verify(bad).wrong)

    given = Explanations(
        tuple(Explanation(one.key, one.said, "已由监票人查实。", "示例人员", "2026-09-30") for one in found)
    )
    if set(expected) <= EXPLAINABLE:
        tally.check_before_opening(bad, given)
    else:
        with pytest.raises(BundleFault):
            tally.check_before_opening(bad, given)


def test_every_control_of_a_bundle_is_broken_above(bundle: Bundle) -> None:
    """A control that comes later has to be broken here, too (those of paper: tests/ballots/test_paper.py)."""
    found = [one.key for one in controls(bundle)]
    assert len(set(found)) == len(found)
    kinds = {key.partition(":")[0] for _, expected in BROKEN.values() for key in expected}
    assert {key.partition(":")[0] for key in found} == kinds - {"paper_missing", "batch_void"}


def test_a_batch_that_nobody_counted_is_neither_right_nor_wrong(bundle: Bundle, tmp_path: Path) -> None:
    """Not taken as all handed out: the verifier says that it is not known."""

    def uncounted(_: Files, manifest: dict[str, Any]) -> None:
        del manifest["batches"][0]["handed"]

    found = altered_and_signed(bundle, tmp_path / "uncounted", uncounted)
    [one] = [control for control in controls(found) if control.uncounted]
    assert (one.key, one.holds) == ("batch_counted:1", True)
    verdict = verify(found)
    assert one.said in verdict.open
    assert one.said not in verdict.proved
    assert verdict.wrong == []


def test_an_explanation_holds_for_its_numbers_only() -> None:
    control = Control("batch_used:1", "共20张，不多于发出19张", holds=False, explainable=True)
    assert unexplained([control], {"batch_used:1": control.said}) == []
    assert unexplained([control], {"batch_used:1": "共21张，不多于发出19张"}) == [control]
    assert unexplained([control], {"batch_used:2": control.said}) == [control]
    hard = Control("per_key:K7M2", "选票5张，不多于已兑换凭条3张", holds=False)
    assert unexplained([hard], {hard.key: hard.said}) == [hard]


def test_the_file_of_explanations_is_read_back_and_verified(bundle: Bundle, tmp_path: Path) -> None:
    """The verifier reads out who explained what; a control outside the bundle that nobody explained fails."""
    bad = altered_and_signed(bundle, tmp_path / "altered", in_batch(returned=1))
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
    assert verify(Bundle(bad.path)).wrong == [f"核对不成立：{outside.said}"]


EXPLAINED = {"key": "k", "said": "s", "text": "t", "by": "b", "on": "o"}
FURTHER = {"key": "k", "said": "s", "holds": True, "explainable": True}


def explained_file(**changes: Any) -> bytes:
    parts = {"format": explanations.FORMAT, "survey": "s", "explanations": [EXPLAINED], "further": [FURTHER]}
    return json.dumps({**parts, **changes}).encode()


def test_a_whole_file_of_explanations_is_read() -> None:
    assert len(explanations.read(explained_file(), "s").given) == 1


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"[]",
        b"\xff",
        b"[" * 5000,
        b"{}",
        explained_file(survey="other"),
        explained_file(explanations=[{"key": "k"}]),
        explained_file(explanations=[{**EXPLAINED, "key": 1}]),
        explained_file(further=[{**FURTHER, "holds": "no"}]),
        explained_file(explanations=None),
        explained_file(further=None),
    ],
)
def test_a_broken_file_of_explanations_is_refused_cleanly(content: bytes) -> None:
    with pytest.raises(ExplanationFault):
        explanations.read(content, "s")
