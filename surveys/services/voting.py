"""What a voter's phone asks: no user, no audit row, no job, no time, no trace.

The order inside a transaction matters: write first, look at the survey's state after. The close
holds both tables still, so a vote that wrote before it is counted and one that comes after it
sees the closed box and takes its writing back.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from hashlib import sha256
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import OperationalError, transaction

from surveys import keyring
from surveys.ballots import blindrsa, casting, credentials
from surveys.ballots.blindrsa import SigningRefused
from surveys.ballots.casting import Cast, Checker
from surveys.ballots.encoding import ALPHABET, Malformed, from_b64
from surveys.ballots.slips import KEY_ID_LENGTH, hash_code, is_well_formed, normalize
from surveys.models import Ballot, Slip, Stratum, Survey
from surveys.refusals import NotTaken

Json = dict[str, Any]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
State = Survey.State
NOT_UNUSED = {Slip.State.REDEEMED: "used", Slip.State.PAPER: "paper", Slip.State.VOID: "void"}
NOT_YET = (State.DRAFT, State.FROZEN)
TRIES = 3


@dataclass(frozen=True)
class Box:
    """What of a survey never changes once its keys are made: kept in memory, one per key id."""

    key_id: str
    stratum: int
    survey: int
    public_id: str
    allow_revote: bool

    @cached_property
    def checker(self) -> Checker:
        """The door of the ballot box, with form and keys as frozen."""
        return _checker(self.survey, self.public_id)

    def state(self) -> str | None:
        """The survey's state as of now; None once it was discarded."""
        return Survey.objects.filter(pk=self.survey).values_list("state", flat=True).first()


@lru_cache(maxsize=16)
def _checker(survey: int, public_id: str) -> Checker:
    return Checker(Survey.objects.get(pk=survey).frozen())


def box_of(key_id: object) -> Box:
    """The box of a printed key id."""
    text = normalize(key_id) if isinstance(key_id, str) else ""
    if len(text) != KEY_ID_LENGTH or set(text) - set(ALPHABET):
        raise NotTaken("unknown_key")
    return _box(text)


@lru_cache(maxsize=64)
def _box(key_id: str) -> Box:
    stratum = Stratum.objects.select_related("survey").filter(key_id=key_id).first()
    if stratum is None:
        raise NotTaken("unknown_key")
    survey = stratum.survey
    return Box(key_id, stratum.pk, survey.pk, survey.public_id, survey.allow_revote)


def or_busy(ask: Callable[Asked, Answer]) -> Callable[Asked, Answer]:
    """A database that is too busy is said so; nothing was written."""

    @wraps(ask)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        try:
            return ask(*args, **kwargs)
        except OperationalError:
            raise NotTaken("busy") from None

    return asked


@or_busy
def redeem_slip(*, body: object) -> bytes:
    """Sign the blinded credential of an unused slip; the same blinded value may ask again.

    The server learns that a code was used, never which credential it bought.
    """
    if not isinstance(body, dict) or set(body) != {"key", "code", "blinded"}:
        raise NotTaken("bad_request")
    box = box_of(body["key"])
    code_hash = _code_hash(body["code"])
    blinded = _blinded(body["blinded"])
    slip = _slip(box, code_hash)
    mark = sha256(blinded).digest()
    if slip.state != Slip.State.UNUSED and not slip.asks_again(mark):
        raise NotTaken(NOT_UNUSED[Slip.State(slip.state)])
    signature = _sign(box, blinded)
    with transaction.atomic():
        # The update names the slip alone: with a join Django would put the condition into a
        # subquery, which PostgreSQL does not look at again after waiting, and both would succeed.
        unused = Slip.objects.filter(pk=slip.pk, state=Slip.State.UNUSED)
        if not unused.update(state=Slip.State.REDEEMED, blinded_hash=mark):
            slip = _slip(box, code_hash)
            if not slip.asks_again(mark):
                raise NotTaken(NOT_UNUSED.get(Slip.State(slip.state), "busy"))
        _require_open(box)
    return signature


def _code_hash(code: object) -> bytes:
    """The stored hash of a typed code; a mistyped one never reaches the database."""
    text = normalize(code) if isinstance(code, str) else ""
    if not is_well_formed(text):
        raise NotTaken("unknown_code")
    return hash_code(text, pepper=keyring.pepper())


