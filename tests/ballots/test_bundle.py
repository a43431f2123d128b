"""The bundle: what was changed, dropped, added or forged is named."""

import zipfile
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots import forms
from surveys.ballots.bundle import Bundle, BundleFault
from surveys.ballots.exporting import public_part
from surveys.ballots.verify import verify
from tests.kit.bundles import Files, altered, altered_and_signed, broken, faults
from tests.kit.election import SEED, Election

MEMBERS = ["ballots.bin", "slips.bin", "trackers.txt", "manifest.sig", "manifest.json"]


def test_an_honest_bundle_is_whole_and_lists_its_ballots_by_credential(
    election: Election, bundle: Bundle
) -> None:
    assert bundle.faults() == []
    assert broken(bundle) == []
    assert bundle.size == 28
    assert list(bundle.ballots()) == sorted(election.casts, key=lambda cast: cast.credential)


def test_an_unpacked_bundle_reads_the_same(bundle: Bundle, tmp_path: Path) -> None:
    with zipfile.ZipFile(bundle.path) as archive:
        archive.extractall(tmp_path)
    unpacked = Bundle(tmp_path)
    assert unpacked.hash == bundle.hash
    assert list(unpacked.ballots(3, 2)) == list(bundle.ballots(3, 2))
    assert unpacked.faults() == []


def test_the_bundle_holds_no_time_and_no_order(election: Election, bundle: Bundle, tmp_path: Path) -> None:
    """Written twice, with votes and slips in other orders, it is the same file."""
    turned = replace(election, casts=election.casts[::-1], slips=election.slips[::-1])
    assert turned.write(tmp_path / "turned.zip").path.read_bytes() == bundle.path.read_bytes()


@pytest.mark.parametrize("name", MEMBERS)
def test_a_changed_byte_in_any_file_is_named(bundle: Bundle, tmp_path: Path, name: str) -> None:
    def flip(files: Files, _: Any) -> None:
        middle = len(files[name]) // 2
        files[name] = files[name][:middle] + bytes([files[name][middle] ^ 1]) + files[name][middle + 1 :]

    [said] = faults(altered(bundle, tmp_path / "changed", flip))
    assert {"manifest.sig": "票箱签名", "manifest.json": "清单"}.get(name, name) in said


