"""What a voter's phone asks: no user, no audit row, no job, no time, no trace.

Every writing is one statement that asks in itself whether the survey is open. The close holds both
tables still, so a vote that wrote before it is counted; one that comes while it closes waits for
the table, looks once it has it, and finds the box closed.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache, wraps
from hashlib import sha256
from typing import Any, NamedTuple, ParamSpec, TypeVar

from django.db import InterfaceError, OperationalError, connection
from django.db.models import Exists

from surveys.ballots import blindrsa, casting, credentials
from surveys.ballots.blindrsa import IssuerKey, SigningRefused
from surveys.ballots.casting import Cast, Checker
from surveys.ballots.encoding import ALPHABET, Malformed, from_b64
from surveys.ballots.slips import KEY_ID_LENGTH, hash_code, is_well_formed, normalize
from surveys.keys import keyring
from surveys.models import Ballot, Slip, Stratum, Survey
from surveys.voting import statements
from surveys.voting.refusals import NotTaken

Json = dict[str, Any]
Asked = ParamSpec("Asked")
Answer = TypeVar("Answer")
State = Survey.State
NOT_UNUSED = {
    Slip.State.REDEEMED: "used",
    Slip.State.PAPER: "paper",
    Slip.State.VOID: "void",
    Slip.State.HELD: "replaced",
    Slip.State.REPLACED: "replaced",
}
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
        return _checker(self.survey, self.public_id)

    def state(self) -> str | None:
        """The survey's state as of now; None once it was discarded."""
        return Survey.objects.filter(pk=self.survey).values_list("state", flat=True).first()


@lru_cache(maxsize=16)
def _checker(survey: int, public_id: str) -> Checker:
    return Checker(Survey.objects.get(pk=survey).frozen())


def box_of(key_id: object) -> Box:
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
    """Tell the voter when the database is too busy; nothing was written then.

    Django would ask the database before every vote whether the connection still works. A private flag
    says that it has asked already; where a connection did break, the vote is asked once more on a new
    one, which does no harm here.
    """

    @wraps(ask)
    def asked(*args: Asked.args, **kwargs: Asked.kwargs) -> Answer:
        connection.health_check_done = True  # type: ignore[attr-defined]
        try:
            return ask(*args, **kwargs)
        except (OperationalError, InterfaceError):
            if connection.is_usable():
                raise NotTaken("busy") from None
        finally:
            statements.say_something_else()
        connection.close()
        try:
            return ask(*args, **kwargs)
        except (OperationalError, InterfaceError):
            raise NotTaken("busy") from None
        finally:
            statements.say_something_else()

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
    mark = sha256(blinded).digest()
    key = _issuer(box)
    if not blindrsa.may_be_signed(key.n, blinded):
        raise NotTaken("bad_request")
    if not statements.redeem(code_hash=code_hash, mark=mark, stratum=box.stratum, survey=box.survey):
        _ask_again(box, code_hash, mark)
    # Whatever happens from here on, the same phone may ask again with the same value.
    try:
        return blindrsa.blind_sign(key, blinded)
    except SigningRefused:
        raise NotTaken("busy") from None


def _code_hash(code: object) -> bytes:
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
    pk: int
    state: str
    blinded_hash: bytes | memoryview[int] | None
    stratum: int
    survey: int
    batch_is_void: bool

    def asks_again(self, mark: bytes) -> bool:
        """Whether this is the same phone whose answer was lost on the way."""
        return self.state == Slip.State.REDEEMED and bytes(self.blinded_hash or b"") == mark


def _slip(box: Box, code_hash: bytes) -> Found:
    """The slip of a code, if it belongs to this key."""
    rows = Slip.objects.filter(code_hash=code_hash)
    row = rows.values_list(
        "pk", "state", "blinded_hash", "batch__stratum_id", "batch__stratum__survey_id", "batch__is_void"
    ).first()
    slip = Found(*row) if row else None
    if slip is None:
        raise NotTaken("unknown_code")
    if slip.survey != box.survey:
        raise NotTaken("other_survey")
    if slip.stratum != box.stratum:
        raise NotTaken("unknown_code")
    return slip


def _ask_again(box: Box, code_hash: bytes, mark: bytes) -> None:
    slip = _slip(box, code_hash)
    if slip.batch_is_void:  # whatever state somebody gave the slip
        raise NotTaken("void")
    if slip.state != Slip.State.UNUSED and not slip.asks_again(mark):
        raise NotTaken(NOT_UNUSED[Slip.State(slip.state)])
    _require_open(box)
    if slip.state == Slip.State.UNUSED:  # given back, or opened, between the two looks
        raise NotTaken("busy")


def _issuer(box: Box) -> IssuerKey:
    try:
        return keyring.issuer(box.public_id, box.key_id)
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
    if statements.put_in(cast, stratum=box.stratum, survey=box.survey):
        return
    _require_open(box)
    for _ in range(TRIES):
        if _replaced(box, cast):
            return
    raise NotTaken("busy")


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
    is_open = Exists(Survey.objects.filter(pk=box.survey, state=State.OPEN))
    older = Ballot.objects.filter(is_open, pk=pk, seq__lt=cast.seq)
    if fate == "replace" and older.update(**_content(box, cast)):
        return True
    _require_open(box)
    return fate == "same"


def _content(box: Box, cast: Cast) -> Json:
    return {
        "stratum_id": box.stratum,
        "prefix": cast.prefix,
        "signature": cast.sig,
        "seq": cast.seq,
        "sealed": cast.sealed,
        "credential_signature": cast.edsig,
    }
