"""The custodian's key: locked file, recovery sheet, rehearsal, and the command around them."""

import io
import json
import re
from pathlib import Path
from typing import Any

import pytest

from surveys.ballots import keyfile, keygen
from surveys.ballots.encoding import ALPHABET, to_b64
from surveys.ballots.keyfile import KeyFault
from surveys.ballots.sealing import seal

PRIVATE = keyfile.new_private_key()
PHRASE = keyfile.new_passphrase()
FILE = keyfile.lock(PRIVATE, PHRASE, strong=False)
LINES = keyfile.recovery_lines(PRIVATE)


def test_the_passphrase_opens_the_file_in_any_spelling_of_it() -> None:
    assert keyfile.unlock(FILE, PHRASE) == PRIVATE
    assert keyfile.unlock(json.loads(json.dumps(FILE)), PHRASE.lower().replace(" ", "-")) == PRIVATE
    assert len(ALPHABET) ** keyfile.PASSPHRASE_LENGTH > 2**118


def test_a_wrong_passphrase_is_named_as_such() -> None:
    with pytest.raises(KeyFault, match="口令不正确"):
        keyfile.unlock(FILE, keyfile.new_passphrase())


DAMAGES: list[dict[str, Any]] = [{"format": "other"}, {"public": "AA"}, {"locked": "AA"}, {"locked": None}]
COSTS: list[dict[str, Any]] = [{"name": "md5"}, {"passes": 10**9}, {"memory": 2**40}, {"salt": "AA"}]


@pytest.mark.parametrize(
    "damaged",
    [
        *({**FILE, **damage} for damage in DAMAGES),
        *({**FILE, "kdf": {**FILE["kdf"], **cost}} for cost in COSTS),
        *({**FILE, "kdf": {}}, [], None, "x", 5),
    ],
)
def test_a_damaged_file_is_named_as_such(damaged: object) -> None:
    with pytest.raises(KeyFault, match="原始文件"):
        keyfile.unlock(damaged, PHRASE)


def test_a_file_with_another_public_key_is_refused() -> None:
    swapped = {**FILE, "public": to_b64(keyfile.public_key(keyfile.new_private_key()))}
    with pytest.raises(KeyFault, match="不是一对"):
        keyfile.unlock(swapped, PHRASE)


@pytest.mark.parametrize("private", [PRIVATE, bytes(32), b"\xff" * 32])
def test_the_recovery_sheet_gives_the_key_back(private: bytes) -> None:
    assert keyfile.from_recovery(keyfile.recovery_lines(private)) == private


def test_a_wrong_symbol_or_swapped_lines_of_the_sheet_are_named_by_line() -> None:
    first, second, third, fourth = LINES
    wrong = third[:5] + next(symbol for symbol in ALPHABET if symbol != third[5]) + third[6:]
    for lines, said in (
        ([first, second, wrong, fourth], "第3行"),
        ([second, first, third, fourth], "第1行"),
        ([first, second, third], "共4行"),
        (["Z" * 14, second, third, fourth], "第1行"),
    ):
        with pytest.raises(KeyFault, match=said):
            keyfile.from_recovery(lines)


def test_the_rehearsal_proves_that_the_key_at_hand_fits() -> None:
    challenge, expected = keyfile.make_challenge(keyfile.public_key(PRIVATE))
    answer = keyfile.answer_challenge(challenge, PRIVATE)
    assert keyfile.answer_is_right(answer.lower(), expected)
    assert not keyfile.answer_is_right("2222 2222 2222 2222", expected)
    with pytest.raises(KeyFault, match="不是一对"):
        keyfile.answer_challenge(challenge, keyfile.new_private_key())


def test_the_rehearsal_cannot_be_used_to_open_a_ballot() -> None:
    ballot = seal(b"\x01" * 200, keyfile.public_key(PRIVATE))
    with pytest.raises(KeyFault, match="不是演练口令"):
        keyfile.answer_challenge(to_b64(ballot), PRIVATE)


def test_the_public_key_is_read_as_handed_over_and_nothing_else_passes_for_one() -> None:
    both = keyfile.public_key(PRIVATE), keyfile.counts_key(PRIVATE)
    text = keyfile.handed_over(PRIVATE)
    assert keyfile.read_public(f" {text}\n") == both
    assert re.fullmatch(r"\w{4} \w{4} \w{4}", keyfile.public_mark(*both))
    assert keyfile.public_mark(*both) != keyfile.public_mark(both[0], bytes(32))
    for wrong in ("", "计票公钥", text[:-2], to_b64(b"".join(both) + b"x")):
        with pytest.raises(KeyFault, match="重新索取"):
            keyfile.read_public(wrong)
    with pytest.raises(KeyFault, match="keygen --public"):
        keyfile.read_public(to_b64(both[0]))


def test_keygen_makes_rehearses_and_restores_a_key_and_never_overwrites_one(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    key, public = tmp_path / "tally-key.json", tmp_path / "tally-public.txt"
    assert keygen.main(["--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    phrase = re.search(r"口令　([\w ]+)（", said)
    lines = re.findall(r"^\d　([\w ]+)$", said, re.MULTILINE)
    assert phrase
    locked, handed_out = key.read_text(), public.read_text()
    assert to_b64(keyfile.from_recovery(lines)) not in locked

    challenge, expected = keyfile.make_challenge(keyfile.read_public(handed_out)[0])
    monkeypatch.setattr("sys.stdin", io.StringIO(phrase[1] + "\n"))
    assert keygen.main([f"--answer={challenge}", "--key", str(key)]) == 0
    answer, mark = capsys.readouterr().out.splitlines()
    assert keyfile.answer_is_right(answer.split("　")[1], expected)
    assert keyfile.public_mark(*keyfile.read_public(handed_out)) in mark

    later = tmp_path / "later"
    later.mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO(phrase[1] + "\n"))
    assert keygen.main(["--public", "--key", str(key), "--out", str(later)]) == 0
    assert (later / public.name).read_text() == handed_out
    capsys.readouterr()

    assert keygen.main(["--out", str(tmp_path)]) == 1
    assert "没有覆盖" in capsys.readouterr().err
    assert key.read_text() == locked

    again = tmp_path / "again"
    again.mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    assert keygen.main(["--restore", "--out", str(again)]) == 0
    assert (again / "tally-public.txt").read_text() == handed_out
