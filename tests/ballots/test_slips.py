"""Codes on slips (投票码): strength, check symbol, hashing."""

import pytest

from surveys.ballots import slips
from surveys.ballots.encoding import ALPHABET, Malformed, from_b64, to_b64, to_symbols


def test_codes_have_74_random_bits_and_a_check_symbol() -> None:
    codes = {slips.new_code() for _ in range(500)}
    assert len(codes) == 500
    assert all(slips.is_well_formed(code) for code in codes)
    assert len(ALPHABET) ** 15 > 2**74


def test_any_one_wrong_symbol_and_any_two_swapped_symbols_are_caught() -> None:
    code = slips.new_code()
    for place in range(16):
        for symbol in set(ALPHABET) - {code[place]}:
            assert not slips.is_well_formed(code[:place] + symbol + code[place + 1 :])
        for other in range(place):
            swapped = list(code)
            swapped[place], swapped[other] = swapped[other], swapped[place]
            assert slips.is_well_formed("".join(swapped)) == (code[place] == code[other])


@pytest.mark.parametrize("wrong", ["", "A" * 15, "A" * 17, "O" * 16, "a" * 16, "２" * 16])
def test_a_text_in_another_shape_is_no_code(wrong: str) -> None:
    assert not slips.is_well_formed(wrong)


def test_a_typed_code_is_read_without_case_width_or_blanks() -> None:
    assert slips.normalize(" k7m2-ａｂ３ d ") == "K7M2AB3D"
    assert slips.in_fours("ABCDEFGHJKMNPQRS") == "ABCD EFGH JKMN PQRS"


def test_a_text_too_long_to_be_a_code_is_not_folded_at_all() -> None:
    assert slips.normalize("２" * slips.LONGEST_TYPED) == "2" * slips.LONGEST_TYPED
    assert slips.normalize("２" * (slips.LONGEST_TYPED + 1)) == ""


def test_the_stored_hash_depends_on_the_pepper_and_a_short_pepper_is_refused() -> None:
    code = slips.new_code()
    one, other = bytes(32), bytes([1]) * 32
    assert slips.hash_code(code, pepper=one) == slips.hash_code(code, pepper=one)
    assert slips.hash_code(code, pepper=one) != slips.hash_code(code, pepper=other)
    with pytest.raises(ValueError, match="pepper"):
        slips.hash_code(code, pepper=b"short")


@pytest.mark.parametrize("wrong", ["AA==", "A", "AB", "é", "A A", None, 7, b"AA"])
def test_base64_has_one_spelling_per_value(wrong: object) -> None:
    with pytest.raises(Malformed):
        from_b64(wrong)


def test_base64_and_symbols_are_read_back_and_have_one_length() -> None:
    assert from_b64(to_b64(b"\x00\xff\x10"), 3) == b"\x00\xff\x10"
    with pytest.raises(Malformed):
        from_b64(to_b64(b"abc"), 4)
    assert to_symbols(31**2 + 5, 4) == "2327"
    with pytest.raises(ValueError, match="fit"):
        to_symbols(31**4, 4)
