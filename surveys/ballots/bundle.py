"""The bundle (计票包): everything of a closed survey that counting and verifying need, in one zip.

manifest.json    survey, frozen public part, printed numbers, hashes of the files (canonical JSON)
manifest.sig     the box's signature over it
ballots.bin      fixed-size records in the order of their credentials, which are random
slips.bin        (code hash, state, batch) in the order of the hashes
trackers.txt     the sorted trackers, one a line
paper.json       votes on paper, sealed (surveys/ballots/paper.py); only if anybody voted on paper
A directory with these files serves as well. No file has a time, or an order that reveals one.
"""

import struct
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import NamedTuple

from surveys.ballots import archive, credentials, forms, plain_json
from surveys.ballots.casting import Cast
from surveys.ballots.encoding import from_b64
from surveys.ballots.forms import Json
from surveys.ballots.sealing import Layout
from surveys.ballots.shapes import MORE_THAN_ANY, misfit

FORMAT = "sanliang-bundle/1"
STATES = ("unused", "redeemed", "paper", "void", "returned", "replaced")
FILES = ("ballots.bin", "slips.bin", "trackers.txt")
PAPER = "paper.json"
RANGE = 1000  # ballots that are read and compared at once
ONLY_PUBLIC = "这是公开核验包，不是计票包，请选取评价中心交来的计票包。"
BALLOT_HEAD = struct.Struct(">B32s32s256sQ64s")
SLIP = struct.Struct(">32sBI")
_PIECE = 1 << 20
_NUMBERS = ("printed", "returned", "spoiled")
_MANIFEST = {
    "public": object,
    "fp": str,
    "key_on_server": bool,
    "code_root": str,
    "tracker_root": str,
    "batches": [
        {"id": str, "key": str, "town": str, **dict.fromkeys(_NUMBERS, int), "handed?": int, "void?": bool}
    ],
    "ballots": {str: int},
    "files": {str: str},
}


class BundleFault(ValueError):  # noqa: N818 - says what it is
    """The bundle is not as it was exported; the message names the part, in Chinese."""


class Altered(Exception):  # noqa: N818 - says what it is
    """Somebody wrote into the bundle after it was checked; no BundleFault, since it outdoes every other."""

    def __init__(
        self, said: str = "计票包在核对以后被改动，没有写出计票结果。请重新拷贝计票包，重新核对。"
    ) -> None:
        super().__init__(said)


class Checked(NamedTuple):
    """What was found whole: the hash of the manifest, and the SHA-256 of each range of ballots."""

    hash: str
    ranges: list[bytes]


class SlipRow(NamedTuple):
    """A slip as the bundle lists it; `batch` is an index into the manifest's batches."""

    code_hash: bytes
    state: str
    batch: int


def code_root(code_hashes: Iterable[bytes]) -> str:
    """Hex SHA-256 of the sorted code hashes, published before the first vote: no slip can be added."""
    return sha256(b"sanliang/codes/1|" + b"".join(sorted(code_hashes))).hexdigest()


def tracker_root(trackers: Iterable[str]) -> str:
    """Hex SHA-256 of the sorted trackers, published at the close: no ballot can be dropped later."""
    return sha256(b"sanliang/trackers/1|" + "\n".join(sorted(trackers)).encode()).hexdigest()


@dataclass(frozen=True)
class Region:
    """The place of a file's bytes: a whole file of a directory, or a part of the zip."""

    path: Path
    start: int
    size: int

    def pieces(self, length: int = _PIECE) -> Iterator[bytes]:
        with self.path.open("rb") as file:
            file.seek(self.start)
            left = self.size
            while left:
                piece = file.read(min(left, length))
                if not piece:
                    raise BundleFault("计票包不完整，请重新拷贝。")
                left -= len(piece)
                yield piece


