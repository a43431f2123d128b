"""The issuer: one key for each stratum, made once a session because 2,048 bits are costly."""

from functools import cache
from typing import Any

from surveys.ballots import blindrsa, slips
from surveys.ballots.blindrsa import IssuerKey
from surveys.ballots.encoding import from_b64, to_b64
from surveys.voting.simulated_phone import Phone


@cache
def issuer_key(key_id: str) -> IssuerKey:
    return IssuerKey.generate()


def moduli(*key_ids: str) -> dict[str, bytes]:
    return {key_id: issuer_key(key_id).public_bytes() for key_id in key_ids}


def redeemed_phone(public: Any, key_id: str) -> Phone:
    """A voter's phone whose slip was redeemed: it holds a credential signed for the stratum."""
    phone = Phone(public, key_id, slips.new_code())
    blinded = from_b64(phone.redeem()["blinded"])
    phone.take({"blind_sig": to_b64(blindrsa.blind_sign(issuer_key(key_id), blinded))})
    return phone
