"""The bundle and its controls: what was changed, dropped, added or forged is named."""

import copy
import json
import zipfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from surveys.ballots.bundle import BALLOT_HEAD, Bundle, BundleFault, SlipRow
from surveys.ballots.controls import controls
from surveys.ballots.exporting import public_part
from surveys.ballots.verify import verify
from tests.ballots.election import SEED, Election, hold


@pytest.fixture(scope="module")
def election() -> Election:
    return hold({"K7M2": 4, "M8QW": 3, "P3ZT": 1}, printed=10)


def broken(bundle: Bundle) -> list[str]:
    return bundle.faults() + [each.said for each in controls(bundle) if not each.holds]


def named(path: Path) -> list[str]:
    """What is wrong with the files, however early it shows."""
    try:
        return Bundle(path).faults()
    except BundleFault as fault:
        return [str(fault)]


def test_an_honest_bundle_is_whole_and_every_inequality_holds(election: Election, tmp_path: Path) -> None:
    bundle = election.write(tmp_path / "bundle.zip")
    assert broken(bundle) == []
    assert bundle.size == 8
    assert sorted(bundle.ballots(), key=lambda cast: cast.credential) == list(bundle.ballots())
    assert {cast.sealed for cast in bundle.ballots()} == {cast.sealed for cast in election.casts}


def test_an_unpacked_bundle_reads_the_same(election: Election, tmp_path: Path) -> None:
    bundle = election.write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(tmp_path / "open")
    unpacked = Bundle(tmp_path / "open")
    assert unpacked.hash == bundle.hash
    assert list(unpacked.ballots(3, 2)) == list(bundle.ballots(3, 2))
    assert broken(unpacked) == []


def test_the_bundle_holds_no_time_and_no_order(election: Election, tmp_path: Path) -> None:
    """Written twice, with votes and slips in other orders, it is the same file."""
    one = election.write(tmp_path / "one.zip")
    other = replace(election, casts=election.casts[::-1], slips=election.slips[::-1]).write(
        tmp_path / "2.zip"
    )
    assert one.path.read_bytes() == other.path.read_bytes()


