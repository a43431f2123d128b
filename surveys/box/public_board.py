"""What the public board shows beside its Board, and the list of receipts as phones fetch it."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.db.models import Count

from office.files import stored
from surveys.ballots import keyfile
from surveys.ballots.bundle import Bundle
from surveys.ballots.encoding import from_b64
from surveys.ballots.exporting import public_part
from surveys.ballots.paper import packets_of
from surveys.ballots.slips import in_fours
from surveys.box import bundles
from surveys.keys.turnout import Turnout, turnout_in
from surveys.models import Survey

ROW = 16
"""Bytes of each receipt in the list: 128 bits tell any two apart, and halve what a phone has to fetch."""


def board_page_name(public_id: str, state: str) -> str:
    """The stored name of a board's page; the files of a board may be removed at any time."""
    return f"boards/{public_id}/{state}.html"


def tracker_table(public_id: str) -> bytes | None:
    """The sorted receipts of a closed survey, 16 bytes each, as one file; None before that.

    The whole list and nothing else is handed out: nobody learns which receipt is looked for.
    """
    name, boards = f"boards/{public_id}/trackers.bin", stored.published()
    survey = _sorted_out(public_id)
    if survey is None:
        return stored.take(boards, name) if _is_away(public_id) and boards.exists(name) else None
    if not boards.exists(name) or boards.get_modified_time(name) < bundles.written_at(survey):
        rows = [bytes.fromhex(tracker)[:ROW] for tracker in bundles.read(survey).trackers()]
        stored.put(boards, name, b"".join(rows))
    return stored.take(boards, name)


@dataclass(frozen=True)
class Counted:
    valid: int
    spoiled: int


def counted(public_id: str) -> Counted | None:
    """Valid and spoiled ballots after the tally; shown once the results are public."""
    kept = Survey.objects.values_list("controls", flat=True).get(public_id=public_id)
    if not kept:
        return None
    return Counted(sum(kept["ballots"].values()), sum(kept["spoiled"].values()))


def board_stamp(public_id: str) -> str:
    """Changes whenever the board's content does: with printing, state, the day's turnout, bundle."""
    row = (
        Survey.objects.filter(public_id=public_id)
        .annotate(printed=Count("batches__slips"))
        .values_list("pk", "state", "turnout", "printed", "database_faults")
        .first()
    )
    if row is None:
        return ""
    survey = Survey(pk=row[0], public_id=public_id)
    written = bundles.written_at(survey) if has_bundle(survey) else None
    return sha256(repr((row, written)).encode()).hexdigest()[:16]


def has_bundle(survey: Survey) -> bool:
    """Whether the closed box has been sorted out and can be handed over."""
    return bundles.exists(survey)


@dataclass(frozen=True)
class Key:
    key_id: str
    stratum: str
    printed: int
    digest: str


@dataclass(frozen=True)
class Board:
    """What is posted about a survey: fixed before voting, and after the close what was in the box."""

    public_id: str
    title: str
    state: str
    key_on_server: bool
    fingerprint: str
    tally_mark: str
    keys: tuple[Key, ...]
    printed: int
    code_root: str
    ballots: int | None
    tracker_root: str
    bundle: str
    turnout: Turnout
    is_open: bool
    database_faults: list[str] | None  # None before the opening
    packets: int


def board(public_id: str) -> Board | None:
    """What is posted about a survey; None before its form and keys are fixed."""
    survey = Survey.objects.filter(public_id=public_id).exclude(public="").first()
    return None if survey is None else board_of(survey)


def board_of(survey: Survey) -> Board:
    public = survey.frozen()
    batches = survey.batches.filter(is_printed=True)
    printed: Counter[str] = Counter()
    for key_id, size in batches.values_list("stratum__key_id", "size"):
        printed[key_id or ""] += size
    keys = tuple(
        Key(one["id"], one["stratum"], printed[one["id"]], sha256(one["n"].encode()).hexdigest())
        for one in public["keys"]
    )
    sealed = bundles.read(survey) if has_bundle(survey) else None
    return Board(
        public_id=survey.public_id,
        title=survey.title,
        state=survey.get_state_display(),
        key_on_server=survey.key_on_server,
        fingerprint=in_fours(survey.fingerprint),
        tally_mark=keyfile.public_mark(from_b64(public["tally_key"]), from_b64(public.get("counts_key", ""))),
        keys=keys,
        printed=sum(printed.values()),
        code_root=survey.code_root,
        ballots=sealed.size if sealed else _ballots_counted(survey),
        tracker_root=sealed.manifest["tracker_root"] if sealed else survey.controls.get("tracker_root", ""),
        bundle=sealed.hash if sealed else survey.bundle_digest,
        turnout=turnout_in(survey.turnout),
        is_open=survey.state == Survey.State.OPEN,
        database_faults=survey.database_faults,
        packets=sum(packets_of(sealed).values()) if sealed else _packets_counted(survey),
    )


def _ballots_counted(survey: Survey) -> int | None:
    """The ballots of a box whose bundle is kept elsewhere, as they were counted."""
    if not survey.controls:
        return None
    counted = sum(survey.controls["ballots"].values()) - _packets_counted(survey)
    return int(counted + sum(survey.controls["spoiled"].values()))


def _packets_counted(survey: Survey) -> int:
    return sum(group.get("packets", 0) for group in survey.controls.get("strata", []))


def write_board(name: str, page: str) -> None:
    """Write a board's page; those of former states go."""
    boards = stored.published()
    former = [one for one in stored.names(boards, name.rpartition("/")[0]) if one.endswith(".html")]
    stored.put(boards, name, page.encode())
    for one in former:
        if one != name:
            boards.delete(one)


def public_bundle(public_id: str) -> bytes | None:
    """The part of the bundle that everybody may have: trackers, keys and numbers, never a ballot."""
    survey = _sorted_out(public_id)
    if survey is not None:
        return _public_bundle(str(bundles.path_of(survey)))
    name, boards = kept_public_part(public_id), stored.published()
    return stored.take(boards, name) if _is_away(public_id) and boards.exists(name) else None


def kept_public_part(public_id: str) -> str:
    """Where the public part of a bundle lies that is kept elsewhere."""
    return f"boards/{public_id}/public.zip"


def _is_away(public_id: str) -> bool:
    survey = Survey.objects.filter(public_id=public_id).first()
    return survey is not None and bundles.is_away(survey)


@lru_cache(maxsize=4)
def _public_bundle(path: str) -> bytes:
    """A written bundle never changes."""
    return public_part(Bundle(Path(path)))


def trackers(public_id: str) -> list[str] | None:
    survey = _sorted_out(public_id)
    return bundles.read(survey).trackers() if survey else None


def _sorted_out(public_id: str) -> Survey | None:
    survey = Survey.objects.filter(public_id=public_id).first()
    return survey if survey and has_bundle(survey) else None
