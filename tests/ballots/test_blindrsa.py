"""Blind signatures: RFC 9474's vectors, unlinkability, refusal of malformed input."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots import blindrsa
from surveys.ballots.blindrsa import IssuerKey, SigningRefused
from tests.kit.issuer import issuer_key

VECTOR = {
    name: value if name == "source" else bytes.fromhex(value)
    for name, value in json.loads((Path(__file__).parent / "rfc9474.json").read_text()).items()
}
RFC_KEY = IssuerKey(int.from_bytes(VECTOR["p"], "big"), int.from_bytes(VECTOR["q"], "big"))
INPUT = VECTOR["msg_prefix"] + VECTOR["msg"]
KEY = issuer_key("K7M2")


def test_blinding_signing_and_finalizing_give_the_values_of_the_rfc() -> None:
    inverse = int.from_bytes(VECTOR["inv"], "big")
    blinded = blindrsa.blind(RFC_KEY.n, INPUT, salt=VECTOR["salt"], inverse=inverse)
    assert blinded == (VECTOR["blinded_msg"], inverse)
    assert blindrsa.blind_sign(RFC_KEY, VECTOR["blinded_msg"]) == VECTOR["blind_sig"]
    assert blindrsa.finalize(RFC_KEY.n, INPUT, VECTOR["blind_sig"], inverse) == VECTOR["sig"]
    assert blindrsa.verify(RFC_KEY.n, INPUT, VECTOR["sig"])
    assert not blindrsa.verify(RFC_KEY.n, INPUT + b"x", VECTOR["sig"])


def test_a_stored_key_is_read_back() -> None:
    assert IssuerKey.from_bytes(KEY.to_bytes()) == KEY
    assert blindrsa.modulus(KEY.public_bytes()) == KEY.n


def test_signatures_of_another_stratums_key_do_not_verify() -> None:
    other = issuer_key("M8QW")
    message = blindrsa.prepare(b"credential")
    blinded, inverse = blindrsa.blind(KEY.n, message)
    signature = blindrsa.finalize(KEY.n, message, blindrsa.blind_sign(KEY, blinded), inverse)
    assert blindrsa.verify(KEY.n, message, signature)
    assert not blindrsa.verify(other.n, message, signature)


def test_every_signature_fits_every_blinded_message_the_issuer_saw() -> None:
    """Unlinkability: for any pair there is a blinding that explains it, so the pair tells nothing."""
    seen = []
    for number in range(3):
        message = blindrsa.prepare(b"credential %d" % number)
        blinded, inverse = blindrsa.blind(KEY.n, message)
        blind_signature = blindrsa.blind_sign(KEY, blinded)
        signature = blindrsa.finalize(KEY.n, message, blind_signature, inverse)
        seen.append((blinded, blind_signature, signature))
    for blinded, blind_signature, _ in seen:
        for *_, signature in seen:
            s, z = int.from_bytes(signature, "big"), int.from_bytes(blind_signature, "big")
            r = z * pow(s, -1, KEY.n) % KEY.n
            explained = pow(s, blindrsa.E, KEY.n) * pow(r, blindrsa.E, KEY.n) % KEY.n
            assert explained == int.from_bytes(blinded, "big")


def test_signing_the_same_value_again_gives_the_same_answer() -> None:
    """A lost reply may be asked for again; the random mask inside must not show."""
    blinded, _ = blindrsa.blind(KEY.n, b"x")
    assert blindrsa.blind_sign(KEY, blinded) == blindrsa.blind_sign(KEY, blinded)


@pytest.mark.parametrize("number", [0, 1, KEY.n - 1, KEY.n, KEY.n + 5, KEY.p, KEY.q * 3])
def test_a_value_out_of_range_or_without_an_inverse_is_not_signed(number: int) -> None:
    with pytest.raises(SigningRefused):
        blindrsa.blind_sign(KEY, number.to_bytes(257, "big")[-256:] if number < 2**2048 else b"\xff" * 256)


def test_a_faulty_computation_is_never_handed_out() -> None:
    """A wrong prime is what a flipped bit looks like; its result would reveal the key."""
    faulty = IssuerKey(KEY.p, KEY.q + 2)
    with pytest.raises((SigningRefused, ValueError)):
        blindrsa.blind_sign(faulty, b"\x01" * 256)


@given(st.binary(max_size=300))
def test_any_bytes_are_refused_cleanly_or_signed_correctly(blinded: bytes) -> None:
    try:
        answer = blindrsa.blind_sign(KEY, blinded)
    except SigningRefused:
        return
    assert pow(int.from_bytes(answer, "big"), blindrsa.E, KEY.n) == int.from_bytes(blinded, "big")


@given(st.binary(max_size=300))
def test_no_bytes_pass_for_a_signature(signature: bytes) -> None:
    assert not blindrsa.verify(KEY.n, b"message", signature)


@pytest.mark.parametrize(
    "public", [b"", b"\xff" * 255, b"\x00" + b"\xff" * 255, b"\xff" * 255 + b"\xfe", b"\xff" * 257]
)
def test_other_moduli_are_refused(public: bytes) -> None:
    with pytest.raises(ValueError, match="2048"):
        blindrsa.modulus(public)


def test_a_wrong_answer_of_the_issuer_is_not_kept() -> None:
    blinded, inverse = blindrsa.blind(KEY.n, b"x")
    answer = bytearray(blindrsa.blind_sign(KEY, blinded))
    answer[7] ^= 1
    with pytest.raises(ValueError, match="signature"):
        blindrsa.finalize(KEY.n, b"x", bytes(answer), inverse)
