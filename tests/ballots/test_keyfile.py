"""The custodian's key: locked file, recovery sheet, rehearsal, and the command around them."""

import copy
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


def test_the_passphrase_opens_the_file_in_any_spelling_of_it() -> None:
    assert keyfile.unlock(FILE, PHRASE) == PRIVATE
    assert keyfile.unlock(json.loads(json.dumps(FILE)), PHRASE.lower().replace(" ", "-")) == PRIVATE
    assert len(ALPHABET) ** keyfile.PASSPHRASE_LENGTH > 2**118


def test_a_wrong_passphrase_is_named_as_such() -> None:
    with pytest.raises(KeyFault, match="口令不正确"):
        keyfile.unlock(FILE, keyfile.new_passphrase())


@pytest.mark.parametrize(
    ("place", "value"),
    [
        (("format",), "other"),
        (("public",), "AA"),
        (("locked",), "AA"),
        (("locked",), None),
        (("kdf",), {}),
        (("kdf", "name"), "md5"),
        (("kdf", "passes"), 10**9),
        (("kdf", "memory"), 2**40),
        (("kdf", "salt"), "AA"),
    ],
)
def test_a_damaged_file_is_named_as_such(place: tuple[str, ...], value: object) -> None:
    damaged: Any = copy.deepcopy(FILE)
    inner = damaged
    for name in place[:-1]:
        inner = inner[name]
    inner[place[-1]] = value
    with pytest.raises(KeyFault, match="原始文件"):
        keyfile.unlock(damaged, PHRASE)
    for other in ([], None, "x", 5):
        with pytest.raises(KeyFault):
            keyfile.unlock(other, PHRASE)


def test_a_file_with_another_public_key_is_refused() -> None:
    swapped = {**FILE, "public": to_b64(keyfile.public_key(keyfile.new_private_key()))}
    with pytest.raises(KeyFault, match="不是一对"):
        keyfile.unlock(swapped, PHRASE)


def test_the_recovery_sheet_gives_the_key_back() -> None:
    for private in (PRIVATE, bytes(32), b"\xff" * 32):
        assert keyfile.from_recovery(keyfile.recovery_lines(private)) == private


def test_a_wrong_symbol_or_swapped_lines_of_the_sheet_are_named_by_line() -> None:
    lines = keyfile.recovery_lines(PRIVATE)
    wrong = lines[2][:5] + next(symbol for symbol in ALPHABET if symbol != lines[2][5]) + lines[2][6:]
    with pytest.raises(KeyFault, match="第3行"):
        keyfile.from_recovery([lines[0], lines[1], wrong, lines[3]])
    with pytest.raises(KeyFault, match="第1行"):
        keyfile.from_recovery([lines[1], lines[0], lines[2], lines[3]])
    with pytest.raises(KeyFault, match="共4行"):
        keyfile.from_recovery(lines[:3])
    with pytest.raises(KeyFault, match="第1行"):
        keyfile.from_recovery(["Z" * 14, *lines[1:]])


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
    public = keyfile.public_key(PRIVATE)
    assert keyfile.read_public(f" {to_b64(public)}\n") == public
    assert re.fullmatch(r"\w{4} \w{4} \w{4}", keyfile.public_mark(public))
    for wrong in ("", "计票公钥", to_b64(public)[:-1], to_b64(public + b"x")):
        with pytest.raises(KeyFault, match="重新索取"):
            keyfile.read_public(wrong)


def test_keygen_makes_rehearses_and_restores_a_key(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert keygen.main(["--out", str(tmp_path)]) == 0
    said = capsys.readouterr().out
    phrase = re.search(r"口令　([\w ]+)（", said)
    lines = re.findall(r"^\d　([\w ]+)$", said, re.MULTILINE)
    public = keyfile.read_public((tmp_path / "tally-public.txt").read_text())
    assert phrase
    assert to_b64(keyfile.from_recovery(lines)) not in (tmp_path / "tally-key.json").read_text()

    challenge, expected = keyfile.make_challenge(public)
    monkeypatch.setattr("sys.stdin", io.StringIO(phrase[1] + "\n"))
    assert keygen.main([f"--answer={challenge}", "--key", str(tmp_path / "tally-key.json")]) == 0
    answer = capsys.readouterr().out.split("　")[1]
    assert keyfile.answer_is_right(answer, expected)

    again = tmp_path / "again"
    again.mkdir()
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(lines) + "\n"))
    assert keygen.main(["--restore", "--out", str(again)]) == 0
    assert (again / "tally-public.txt").read_text() == (tmp_path / "tally-public.txt").read_text()


def test_keygen_never_overwrites_a_key(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "tally-key.json").write_text("the key of a round still to be counted")
    assert keygen.main(["--out", str(tmp_path)]) == 1
    assert "没有覆盖" in capsys.readouterr().err
    assert "still to be counted" in (tmp_path / "tally-key.json").read_text()
