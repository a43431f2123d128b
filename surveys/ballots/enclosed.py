"""Voters' comments stored beside the results: `comments.sealed`, which only the tally key opens.

A verifier with the key compares it with the ballots; a person with only the bundle reads no word.
A digest would not do: short remarks can be found by guessing.
"""

import json

from surveys.ballots import forms, plain_json
from surveys.ballots.encoding import Malformed, from_b64
from surveys.ballots.forms import Json
from surveys.ballots.sealing import Opener, Spoiled, seal
from surveys.ballots.signing import NONCE

NAME = "comments.sealed"
_BLOCK = 4096  # padded to whole blocks, so that the length hides how much was written


def enclose(counts: Json, public: Json) -> dict[str, bytes]:
    """The counts file without its comments, and the comments sealed to the survey's tally key."""
    inside = {name: counts[name] for name in ("comments", NONCE) if name in counts}
    numbers = {name: part for name, part in counts.items() if name not in inside}
    plain = forms.canonical({"survey": public["survey"], **inside}).encode()
    whole = plain.ljust(-(-len(plain) // _BLOCK) * _BLOCK)
    return {
        "counts.json": json.dumps(numbers, ensure_ascii=False).encode(),
        NAME: seal(whole, from_b64(public["tally_key"], 32)),
    }


def disclose(sealed: bytes, survey: str, private_key: bytes) -> Json | None:
    """The comments; None if the key does not open them or they are of another survey."""
    try:
        inside = plain_json.parse(Opener(private_key).open(sealed))
        return {"comments": inside["comments"]} if inside["survey"] == survey else None
    except (Spoiled, Malformed, KeyError, TypeError):
        return None
