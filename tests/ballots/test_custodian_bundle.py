"""The custodian's page and the command line are shown the same altered files: both say the same of each."""

import json
import struct
import zipfile
from collections.abc import Callable, Iterable, Iterator
from functools import partial
from hashlib import sha256
from itertools import combinations, pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots import archive, explanations, forms, plain_json
from surveys.ballots.bundle import SLIP, Bundle, BundleFault
from surveys.ballots.casting import Cast
from surveys.ballots.control import Control, unexplained
from surveys.ballots.controls import CountsFault, check_counts, controls
from surveys.ballots.counting import count_bundle, counts_file
from surveys.ballots.encoding import Malformed
from tests.ballots.test_controls import BROKEN
from tests.ballots.test_paper import small
from tests.kit import ballot_form
from tests.kit.alterations import Case, altered_texts, signed, text_of, texts_altered, zipped
from tests.kit.bundles import Files, altered_and_signed, files_of
from tests.kit.custodian import Custodian
from tests.kit.election import Election

KIT = "../../test/kit/bundles"
Judged = dict[str, Any]


def refusal(work: Callable[[], Any], *faults: type[ValueError]) -> Any:
    try:
        return work()
    except faults as fault:
        return {"refused": str(fault)}


def answer(content: bytes, read: Callable[[Any], Any], *faults: type[ValueError]) -> Any:
    """What is read in the text, or why it is refused; null where the page returns nothing."""
    try:
        value = plain_json.parse(content)
    except Malformed:
        return {"malformed": True}
    return refusal(lambda: read(value), *faults)


def judged(path: Path) -> Judged:
    """As `judge` in frontend/test/kit/bundles.js."""
    try:
        bundle = Bundle(path)
    except BundleFault as fault:
        return {"refused": str(fault)}
    found = {"hash": bundle.hash, "fp": forms.fingerprint(bundle.public), "faults": bundle.faults()}
    if found["faults"]:
        return found
    return {**found, "controls": refusal(lambda: [vars(one) for one in controls(bundle)], BundleFault)}


@pytest.fixture(scope="module")
def three(election: Election) -> list[Cast]:
    """One ballot of each key."""
    return sorted(election.casts[::12], key=lambda cast: cast.credential)


@pytest.fixture(scope="module")
def little(election: Election, folder: Path, three: list[Cast]) -> Bundle:
    return election.write(folder / "little.zip", ballots=three)


@pytest.fixture(scope="module")
def pooled(election: Election, folder: Path, three: list[Cast]) -> Bundle:
    return small(election, folder / "pooled.zip", ballots=three)


@pytest.fixture
def alike(offline: Custodian, tmp_path: Path) -> Callable[[Iterable[Case]], list[Judged]]:
    """Show the bundles to both sides; what they say of each."""

    def show(cases: Iterable[Case]) -> list[Judged]:
        listed = list(cases)
        found, path = [], tmp_path / "shown.zip"
        for start in range(0, len(listed), 50):
            some = listed[start : start + 50]
            of_page = offline.ask(KIT, "judgeAll", [content for _, content in some])
            for (name, content), said in zip(some, of_page, strict=True):
                path.write_bytes(content)
                here = judged(path)
                assert here == said, name
                found.append(here)
        return found

    return show


Alike = Callable[[Iterable[Case]], list[Judged]]


def test_an_honest_bundle_is_whole_on_both_sides(bundle: Bundle, pooled: Bundle, alike: Alike) -> None:
    for one in alike((each.path.name, each.path.read_bytes()) for each in (bundle, pooled)):
        assert one["faults"] == []
        assert all(control["holds"] for control in one["controls"])


def with_manifest(files: Files, text: bytes) -> bytes:
    return zipped(*{**files, "manifest.json": text}.items())


def test_every_value_of_the_manifest_changed_is_answered_alike(little: Bundle, alike: Alike) -> None:
    """By somebody without the box's key, and by whoever has it; all of the form and the keys: see below."""
    files = files_of(little)
    cases = altered_texts(little.manifest, one_in=5, first=1)
    of_public = [case for case in cases if ".public." in case[0]]
    cases = [case for case in cases if case not in of_public] + of_public[::6]
    unsigned = alike((where, with_manifest(files, text)) for where, text in cases)
    assert all(one.get("faults", True) for one in unsigned)
    opened = [case for case, one in zip(cases, unsigned, strict=True) if "refused" not in one]
    assert opened
    alike(
        (where, zipped(*signed({**files, "manifest.json": text}, little.survey).items()))
        for where, text in opened
    )