class Bundle:
    """A bundle on disk, read piece by piece; everything raises BundleFault."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.checked: Checked | None = None
        self._regions = self._directory() if path.is_dir() else self._archive()
        if "manifest.json" not in self._regions and "summary.json" in self._regions:
            raise BundleFault(ONLY_PUBLIC)
        self.manifest_bytes = self.read("manifest.json")
        try:
            self._read_manifest()
        except BundleFault:
            raise
        except ValueError as fault:
            raise BundleFault("计票包的清单不完整或已被改动，请使用评价中心导出的原件。") from fault

    def _read_manifest(self) -> None:
        self.manifest: Json = plain_json.parse(self.manifest_bytes)
        if not isinstance(self.manifest, dict) or "format" not in self.manifest:
            raise ValueError("not a manifest")
        if self.manifest["format"] != FORMAT:
            raise BundleFault("计票包的格式版本不符，请使用同一版本的软件。")
        if forms.canonical(self.manifest).encode() != self.manifest_bytes:
            raise ValueError("another spelling")
        if misfit(self.manifest, _MANIFEST) is not None:
            raise ValueError("another shape")
        self.public: Json = self.manifest["public"]
        forms.check_public(self.public)
        self.survey: str = self.public["survey"]
        self.layout = Layout.of(self.public["form"])
        self.record_size = BALLOT_HEAD.size + self.layout.sealed_length
        self.key_ids: list[str] = [key["id"] for key in self.public["keys"]]
        self.batches: list[Json] = self.manifest["batches"]
        self._check_numbers()

    def _check_numbers(self) -> None:
        """What the controls rely on, even if the signer of the manifest was malicious."""
        numbers = list(self.manifest["ballots"].values())
        for batch in self.batches:
            numbers += [batch[name] for name in (*_NUMBERS, "handed") if name in batch]
            if batch["key"] not in self.key_ids:
                raise ValueError("a batch of another survey")
        if not all(0 <= number < MORE_THAN_ANY for number in numbers):
            raise ValueError("fewer than none or more than any")

    def _directory(self) -> dict[str, Region]:
        found = [each for each in self.path.iterdir() if each.is_file()]
        return {each.name: Region(each, 0, each.stat().st_size) for each in found}

    def _archive(self) -> dict[str, Region]:
        try:
            found = archive.members(self.path)
        except archive.ArchiveFault as fault:
            raise BundleFault(str(fault)) from fault
        except (OSError, ValueError) as fault:  # a path may be none, too
            raise BundleFault(f"无法读取计票包 {self.path}，请检查路径，或重新拷贝。") from fault
        return {name: Region(self.path, start, size) for name, (start, size) in found.items()}

    def has(self, name: str) -> bool:
        return name in self._regions

    @property
    def files(self) -> tuple[str, ...]:
        listed = PAPER in self.manifest["files"] or self.has(PAPER)
        return (*FILES, PAPER) if listed else FILES

    def region(self, name: str) -> Region:
        if name not in self._regions:
            raise BundleFault(f"计票包缺少 {name}，请使用评价中心导出的原件。")
        return self._regions[name]

    def read(self, name: str) -> bytes:
        """Raises Altered where a file of the manifest was whole when it was checked, and is not any more."""
        content = b"".join(self.region(name).pieces())
        listed = self.manifest["files"].get(name) if self.checked else None
        if listed and sha256(content).hexdigest() != listed:
            raise Altered
        return content

    @property
    def hash(self) -> str:
        """Hex SHA-256 of the manifest, which holds the hashes of all files."""
        return sha256(self.manifest_bytes).hexdigest()

    @cached_property
    def size(self) -> int:
        number, rest = divmod(self.region("ballots.bin").size, self.record_size)
        if rest:
            raise BundleFault("ballots.bin 的长度不对，计票包不完整或已被改动。")
        return number

    def faults(self) -> list[str]:
        """A sentence for every file that differs from the manifest, and one if the box did not sign it.

        What is whole is what is counted: from then on, reading anything else raises Altered.
        """
        ranges: list[bytes] = []
        found = [
            f"{name} 与清单不符，已被改动或不完整。"
            for name in self.files
            if not self.has(name) or self._hash(name, ranges) != self.manifest["files"].get(name)
        ]
        box_key = from_b64(self.public["box_key"], 32)
        signed = self.has("manifest.sig") and credentials.manifest_holds(
            box_key, self.survey, self.manifest_bytes, self.read("manifest.sig")
        )
        if not signed:
            found.append("清单的票箱签名不成立，已被改动。")
        if not found:
            self.checked = Checked(self.hash, ranges)
        return found

    def hold(self, checked: Checked | None) -> None:
        """To what another process has checked; raises Altered."""
        if checked and checked.hash != self.hash:
            raise Altered
        self.checked = checked

    def _hash(self, name: str, ranges: list[bytes]) -> str:
        """Of ballots, the hash of each range joins `ranges`."""
        digest = sha256()
        is_box = name == "ballots.bin"
        for piece in self.region(name).pieces(RANGE * self.record_size if is_box else _PIECE):
            digest.update(piece)
            if is_box:
                ranges.append(sha256(piece).digest())
        return digest.hexdigest()

    def slips(self) -> Iterator[SlipRow]:
        data = self.read("slips.bin")
        if len(data) % SLIP.size:
            raise BundleFault("slips.bin 的长度不对，计票包不完整或已被改动。")
        for code_hash, state, batch in SLIP.iter_unpack(data):
            if state >= len(STATES) or batch >= len(self.batches):
                raise BundleFault("slips.bin 含有不存在的状态或批次，已被改动。")
            yield SlipRow(code_hash, STATES[state], batch)

    def ballots(self, first: int = 0, number: int | None = None) -> Iterator[Cast]:
        """`number` ballots from index `first` on (all by default), read a range at a time."""
        last = self.size if number is None else min(self.size, first + number)
        for start in range(first - first % RANGE, last, RANGE):
            records = self._range(start)
            for place in range(max(0, first - start), min(RANGE, last - start)):
                yield self._unpack(records[place * self.record_size : (place + 1) * self.record_size])

    def _range(self, first: int) -> bytes:
        """The records of one range, read once: what is compared is what is opened."""
        region = self.region("ballots.bin")
        with region.path.open("rb") as file:
            file.seek(region.start + first * self.record_size)
            records = file.read(min(RANGE, self.size - first) * self.record_size)
        if self.checked and sha256(records).digest() != self.checked.ranges[first // RANGE]:
            raise Altered
        return records

    def _unpack(self, record: bytes) -> Cast:
        place, prefix, credential, sig, seq, edsig = BALLOT_HEAD.unpack_from(record)
        key_id = self.key_ids[place] if place < len(self.key_ids) else ""
        return Cast(
            key_id=key_id,
            prefix=prefix,
            credential=credential,
            sig=sig,
            seq=seq,
            sealed=record[BALLOT_HEAD.size :],
            edsig=edsig,
        )

    def trackers(self) -> list[str]:
        return self.read("trackers.txt").decode("ascii", "replace").split()
