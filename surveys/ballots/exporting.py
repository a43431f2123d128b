"""Writes bundles: at the close, with results, and the part open to everybody."""

import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from io import BytesIO
from pathlib import Path

from surveys.ballots import credentials, enclosed, forms
from surveys.ballots.bundle import (
    BALLOT_HEAD,
    FORMAT,
    PAPER,
    SLIP,
    STATES,
    Bundle,
    SlipRow,
    tracker_root,
)
from surveys.ballots.casting import Cast
from surveys.ballots.forms import Json
from surveys.ballots.paper import packets_of

_MIDNIGHT = (1980, 1, 1, 0, 0, 0)  # a zip's member must have a time; this one is no real one
PUBLIC_FORMAT = "sanliang-public/1"
SUMMARY, TRACKERS = "summary.json", "trackers.txt"
RESULTS = ("counts.json", enclosed.NAME, "facts.json", "scheme.yaml", "outcome.json", "explanations.json")


def write_bundle(
    path: Path,
    *,
    public: Json,
    ballots: Iterable[Cast],
    slips: Iterable[SlipRow],
    batches: list[Json],
    published_code_root: str,
    key_on_server: bool,
    box_seed: bytes,
    paper: bytes | None = None,
) -> Json:
    """Write the zip and return its manifest. `ballots` must come in the order of their credentials.

    `batches`: {"id", "key", "town", "printed", "returned", "spoiled"} each; "handed" where it was counted,
    "void" where the batch was printed again. The box's seed signs
    once more and may be destroyed afterwards. `paper`: what paper.paper_member returned. Raises ValueError
    for ballots out of order.
    """
    places = {key["id"]: place for place, key in enumerate(public["keys"])}
    rows = sorted(slips)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        writer = _BallotWriter(places)
        hashes = {
            "ballots.bin": _add(archive, "ballots.bin", writer.pieces(ballots)),
            "slips.bin": _add(archive, "slips.bin", (_pack_slip(row) for row in rows)),
        }
        trackers = sorted(writer.trackers)
        hashes["trackers.txt"] = _add(archive, "trackers.txt", (f"{each}\n".encode() for each in trackers))
        if paper is not None:
            hashes[PAPER] = _add(archive, PAPER, [paper])
        manifest = {
            "format": FORMAT,
            "public": public,
            "fp": forms.fingerprint(public),
            "key_on_server": key_on_server,
            "code_root": published_code_root,
            "tracker_root": tracker_root(trackers),
            "batches": batches,
            "ballots": {key_id: writer.numbers[key_id] for key_id in places},
            "files": hashes,
        }
        text = forms.canonical(manifest).encode()
        _add(archive, "manifest.json", [text])
        _add(archive, "manifest.sig", [credentials.sign_manifest(box_seed, public["survey"], text)])
    return manifest


class _BallotWriter:
    """Packs ballots one by one, so that memory grows only with the trackers."""

    def __init__(self, places: dict[str, int]) -> None:
        self.places = places
        self.trackers: list[str] = []
        self.numbers: Counter[str] = Counter()

    def pieces(self, ballots: Iterable[Cast]) -> Iterator[bytes]:
        last = b""
        for cast in ballots:
            if cast.credential <= last:
                raise ValueError("ballots out of order")
            last = cast.credential
            self.trackers.append(cast.tracker)
            self.numbers[cast.key_id] += 1
            yield _pack_ballot(cast, self.places[cast.key_id])


def _pack_ballot(cast: Cast, place: int) -> bytes:
    return BALLOT_HEAD.pack(place, cast.prefix, cast.credential, cast.sig, cast.seq, cast.edsig) + cast.sealed


def _pack_slip(row: SlipRow) -> bytes:
    return SLIP.pack(row.code_hash, STATES.index(row.state), row.batch)


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    digest = sha256()
    with archive.open(zipfile.ZipInfo(name, _MIDNIGHT), "w", force_zip64=True) as file:
        for piece in pieces:
            digest.update(piece)
            file.write(piece)
    return digest.hexdigest()


def with_results(bundle: Bundle, path: Path, *, results: dict[str, bytes]) -> None:
    """The bundle once more with counts, facts, scheme and outcome, to verify the scores.

    Comments are included only as `enclosed.enclose` returns them.
    """
    if not set(results) <= set(RESULTS):
        raise ValueError("unknown result file")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name in (*bundle.files, "manifest.json", "manifest.sig"):
            _add(archive, name, bundle.region(name).pieces())
        for name, content in results.items():
            _add(archive, name, [content])


def public_part(bundle: Bundle, *, results: dict[str, bytes] | None = None) -> bytes:
    """A zip for everybody: trackers, keys, numbers, and the results decided to be shown.

    Never sealed ballots, prefixes, signatures or code hashes. `results` must already be what publication
    allows; nothing is taken from the counts here.
    """
    ballots: dict[str, int] = bundle.manifest["ballots"]
    summary = {
        "format": PUBLIC_FORMAT,
        "public": bundle.public,
        "fp": bundle.manifest["fp"],
        "bundle": bundle.hash,
        "code_root": bundle.manifest["code_root"],
        "tracker_root": bundle.manifest["tracker_root"],
        "key_on_server": bundle.manifest["key_on_server"],
        "printed": dict(_printed(bundle)),
        "ballots": sum(ballots.values()),
    }
    if packets := sum(packets_of(bundle).values()):
        summary["packets"] = packets  # the only number about paper that is public
    out = BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_STORED) as archive:
        _add(archive, SUMMARY, [forms.canonical(summary).encode()])
        _add(archive, TRACKERS, bundle.region(TRACKERS).pieces())
        for name, content in (results or {}).items():
            _add(archive, f"results/{name}", [content])
    return out.getvalue()


def _printed(bundle: Bundle) -> Counter[str]:
    printed: Counter[str] = Counter()
    for batch in bundle.batches:
        printed[batch["key"]] += batch["printed"]
    return printed
