"""What the public board shows beside its Board, and the list of receipts as phones fetch it."""

from __future__ import annotations

import secrets
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

from django.conf import settings
from django.db.models import Count

from surveys import bundles
from surveys.models import Survey

ROW = 16
"""Bytes of each receipt in the list: 128 bits tell any two apart, and halve what a phone has to fetch."""


def folder(public_id: str) -> Path:
    """Where the board's files of a survey lie; they are made once and may be removed at any time."""
    path = Path(settings.PUBLISHED_ROOT) / "boards" / public_id
    path.mkdir(parents=True, exist_ok=True)
    return path


def keep(path: Path, content: bytes) -> Path:
    """Write a file under a temporary name and rename it."""
    fresh = path.with_name(f".{path.name}.{secrets.token_hex(8)}")
    fresh.write_bytes(content)
    fresh.replace(path)
    return path


def tracker_table(public_id: str) -> Path | None:
    """The sorted receipts of a closed survey, 16 bytes each, as one file; None before that.

    The whole list and nothing else is handed out: nobody learns which receipt is looked for.
    """
    survey = Survey.objects.filter(public_id=public_id).first()
    if survey is None or not bundles.path_of(survey).exists():
        return None
    path = folder(public_id) / "trackers.bin"
    if not path.exists() or path.stat().st_mtime_ns < bundles.path_of(survey).stat().st_mtime_ns:
        rows = [bytes.fromhex(tracker)[:ROW] for tracker in bundles.read(survey).trackers()]
        keep(path, b"".join(rows))
    return path


@dataclass(frozen=True)
class Counted:
    """What the tally made of the box, in all; nothing per stratum, town or subject."""

    valid: int
    spoiled: int


def counted(public_id: str) -> Counted | None:
    """Valid and spoiled ballots after the tally; shown once the results are public."""
    kept = Survey.objects.values_list("controls", flat=True).get(public_id=public_id)
    if not kept:
        return None
    return Counted(sum(kept["ballots"].values()), sum(kept["spoiled"].values()))


def stamp(public_id: str) -> str:
    """Changes whenever the board's content does: with printing, state, the day's turnout, bundle."""
    row = (
        Survey.objects.filter(public_id=public_id)
        .annotate(printed=Count("batches__slips"))
        .values_list("pk", "state", "turnout", "printed")
        .first()
    )
    if row is None:
        return ""
    survey = Survey(pk=row[0], public_id=public_id)
    bundle = bundles.path_of(survey)
    written = bundle.stat().st_mtime_ns if bundle.exists() else 0
    return sha256(repr((row, written)).encode()).hexdigest()[:16]
