"""Paper ballots: pooled with the electronic ones, their inequalities, what the bundle shows of them."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.ballots import casting, tally
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.controls import CountsFault, check_counts, controls
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.explanations import Explanations
from surveys.ballots.exporting import public_part
from surveys.ballots.paper import Sheet, cells_of, grouped, numbers_of, opened, paper_member
from surveys.ballots.sealing import Comment
from surveys.ballots.verify import verify
from tests.ballots.election import Election, hold, results_of, with_outcome
from tests.ballots.voter import Voter

KEYS = ("K7M2", "M8QW", "P3ZT")


@lru_cache(maxsize=1)
def an_election() -> Election:
    """Twelve, none and two ballots; forty slips each, of which most are unused."""
    return hold({"K7M2": 12, "M8QW": 0, "P3ZT": 2})


def exchanged(election: Election, packets: dict[str, int]) -> list[Any]:
    """The slips, with some unused ones of each key exchanged for paper."""
    left = dict(packets)
    rows = []
    for row in election.slips:
        key = election.batches[row.batch]["key"]
        if row.state == "unused" and left.get(key):
            left[key] -= 1
            rows.append(row._replace(state="paper"))
        else:
            rows.append(row)
    return rows


def packet(
    election: Election, key: str, answers: bytes, start: int, comments: Iterable[Comment] = ()
) -> list[Sheet]:
    """The sheets of a voter who ticks what another types into a phone."""
    form = election.public["form"]
    places = cells_of(form)
    said = {place: comment for comment in comments for place in [comment.cell]}
    sheets = []
    for number, (department, cells) in enumerate(places.items(), start=start):
        mine = [said[place] for place in cells if place in said]
        sheets.append(
            Sheet(
                f"{number:08}",
                key,
                department,
                "valid",
                "".join(str(answers[place]) for place in cells),
                "\n".join(comment.matter for comment in mine),
                "\n".join(comment.suggestion for comment in mine),
            )
        )
    return sheets


def on_paper(
    election: Election, path: Path, packets: dict[str, int], sheets: list[Sheet], **changes: Any
) -> Bundle:
    whole = {key: packets.get(key, 0) for key in KEYS}
    fields = {
        "slips": exchanged(election, packets),
        "paper": paper_member(election.public, whole, sheets),
        **changes,
    }
    return election.write(path, **fields)


def counted(bundle: Bundle, election: Election) -> dict[str, Any]:
    return counts_file(bundle, count_bundle(bundle, election.private), least=0)


def broken(bundle: Bundle) -> list[str]:
    return [control.key for control in controls(bundle) if not control.holds]


votes = st.lists(
    st.tuples(st.sampled_from(KEYS), st.lists(st.integers(0, 5), min_size=4, max_size=4), st.booleans()),
    max_size=8,
)


@given(votes=votes, some_on_paper=st.randoms(use_true_random=False))
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_the_same_content_counts_the_same_on_paper_and_on_the_phone(
    votes: list[tuple[str, list[int], bool]], some_on_paper: Random, tmp_path: Path
) -> None:
    """YC-R6, YC-R7: whoever prefers paper weighs as much as whoever holds a phone; also half and half."""
    election = an_election()

    def count(on_phone: list[int]) -> dict[str, Any]:
        casts, sheets, packets = [], [], dict.fromkeys(KEYS, 0)
        for place, (key, answers, talks) in enumerate(votes):
            comments = [Comment(0, "排队", "加窗口")] if talks else []
            if place in on_phone:
                casts.append(cast(election, key, bytes(answers), comments))
            else:
                packets[key] += 1
                sheets += packet(election, key, bytes(answers), 10 * place, comments)
        path = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        bundle = on_paper(
            election, path, packets, sheets, ballots=sorted(casts, key=lambda each: each.credential)
        )
        found = counted(bundle, election)
        comments = {name: sorted(map(str, texts)) for name, texts in found["comments"].items()}
        strata = [{name: group[name] for name in ("keys", "counted", "answers")} for group in found["strata"]]
        check_counts(found, bundle)
        return {"strata": strata, "comments": comments}

    everybody = list(range(len(votes)))
    half = some_on_paper.sample(everybody, len(everybody) // 2)
    assert count([]) == count(everybody) == count(half)


def cast(election: Election, key: str, answers: bytes, comments: list[Comment]) -> casting.Cast:
    from surveys.ballots import blindrsa  # noqa: PLC0415 - beside its one use

    voter = Voter(election.public, key)
    voter.take(blindrsa.blind_sign(election.issuers[key], voter.blinded))
    body = voter.cast_body(answers, comments)
    length = casting.Checker(election.public).layout.sealed_length
    return casting.read_cast(body, sealed_length=length)


def test_blanks_double_ticks_missing_and_spoiled_sheets_are_answers_nobody_gave(tmp_path: Path) -> None:
    """YC-R7: all of them stand as 不了解情况, and the packet is one voter all the same."""
    election = an_election()
    sheets = [
        Sheet("10000001", "K7M2", "d1", "valid", "10"),
        Sheet("10000002", "K7M2", "d1", "valid", "91"),
        Sheet("10000003", "K7M2", "d1", "spoiled", ""),
        Sheet("10000004", "K7M2", "d2", "valid", "44", "等候太久", ""),
        Sheet("10000005", "K7M2", "d2", "set_aside", ""),
    ]
    bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 3}, sheets, ballots=[])
    found = counted(bundle, election)
    group = next(each for each in found["strata"] if each["keys"] == ["K7M2"])
    assert (group["counted"], group["packets"]) == (3, 3)
    words = ("满意", "比较满意", "基本满意", "不满意", "不了解情况")
    rows = {
        subject: [table["overall"][word] for word in words] for subject, table in group["answers"].items()
    }
    assert rows == {
        "d1p1": [1, 0, 0, 0, 2],
        "d1p2": [1, 0, 0, 0, 2],
        "d2p1": [0, 0, 0, 1, 2],
        "d2p2": [0, 0, 0, 1, 2],
    }
    assert found["paper"] == {"sheets": 5, "spoiled": 1, "set_aside": 1, "blank": 1, "double": 1}
    assert found["comments"] == {"d2": [{"kind": "matter", "text": "等候太久"}]}


def small(election: Election, path: Path, **changes: Any) -> Bundle:
    sheets = packet(election, "K7M2", b"\1\2\3\4", 1) + packet(election, "P3ZT", b"\4\4\1\1", 5)
    return on_paper(election, path, {"K7M2": 1, "P3ZT": 2}, sheets, **changes)


def test_controls_of_an_honest_box_hold(tmp_path: Path) -> None:
    bundle = small(an_election(), tmp_path / "b.zip")
    assert bundle.faults() == []
    assert broken(bundle) == []
    paper = [control.key for control in controls(bundle) if control.key.startswith("paper")]
    assert paper == [
        "paper_packets:K7M2",
        "paper_packets:M8QW",
        "paper_packets:P3ZT",
        "paper_sheets:K7M2+P3ZT",
    ]


def test_without_paper_nothing_is_said_of_it(tmp_path: Path) -> None:
    """Bundle, counts and public part of a survey without paper are what they always were."""
    election = an_election()
    bundle = election.write(tmp_path / "b.zip")
    with zipfile.ZipFile(bundle.path) as archive:
        assert "paper.json" not in archive.namelist()
    assert [one.key for one in controls(bundle) if one.key.startswith("paper")] == []
    found = counted(bundle, election)
    assert not {"packets", "paper"} & set(found)
    assert not any("packets" in group for group in found["strata"])
    assert b"packets" not in public_part(bundle)


@pytest.mark.parametrize(
    ("changes", "key", "said"),
    [
        ({"paper": None}, "paper_missing", "换领纸质票3份，计票包中有纸质票"),
        (
            {"packets": {"K7M2": 2, "M8QW": 0, "P3ZT": 2}},
            "paper_packets:K7M2",
            "纸质票2份，等于换领纸质票的凭条1张",
        ),
        ({"sheets": 4}, "paper_sheets:K7M2+P3ZT", "示范部门14张"),
    ],
)
def test_each_inequality_broken_once_names_itself(
    changes: dict[str, Any], key: str, said: str, tmp_path: Path
) -> None:
    """YC-R6: paper without slips, slips without paper, a sheet too many."""
    election = an_election()
    more: dict[str, Any] = {}
    if "packets" in changes:
        more["paper"] = paper_member(election.public, changes["packets"], [])
    elif "sheets" in changes:
        many = [Sheet(f"{n:08}", "K7M2", "d1", "valid", "11") for n in range(changes["sheets"])]
        more["paper"] = paper_member(election.public, {"K7M2": 1, "M8QW": 0, "P3ZT": 2}, many)
    else:
        more = changes
    bundle = small(election, tmp_path / "b.zip", **more)
    assert bundle.faults() == []
    found = [control for control in controls(bundle) if not control.holds]
    assert [control.key for control in found] == [key]
    assert said in found[0].said
    assert not found[0].explainable
    with pytest.raises(BundleFault, match=said[:8]):
        tally.check_before_opening(bundle, Explanations())


def test_a_sheet_too_many_inside_a_group_stops_the_count_by_name(tmp_path: Path) -> None:
    """Two strata share an open number; the sealed sheets are looked at one by one."""
    election = an_election()
    sheets = [Sheet(f"{n:08}", "K7M2", "d1", "valid", "11") for n in range(2)]
    bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 1, "P3ZT": 2}, sheets)
    assert broken(bundle) == []
    with pytest.raises(BundleFault, match="民营企业：示范部门1的纸质票有2张，多于换领的1份"):
        count_bundle(bundle, election.private)


@pytest.mark.parametrize(
    "sheet",
    [
        Sheet("10000001", "K7M2", "d1", "valid", "1"),
        Sheet("10000001", "K7M2", "d1", "valid", "16"),
        Sheet("10000001", "K7M2", "d9", "valid", "11"),
        Sheet("10000001", "K7M2", "d1", "spoiled", "11"),
        Sheet("10000001", "K7M2", "d1", "other", ""),
    ],
)
def test_what_no_clerk_can_have_keyed_is_not_counted(sheet: Sheet, tmp_path: Path) -> None:
    election = an_election()
    bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 1}, [sheet])
    with pytest.raises(BundleFault, match="纸质票录入内容不完整或已被改动"):
        count_bundle(bundle, election.private)


def test_a_changed_or_foreign_paper_file_is_named(tmp_path: Path) -> None:
    election = an_election()
    bundle = small(election, tmp_path / "b.zip")
    content = bundle.read("paper.json")
    for name, other in (("changed", content.replace(b'"K7M2":1', b'"K7M2":2')), ("gone", None)):
        path = tmp_path / f"{name}.zip"
        with zipfile.ZipFile(bundle.path) as old, zipfile.ZipFile(path, "w") as new:
            for member in old.namelist():
                piece = other if member == "paper.json" else old.read(member)
                if piece is not None:
                    new.writestr(member, piece)
        assert Bundle(path).faults() == ["paper.json 与清单不符，已被改动或不完整。"]
    added = tmp_path / "added.zip"
    plain = election.write(tmp_path / "plain.zip")
    with zipfile.ZipFile(plain.path) as old, zipfile.ZipFile(added, "w") as new:
        for member in old.namelist():
            new.writestr(member, old.read(member))
        new.writestr("paper.json", content)
    assert Bundle(added).faults() == ["paper.json 与清单不符，已被改动或不完整。"]


def test_nobody_reads_a_sheet_without_the_tally_key(tmp_path: Path) -> None:
    """YC-R6: the bundle and its public part show numbers, never marks or words of a sheet."""
    election = an_election()
    sheets = [Sheet("10000001", "K7M2", "d1", "valid", "4321"[:2], "某件事办不成", "")]
    bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 1}, sheets)
    assert "某件事办不成".encode() not in bundle.path.read_bytes()
    assert set(numbers_of(bundle) or {}) == {"format", "packets", "groups", "sealed"}
    assert opened(bundle, election.private) == sheets
    shown = public_part(bundle)
    assert b"sealed" not in shown
    assert b"10000001" not in shown
    assert b'"packets":1' in shown


def test_strata_below_ten_packets_share_a_group() -> None:
    assert grouped({"A": 9, "B": 10, "C": 30}) == [["A", "B"], ["C"]]
    assert grouped({"A": 10, "B": 10, "C": 0}) == [["A"], ["B"]]
    assert grouped({"A": 1, "B": 2, "C": 3}) == [["A", "B", "C"]]
    assert grouped({"A": 0}) == []


def test_counts_that_forget_the_packets_are_refused(tmp_path: Path) -> None:
    election = an_election()
    bundle = small(election, tmp_path / "b.zip")
    found = counted(bundle, election)
    check_counts(found, bundle)
    without = {name: part for name, part in found.items() if name != "packets"}
    with pytest.raises(CountsFault, match="纸质票份数"):
        check_counts(without, bundle)
    for group in found["strata"]:
        if group["keys"] == ["P3ZT"]:
            group["packets"] = 1
    with pytest.raises(CountsFault, match="非民营企业的纸质票份数"):
        check_counts(found, bundle)


def test_the_custodian_counts_paper_and_the_verifier_counts_it_again(
    tmp_path: Path, capsys: Any, monkeypatch: Any
) -> None:
    """YC-R6: the one count file holds both, merged below ten; whoever has the key finds the same."""
    election = an_election()
    bundle = small(election, tmp_path / "b.zip")
    monkeypatch.setattr("sys.stdin", io.StringIO("2222 2222 2222\n"))
    out = tmp_path / "counts.json"
    key = election.key_file(tmp_path / "key.json")
    assert tally.main([str(bundle.path), "--key", str(key), "--out", str(out)]) == 0
    assert "另有纸质票3份（测评表4张，其中废票0张），已合并计票" in capsys.readouterr().out
    counts = json.loads(out.read_text())
    assert sum(group["counted"] for group in counts["strata"]) == 17
    with_it = with_outcome(bundle, tmp_path / "r.zip", results_of(election, counts))
    found = verify(with_it, private_key=election.private)
    assert found.wrong == []
    assert any("纸质票录入与纸面一致" in line for line in found.open)
    counts["paper"]["blank"] += 1
    altered = with_outcome(bundle, tmp_path / "a.zip", results_of(election, counts))
    assert verify(altered, private_key=election.private).wrong
    assert verify(with_it).wrong == []
