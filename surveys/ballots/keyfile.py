"""The custodian's tally key (计票密钥): locked file, recovery sheet, rehearsal.

The private half is unlocked only in memory. If passphrase and sheet are both lost, the round is lost.
"""

import hmac
import secrets
import unicodedata
from hashlib import sha256
from typing import Any

from nacl.exceptions import CryptoError
from nacl.public import PrivateKey, PublicKey, SealedBox
from nacl.pwhash import argon2id
from nacl.secret import SecretBox
from nacl.signing import SigningKey, VerifyKey

from surveys.ballots.encoding import ALPHABET, Malformed, from_b64, to_b64, to_symbols
from surveys.ballots.forms import Json
from surveys.ballots.slips import in_fours, normalize

FORMAT = "sanliang-tally-key/1"
KEY_LENGTH = 32
PASSPHRASE_LENGTH = 24  # 118 bits
ANSWER_LENGTH = 16
_LINES = 4
_LINE_BYTES = KEY_LENGTH // _LINES
_LINE_SYMBOLS = 13  # the fewest that hold 64 bits
_MOST_MEMORY = 2**30
_MOST_PASSES = 20
_REHEARSAL = b"sanliang/rehearsal/1|"


class KeyFault(ValueError):  # noqa: N818 - says what it is
    """The key cannot be used; the message says why and what to do, in Chinese."""


def new_private_key() -> bytes:
    return bytes(PrivateKey.generate())


def public_key(private: bytes) -> bytes:
    return bytes(PrivateKey(private).public_key)


def counts_seed(private: bytes) -> bytes:
    """The key that signs the counts; it follows from the tally key, so that file and sheet hold both."""
    return hmac.digest(private, b"sanliang/counts-key/1", "sha256")


def counts_key(private: bytes) -> bytes:
    """Its public half, which the frozen form names."""
    return bytes(SigningKey(counts_seed(private)).verify_key)


def handed_over(private: bytes) -> str:
    """What the custodian hands to the centre: both public halves."""
    return to_b64(public_key(private) + counts_key(private))


def new_passphrase() -> str:
    """Generated, never chosen; written down in groups of four."""
    return in_fours("".join(secrets.choice(ALPHABET) for _ in range(PASSPHRASE_LENGTH)))


def public_mark(public: bytes, counts_key: bytes = b"") -> str:
    """Twelve symbols (公钥识别码) by which two people compare the public keys aloud.

    Surveys of earlier versions have no key for the counts.
    """
    digest = sha256(b"sanliang/tally-key/1|" + public + counts_key).digest()
    return in_fours(to_symbols(int.from_bytes(digest[:7], "big"), 12))


def read_public(text: str) -> tuple[bytes, bytes]:
    """What the custodian handed over: the tally key's public half, and that of the key for the counts.

    Blanks and line ends are ignored. Raises KeyFault.
    """
    try:
        both = from_b64("".join(text.split()))
        public, counts = both[:KEY_LENGTH], both[KEY_LENGTH:]
        PublicKey(public)
        if counts:
            VerifyKey(counts)
    except (Malformed, ValueError) as fault:
        raise KeyFault("计票公钥格式不正确，请向保管人重新索取公钥文件的全部内容。") from fault
    if not counts:
        raise KeyFault(
            "这是旧版本程序写出的公钥文件，没有计票签名公钥，请保管人运行 keygen --public 重新写出。"
        )
    return public, counts


def lock(private: bytes, passphrase: str, *, strong: bool = True) -> Json:
    """The key file: the private key encrypted under the passphrase (Argon2id, XSalsa20-Poly1305)."""
    passes = argon2id.OPSLIMIT_MODERATE if strong else argon2id.OPSLIMIT_MIN
    memory = argon2id.MEMLIMIT_MODERATE if strong else argon2id.MEMLIMIT_MIN
    salt = secrets.token_bytes(argon2id.SALTBYTES)
    box = SecretBox(_stretch(passphrase, salt, passes, memory))
    return {
        "format": FORMAT,
        "public": to_b64(public_key(private)),
        "kdf": {"name": "argon2id13", "passes": passes, "memory": memory, "salt": to_b64(salt)},
        "locked": to_b64(bytes(box.encrypt(private))),
    }


def unlock(file: object, passphrase: str) -> bytes:
    """The private key; raises KeyFault, which says whether the file or the passphrase is wrong."""
    public, kdf, locked = _parts(file)
    key = _stretch(passphrase, kdf[0], kdf[1], kdf[2])
    try:
        private = bytes(SecretBox(key).decrypt(locked))
    except CryptoError as fault:
        raise KeyFault("口令不正确，请核对后重新输入。密钥文件没有改动。") from fault
    if len(private) != KEY_LENGTH or public_key(private) != public:
        raise KeyFault("密钥文件的公钥和私钥不是一对，请使用原始文件或恢复单。")
    return private


