"""The custodian's page and the command line on one key: what one writes, the other opens or refuses alike."""

import io
import json
import re
import sys
import unicodedata
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path
from typing import Any

import pytest
from nacl.public import PublicKey, SealedBox

from surveys.ballots import keyfile, keygen, slips
from surveys.ballots.encoding import ALPHABET, to_b64, to_symbols
from surveys.ballots.keyfile import KeyFault
from surveys.ballots.sealing import seal
from tests.kit.custodian import Custodian, Refusal

PRIVATE = keyfile.new_private_key()
PUBLIC, COUNTS_KEY = keyfile.public_key(PRIVATE), keyfile.counts_key(PRIVATE)
PHRASE = keyfile.new_passphrase()
FILE = keyfile.lock(PRIVATE, PHRASE, strong=False)
LINES = keyfile.recovery_lines(PRIVATE)
CAPITALS_SINCE = "\u019b\u0264\ua7d3\ua7d5\U00010791"
"""Letters whose capitals are younger than this Python's Unicode: each program knows those of its own year."""
KEYS = [PRIVATE, bytes(32), b"\xff" * 32, bytes(range(32))]


def both_say(offline: Custodian, call: str, python: Callable[..., object], *given: object) -> str:
    """What the page refuses, which is what the command line refuses."""
    with pytest.raises(KeyFault) as known:
        python(*given)
    with pytest.raises(Refusal) as told:
        offline.ask("keyfile", call, *given)
    assert str(told.value) == str(known.value)
    return str(told.value)


