"""Paper ballots: pooled with the electronic ones, their inequalities, what the bundle shows of them."""

import io
import json
from collections.abc import Sequence
from pathlib import Path
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots import tally
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.controls import CountsFault, check_counts, controls
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.explanations import Explanations
from surveys.ballots.exporting import public_part
from surveys.ballots.paper import Sheet, cells_of, grouped, numbers_of, opened, paper_member
from surveys.ballots.sealing import Comment
from surveys.ballots.verify import verify
from tests.kit.bundles import altered, broken
from tests.kit.election import NUMBERS, PASSPHRASE, Election, cast, results_of, with_outcome
from tests.kit.issuer import redeemed_phone


def packet(
    election: Election, key: str, answers: bytes, start: int, comments: Sequence[Comment] = ()
) -> list[Sheet]:
    """The sheets of a voter who ticks what another types into a phone; at most one comment a department."""
    sheets = []
    for number, (department, cells) in enumerate(cells_of(election.public["form"]).items(), start=start):
        marks = "".join(str(answers[place]) for place in cells)
        said = [words for comment in comments if comment.cell in cells for words in comment[1:]]
        sheets.append(Sheet(f"{number:08}", key, department, "valid", marks, *said))
    return sheets


def on_paper(
    election: Election, path: Path, packets: dict[str, int], sheets: list[Sheet], **changes: Any
) -> Bundle:
    """The bundle with these sheets, as many unused slips having been exchanged for paper as packets."""
    whole = {key: packets.get(key, 0) for key in NUMBERS}
    left, rows = dict(whole), []
    for row in election.slips:
        key = election.batches[row.batch]["key"]
        exchanged = row.state == "unused" and left[key] > 0
        left[key] -= exchanged
        rows.append(row._replace(state="paper") if exchanged else row)
    member = paper_member(election.public, whole, sheets)
    return election.write(path, **{"slips": rows, "paper": member, **changes})


def small(election: Election, path: Path, **changes: Any) -> Bundle:
    """Three packets, the third without a sheet."""
    sheets = packet(election, "K7M2", b"\1\2\3\4", 1) + packet(election, "P3ZT", b"\4\4\1\1", 5)
    return on_paper(election, path, {"K7M2": 1, "P3ZT": 2}, sheets, **changes)


def sheets_for_one_department(number: int) -> list[Sheet]:
    return [Sheet(f"{n:08}", "K7M2", "d1", "valid", "11") for n in range(number)]


@pytest.fixture(scope="module")
def pooled(election: Election, tmp_path_factory: pytest.TempPathFactory) -> Bundle:
    return small(election, tmp_path_factory.mktemp("paper") / "bundle.zip")


def counted(bundle: Bundle, election: Election) -> dict[str, Any]:
    return counts_file(bundle, count_bundle(bundle, election.private), least=0)


marks = st.lists(st.integers(0, 5), min_size=4, max_size=4)
votes = st.lists(st.tuples(st.sampled_from(sorted(NUMBERS)), marks, st.booleans()), max_size=8)


