"""Many ballots at once for the demo county: every one as valid as a phone's, but made here.

A demonstration has no voters to protect, so the server may play all of them; it refuses where
`DEMO` is off, because elsewhere it would be stuffing the box.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.serialization import load_der_private_key
from django.conf import settings
from django.db import transaction

from office.errors import Refused
from surveys.ballots import blindrsa, credentials
from surveys.ballots.encoding import from_b64
from surveys.ballots.sealing import Comment
from surveys.ballots.slips import hash_code
from surveys.keys import keyring
from surveys.models import Ballot, Slip, Stratum, Survey
from surveys.slips.printed import PrintedSlip
from surveys.voting.simulated_phone import Answers, Loaded, Phone

Vote = tuple[PrintedSlip, Answers, list[Comment]]
PSS = padding.PSS(mgf=padding.MGF1(hashes.SHA384()), salt_length=blindrsa.SALT_LENGTH)


def fill_box(*, survey: Survey, votes: Iterable[Vote]) -> int:
    if not settings.DEMO:
        raise Refused("只有演示系统才能生成演示选票")
    survey = Survey.objects.get(pk=survey.pk)
    loaded = Loaded(survey.frozen())
    strata = {stratum.key_id: stratum for stratum in survey.strata.all()}
    keys = {key_id: _signing_key(survey, key_id) for key_id in strata if key_id}
    ballots, spent = [], []
    for slip, answers, comments in votes:
        phone = Phone(loaded, slip.key_id, slip.code)
        ballots.append(_ballot(phone, keys[slip.key_id], strata[slip.key_id], answers, comments))
        spent.append(hash_code(slip.code, pepper=keyring.pepper()))
    with transaction.atomic():
        for start in range(0, len(spent), 500):
            unused = Slip.objects.filter(code_hash__in=spent[start : start + 500], state=Slip.State.UNUSED)
            unused.update(state=Slip.State.REDEEMED, blinded_hash=sha256(b"demo").digest())
        Ballot.objects.bulk_create(ballots, batch_size=200)
    return len(ballots)


def _signing_key(survey: Survey, key_id: str) -> rsa.RSAPrivateKey:
    key = load_der_private_key(keyring.issuer(survey.public_id, key_id).to_bytes(), password=None)
    if not isinstance(key, rsa.RSAPrivateKey):
        raise TypeError("not an RSA key")
    return key


def _ballot(
    phone: Phone, key: rsa.RSAPrivateKey, stratum: Stratum, answers: Answers, comments: list[Comment]
) -> Ballot:
    said = credentials.credential_message(phone.public["survey"], phone.key_id, phone.credential)
    phone.message = blindrsa.prepare(said)
    phone.signature = key.sign(phone.message, PSS, hashes.SHA384())
    body = phone.cast(answers, comments)
    return Ballot(
        stratum=stratum,
        credential=phone.credential,
        prefix=from_b64(body["prefix"]),
        signature=phone.signature,
        seq=phone.seq,
        sealed=from_b64(body["sealed"]),
        credential_signature=from_b64(body["edsig"]),
    )
