"""A voter in Python, for tests and benchmarks: what the phone does, without the page."""

import secrets
from dataclasses import dataclass, field
from typing import Any

from nacl.exceptions import BadSignatureError
from nacl.signing import SigningKey, VerifyKey

from surveys.ballots import blindrsa, credentials, forms, sealing
from surveys.ballots.encoding import from_b64, to_b64
from surveys.ballots.sealing import Comment, Layout


def receipt_holds(box_key: bytes, survey: str, tracker: str, receipt: bytes) -> bool:
    """Whether the box signed this tracker, checked without the code that signs it."""
    try:
        VerifyKey(box_key).verify(f"sanliang/receipt/1|{survey}|{tracker}".encode(), receipt)
    except BadSignatureError:
        return False
    return True


@dataclass
class Voter:
    public: dict[str, Any]
    key_id: str
    code: str = ""
    signing: SigningKey = field(default_factory=SigningKey.generate)
    seq: int = 0
    sig: bytes = b""

    def __post_init__(self) -> None:
        n = next(key["n"] for key in self.public["keys"] if key["id"] == self.key_id)
        self.n = blindrsa.modulus(from_b64(n))
        self.credential = bytes(self.signing.verify_key)
        message = credentials.credential_message(self.public["survey"], self.key_id, self.credential)
        self.message = blindrsa.prepare(message)
        self.blinded, self._inverse = blindrsa.blind(self.n, self.message)

    def redeem_body(self) -> dict[str, Any]:
        return {"key": self.key_id, "code": self.code, "blinded": to_b64(self.blinded)}

    def take(self, blind_signature: bytes) -> None:
        self.sig = blindrsa.finalize(self.n, self.message, blind_signature, self._inverse)

    def cast_body(
        self, answers: bytes, comments: list[Comment] | None = None, *, inside: bytes | None = None
    ) -> dict[str, Any]:
        """A further call is a change of mind."""
        survey, layout = self.public["survey"], Layout.of(self.public["form"])
        self.seq += 1 + secrets.randbelow(2**16)
        bound = credentials.binding(survey, forms.form_hash(self.public), self.credential, self.seq)
        plain = layout.write(inside or bound, answers, comments)
        sealed = sealing.seal(plain, from_b64(self.public["tally_key"], 32))
        message = credentials.ballot_message(survey, self.credential, self.seq, sealed)
        return {
            "key": self.key_id,
            "prefix": to_b64(self.message[: blindrsa.PREFIX_LENGTH]),
            "credential": to_b64(self.credential),
            "sig": to_b64(self.sig),
            "seq": self.seq,
            "sealed": to_b64(sealed),
            "edsig": to_b64(self.signing.sign(message).signature),
        }