@given(votes=votes, some_on_paper=st.randoms(use_true_random=False))
def test_the_same_content_counts_the_same_on_paper_and_on_the_phone(
    election: Election, votes: list[tuple[str, list[int], bool]], some_on_paper: Random, tmp_path: Path
) -> None:
    """YC-R6, YC-R7: whoever prefers paper weighs as much as whoever holds a phone; also half and half."""

    def count(on_phone: list[int]) -> dict[str, Any]:
        casts, sheets, packets = [], [], dict.fromkeys(NUMBERS, 0)
        for place, (key, answers, talks) in enumerate(votes):
            comments = [Comment(0, "排队", "加窗口")] if talks else []
            if place in on_phone:
                phone = redeemed_phone(election.phones[0].loaded, key)
                casts.append(cast(phone, bytes(answers), comments))
            else:
                packets[key] += 1
                sheets += packet(election, key, bytes(answers), 10 * place, comments)
        casts.sort(key=lambda each: each.credential)
        bundle = on_paper(election, tmp_path / "b.zip", packets, sheets, ballots=casts)
        found = counted(bundle, election)
        check_counts(found, bundle)
        texts = {name: sorted(map(str, listed)) for name, listed in found["comments"].items()}
        strata = [{name: group[name] for name in ("keys", "counted", "answers")} for group in found["strata"]]
        return {"strata": strata, "comments": texts, "touched": found["touched"]}

    everybody = list(range(len(votes)))
    half = some_on_paper.sample(everybody, len(everybody) // 2)
    assert count([]) == count(everybody) == count(half)


def test_blanks_double_ticks_missing_and_spoiled_sheets_are_answers_nobody_gave(
    election: Election, tmp_path: Path
) -> None:
    """YC-R7: all of them stand as 不了解情况, and the packet is one voter all the same."""
    sheets = [
        Sheet("10000001", "K7M2", "d1", "valid", "10"),
        Sheet("10000002", "K7M2", "d1", "valid", "91"),
        Sheet("10000003", "K7M2", "d1", "spoiled", ""),
        Sheet("10000004", "K7M2", "d2", "valid", "44", "等候太久", ""),
        Sheet("10000005", "K7M2", "d2", "set_aside", ""),
    ]
    found = counted(on_paper(election, tmp_path / "b.zip", {"K7M2": 3}, sheets, ballots=[]), election)
    group = next(each for each in found["strata"] if each["keys"] == ["K7M2"])
    assert (group["counted"], group["packets"]) == (3, 3)
    assert {subject: list(table["overall"].values()) for subject, table in group["answers"].items()} == {
        "d1p1": [1, 0, 0, 0, 2],
        "d1p2": [1, 0, 0, 0, 2],
        "d2p1": [0, 0, 0, 1, 2],
        "d2p2": [0, 0, 0, 1, 2],
    }
    assert found["paper"] == {"sheets": 5, "spoiled": 1, "set_aside": 1, "blank": 1, "double": 1}
    assert found["comments"] == {"d2": [{"kind": "matter", "text": "等候太久"}]}


def test_controls_of_an_honest_box_hold(pooled: Bundle) -> None:
    assert pooled.faults() == []
    assert broken(pooled) == []
    assert [control.key for control in controls(pooled) if control.key.startswith("paper")] == [
        "paper_packets:K7M2",
        "paper_packets:M8QW",
        "paper_packets:P3ZT",
        "paper_sheets:K7M2+P3ZT",
    ]


def test_without_paper_nothing_is_said_of_it(bundle: Bundle, counts: dict[str, Any]) -> None:
    """Bundle, counts and public part of a survey without paper are what they always were."""
    assert not bundle.has("paper.json")
    assert [one.key for one in controls(bundle) if one.key.startswith("paper")] == []
    assert not {"packets", "paper"} & set(counts)
    assert not any("packets" in group for group in counts["strata"])
    assert b"packets" not in public_part(bundle)


@pytest.mark.parametrize(
    ("packets", "sheets", "key", "said"),
    [
        (None, 0, "paper_missing", "换领纸质票3份，计票包中有纸质票"),
        ({"K7M2": 2, "M8QW": 0, "P3ZT": 2}, 0, "paper_packets:K7M2", "纸质票2份，等于换领纸质票的凭条1张"),
        ({"K7M2": 1, "M8QW": 0, "P3ZT": 2}, 4, "paper_sheets:K7M2+P3ZT", "示范部门14张"),
    ],
)
def test_each_inequality_broken_once_names_itself(  # noqa: PLR0917 - a table, and where it is tried
    election: Election, tmp_path: Path, packets: dict[str, int] | None, sheets: int, key: str, said: str
) -> None:
    """YC-R6: slips without paper, paper without slips, a sheet too many."""
    listed = sheets_for_one_department(sheets)
    member = None if packets is None else paper_member(election.public, packets, listed)
    bundle = small(election, tmp_path / "b.zip", paper=member)
    assert bundle.faults() == []
    [control] = broken(bundle)
    assert control.key == key
    assert said in control.said
    assert not control.explainable
    with pytest.raises(BundleFault, match=said[:8]):
        tally.check_before_opening(bundle, Explanations())


def test_a_sheet_too_many_inside_a_group_stops_the_count_by_name(election: Election, tmp_path: Path) -> None:
    """Two strata share an open number; the sealed sheets are looked at one by one."""
    sheets = sheets_for_one_department(2)
    bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 1, "P3ZT": 2}, sheets)
    assert broken(bundle) == []
    with pytest.raises(BundleFault, match="民营企业：示范部门1的纸质票有2张，多于换领的1份"):
        count_bundle(bundle, election.private)