def _parts(file: Any) -> tuple[bytes, tuple[bytes, int, int], bytes]:
    try:
        return _read_parts(file)
    except (Malformed, KeyError, TypeError) as fault:
        raise KeyFault("这不是完整的计票密钥文件，请使用保管的原始文件或恢复单。") from fault


def _read_parts(file: Any) -> tuple[bytes, tuple[bytes, int, int], bytes]:
    kdf = file["kdf"]
    if file["format"] != FORMAT or kdf["name"] != "argon2id13":
        raise Malformed("another format")
    passes, memory = kdf["passes"], kdf["memory"]
    if not (
        type(passes) is type(memory) is int and 0 < passes <= _MOST_PASSES and 0 < memory <= _MOST_MEMORY
    ):
        raise Malformed("unreasonable cost")
    salt = from_b64(kdf["salt"], argon2id.SALTBYTES)
    return from_b64(file["public"], KEY_LENGTH), (salt, passes, memory), from_b64(file["locked"], 72)


def spoken(passphrase: str) -> str:
    """The part of a passphrase that counts: letters (Chinese too) and digits, not case, blanks or width."""
    return "".join(symbol for symbol in unicodedata.normalize("NFKC", passphrase).upper() if symbol.isalnum())


def _stretch(passphrase: str, salt: bytes, passes: int, memory: int) -> bytes:
    words = spoken(passphrase).encode()
    try:
        return bytes(argon2id.kdf(SecretBox.KEY_SIZE, words, salt, opslimit=passes, memlimit=memory))
    except (CryptoError, ValueError) as fault:
        raise KeyFault("本机内存不足或密钥文件参数不正确，无法解锁计票密钥。") from fault


def recovery_lines(private: bytes) -> list[str]:
    """The private key for paper: four lines of 14 symbols, the last one a check symbol."""
    lines = []
    for number in range(_LINES):
        part = private[number * _LINE_BYTES : (number + 1) * _LINE_BYTES]
        symbols = to_symbols(int.from_bytes(part, "big"), _LINE_SYMBOLS)
        lines.append(in_fours(symbols + _check_symbol(symbols, number)))
    return lines


def from_recovery(lines: list[str]) -> bytes:
    """The private key from the sheet; KeyFault names the line with a wrong symbol or a swap."""
    typed = [normalize(line) for line in lines if normalize(line)]
    if len(typed) != _LINES:
        raise KeyFault(f"恢复单共{_LINES}行，请逐行完整输入。")
    parts = []
    for number, line in enumerate(typed):
        symbols, check = line[:_LINE_SYMBOLS], line[_LINE_SYMBOLS:]
        if (
            len(line) != _LINE_SYMBOLS + 1
            or set(line) - set(ALPHABET)
            or check != _check_symbol(symbols, number)
        ):
            raise KeyFault(f"恢复单第{number + 1}行有误，请对照原件逐位核对。")
        value = 0
        for symbol in symbols:
            value = value * len(ALPHABET) + ALPHABET.index(symbol)
        if value >= 2 ** (8 * _LINE_BYTES):
            raise KeyFault(f"恢复单第{number + 1}行有误，请对照原件逐位核对。")
        parts.append(value.to_bytes(_LINE_BYTES, "big"))
    return b"".join(parts)


def _check_symbol(symbols: str, number: int) -> str:
    total = sum(weight * ALPHABET.index(symbol) for weight, symbol in enumerate(symbols, start=1))
    return ALPHABET[(total + 7 * number) % len(ALPHABET)]


def make_challenge(public: bytes) -> tuple[str, bytes]:
    """The rehearsal (开箱演练): (text for the custodian, hash of the right answer)."""
    answer = "".join(secrets.choice(ALPHABET) for _ in range(ANSWER_LENGTH))
    sealed = SealedBox(PublicKey(public)).encrypt(_REHEARSAL + answer.encode())
    return to_b64(bytes(sealed)), _answer_hash(answer)


def answer_challenge(challenge: str, private: bytes) -> str:
    """The answer the custodian reads out; it proves that this key opens the survey's ballots.

    Only rehearsal texts are decrypted, never a ballot. Raises KeyFault.
    """
    try:
        plain = bytes(SealedBox(PrivateKey(private)).decrypt(from_b64("".join(challenge.split()))))
    except (CryptoError, Malformed, ValueError, TypeError) as fault:
        raise KeyFault("演练口令无法解开：密钥与本次评价的计票公钥不是一对，或演练口令不完整。") from fault
    if not plain.startswith(_REHEARSAL):
        raise KeyFault("这不是演练口令。为保护选票，本命令只解开演练口令。")
    return in_fours(plain.removeprefix(_REHEARSAL).decode("ascii", "replace"))


def answer_is_right(answer: str, answer_hash: bytes) -> bool:
    return hmac.compare_digest(_answer_hash(normalize(answer)), answer_hash)


def _answer_hash(answer: str) -> bytes:
    return sha256(_REHEARSAL + answer.encode()).digest()
