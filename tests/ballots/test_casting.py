"""The box's door: what is let in, field by field."""

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from surveys.ballots import blindrsa, casting, credentials, slips
from surveys.ballots.blindrsa import IssuerKey
from surveys.ballots.encoding import Malformed, to_b64
from surveys.ballots.sealing import Opener
from tests.ballots import sample
from tests.ballots.voter import Voter, receipt_holds

ISSUERS = {"K7M2": IssuerKey.generate(), "M8QW": IssuerKey.generate()}
PUBLIC = sample.public(
    keys=[
        {"id": key_id, "stratum": key_id, "n": to_b64(key.public_bytes())} for key_id, key in ISSUERS.items()
    ],
    tally_key=to_b64(Opener(b"t" * 32).public_key),
    box_key=to_b64(credentials.box_public_key(b"b" * 32)),
)
CHECKER = casting.Checker(PUBLIC)
LENGTH = CHECKER.layout.sealed_length


def voter(key_id: str = "K7M2") -> Voter:
    found = Voter(PUBLIC, key_id, slips.new_code())
    found.take(blindrsa.blind_sign(ISSUERS[key_id], found.blinded))
    return found


def fault(body: dict[str, Any]) -> str:
    return CHECKER.fault(casting.read_cast(body, sealed_length=LENGTH))


VOTER = voter()
BODY = VOTER.cast_body(bytes(9))


def test_an_honest_ballot_goes_in() -> None:
    assert fault(BODY) == ""


def test_a_signature_under_another_stratums_key_is_refused() -> None:
    assert fault({**BODY, "key": "M8QW"}) == "sig"
    assert fault({**BODY, "key": "AAAA"}) == "key"


@pytest.mark.parametrize(
    ("name", "said"),
    [("prefix", "sig"), ("sig", "sig"), ("credential", "sig"), ("sealed", "edsig"), ("edsig", "edsig")],
)
def test_any_field_of_another_ballot_is_refused(name: str, said: str) -> None:
    other = voter().cast_body(bytes(9))
    assert fault({**BODY, name: other[name]}) == said


def test_another_seq_than_the_signed_one_is_refused() -> None:
    assert fault({**BODY, "seq": BODY["seq"] + 1}) == "edsig"


def test_a_credential_nobody_signed_is_refused() -> None:
    forger = Voter(PUBLIC, "K7M2")
    forger.sig = VOTER.sig
    assert fault(forger.cast_body(bytes(9))) == "sig"


def test_a_credential_of_small_order_is_refused() -> None:
    """Under such a key a signature could be made by anyone."""
    identity = b"\x01" + bytes(31)
    message = blindrsa.prepare(credentials.credential_message(PUBLIC["survey"], "K7M2", identity))
    blinded, inverse = blindrsa.blind(ISSUERS["K7M2"].n, message)
    sig = blindrsa.finalize(
        ISSUERS["K7M2"].n, message, blindrsa.blind_sign(ISSUERS["K7M2"], blinded), inverse
    )
    body = {
        **BODY,
        "prefix": to_b64(message[:32]),
        "credential": to_b64(identity),
        "sig": to_b64(sig),
        "edsig": to_b64(identity + bytes(32)),
    }
    assert fault(body) == "edsig"


@pytest.mark.parametrize("seq", [0, -1, 2**53, True, 1.0, "1", None])
def test_seq_is_a_whole_number_a_phone_can_count(seq: object) -> None:
    with pytest.raises(Malformed):
        fault({**BODY, "seq": seq})


@pytest.mark.parametrize("name", sorted(BODY))
def test_missing_and_additional_fields_are_refused(name: str) -> None:
    with pytest.raises(Malformed):
        fault({key: value for key, value in BODY.items() if key != name})
    with pytest.raises(Malformed):
        fault({**BODY, "comment": "x"})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from(sorted(BODY)), ANYTHING)
def test_any_json_in_any_field_is_refused_cleanly(name: str, value: object) -> None:
    try:
        cast = casting.read_cast({**BODY, name: value}, sealed_length=LENGTH)
    except Malformed:
        return
    assert CHECKER.fault(cast) != "" or value == BODY[name]


@settings(max_examples=150, deadline=None)
@given(ANYTHING)
def test_any_json_as_a_request_is_refused_cleanly(body: object) -> None:
    for read in (casting.read_redeem, lambda found: casting.read_cast(found, sealed_length=LENGTH)):
        with pytest.raises(Malformed):
            read(body)


def test_redeeming_reads_the_code_as_typed_and_refuses_other_lengths() -> None:
    body = VOTER.redeem_body()
    typed = {**body, "code": slips.in_fours(VOTER.code).lower()}
    assert casting.read_redeem(typed).code == VOTER.code
    for change in ({"code": VOTER.code[:-1]}, {"blinded": to_b64(bytes(255))}, {"key": ""}, {"more": 1}):
        with pytest.raises(Malformed):
            casting.read_redeem({**body, **change})


def test_the_last_ballot_counts_a_retry_changes_nothing_and_an_older_one_is_refused() -> None:
    first = casting.read_cast(BODY, sealed_length=LENGTH)
    changed = casting.read_cast(VOTER.cast_body(bytes([1] * 9)), sealed_length=LENGTH)
    assert changed.seq > first.seq
    stored = {"stored_seq": first.seq, "stored_sealed": first.sealed}
    assert casting.replaces(**stored, cast=first, allow_revote=True) == "same"
    assert casting.replaces(**stored, cast=changed, allow_revote=True) == "replace"
    assert casting.replaces(**stored, cast=changed, allow_revote=False) == "final"
    newer = {"stored_seq": changed.seq, "stored_sealed": changed.sealed}
    assert casting.replaces(**newer, cast=first, allow_revote=True) == "stale"


def test_the_receipt_is_the_same_for_a_first_vote_and_a_change() -> None:
    cast = casting.read_cast(BODY, sealed_length=LENGTH)
    one, two = (credentials.receipt(b"b" * 32, PUBLIC["survey"], cast.tracker) for _ in range(2))
    assert one == two
    box_key = credentials.box_public_key(b"b" * 32)
    assert receipt_holds(box_key, PUBLIC["survey"], cast.tracker, one)
    assert not receipt_holds(box_key, "other", cast.tracker, one)