@pytest.mark.parametrize(
    ("department", "kind", "marks"),
    [
        ("d1", "valid", "1"),
        ("d1", "valid", "16"),
        ("d9", "valid", "11"),
        ("d1", "spoiled", "11"),
        ("d1", "other", ""),
    ],
)
def test_a_sheet_no_clerk_can_have_keyed_is_not_counted(
    election: Election, tmp_path: Path, department: str, kind: str, marks: str
) -> None:
    sheet = Sheet("10000001", "K7M2", department, kind, marks)
    bundle = on_paper(election, tmp_path / "b.zip", {"K7M2": 1}, [sheet])
    with pytest.raises(BundleFault, match="纸质票录入内容不完整或已被改动"):
        count_bundle(bundle, election.private)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b'"P3ZT":2}', b'"P3ZT":2 }'),
        (b'"P3ZT":2}', b'"P3ZT":1,"P3ZT":2}'),
        (b'"sealed"', b'"more":1,"sealed"'),
        (b'"keys":["K7M2","P3ZT"]', b'"keys":{"K7M2":1,"P3ZT":1}'),
        (b'{"format"', b'\xef\xbb\xbf{"format"'),
    ],
)
def test_a_paper_file_in_another_spelling_is_none(
    election: Election, pooled: Bundle, tmp_path: Path, old: bytes, new: bytes
) -> None:
    """Two programs could read two things in it; whoever exports writes one spelling only."""
    content = pooled.read("paper.json")
    assert old in content
    other = small(election, tmp_path / "b.zip", paper=content.replace(old, new))
    with pytest.raises(BundleFault, match="纸质票录入内容不完整或已被改动"):
        numbers_of(other)


def test_a_changed_missing_or_foreign_paper_file_is_named(
    bundle: Bundle, pooled: Bundle, tmp_path: Path
) -> None:
    content = pooled.read("paper.json")
    other = content.replace(b'"K7M2":1', b'"K7M2":2')
    for folder in (
        altered(pooled, tmp_path / "changed", lambda files, _: files.update({"paper.json": other})),
        altered(pooled, tmp_path / "missing", lambda files, _: files.pop("paper.json")),
        altered(bundle, tmp_path / "foreign", lambda files, _: files.update({"paper.json": content})),
    ):
        assert Bundle(folder).faults() == ["paper.json 与清单不符，已被改动或不完整。"]


def test_nobody_reads_a_sheet_without_the_tally_key(election: Election, tmp_path: Path) -> None:
    """YC-R6: the bundle and its public part show numbers, never marks or words of a sheet."""
    sheets = [Sheet("10000001", "K7M2", "d1", "valid", "43", "某件事办不成", "")]
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


def test_counts_that_forget_the_packets_are_refused(election: Election, pooled: Bundle) -> None:
    found = counted(pooled, election)
    check_counts(found, pooled)
    without = {name: part for name, part in found.items() if name != "packets"}
    with pytest.raises(CountsFault, match="纸质票份数"):
        check_counts(without, pooled)
    next(group for group in found["strata"] if group["keys"] == ["P3ZT"])["packets"] = 1
    with pytest.raises(CountsFault, match="非民营企业的纸质票份数"):
        check_counts(found, pooled)


def test_the_custodian_counts_paper_and_the_verifier_counts_it_again(
    election: Election,
    pooled: Bundle,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """YC-R6: the one count file holds both, merged below ten; whoever has the key finds the same."""
    monkeypatch.setattr("sys.stdin", io.StringIO(PASSPHRASE + "\n"))
    out = tmp_path / "counts.json"
    key = election.key_file(tmp_path / "key.json")
    assert tally.main([str(pooled.path), "--key", str(key), "--out", str(out)]) == 0
    assert "另有纸质票3份（测评表4张，其中废票0张），已合并计票" in capsys.readouterr().out
    counts = json.loads(out.read_text())
    assert [(group["name"], group["counted"]) for group in counts["strata"]] == [
        ("民营企业", 15),
        ("个体工商户+非民营企业", 16),
    ]
    whole = with_outcome(pooled, tmp_path / "whole.zip", results_of(election.public, counts))
    found = verify(whole, private_key=election.private)
    assert found.wrong == []
    assert any("纸质票录入与纸面一致" in line for line in found.open)
    counts["paper"]["blank"] += 1
    changed = with_outcome(pooled, tmp_path / "changed.zip", results_of(election.public, counts))
    assert verify(changed, private_key=election.private).wrong
    assert verify(whole).wrong == []
