"""The custodian's signature under the counts: whoever else hands in numbers is found out.

Signed are all numbers, the bundle they were counted from, and a mark of the comments: a digest of them
with a random nonce, which goes where the comments go. Whoever has only the numbers and the mark can so
guess no short remark. The signing key follows from the tally key; its public half stands in the frozen
form, under the fingerprint on every slip.
"""

import json
import secrets
from hashlib import sha256

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from surveys.ballots import keyfile
from surveys.ballots.encoding import Malformed, from_b64, to_b64
from surveys.ballots.forms import Json

COUNTS_KEY = "counts_key"
MARK, NONCE, SIGNATURE = "comments_mark", "comments_nonce", "signature"
SIGNED_PARTS = (MARK, NONCE, SIGNATURE)
_NOT_SIGNED = ("comments", NONCE, SIGNATURE)
_SIGNATURE_LENGTH = 64


def is_signed(public: Json) -> bool:
    """Whether the survey's form names a key for its counts; those of earlier versions do not."""
    return COUNTS_KEY in public


def fits(private: bytes, public: Json) -> bool:
    """Whether the key in the form is the one that follows from this tally key, or there is none."""
    return not is_signed(public) or public[COUNTS_KEY] == to_b64(keyfile.counts_key(private))


def signed(counts: Json, private: bytes, public: Json) -> Json:
    """The counts with the custodian's signature, if the form names a key for it."""
    if not is_signed(public):
        return counts
    nonce = to_b64(secrets.token_bytes(32))
    marked = {**counts, NONCE: nonce, MARK: _mark(counts["comments"], nonce)}
    key = SigningKey(keyfile.counts_seed(private))
    return {**marked, SIGNATURE: to_b64(bytes(key.sign(_message(marked)).signature))}


def holds(counts: Json, public: Json) -> bool:
    """Whether the custodian signed these counts, and the comments where they are among them.

    True where the form names no key. Counts beside the results come without comments.
    """
    if not is_signed(public):
        return True
    try:
        if "comments" in counts and counts[MARK] != _mark(counts["comments"], counts[NONCE]):
            return False
        signature = from_b64(counts[SIGNATURE], _SIGNATURE_LENGTH)
        VerifyKey(from_b64(public[COUNTS_KEY], 32)).verify(_message(counts), signature)
    except (BadSignatureError, Malformed, KeyError, TypeError, AttributeError, ValueError, RecursionError):
        return False
    return True


def _mark(comments: object, nonce: str) -> str:
    return sha256(b"sanliang/comments/1|" + nonce.encode() + b"|" + _text(comments)).hexdigest()


def _message(counts: Json) -> bytes:
    numbers = {name: part for name, part in counts.items() if name not in _NOT_SIGNED}
    return b"sanliang/counts/1|" + _text(numbers)


def _text(value: object) -> bytes:
    """One text per value, whatever order a database or a file gave its parts."""
    return json.dumps(value, ensure_ascii=True, sort_keys=True, separators=(",", ":")).encode("ascii")