@pytest.mark.parametrize("name", MEMBERS)
def test_a_missing_file_is_named(bundle: Bundle, tmp_path: Path, name: str) -> None:
    folder = altered(bundle, tmp_path / "thinner", lambda files, _: files.pop(name))
    assert any(name in fault or "清单" in fault for fault in faults(folder))


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 50])
def test_other_files_are_no_bundles(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    for name in ("x.zip", "missing.zip"):
        with pytest.raises(BundleFault, match="无法读取"):
            Bundle(tmp_path / name)


def changes_of(value: Any) -> Iterator[Any]:
    """The value with one thing in it changed, for each thing in it."""
    if isinstance(value, dict):
        yield {**value, "more": 1}
        for name, part in value.items():
            yield {other: each for other, each in value.items() if other != name}
            yield from ({**value, name: changed} for changed in changes_of(part))
    elif isinstance(value, list):
        for place, part in enumerate(value):
            yield value[:place] + value[place + 1 :]
            yield from ([*value[:place], changed, *value[place + 1 :]] for changed in changes_of(part))
    else:
        yield f"{value}0" if isinstance(value, str) else not value if isinstance(value, bool) else value + 1


def test_every_changed_missing_or_additional_value_of_the_manifest_is_named(
    bundle: Bundle, tmp_path: Path
) -> None:
    folder = altered(bundle, tmp_path / "changed", lambda *_: None)
    for manifest in changes_of(bundle.manifest):
        (folder / "manifest.json").write_text(forms.canonical(manifest))
        assert any("清单" in said or "格式版本" in said for said in faults(folder)), manifest


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.pop("public"),
        lambda manifest: manifest.update(public=None),
        lambda manifest: manifest.update(format="sanliang-bundle/9"),
        lambda manifest: manifest["public"].update(keys=[]),
        lambda manifest: manifest["public"].update(form=[]),
        lambda manifest: manifest.pop("batches"),
        lambda manifest: manifest.update(batches=[{}]),
        lambda manifest: manifest["batches"][0].update(key="AAAA"),
        lambda manifest: manifest["batches"][0].update(handed=-1),
        lambda manifest: manifest["batches"][0].update(town=5),
        lambda manifest: manifest.update(ballots=[1]),
        lambda manifest: manifest.update(files=None),
        lambda manifest: manifest.update(key_on_server="no"),
        lambda manifest: manifest.update(code_root=0),
    ],
)
def test_a_manifest_in_another_shape_is_refused_cleanly(
    bundle: Bundle, tmp_path: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    folder = altered(bundle, tmp_path / "changed", lambda _, manifest: change(manifest))
    with pytest.raises(BundleFault):
        Bundle(folder)


# Whoever holds the box's key can sign what they like: see also test_controls.py.


def test_a_dropped_ballot_no_longer_fits_the_published_trackers(
    election: Election, bundle: Bundle, tmp_path: Path
) -> None:
    published = {"tracker_root": bundle.manifest["tracker_root"]}
    thinner = replace(election, casts=election.casts[1:]).write(tmp_path / "thinner.zip")
    assert verify(thinner).wrong == []
    [wrong] = verify(thinner, published=published).wrong
    assert wrong.startswith("核对不成立：回执名单摘要（截止时公布）与公布的一致")
    assert published["tracker_root"] in wrong
    assert thinner.manifest["tracker_root"] in wrong
    assert "请先核对是否抄错" in wrong


def test_a_ballot_is_not_written_twice(election: Election, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="order"):
        election.write(tmp_path / "b.zip", ballots=[election.casts[0], election.casts[0]])


def test_a_ballot_of_an_unknown_stratum_is_named_and_no_crash(bundle: Bundle, tmp_path: Path) -> None:
    def change(files: Files, _: Any) -> None:
        files["ballots.bin"] = bytes([200]) + files["ballots.bin"][1:]

    found = verify(altered_and_signed(bundle, tmp_path / "changed", change)).wrong
    assert "核对不成立：清单所列选票数与票箱一致" in found
    assert "核对不成立：全部28张选票的盲签名和凭证签名成立，票种相符" in found


def test_the_public_part_holds_no_ballot_signature_prefix_or_code_hash(
    election: Election, bundle: Bundle
) -> None:
    part = public_part(bundle, results={"index.html": b"published"})
    for cast in election.casts:
        for secret in (cast.sealed[:32], cast.prefix, cast.sig[:32], cast.edsig, cast.credential):
            assert secret not in part
            assert secret.hex().encode() not in part
        assert cast.tracker.encode() in part
    assert not any(row.code_hash in part or row.code_hash.hex().encode() in part for row in election.slips)
    assert SEED not in part


@given(st.data())
def test_any_damage_to_the_file_is_refused_or_named_and_never_a_crash(
    bundle: Bundle, tmp_path: Path, data: st.DataObject
) -> None:
    """Cut short, or some bytes overwritten, often in the directory and the manifest at the end."""
    honest = bundle.path.read_bytes()
    damaged = bytearray(honest)
    places = st.integers(0, len(honest) - 1) | st.integers(len(honest) - 9000, len(honest) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(honest), len(honest) // 2, len(honest) - 30]))
    path = tmp_path / "damaged.zip"
    path.write_bytes(damaged[:cut])
    try:
        said = "".join(verify(Bundle(path)).wrong)
    except BundleFault as fault:
        said = str(fault)
    else:
        assert not (said and damaged[:cut] == honest)
    assert not said or any("\u4e00" <= symbol <= "\u9fff" for symbol in said)