def _blinded(text: object) -> bytes:
    try:
        return from_b64(text, blindrsa.MODULUS_BITS // 8)
    except Malformed:
        raise NotTaken("bad_request") from None


class Found(NamedTuple):
    """What counts of a slip."""

    pk: int
    state: str
    blinded_hash: bytes | memoryview[int] | None
    stratum: int
    survey: int

    def asks_again(self, mark: bytes) -> bool:
        """Whether this is the same phone whose answer was lost on the way."""
        return self.state == Slip.State.REDEEMED and bytes(self.blinded_hash or b"") == mark


def _slip(box: Box, code_hash: bytes) -> Found:
    """The slip of a code, if it belongs to this key."""
    rows = Slip.objects.filter(code_hash=code_hash)
    row = rows.values_list(
        "pk", "state", "blinded_hash", "batch__stratum_id", "batch__stratum__survey_id"
    ).first()
    slip = Found(*row) if row else None
    if slip is None:
        raise NotTaken("unknown_code")
    if slip.survey != box.survey:
        raise NotTaken("other_survey")
    if slip.stratum != box.stratum:
        raise NotTaken("unknown_code")
    return slip


def _sign(box: Box, blinded: bytes) -> bytes:
    try:
        return blindrsa.blind_sign(keyring.issuer(box.public_id, box.key_id), blinded)
    except SigningRefused:
        raise NotTaken("bad_request") from None
    except keyring.KeyGone:
        _require_open(box)
        raise NotTaken("busy") from None


def _require_open(box: Box) -> None:
    state = box.state()
    if state != State.OPEN:
        raise NotTaken("not_open" if state in NOT_YET else "closed")


@or_busy
def cast_ballot(*, body: object) -> tuple[str, bytes]:
    """Put a sealed ballot into the box, or replace the voter's own; return tracker and receipt.

    First vote, change and repetition are answered alike, byte for byte.
    """
    if not isinstance(body, dict):
        raise NotTaken("bad_request")
    box = box_of(body.get("key"))
    try:
        cast = casting.read_cast(body, sealed_length=box.checker.layout.sealed_length)
    except Malformed:
        raise NotTaken("bad_ballot") from None
    if box.checker.fault(cast):
        raise NotTaken("bad_ballot")
    try:
        seed = keyring.box_seed(box.public_id)
    except keyring.KeyGone:
        _require_open(box)
        raise NotTaken("busy") from None
    _put_in(box, cast)
    return cast.tracker, credentials.receipt(seed, box.public_id, cast.tracker)


def _put_in(box: Box, cast: Cast) -> None:
    """Insert; where the credential has a ballot already, look at it and decide.

    No statement may fail here: PostgreSQL would write it into its log, credential and time and all.
    Two casts of one credential may meet: whoever comes second looks again and decides anew.
    """
    if _inserted(box, cast):
        return
    for _ in range(TRIES):
        if _replaced(box, cast):
            return
    raise NotTaken("busy")


def _inserted(box: Box, cast: Cast) -> bool:
    ballot = Ballot(credential=cast.credential, **_content(box, cast))
    with transaction.atomic():
        Ballot.objects.bulk_create([ballot], ignore_conflicts=True)
        if not Ballot.objects.filter(pk=ballot.pk).exists():
            return False
        _require_open(box)
    return True


def _replaced(box: Box, cast: Cast) -> bool:
    """Replace where seq is higher, leave what is the same; False when somebody was faster."""
    mine = Ballot.objects.filter(credential=cast.credential, stratum__survey=box.survey)
    stored = mine.values_list("pk", "seq", "sealed").first()
    if stored is None:  # a credential that is used in another survey
        raise NotTaken("bad_ballot")
    pk, seq, sealed = stored
    fate = casting.replaces(
        stored_seq=seq, stored_sealed=bytes(sealed), cast=cast, allow_revote=box.allow_revote
    )
    if fate not in ("same", "replace"):
        raise NotTaken(fate)
    with transaction.atomic():
        older = Ballot.objects.filter(pk=pk, seq__lt=cast.seq)
        if fate == "replace" and not older.update(**_content(box, cast)):
            return False
        _require_open(box)
    return True


def _content(box: Box, cast: Cast) -> Json:
    return {
        "stratum_id": box.stratum,
        "prefix": cast.prefix,
        "signature": cast.sig,
        "seq": cast.seq,
        "sealed": cast.sealed,
        "credential_signature": cast.edsig,
    }