def test_every_other_spelling_of_the_manifest_is_refused_alike(little: Bundle, alike: Alike) -> None:
    files = files_of(little)
    found = alike(
        (name, zipped(*signed({**files, "manifest.json": text}, little.survey).items()))
        for name, text in texts_altered(little.manifest_bytes)
    )
    whole = [one for one in found if one.get("faults") == []]
    assert len(whole) < 5  # a further name in its place


def members_altered(files: Files) -> Iterator[tuple[str, Files]]:
    for name, content in files.items():
        yield f"no {name}", {other: each for other, each in files.items() if other != name}
        for other in (content[:-1], content + b"\n", content[1:], b"", content[::-1]):
            yield f"{name} of {len(other)}", {**files, name: other}
    for one, other_name in combinations(files, 2):
        yield f"{one} is {other_name}", {**files, one: files[other_name], other_name: files[one]}
    yield "a further file", {**files, "more": b"", "资料/a.txt": b"x"}
    yield "paper", {**files, "paper.json": b"{}"}
    record = len(files["ballots.bin"]) // 3
    first, second, third = (files["ballots.bin"][start:][:record] for start in (0, record, 2 * record))
    ballots: dict[str, list[bytes]] = {
        "of an unknown key": [b"\xc8" + first[1:], second, third],
        "of another key": [bytes([(first[0] + 1) % 3]) + first[1:], second, third],
        "turned round": [third, second, first],
        "twice": [first, first, second, third],
        "one fewer": [first, third],
        "with a credential once more": [first, first[:33] + second[33:65] + first[65:], third],
    }
    for how, records in ballots.items():
        yield f"a ballot {how}", {**files, "ballots.bin": b"".join(records)}
    slips = [
        files["slips.bin"][start : start + SLIP.size]
        for start in range(0, len(files["slips.bin"]), SLIP.size)
    ]
    for state, batch in ((6, 0), (255, 0), (0, 3), (0, 2**32 - 1), (5, 2), (5, 0), (2, 1), (3, 0), (4, 0)):
        row = SLIP.pack(slips[-1][:32], state, batch)
        yield f"a slip {state} in {batch}", {**files, "slips.bin": b"".join([*slips[:-1], row])}
    yield "slips turned round", {**files, "slips.bin": b"".join(slips[::-1])}
    yield "a slip twice", {**files, "slips.bin": b"".join([*slips[1:], slips[-1]])}
    lines = files["trackers.txt"].split(b"\n")[:-1]
    for blank in (
        b" ",
        b"\r\n",
        b"\x0b",
        b"\x1c",
        b"\x85",
        b"\xc2\xa0",
        b"\xe2\x80\xa8",
        b"\0",
        b"",
        b"\xff\n",
    ):
        yield f"trackers with {blank!r}", {**files, "trackers.txt": blank.join(lines)}
    yield "trackers turned round", {**files, "trackers.txt": b"\n".join(lines[::-1])}
    yield "trackers in capitals", {**files, "trackers.txt": files["trackers.txt"].upper()}
    yield "a tracker twice", {**files, "trackers.txt": b"\n".join([lines[0], *lines])}


def with_hashes(files: Files, bundle: Bundle) -> Files:
    """The manifest lists the files as they are now, and the box signed that."""
    if "manifest.json" not in files or files["manifest.json"] != bundle.manifest_bytes:
        return files
    listed = [name for name in (*bundle.manifest["files"], "paper.json") if name in files]
    hashes = {name: sha256(files[name]).hexdigest() for name in listed}
    text = text_of({**bundle.manifest, "files": hashes})
    return signed({**files, "manifest.json": text}, bundle.survey)


def test_every_member_changed_swapped_or_missing_is_answered_alike(little: Bundle, alike: Alike) -> None:
    cases = list(members_altered(files_of(little)))
    found = alike((where, zipped(*files.items())) for where, files in cases)
    assert [where for (where, _), one in zip(cases, found, strict=True) if one.get("faults") == []] == [
        "a further file"
    ]
    alike((where, zipped(*with_hashes(files, little).items())) for where, files in cases)


