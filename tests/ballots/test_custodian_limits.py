"""What no program of ours writes, but who holds a key could: page and command line refuse it alike."""

import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots.bundle import Bundle, BundleFault, SlipRow
from surveys.ballots.controls import CountsFault, check_counts
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.encoding import to_b64
from surveys.ballots.paper import Sheet, paper_member
from tests.ballots.test_custodian_tally import as_told, box_of, with_paper
from tests.kit import ballot_form
from tests.kit.custodian import Custodian, Refusal
from tests.kit.election import Election

COUNT, JUDGE = "../../test/kit/ballots", "../../test/kit/bundles"
ANY = 2**31
Json = dict[str, Any]


def more_votes(counts: Json, group: Json, number: int) -> None:
    """So many votes more than ballots, made good by as many spoiled ballots fewer than none."""
    group["counted"] += number
    group["spoiled"] -= number
    counts["spoiled"] = {"unopened": -number}
    for questions in group["answers"].values():
        for words in questions.values():
            words["满意"] += number
    counts["touched"] = {department: each + number for department, each in counts["touched"].items()}


def without_keys(counts: Json, number: int = 0) -> None:
    nobody = json.loads(json.dumps(counts["strata"][0])) | {
        "name": "",
        "keys": [],
        "counted": 0,
        "spoiled": 0,
    }
    nobody.pop("packets", None)
    for questions in nobody["answers"].values():
        for words in questions.values():
            words.update(dict.fromkeys(words, 0))
    counts["strata"].append(nobody)
    if number:
        more_votes(counts, nobody, number)


def names_changed(counts: Json) -> None:
    one, other = counts["strata"]
    one["name"], other["name"] = other["name"], one["name"]


def keys_turned_round(counts: Json) -> None:
    merged = next(group for group in counts["strata"] if len(group["keys"]) > 1)
    merged["name"] = "+".join(reversed(merged["name"].split("+")))


INCOMPLETE = "计票结果文件不完整，请使用计票程序写出的原件。"
NOT_THE_KEYS = "计票结果所列票种与计票包不符。"
CHANGES: list[tuple[Callable[[Json], Any], str]] = [
    (lambda counts: more_votes(counts, counts["strata"][0], 1000), INCOMPLETE),
    (lambda counts: without_keys(counts, 500), INCOMPLETE),
    (without_keys, NOT_THE_KEYS),
    (lambda counts: counts["strata"][0]["keys"].append("K7M2"), NOT_THE_KEYS),
    (lambda counts: counts["spoiled"].update(copied=1, choice=-1), INCOMPLETE),
    (lambda counts: counts["spoiled"].update(copied=ANY), INCOMPLETE),
    (lambda counts: counts["strata"][0].update(counted=ANY), INCOMPLETE),
    (lambda counts: counts["strata"][0].update(packets=ANY), INCOMPLETE),
    (lambda counts: counts.update(packets=-1), INCOMPLETE),
    (lambda counts: counts["paper"].update(blank=-1), INCOMPLETE),
    (lambda counts: counts["paper"].update(sheets=ANY), INCOMPLETE),
    (lambda counts: counts["paper"].update(sheets=counts["paper"]["sheets"] + 0.0), INCOMPLETE),
    (lambda counts: counts["paper"].update(blank=False), INCOMPLETE),
    (lambda counts: counts["touched"].update(d1=ANY), "评价过d1的选票张数与各档票数不符。"),
    (lambda counts: counts["touched"].update(d1=-1), "评价过d1的选票张数与各档票数不符。"),
    (
        lambda counts: counts["strata"][0]["answers"]["d1p1"]["overall"].update(满意=-1),
        "民营企业中d1p1（overall）各档之和不等于有效票数。",
    ),
    (names_changed, "计票结果所列票种名称“个体工商户+非民营企业”与计票包不符。"),
    (keys_turned_round, "计票结果所列票种名称“非民营企业+个体工商户”与计票包不符。"),
]


def test_counts_of_more_votes_than_ballots_or_under_other_names_are_refused_alike(
    election: Election, offline: Custodian, tmp_path: Path
) -> None:
    bundle = with_paper(election, tmp_path / "bundle.zip")
    honest = json.dumps(counts_file(bundle, count_bundle(bundle, election.private)))
    tried = [json.loads(honest) for _ in CHANGES]
    for counts, (change, _) in zip(tried, CHANGES, strict=True):
        change(counts)
    texts = [honest.encode(), *(json.dumps(counts).encode() for counts in tried)]
    told = offline.ask(JUDGE, "judgeCounts", bundle.path, texts)
    assert told == [None, *({"refused": said} for _, said in CHANGES)]
    check_counts(json.loads(honest), bundle)
    for counts, (_, said) in zip(tried, CHANGES, strict=True):
        with pytest.raises(CountsFault) as refusal:
            check_counts(counts, bundle)
        assert str(refusal.value) == said


def test_the_sign_of_a_double_tick_is_no_word_where_there_are_nine_or_more(
    offline: Custodian, tmp_path: Path
) -> None:
    """Nothing prints such sheets, but whoever writes a bundle can."""
    form = ballot_form.form(2, 2)
    nine = [{"word": f"{n}档", "tone": "good", "ask": False, "unknown": False} for n in range(1, 10)]
    election = box_of(form | {"choices": [*nine, form["choices"][-1]]}, 0)
    rows = [SlipRow(bytes([n]) * 32, "paper", 0) for n in range(12)]
    batch = election.batches[0] | {"printed": 12, "handed": 12}
    sheets = [Sheet(f"{n:08}", "K7M2", "d1", "valid", "90" if n else "89") for n in range(12)]
    member = paper_member(election.public, {"K7M2": 12}, sheets)
    bundle = election.write(tmp_path / "bundle.zip", slips=rows, batches=[batch], paper=member)
    ours = count_bundle(bundle, election.private)
    assert ours.touched["d1"] == 1
    assert ours.paper["double"] == 12
    assert as_told(offline.ask(COUNT, "count", bundle.path, election.private)) == as_told(ours)


def test_an_empty_box_with_a_key_that_is_no_issuers_is_refused_alike(
    election: Election, offline: Custodian, tmp_path: Path
) -> None:
    small = election.public["keys"][0] | {"n": to_b64(b"\x01" * 256)}
    public = election.public | {"keys": [small, *election.public["keys"][1:]]}
    box = replace(election, public=public, casts=[]).write(tmp_path / "bundle.zip")
    with pytest.raises(BundleFault) as ours:
        count_bundle(Bundle(box.path), election.private)
    with pytest.raises(Refusal) as theirs:
        offline.ask(COUNT, "tally", box.path, election.private, 10)
    assert str(theirs.value) == str(ours.value)
    workers = offline.ask(COUNT, "countInThreads", box.path, election.private, {})
    assert workers == {"fault": str(ours.value), "ended": 0}


def test_blanks_are_taken_off_both_ends_alike(offline: Custodian) -> None:
    """However many stand inside, and of all that Unicode calls blank only what Python takes off."""
    blanks = "".join(chr(code) for code in range(0x10000) if chr(code).isspace())
    others = "\ufeff\u200b\u180e\u2060\x00"
    for text in (f"{blanks}a{' ' * 100_000}a{blanks[::-1]}", f"{others} {others}", blanks, "", "a", " a"):
        assert offline.ask("whitespace", "strip", text) == text.strip()
