"""Requests at the two public addresses: parsed strictly and checked completely.

`read_redeem` and `read_cast` refuse malformed requests; `Checker` verifies ballots before they enter
the box. Nothing here knows an order, a time or an origin.
"""

from dataclasses import dataclass

from surveys.ballots import blindrsa, credentials, slips
from surveys.ballots.encoding import Malformed, from_b64
from surveys.ballots.forms import Json
from surveys.ballots.sealing import Layout

SIGNATURE_LENGTH = 64


@dataclass(frozen=True)
class Redemption:
    """A code and a blinded credential (兑换)."""

    key_id: str
    code: str
    blinded: bytes


@dataclass(frozen=True)
class Cast:
    """One sealed ballot as it is submitted."""

    key_id: str
    prefix: bytes
    credential: bytes
    sig: bytes
    seq: int
    sealed: bytes
    edsig: bytes

    @property
    def tracker(self) -> str:
        return credentials.tracker(self.credential)


def read_redeem(body: object) -> Redemption:
    """Exactly the fields of the contract; raises Malformed."""
    fields = _fields(body, {"key", "code", "blinded"})
    code = slips.normalize(_text(fields["code"], 64))
    if not slips.is_well_formed(code):
        raise Malformed("not a code")
    blinded = from_b64(fields["blinded"], blindrsa.MODULUS_BITS // 8)
    return Redemption(_text(fields["key"], slips.KEY_ID_LENGTH), code, blinded)


def read_cast(body: object, *, sealed_length: int) -> Cast:
    """Exactly the fields of the contract, each with its exact length; raises Malformed."""
    fields = _fields(body, {"key", "prefix", "credential", "sig", "seq", "sealed", "edsig"})
    seq = fields["seq"]
    if type(seq) is not int or not 1 <= seq <= credentials.MOST_SEQ:
        raise Malformed("seq out of range")
    return Cast(
        key_id=_text(fields["key"], slips.KEY_ID_LENGTH),
        prefix=from_b64(fields["prefix"], blindrsa.PREFIX_LENGTH),
        credential=from_b64(fields["credential"], credentials.CREDENTIAL_LENGTH),
        sig=from_b64(fields["sig"], blindrsa.MODULUS_BITS // 8),
        seq=seq,
        sealed=from_b64(fields["sealed"], sealed_length),
        edsig=from_b64(fields["edsig"], SIGNATURE_LENGTH),
    )


def _fields(body: object, names: set[str]) -> Json:
    if not isinstance(body, dict) or set(body) != names:
        raise Malformed("other fields than expected")
    return body


def _text(value: object, longest: int) -> str:
    if not isinstance(value, str) or not 0 < len(value) <= longest:
        raise Malformed("not a text")
    return value


class Checker:
    """Checks ballots of one survey against its frozen public part."""

    def __init__(self, public: Json) -> None:
        self.survey: str = public["survey"]
        self.layout = Layout.of(public["form"])
        self.moduli = {key["id"]: blindrsa.modulus(from_b64(key["n"])) for key in public["keys"]}

    def fault(self, cast: Cast) -> str:
        """ "" if the ballot may enter the box, else the check it failed: key, length, sig or edsig."""
        if cast.key_id not in self.moduli:
            return "key"
        if len(cast.sealed) != self.layout.sealed_length:
            return "length"
        message = credentials.credential_message(self.survey, cast.key_id, cast.credential)
        if not blindrsa.verify(self.moduli[cast.key_id], cast.prefix + message, cast.sig):
            return "sig"
        if not credentials.ballot_signature_holds(
            self.survey, cast.credential, cast.seq, cast.sealed, cast.edsig
        ):
            return "edsig"
        return ""


def replaces(*, stored_seq: int, stored_sealed: bytes, cast: Cast, allow_revote: bool) -> str:
    """What another ballot of a credential does: "same", "replace", or why not: "final", "stale"."""
    if cast.seq == stored_seq and cast.sealed == stored_sealed:
        return "same"
    if cast.seq <= stored_seq:
        return "stale"
    return "replace" if allow_revote else "final"