@pytest.mark.parametrize(
    "name", ["ballots.bin", "slips.bin", "trackers.txt", "manifest.sig", "manifest.json"]
)
def test_a_changed_byte_in_any_file_is_named(election: Election, tmp_path: Path, name: str) -> None:
    bundle = election.write(tmp_path / "bundle.zip")
    region = bundle.region(name)
    data = bytearray(bundle.path.read_bytes())
    data[region.start + region.size // 2] ^= 1
    bundle.path.write_bytes(data)
    faults = named(bundle.path)
    assert len(faults) == 1
    assert {"manifest.sig": "票箱签名", "manifest.json": "清单"}.get(name, name) in faults[0]


@pytest.mark.parametrize(
    "name", ["ballots.bin", "slips.bin", "trackers.txt", "manifest.json", "manifest.sig"]
)
def test_a_missing_file_is_named(election: Election, tmp_path: Path, name: str) -> None:
    election.write(tmp_path / "bundle.zip")
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(tmp_path / "open")
    (tmp_path / "open" / name).unlink()
    assert any(name in fault or "清单" in fault for fault in named(tmp_path / "open"))


@pytest.mark.parametrize("content", [b"", b"PK", b"not a zip at all" * 50])
def test_other_files_are_no_bundles(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.zip").write_bytes(content)
    with pytest.raises(BundleFault, match="无法读取"):
        Bundle(tmp_path / "x.zip")
    with pytest.raises(BundleFault, match="无法读取"):
        Bundle(tmp_path / "missing.zip")


def change_manifest(election: Election, tmp_path: Path, change: Callable[[dict[str, Any]], Any]) -> Path:
    """A bundle whose manifest was changed by someone without the box's key."""
    election.write(tmp_path / "bundle.zip")
    folder = tmp_path / "open"
    with zipfile.ZipFile(tmp_path / "bundle.zip") as archive:
        archive.extractall(folder)
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    text = json.dumps(manifest, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    (folder / "manifest.json").write_text(text)
    return folder


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest.update(code_root="0" * 64),
        lambda manifest: manifest.update(tracker_root="0" * 64),
        lambda manifest: manifest.update(fp="A" * 26),
        lambda manifest: manifest.update(key_on_server=True),
        lambda manifest: manifest.update(more=1),
        lambda manifest: manifest["ballots"].update(K7M2=9),
        lambda manifest: manifest["batches"][0].update(printed=9),
        lambda manifest: manifest["batches"].pop(),
        lambda manifest: manifest["files"].update({"slips.bin": "0" * 64}),
        lambda manifest: manifest["public"].update(survey="other"),
        lambda manifest: manifest["public"]["form"].update(comment_cap=10),
        lambda manifest: manifest["public"]["keys"][0].update(stratum="其他"),
    ],
)
def test_every_changed_field_of_the_manifest_breaks_its_signature(
    election: Election, tmp_path: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    folder = change_manifest(election, tmp_path, change)
    assert any("清单" in fault and "已被改动" in fault for fault in named(folder))


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
    election: Election, tmp_path: Path, change: Callable[[dict[str, Any]], Any]
) -> None:
    with pytest.raises(BundleFault):
        Bundle(change_manifest(election, tmp_path, change))


# Whoever holds the box's key can sign what they like; these are found by counting anew.


def test_more_ballots_than_redeemed_slips_break_a_named_inequality(
    election: Election, tmp_path: Path
) -> None:
    slips = [row._replace(state="unused") if row.batch == 0 else row for row in election.slips]
    found = broken(election.write(tmp_path / "b.zip", slips=slips))
    assert found == ["民营企业：选票4张，不多于已兑换凭条0张"]


def test_a_slip_added_later_breaks_the_published_code_root(election: Election, tmp_path: Path) -> None:
    slips = [*election.slips, SlipRow(b"x" * 32, "redeemed", 0)]
    found = broken(election.write(tmp_path / "b.zip", slips=slips))
    assert "票码清单与开评前公布的摘要一致" in found
    assert "示范镇第1批：票码11个，等于印制10张" in found


def test_a_slip_listed_twice_is_found(election: Election, tmp_path: Path) -> None:
    slips = [*election.slips[1:], election.slips[1]]
    assert "票码没有重复" in broken(election.write(tmp_path / "b.zip", slips=slips))


def test_more_slips_used_than_handed_out_break_a_named_inequality(election: Election, tmp_path: Path) -> None:
    slips = [row._replace(state="paper") if row.batch == 1 else row for row in election.slips]
    found = broken(election.write(tmp_path / "b.zip", slips=slips))
    assert "示范镇第2批：已兑换、换纸质票和作废共10张，不多于发出7张" in found


def test_slips_unaccounted_for_break_a_named_inequality(election: Election, tmp_path: Path) -> None:
    batches = copy.deepcopy(election.batches)
    batches[2]["returned"] = 0
    found = broken(election.write(tmp_path / "b.zip", batches=batches))
    assert found == ["示范镇第3批：发出、退回和损毁7+0+1张，等于印制10张"]


def test_a_dropped_ballot_is_missing_from_the_published_trackers(election: Election, tmp_path: Path) -> None:
    """The office signs a thinner bundle: the root published at the close no longer fits."""
    published = election.write(tmp_path / "b.zip").manifest["tracker_root"]
    thinner = replace(election, casts=election.casts[1:]).write(tmp_path / "c.zip")
    assert thinner.manifest["tracker_root"] != published


def test_a_ballot_put_in_twice_is_found(election: Election, tmp_path: Path) -> None:
    """Not by the writer, which refuses, but by a reader of a hand-made file."""
    with pytest.raises(ValueError, match="order"):
        election.write(tmp_path / "b.zip", ballots=[election.casts[0], election.casts[0]])
    bundle = election.write(tmp_path / "c.zip")
    region = bundle.region("ballots.bin")
    data = bytearray(bundle.path.read_bytes())
    size = bundle.record_size
    data[region.start + size : region.start + 2 * size] = data[region.start : region.start + size]
    bundle.path.write_bytes(data)
    found = broken(Bundle(bundle.path))
    assert "选票凭证没有重复" in found
    assert "回执名单与票箱中的选票一一对应" in found


def test_an_unknown_stratum_in_a_record_is_no_crash(election: Election, tmp_path: Path) -> None:
    bundle = election.write(tmp_path / "c.zip")
    region = bundle.region("ballots.bin")
    data = bytearray(bundle.path.read_bytes())
    data[region.start] = 200
    bundle.path.write_bytes(data)
    assert next(Bundle(bundle.path).ballots()).key_id == ""
    assert BALLOT_HEAD.size < bundle.record_size


def test_the_public_part_holds_no_ballot_signature_prefix_or_code_hash(
    election: Election, tmp_path: Path
) -> None:
    bundle = election.write(tmp_path / "b.zip")
    part = public_part(bundle, results={"index.html": b"published"})
    for cast in election.casts:
        for secret in (cast.sealed[:32], cast.prefix, cast.sig[:32], cast.edsig, cast.credential):
            assert secret not in part
            assert secret.hex().encode() not in part
        assert cast.tracker.encode() in part
    assert not any(row.code_hash in part or row.code_hash.hex().encode() in part for row in election.slips)
    assert SEED not in part


@pytest.fixture(scope="module")
def honest(election: Election, tmp_path_factory: pytest.TempPathFactory) -> bytes:
    return election.write(tmp_path_factory.mktemp("honest") / "bundle.zip").path.read_bytes()


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_any_damage_to_the_file_is_refused_or_named_and_never_a_crash(
    honest: bytes, tmp_path: Path, data: st.DataObject
) -> None:
    """Cut short, or some bytes overwritten, often in the directory and the manifest at the end."""
    damaged = bytearray(honest)
    places = st.integers(0, len(honest) - 1) | st.integers(len(honest) - 9000, len(honest) - 1)
    for place in data.draw(st.lists(places, min_size=1, max_size=4)):
        damaged[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.sampled_from([len(honest), len(honest) // 2, len(honest) - 30]))
    path = tmp_path / "damaged.zip"
    path.write_bytes(damaged[:cut])
    try:
        found = verify(Bundle(path))
    except BundleFault as fault:
        said = str(fault)
    else:
        said = "".join(found.wrong)
        if damaged[:cut] == honest:
            assert not said
    assert not said or any("\u4e00" <= symbol <= "\u9fff" for symbol in said)
