"""The box's door: what is let in, field by field."""

from copy import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from nacl.exceptions import BadSignatureError
from nacl.signing import VerifyKey

from surveys.ballots import blindrsa, casting, credentials, slips
from surveys.ballots.encoding import Malformed, to_b64
from surveys.voting.simulated_phone import SEQ_START, SEQ_STEP
from tests.kit import ballot_form
from tests.kit.issuer import issuer_key, moduli, redeemed_phone

PUBLIC = ballot_form.public(keys=moduli("K7M2", "M8QW"))
CHECKER = casting.Checker(PUBLIC)
PHONE = redeemed_phone(PUBLIC, "K7M2")
BODY = PHONE.cast({})


def read(body: object) -> casting.Cast:
    return casting.read_cast(body, sealed_length=CHECKER.layout.sealed_length)


def fault(body: dict[str, Any]) -> str:
    return CHECKER.fault(read(body))


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
    other = redeemed_phone(PUBLIC, "K7M2").cast({})
    assert fault({**BODY, name: other[name]}) == said


def test_another_seq_than_the_signed_one_is_refused() -> None:
    assert fault({**BODY, "seq": BODY["seq"] + 1}) == "edsig"


def test_a_credential_nobody_signed_is_refused() -> None:
    forger = redeemed_phone(PUBLIC, "K7M2")
    forger.signature = PHONE.signature
    assert fault(forger.cast({})) == "sig"


def test_a_credential_of_small_order_is_refused() -> None:
    """Under such a key a signature could be made by anyone."""
    identity = b"\x01" + bytes(31)
    key = issuer_key("K7M2")
    message = blindrsa.prepare(credentials.credential_message(PUBLIC["survey"], "K7M2", identity))
    blinded, inverse = blindrsa.blind(key.n, message)
    sig = blindrsa.finalize(key.n, message, blindrsa.blind_sign(key, blinded), inverse)
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
        read({**BODY, "seq": seq})


@pytest.mark.parametrize("name", sorted(BODY))
def test_a_missing_field_is_refused(name: str) -> None:
    with pytest.raises(Malformed):
        read({key: value for key, value in BODY.items() if key != name})


def test_an_additional_field_is_refused() -> None:
    with pytest.raises(Malformed):
        read({**BODY, "comment": "x"})


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=20) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=6,
)


@given(st.sampled_from(sorted(BODY)), ANYTHING)
def test_any_json_in_any_field_is_refused_cleanly(name: str, value: object) -> None:
    try:
        cast = read({**BODY, name: value})
    except Malformed:
        return
    assert CHECKER.fault(cast) != "" or value == BODY[name]


@given(ANYTHING)
def test_any_json_as_a_request_is_refused_cleanly(body: object) -> None:
    for reader in (casting.read_redeem, read):
        with pytest.raises(Malformed):
            reader(body)


def test_redeeming_reads_the_code_as_typed_and_refuses_other_lengths() -> None:
    body = copy(PHONE).redeem()
    typed = {**body, "code": slips.in_fours(PHONE.code).lower()}
    assert casting.read_redeem(typed).code == PHONE.code
    for change in ({"code": PHONE.code[:-1]}, {"blinded": to_b64(bytes(255))}, {"key": ""}, {"more": 1}):
        with pytest.raises(Malformed):
            casting.read_redeem({**body, **change})


def test_the_last_ballot_counts_a_retry_changes_nothing_and_an_older_one_is_refused() -> None:
    first = read(BODY)
    changed = read(copy(PHONE).cast({"d1p1": {"overall": "满意"}}))
    assert changed.seq > first.seq

    def outcome(stored: casting.Cast, cast: casting.Cast, *, revote: bool = True) -> str:
        return casting.replaces(
            stored_seq=stored.seq, stored_sealed=stored.sealed, cast=cast, allow_revote=revote
        )

    assert outcome(first, first) == "same"
    assert outcome(first, changed) == "replace"
    assert outcome(first, changed, revote=False) == "final"
    assert outcome(changed, first) == "stale"


def test_the_receipt_is_the_same_for_a_first_vote_and_a_change_and_holds_for_this_survey_only() -> None:
    seed = b"b" * 32
    tracker = read(BODY).tracker
    assert read(copy(PHONE).cast({})).tracker == tracker
    one, other = (credentials.receipt(seed, survey, tracker) for survey in (PUBLIC["survey"], "other"))
    assert one == credentials.receipt(seed, PUBLIC["survey"], tracker)
    box = VerifyKey(credentials.box_public_key(seed))
    said = f"sanliang/receipt/1|{PUBLIC['survey']}|{tracker}".encode()
    assert box.verify(said, one) == said
    with pytest.raises(BadSignatureError):
        box.verify(said, other)


def test_the_number_of_a_changed_vote_could_be_that_of_a_first() -> None:
    """A first number is anywhere in the range, so no number proves a change of mind."""
    phones = [copy(PHONE) for _ in range(60)]
    for phone in phones:
        phone.seq = 0
    firsts = [read(phone.cast({})).seq for phone in phones]
    assert 15 <= sum(seq > SEQ_START // 2 for seq in firsts) <= 45
    changed = [read(phone.cast({})).seq for phone in phones]
    steps = [after - before for before, after in zip(firsts, changed, strict=True)]
    assert min(steps) >= 1
    assert max(steps) <= SEQ_STEP < SEQ_START // 2**30
