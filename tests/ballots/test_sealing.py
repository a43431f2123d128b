"""The sealed ballot: one length, one binding, and a clean refusal of everything else."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from surveys.ballots import sealing
from surveys.ballots.sealing import Comment, Layout, Opener, Spoiled
from tests.kit import ballot_form

LAYOUT = Layout.of(ballot_form.form())
INSIDE = b"i" * 32
OPENER = Opener(b"t" * 32)
ANSWERS = bytes([1, 2, 3, 4, 5, 0, 0, 1, 1])


def plain_with(text: bytes, answers: bytes = ANSWERS) -> bytes:
    head = bytes([1]) + INSIDE + answers + len(text).to_bytes(2, "big") + text
    return head.ljust(LAYOUT.plain_length, b"\0")


def reason(plain: bytes, inside: bytes = INSIDE) -> str:
    with pytest.raises(Spoiled) as caught:
        LAYOUT.read(plain, inside)
    assert caught.value.reason in sealing.REASONS
    return caught.value.reason


def test_every_ballot_of_a_survey_has_the_same_length() -> None:
    full = [Comment(0, "字" * 1500, "")]
    rare = [Comment(0, "𠮷" * 1500, "")]
    ballots = [(bytes(9), []), (ANSWERS, []), (ANSWERS, full), (ANSWERS, rare)]
    lengths = {len(sealing.seal(LAYOUT.write(INSIDE, *ballot), OPENER.public_key)) for ballot in ballots}
    assert lengths == {LAYOUT.sealed_length}


def test_a_sealed_ballot_opens_to_what_was_written() -> None:
    comments = [Comment(2, "排队\n时间长", ""), Comment(3, "", "增设“窗口”")]
    sealed = sealing.seal(LAYOUT.write(INSIDE, ANSWERS, comments), OPENER.public_key)
    assert LAYOUT.read(OPENER.open(sealed), INSIDE) == (ANSWERS, comments)


def test_two_equal_ballots_have_nothing_in_common_once_sealed() -> None:
    plain = LAYOUT.write(INSIDE, ANSWERS)
    one, other = (sealing.seal(plain, OPENER.public_key) for _ in range(2))
    assert not {one[i : i + 16] for i in range(0, 256, 16)} & {other[i : i + 16] for i in range(0, 256, 16)}


def test_a_ciphertext_copied_under_another_credential_counts_for_nothing() -> None:
    assert reason(LAYOUT.write(INSIDE, ANSWERS), b"j" * 32) == "copied"


@pytest.mark.parametrize(
    "text",
    [
        b"[[0,1,2]]",
        b'[[9,"a",""]]',
        b'[[-1,"a",""]]',
        b'[[true,"a",""]]',
        b'[[1,"a",""],[0,"b",""]]',
        b'[[1,"a",""],[1,"b",""]]',
        b'{"a":1}',
        b"[" * 3000,
        b"5",
        b"\xff",
        json.dumps([[0, "a" * 1501, ""]]).encode(),
        b"[NaN]",
        b"{}",
        b'""',
        b'\xef\xbb\xbf[[0,"a",""]]',
        '[[0,"a",""]]'.encode("utf-16"),
        '[[0,"a",""]]'.encode("utf-16-be"),
        '[[0,"a",""]]'.encode("utf-32-le"),
        b'[[0.0,"a",""]]',
        b'[[1e0,"a",""]]',
    ],
)
def test_comments_in_any_other_shape_spoil_the_ballot(text: bytes) -> None:
    assert reason(plain_with(text)) == "comments"


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        (b'[[0,"\\ud83d",""]]', ""),
        (b'[[0,"\\udc4d\xe5\xa5\xbd\\ud83d",""]]', "好"),
        (b'[[0,"\\ud83d\xe5\xa5\xbd\\ud83d\\udc4d",""]]', "好👍"),
        (b'[[0,"\xed\xa0\xbd\xed\xb1\x8d",""]]', "👍"),
        (b'[[0,"a\\u0000\\u0007\\nb",""]]', "a\nb"),
        (b'[[0,"%s\\ud83d",""]]' % ("字" * 1500).encode(), "字" * 1500),
    ],
)
def test_half_a_character_costs_half_a_character_and_never_the_ballot(text: bytes, matter: str) -> None:
    assert LAYOUT.read(plain_with(text), INSIDE) == (ANSWERS, [Comment(0, matter, "")])


def test_an_answer_outside_the_form_spoils_the_ballot() -> None:
    assert LAYOUT.read(plain_with(b""), INSIDE) == (ANSWERS, [])
    assert reason(plain_with(b"", bytes([6]) + ANSWERS[1:])) == "choice"


def test_hidden_bytes_behind_the_comments_spoil_the_ballot() -> None:
    plain = bytearray(plain_with(b""))
    plain[-1] = 1
    assert reason(bytes(plain)) == "comments"
    plain[-1], plain[0] = 0, 2
    assert reason(bytes(plain)) == "version"


@given(st.binary(max_size=400))
def test_any_bytes_as_a_ciphertext_are_refused_cleanly(sealed: bytes) -> None:
    with pytest.raises(Spoiled):
        OPENER.open(sealed)


@given(st.binary(max_size=400))
def test_any_bytes_as_comments_are_read_or_spoil_cleanly(text: bytes) -> None:
    with contextlib.suppress(Spoiled):
        answers, comments = LAYOUT.read(plain_with(text), INSIDE)
        assert answers == ANSWERS
        assert all(0 <= comment.cell < 9 for comment in comments)
