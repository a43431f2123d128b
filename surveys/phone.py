"""A voter's phone in Python: what the page does, for the demo county, tests and benchmarks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from nacl.signing import SigningKey

from surveys.ballots import blindrsa, credentials, forms, sealing
from surveys.ballots.encoding import from_b64, to_b64
from surveys.ballots.sealing import Comment, Layout

Json = dict[str, Any]
Answers = dict[str, dict[str, str]]  # subject → question → word


@dataclass
class Phone:
    """One voter with one slip: redeems, fills in, casts, may cast again."""

    public: Json
    key_id: str
    code: str
    signing: SigningKey = field(default_factory=SigningKey.generate)
    seq: int = 0
    message: bytes = b""
    inverse: int = 0
    signature: bytes = b""

    @property
    def credential(self) -> bytes:
        return bytes(self.signing.verify_key)

    @property
    def modulus(self) -> int:
        texts = {key["id"]: key["n"] for key in self.public["keys"]}
        return blindrsa.modulus(from_b64(texts[self.key_id]))

    def redeem(self) -> Json:
        """The redeem request; the same one again if the answer was lost."""
        said = credentials.credential_message(self.public["survey"], self.key_id, self.credential)
        self.message = blindrsa.prepare(said)
        blinded, self.inverse = blindrsa.blind(self.modulus, self.message)
        return {"key": self.key_id, "code": self.code, "blinded": to_b64(blinded)}

    def take(self, answer: Json) -> None:
        """Unblind the signature; a wrong one raises."""
        blind_signature = from_b64(answer["blind_sig"])
        self.signature = blindrsa.finalize(self.modulus, self.message, blind_signature, self.inverse)

    def cast(self, answers: Answers, comments: list[Comment] | None = None) -> Json:
        """The cast request; each call is a newer ballot of the same voter."""
        form, survey = self.public["form"], self.public["survey"]
        self.seq += 1 + secrets.randbelow(1000)
        inside = credentials.binding(survey, forms.form_hash(self.public), self.credential, self.seq)
        plain = Layout.of(form).write(inside, cells_of(form, answers), comments)
        sealed = sealing.seal(plain, from_b64(self.public["tally_key"]))
        signed = credentials.ballot_message(survey, self.credential, self.seq, sealed)
        return {
            "key": self.key_id,
            "prefix": to_b64(self.message[: blindrsa.PREFIX_LENGTH]),
            "credential": to_b64(self.credential),
            "sig": to_b64(self.signature),
            "seq": self.seq,
            "sealed": to_b64(sealed),
            "edsig": to_b64(bytes(self.signing.sign(signed).signature)),
        }


def cells_of(form: Json, answers: Answers) -> bytes:
    """One byte per cell: 0 untouched, else the place of the word counted from 1."""
    places = {word: place for place, word in enumerate(forms.words(form), start=1)}
    return bytes(
        places.get(answers.get(cell.subject, {}).get(cell.question, ""), 0) for cell in forms.cells(form)
    )
