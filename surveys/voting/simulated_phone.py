"""A voter's phone in Python: what the page does, for the demo county, tests and benchmarks."""

from __future__ import annotations

import secrets
from dataclasses import dataclass, field
from typing import Any

from nacl.signing import SigningKey

from surveys.ballots import blindrsa, credentials, forms, sealing
from surveys.ballots.encoding import from_b64, to_b64
from surveys.ballots.sealing import Comment, Layout

SEQ_START = 2**52  # the first number is anywhere below; steps are nothing beside it
SEQ_STEP = 2**16
Json = dict[str, Any]
Answers = dict[str, dict[str, str]]  # subject → question → word


class Loaded:
    def __init__(self, public: Json) -> None:
        self.public = public
        self.form_hash = forms.form_hash(public)
        self.layout = Layout.of(public["form"])
        self.cells = {
            (cell.subject, cell.question): at for at, cell in enumerate(forms.cells(public["form"]))
        }
        self.places = {word: place for place, word in enumerate(forms.words(public["form"]), start=1)}

    def answer_cells(self, answers: Answers) -> bytes:
        """One byte per cell: 0 untouched, else the place of the word counted from 1."""
        given = bytearray(len(self.cells))
        for subject, words in answers.items():
            for question, word in words.items():
                if (subject, question) in self.cells:
                    given[self.cells[subject, question]] = self.places.get(word, 0)
        return bytes(given)


@dataclass
class Phone:
    source: Loaded | Json  # the public text, or what another phone has already loaded
    key_id: str
    code: str
    signing: SigningKey = field(default_factory=SigningKey.generate)
    seq: int = 0
    message: bytes = b""
    inverse: int = 0
    signature: bytes = b""

    def __post_init__(self) -> None:
        self.loaded = self.source if isinstance(self.source, Loaded) else Loaded(self.source)

    @property
    def public(self) -> Json:
        return self.loaded.public

    @property
    def credential(self) -> bytes:
        return bytes(self.signing.verify_key)

    @property
    def modulus(self) -> int:
        texts = {key["id"]: key["n"] for key in self.public["keys"]}
        return blindrsa.modulus(from_b64(texts[self.key_id]))

    def redeem(self) -> Json:
        said = credentials.credential_message(self.public["survey"], self.key_id, self.credential)
        self.message = blindrsa.prepare(said)
        blinded, self.inverse = blindrsa.blind(self.modulus, self.message)
        return {"key": self.key_id, "code": self.code, "blinded": to_b64(blinded)}

    def take(self, answer: Json) -> None:
        blind_signature = from_b64(answer["blind_sig"])
        self.signature = blindrsa.finalize(self.modulus, self.message, blind_signature, self.inverse)

    def cast(self, answers: Answers, comments: list[Comment] | None = None) -> Json:
        """The cast request; each call is a newer ballot of the same voter."""
        survey = self.public["survey"]
        self.seq += 1 + secrets.randbelow(SEQ_STEP if self.seq else SEQ_START)
        inside = credentials.binding(survey, self.loaded.form_hash, self.credential, self.seq)
        plain = self.loaded.layout.write(inside, self.loaded.answer_cells(answers), comments)
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