def zips_altered(files: Files) -> Iterator[Case]:
    """Zips that some programs read one way and some another."""
    members = list(files.items())
    honest = zipped(*members)
    directory = honest.index(b"PK\1\2")
    yield "in another order", zipped(*members[::-1])
    yield "compressed", zipped(*members, method=zipfile.ZIP_DEFLATED)
    for name, content in members:
        yield f"{name} twice", zipped(*members, (name, content))
        yield f"another {name} first", zipped((name, b"other"), *members)
        yield f"another {name} last", zipped(*members, (name, b"other"))
        one, rest = honest.index(name.encode()) - 30 or 1, honest[directory:]
        yield f"what stands before {name} cut off", honest[one:directory] + rest
    yield "bytes before", b"#!/bin/sh\n" + honest
    yield "bytes after", honest + b"\n"
    yield "another zip after", honest + zipped(("manifest.json", b"{}"))
    yield "another zip before", zipped(("manifest.json", b"{}")) + honest
    yield "a comment", honest[:-2] + b"\1\0x"
    yield "a comment with an end in it", honest[:-2] + struct.pack("<H", 22) + honest[-22:]
    yield "bytes between", moved(honest[:directory] + b"between" + honest[directory:], directory + 7)
    yield "cut off", honest[:-1]
    yield "half", honest[: len(honest) // 2]
    yield "only an end", honest[-22:]
    yield "nothing", b""
    yield "without members", zipped()


def moved(content: bytes, directory: int) -> bytes:
    """The end tells of the list at another place."""
    return content[:-6] + struct.pack("<L", directory) + content[-2:]


def write_long(path: Path, members: dict[str, bytes | int], *, lie: int = 0) -> list[int]:
    """By hand, with 64 bits for everything, as beyond 2 GiB; a number is a member of so many zeros.

    Where its list and each part of its end begin.
    """
    listed, none = b"", 2**32 - 1
    with path.open("wb") as file:
        for name, content in members.items():
            size, here = content if isinstance(content, int) else len(content), file.tell()
            file.write(struct.pack("<4s5H3L2H", b"PK\3\4", 45, 0, 0, 0, 33, 0, none, none, len(name), 20))
            file.write(name.encode() + struct.pack("<2H2Q", 1, 16, size, size))
            file.seek(size, 1) if isinstance(content, int) else file.write(content)
            head = struct.pack("<6H3L", 45, 45, 0, 0, 0, 33, 0, none, none)
            head += struct.pack("<5H2L", len(name), 28, 0, 0, 0, 0, none)
            listed += b"PK\1\2" + head + name.encode() + struct.pack("<2H3Q", 1, 24, size, size, here + lie)
        start, number, length = file.tell(), len(members), len(listed)
        end64 = struct.pack("<4sQ2H2L4Q", b"PK\6\6", 44, 45, 45, 0, 0, number, number, length, start)
        locator = struct.pack("<4sLQL", b"PK\6\7", 0, start + length, 1)
        end = struct.pack("<4s4H2LH", b"PK\5\6", 0, 0, number, number, length, min(start, none), 0)
        places = [start]
        for part in (listed, end64, locator, end):
            file.write(part)
            places.append(file.tell())
    return places


@pytest.mark.filterwarnings("ignore:Duplicate name")
def test_a_zip_that_can_be_read_in_two_ways_is_refused_alike(
    little: Bundle, alike: Alike, tmp_path: Path
) -> None:
    files = files_of(little)
    found = alike(zips_altered(files))
    assert [one["faults"] for one in found if "refused" not in one] == [[]]  # in another order
    parts = write_long(tmp_path / "long", files)
    long = (tmp_path / "long").read_bytes()
    write_long(tmp_path / "lying", files, lie=1)
    whole, lying = alike([("long", long), ("lying", (tmp_path / "lying").read_bytes())])
    assert whole["faults"] == []
    assert lying == {"refused": archive.UNREADABLE}
    alike((f"without {start} to {end}", long[:start] + long[end:]) for start, end in pairwise(parts))


def test_a_zip_beyond_four_gibibytes_is_read_alike(offline: Custodian, tmp_path: Path) -> None:
    """A file with a hole: nothing is read but its end and what stands before each member."""
    path = tmp_path / "long.zip"
    write_long(path, {"ballots.bin": 5 << 30, "manifest.json": b"{}"})
    there = {name: [member.start, member.size] for name, member in archive.members(path).items()}
    assert there["manifest.json"] == [(5 << 30) + 2 * 50 + len("ballots.binmanifest.json"), 2]
    assert offline.ask(KIT, "placesInLong", str(path)) == there


def damaged(content: bytes, patches: list[tuple[int, int, bytes]]) -> bytes:
    for at, gone, put in patches:
        content = content[:at] + put + content[at + gone :]
    return content


def test_every_byte_around_the_members_is_read_alike(
    little: Bundle, offline: Custodian, tmp_path: Path
) -> None:
    """Each bit that says where and how long something is, on either side, turned over."""
    honest = little.path.read_bytes()
    frame = [
        at
        for name, member in archive.members(little.path).items()
        for at in range(member.start - 50 - len(name), member.start)
    ]
    places = [*frame, *range(honest.index(b"PK\1\2"), len(honest))]
    cases = [[(at, 1, bytes([honest[at] ^ mask]))] for at in places for mask in (1, 0xFF)]
    path = tmp_path / "damaged.zip"
    path.write_bytes(honest)
    of_page = []
    for start in range(0, len(cases), 100):
        of_page += offline.ask(KIT, "placesPatched", little.path, cases[start : start + 100])
    for patches, said in zip(cases, of_page, strict=True):
        with path.open("r+b") as file:
            ((at, _, put),) = patches
            file.seek(at)
            file.write(put)
            file.flush()
            try:
                here: Any = {
                    name: [member.start, member.size] for name, member in archive.members(path).items()
                }
            except archive.ArchiveFault as fault:
                here = {"refused": str(fault)}
            file.seek(at)
            file.write(honest[at : at + 1])
        assert here == said, patches


@given(st.data())
def test_any_damage_is_answered_alike(
    bundle: Bundle, offline: Custodian, tmp_path: Path, data: st.DataObject
) -> None:
    """Cut out, overwritten or put in, often in the directory and the manifest at the end."""
    honest = bundle.path.read_bytes()
    path = tmp_path / "damaged.zip"
    places = st.integers(0, len(honest)) | st.integers(len(honest) - 9000, len(honest))
    change = st.tuples(places, st.integers(0, 3) | st.just(5000), st.binary(max_size=3))
    patches = data.draw(st.lists(change, min_size=1, max_size=3))
    path.write_bytes(damaged(honest, patches))
    assert judged(path) == offline.ask(KIT, "judgePatched", bundle.path, [patches])[0]


def public_parts() -> Iterator[tuple[str, Any]]:
    keys = {"K7M2": b"\xc1" * 256, "M8QW": b"\xc3" * 256}
    with_own = ballot_form.form(1, 2)
    with_own["departments"][0]["questions"] = [{"id": "whole", "text": "总体"}]
    with_own["photos"] = {"digest": "0" * 64, "kb": 3}
    yield "persons", ballot_form.public(keys=keys, asked=with_own)
    yield "units", ballot_form.public(keys=keys, asked=ballot_form.of_units(1, 2))
    marks = ballot_form.of_marks(1, 1)
    marks["choices"] = [*marks["choices"][:2], *marks["choices"][40:42], marks["choices"][-1]]
    for panel in marks["panels"]:
        panel["words"] = [one for one in panel["words"] if one in {each["word"] for each in marks["choices"]}]
    yield "marks", ballot_form.public(keys=keys, asked=marks)


def test_every_value_of_a_form_changed_is_answered_alike(offline: Custodian) -> None:
    """Also where the manifest says only that it was changed, the page names the same in a form."""

    def check(public: Any) -> str:
        forms.check_public(public)
        return forms.fingerprint(public)

    for form, public in public_parts():
        cases = [(form, text_of(public)), *altered_texts(public, one_in=8), *texts_altered(text_of(public))]
        of_page = offline.ask(KIT, "judgeForms", [content for _, content in cases])
        for (where, content), said in zip(cases, of_page, strict=True):
            assert answer(content, check, forms.FormFault) == said, (form, where)
        assert of_page[0] == forms.fingerprint(public)


def test_every_value_of_the_counts_changed_is_answered_alike(
    election: Election, bundle: Bundle, pooled: Bundle, counts: Any, offline: Custodian
) -> None:
    on_paper = counts_file(pooled, count_bundle(pooled, election.private))
    former = {name: part for name, part in counts.items() if name != "touched"}
    for one, one_in, given_counts in (
        (bundle, 5, counts),
        (pooled, 11, on_paper),
        (bundle, 23, {**former, "format": "sanliang-counts/1"}),
    ):
        without = {name: part for name, part in given_counts.items() if name not in ("comments", "paper")}
        cases = [("honest", text_of(without)), *altered_texts(without, one_in=one_in)]
        of_page = offline.ask(KIT, "judgeCounts", one.path, [content for _, content in cases])
        for (where, content), said in zip(cases, of_page, strict=True):
            assert answer(content, partial(check_counts, bundle=one), CountsFault) == said, where
        assert of_page[0] is None


@pytest.mark.parametrize("name", BROKEN)
def test_each_broken_inequality_is_named_alike(
    bundle: Bundle, tmp_path: Path, alike: Alike, name: str
) -> None:
    change, expected = BROKEN[name]
    files = files_of(altered_and_signed(bundle, tmp_path / "altered", change))
    [found] = alike([(name, zipped(*files.items()))])
    assert {one["key"]: one["said"] for one in found["controls"] if not one["holds"]} == expected


def test_slips_replaced_and_batches_nobody_counted_are_named_alike(
    election: Election, tmp_path: Path, alike: Alike
) -> None:
    """Keys beyond those of the form, names of towns that sort and print oddly."""
    rows = [row._replace(state="replaced") if place % 3 else row for place, row in enumerate(election.slips)]
    batches = [{**each, "town": "𠮷镇\u2028"} for each in election.batches]
    del batches[1]["handed"]
    batches[2] |= {"void": True}
    path = tmp_path / "odd.zip"
    election.write(path, slips=rows, batches=batches)
    [found] = alike([("odd", path.read_bytes())])
    broken = {one["key"] for one in found["controls"] if not one["holds"]}
    assert {"per_key_replaced:K7M2", "batch_void:3", "per_key:P3ZT"} <= broken
    assert [one["key"] for one in found["controls"] if one["uncounted"]] == ["batch_counted:2"]


def test_votes_on_paper_changed_are_answered_alike(pooled: Bundle, alike: Alike) -> None:
    files = files_of(pooled)
    paper = plain_json.parse(files["paper.json"])
    cases = [*altered_texts(paper), *texts_altered(files["paper.json"])]
    alike(
        (where, zipped(*with_hashes({**files, "paper.json": text}, pooled).items())) for where, text in cases
    )


EXPLAINED = {
    "key": "batch_sum:1",
    "said": "不符",
    "text": "清点时点错。",
    "by": "示例人员",
    "on": "2026-09-30",
}
FURTHER = {"key": "k", "said": "s", "holds": True, "explainable": False}


def test_explanations_changed_are_answered_alike(offline: Custodian) -> None:
    found = [
        Control("batch_sum:1", "不符", holds=False, explainable=True),
        Control("batch_sum:1", "不符", holds=True, explainable=True),
        Control("batch_sum:2", "不符", holds=False, explainable=True),
        Control("k", "s", holds=False),
    ]
    whole = {
        "format": explanations.FORMAT,
        "survey": "s",
        "explanations": [EXPLAINED, {**EXPLAINED, "said": "另一句"}, {**EXPLAINED, "key": "k", "said": "s"}],
        "further": [FURTHER, {**FURTHER, "uncounted": True}],
    }
    cases = [("honest", text_of(whole)), *altered_texts(whole, first=3), *texts_altered(text_of(whole))]

    def here(content: bytes) -> dict[str, Any]:
        given = explanations.read(content, "s")
        return {
            "given": [str(one) for one in given.given],
            "further": [vars(one) for one in given.further],
            "left": [vars(one) for one in unexplained(found, given.explained)],
            "told": [str(given.of(one) or "") for one in found],
        }

    of_page = offline.ask(
        KIT, "judgeExplanations", [content for _, content in cases], "s", [vars(one) for one in found]
    )
    for (where, content), said in zip(cases, of_page, strict=True):
        assert refusal(partial(here, content), explanations.ExplanationFault) == said, where


numbers = st.integers() | st.integers(-(2**60), 2**60) | st.floats()
names = st.text(max_size=3) | st.integers(0, 99).map(str)
json_values = st.recursive(
    st.none() | st.booleans() | numbers | st.text(max_size=5),
    lambda inside: st.lists(inside, max_size=3) | st.dictionaries(names, inside, max_size=3),
    max_leaves=8,
)


@given(json_values)
def test_any_value_is_written_as_python_writes_it(offline: Custodian, value: Any) -> None:
    text = json.dumps(value).encode()
    try:
        found = plain_json.parse(text)
    except Malformed:
        written: Any = {"malformed": True}
    else:
        written = [
            json.dumps(found, ensure_ascii=False),
            json.dumps(found, ensure_ascii=False, indent=1),
            json.dumps(found, sort_keys=True, separators=(",", ":")),
        ]
    assert offline.ask(KIT, "rewritten", [text]) == [written]


@given(st.lists(st.text(st.sampled_from("a\ud7ff\ue000\uffff\U00010000\U0010ffff")), max_size=30))
def test_texts_are_sorted_as_python_sorts_them(offline: Custodian, texts: list[str]) -> None:
    assert offline.ask(KIT, "sorted", texts) == sorted(texts)