def test_a_key_made_on_the_page_serves_the_command_line(
    offline: Custodian, tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    private, phrase = offline.ask("keyfile", "newPrivateKey"), offline.ask("keyfile", "newPassphrase")
    assert len(private) == 32 != offline.ask("keyfile", "newPrivateKey")
    assert re.fullmatch(f"([{ALPHABET}]{{4}} ){{5}}[{ALPHABET}]{{4}}", phrase)
    file = offline.ask("keyfile", "lock", private, phrase)
    text = offline.ask("keyfile", "keyFileText", file)
    assert text == json.dumps(json.loads(text), indent=1) + "\n"
    assert list(file) == list(FILE)
    assert list(file["kdf"].values())[:3] == ["argon2id13", 3, 2**28]

    (tmp_path / "tally-key.json").write_text(text)
    challenge, expected = keyfile.make_challenge(offline.ask("keyfile", "publicKey", private))
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{phrase.lower()}\n"))
    assert keygen.main([f"--answer={challenge}", "--key", str(tmp_path / "tally-key.json")]) == 0
    answer, mark = capsys.readouterr().out.splitlines()
    assert keyfile.answer_is_right(answer.split("　")[1], expected)
    assert offline.ask("keyfile", "markOf", private) in mark
    assert keyfile.from_recovery(offline.ask("keyfile", "recoveryLines", private)) == private


def test_a_key_of_the_command_line_serves_the_page(offline: Custodian) -> None:
    assert offline.ask("keyfile", "unlock", FILE, PHRASE.lower().replace(" ", "－")) == PRIVATE
    assert offline.ask("keyfile", "keyFileText", FILE) == json.dumps(FILE, indent=1) + "\n"
    locked = offline.ask("keyfile", "lock", PRIVATE, PHRASE, False)
    assert keyfile.unlock(locked, PHRASE) == offline.ask("keyfile", "unlock", locked, PHRASE) == PRIVATE


def each(name: str, *values: object) -> list[dict[str, Any]]:
    return [{name: value} for value in values]


DAMAGES = [
    *each("format", "other", None, 1),
    *each("public", "AA", None, to_b64(bytes(33)), to_b64(bytes(31)) + "="),
    *each("locked", "AA", None, [], FILE["locked"][:-1], FILE["locked"][:-1] + "+"),
    *each("kdf", {}, None, [], "x"),
]
COSTS = [
    *each("name", "md5", None),
    *each("passes", 10**9, 21, 0, -1, "1", None, True, []),
    *each("memory", 2**40, 2**30 + 1, 0, -8192, "8192", None, True, 10**30),
    *each("salt", "AA", None, 5, FILE["kdf"]["salt"] + "\n", "字" * 22),
]


@pytest.mark.parametrize(
    ("said", "files"),
    [
        (
            "原始文件",
            [
                *({**FILE, **damage} for damage in DAMAGES),
                *({**FILE, "kdf": {**FILE["kdf"], **cost}} for cost in COSTS),
                *([], [FILE], None, "x", 5, {}),
            ],
        ),
        ("不是一对", [{**FILE, "public": to_b64(keyfile.public_key(bytes(range(32))))}]),
        ("内存不足", [{**FILE, "kdf": {**FILE["kdf"], "memory": 8191}}]),
        (
            "口令不正确",
            [
                {**FILE, "locked": to_b64(bytes(72))},
                *(
                    {**FILE, "kdf": {**FILE["kdf"], **cost}}
                    for cost in ({"passes": 2}, {"memory": 9216}, {"salt": to_b64(bytes(16))})
                ),
            ],
        ),
    ],
)
def test_both_refuse_a_damaged_file_in_the_same_words(
    offline: Custodian, said: str, files: list[object]
) -> None:
    for file in files:
        assert said in both_say(offline, "unlock", keyfile.unlock, file, PHRASE)


def test_both_read_one_thing_or_nothing_in_the_text_of_a_file(
    offline: Custodian, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A name twice, a mark of byte order, 1.0 for 1: what may be read in two ways, neither takes."""

    def page(content: bytes) -> object:
        file = offline.ask("keyfile", "readKeyFile", content, str(path))
        return offline.ask("keyfile", "unlock", file, PHRASE)

    text = json.dumps(FILE)
    path = tmp_path / "key.json"
    path.write_text(text)
    monkeypatch.setattr("sys.stdin", io.StringIO(f"{PHRASE}\n" * 30))
    assert keygen.read_private_key(path) == page(text.encode()) == PRIVATE
    for content in (
        b"",
        text[:-1].encode(),
        f"{text} 1".encode(),
        f"\ufeff{text}".encode(),
        text.encode("utf-16"),
        text.encode("utf-16-le"),
        text.encode() + b"\xff",
        text.replace('"passes": 1,', '"passes": 1, "passes": 1,').encode(),
        text.replace('"passes": 1,', '"passes": 1.0,').encode(),
        text.replace('"passes": 1,', '"passes": 1e0,').encode(),
        text.replace('"passes": 1,', '"passes": NaN,').encode(),
        text.replace('"passes": 1,', '"passes": 01,').encode(),
        text.replace('"kdf"', '"__proto__"').encode(),
        b"[" * 100_000,
    ):
        path.write_bytes(content)
        with pytest.raises(KeyFault) as known:
            keygen.read_private_key(path)
        with pytest.raises(Refusal) as told:
            page(content)
        assert str(told.value) == str(known.value)


def test_both_refuse_a_wrong_passphrase_in_the_same_words(offline: Custodian) -> None:
    for phrase in ("", "——", PHRASE[:-1], PHRASE + "2", keyfile.new_passphrase()):
        assert "口令不正确" in both_say(offline, "unlock", keyfile.unlock, FILE, phrase)


def test_both_read_the_same_in_a_passphrase(offline: Custodian) -> None:
    """Every character that this Python knows: letters and digits of any script, in any width."""
    known = [
        chr(point)
        for point in range(sys.maxunicode + 1)
        if unicodedata.category(chr(point)) not in ("Cn", "Cs", "Co") and chr(point) not in CAPITALS_SINCE
    ]
    beside_others = sorted(known, key=lambda symbol: sha256(symbol.encode()).digest())
    for text in ("".join(known), "".join(beside_others)):
        assert offline.ask("keyfile", "spoken", text) == keyfile.spoken(text)
    assert offline.ask("encoding", "withoutBlanks", "".join(known)) == "".join("".join(known).split())
    typed = ["".join(known[start : start + 200]) for start in range(0, 0x3000, 200)]
    typed += ["Ａ１ｂ" * 133 + "2", "2" * 400, "2" * 401, "𝟚" * 400, "𝟚" * 401, "ß\ud83d", "\ud83d口\udc00令"]
    for text in typed:
        assert offline.ask("encoding", "normalize", text) == slips.normalize(text)
        assert offline.ask("keyfile", "spoken", text) == keyfile.spoken(text)


def test_both_write_the_same_public_file_mark_and_sheet(offline: Custodian) -> None:
    for private in KEYS:
        public, counts_key = keyfile.public_key(private), keyfile.counts_key(private)
        lines = keyfile.recovery_lines(private)
        mark = keyfile.public_mark(public, counts_key)
        assert offline.ask("keyfile", "publicKey", private) == public
        assert offline.ask("keyfile", "countsKey", private) == counts_key
        assert offline.ask("keyfile", "countsSeed", private) == keyfile.counts_seed(private)
        assert offline.ask("keyfile", "publicFileText", private) == keyfile.handed_over(private) + "\n"
        assert offline.ask("keyfile", "readPublic", f" {keyfile.handed_over(private)}\n") == [
            public,
            counts_key,
        ]
        assert offline.ask("keyfile", "publicMark", public, counts_key) == mark
        assert offline.ask("keyfile", "publicMark", public) == keyfile.public_mark(public)
        assert offline.ask("keyfile", "recoveryLines", private) == lines
        assert offline.ask("keyfile", "fromRecovery", [*lines[:2], "", *lines[2:], " - "]) == private
        numbered = "\n".join(f"{number}　{line}" for number, line in enumerate(lines, start=1))
        assert offline.ask("keyfile", "recoverySheet", private) == keygen.SHEET.format(
            mark=mark, lines=numbered
        )


def test_both_find_any_wrong_symbol_and_any_swap_on_the_sheet(offline: Custodian) -> None:
    def said(lines: list[str]) -> str:
        return both_say(offline, "fromRecovery", keyfile.from_recovery, lines)

    for number, line in enumerate(LINES):
        for place in (place for place, symbol in enumerate(line) if symbol != " "):
            for other in (ALPHABET[(ALPHABET.index(line[place]) + 1 + place) % 31], "0", "", "口", "22"):
                if other != line[place]:
                    wrong = line[:place] + other + line[place + 1 :]
                    assert f"第{number + 1}行" in said([*LINES[:number], wrong, *LINES[number + 1 :]])
    first, second, third, fourth = LINES
    assert "第1行" in said([second, first, third, fourth])
    assert "第3行" in said([first, second, fourth, third])
    for lines in ([], LINES[:3], [*LINES, first], ["".join(LINES)], [*LINES[:3], "2" * 401]):
        assert "共4行" in said(lines)
    beyond = to_symbols(2**64, 13)
    for check in ALPHABET:
        assert "第1行" in said([beyond + check, second, third, fourth])


def test_both_refuse_the_same_public_files(offline: Custodian) -> None:
    text = keyfile.handed_over(PRIVATE)
    both = PUBLIC + COUNTS_KEY
    for wrong in (
        "",
        "计票公钥",
        text[:-2],
        text[:-1],
        f"\ufeff{text}",
        f"{text}=",
        to_b64(both + b"x"),
        to_b64(both[:31]),
    ):
        assert "重新索取" in both_say(offline, "readPublic", keyfile.read_public, wrong)
    unused_bits = text[:-1] + chr(ord(text[-1]) + 1)
    assert "重新索取" in both_say(offline, "readPublic", keyfile.read_public, unused_bits)
    assert "keygen --public" in both_say(offline, "readPublic", keyfile.read_public, to_b64(PUBLIC))


def test_both_answer_the_same_challenges_and_none_that_is_foreign(offline: Custodian) -> None:
    challenge, expected = keyfile.make_challenge(PUBLIC)
    broken = f"\n {challenge[:40]}\r\n\x85{challenge[40:]}\u3000"
    answer = offline.ask("keyfile", "answerChallenge", broken, PRIVATE)
    assert answer == keyfile.answer_challenge(broken, PRIVATE)
    assert keyfile.answer_is_right(answer, expected)

    def said(challenge: str, private: bytes = PRIVATE) -> str:
        return both_say(offline, "answerChallenge", keyfile.answer_challenge, challenge, private)

    assert "不是一对" in said(challenge, bytes(range(32)))
    for wrong in (
        "",
        "演练口令",
        challenge[:-1],
        challenge[:-4],
        challenge[:60],
        f"{challenge}=",
        "A" * 4001,
    ):
        assert "不是一对" in said(wrong)
    assert "不是演练口令" in said(to_b64(seal(b"\x01" * 200, PUBLIC)))
    assert "不是演练口令" in said(to_b64(seal(b"", PUBLIC)))
    for odd in (b"", b"2\n3\xff4567", bytes(range(256))):
        sealed = to_b64(bytes(SealedBox(PublicKey(PUBLIC)).encrypt(b"sanliang/rehearsal/1|" + odd)))
        assert offline.ask("keyfile", "answerChallenge", sealed, PRIVATE) == keyfile.answer_challenge(
            sealed, PRIVATE
        )
