"""A small closed survey, from the voters' phones to the bundle and its results."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from random import Random
from typing import Any

from evaluations.scoring import parse_scheme, score_facts
from surveys.ballots import casting, credentials, enclosed, keyfile, slips
from surveys.ballots.bundle import Bundle, SlipRow, code_root
from surveys.ballots.exporting import with_results, write_bundle
from surveys.ballots.sealing import Comment
from surveys.ballots.verify import added
from surveys.voting.simulated_phone import Loaded, Phone
from tests.kit import ballot_form
from tests.kit.issuer import moduli, redeemed_phone

NUMBERS = {"K7M2": 14, "M8QW": 11, "P3ZT": 3}
PRINTED = 40
SEED = b"s" * 32
PASSPHRASE = "2222 2222 2222"
SCHEME = Path(__file__).parents[2] / "schemes/yuncheng-2023/scheme.yaml"
Json = dict[str, Any]


@dataclass(frozen=True)
class Election:
    """What each party holds at the close; a test changes it with `replace`, or while writing."""

    public: Json
    private: bytes
    phones: list[Phone]
    votes: list[tuple[str, bytes, list[Comment]]]
    casts: list[casting.Cast]
    slips: list[SlipRow]
    batches: list[Json]

    def write(self, path: Path, **changes: Any) -> Bundle:
        fields: Json = {
            "public": self.public,
            "ballots": sorted(self.casts, key=lambda cast: cast.credential),
            "slips": self.slips,
            "batches": self.batches,
            "published_code_root": code_root(row.code_hash for row in self.slips),
            "key_on_server": False,
            "box_seed": SEED,
        }
        write_bundle(path, **{**fields, **changes})
        return Bundle(path)

    def key_file(self, path: Path) -> Path:
        path.write_text(json.dumps(keyfile.lock(self.private, PASSPHRASE, strong=False)))
        return path


def cast(phone: Phone, cells: bytes, comments: list[Comment]) -> casting.Cast:
    """The ballot as it lies in the box; one byte a cell: 0 untouched, else the place of the word."""
    words = ["", *phone.loaded.places]
    answers: dict[str, dict[str, str]] = {}
    for (subject, question), place in zip(phone.loaded.cells, cells, strict=True):
        answers.setdefault(subject, {})[question] = words[place]
    return read(phone, phone.cast(answers, comments))


def read(phone: Phone, body: Json) -> casting.Cast:
    return casting.read_cast(body, sealed_length=phone.loaded.layout.sealed_length)


@cache
def closed_election(
    private: bytes | None = None, *, persons: int = 2, vote: Callable[[int, int], bytes] | None = None
) -> Election:
    """NUMBERS ballots cast; two more slips of each stratum are only redeemed. Made once a session.

    `vote`: (number of the ballot in its stratum, cells) → what it says; by chance without it.
    """
    random = Random(7)  # noqa: S311 - answers, not secrets
    private = private or keyfile.new_private_key()
    public = ballot_form.public(
        keys=moduli(*NUMBERS),
        tally_key=keyfile.public_key(private),
        counts_key=keyfile.counts_key(private),
        box_key=credentials.box_public_key(SEED),
        departments=2,
        persons=persons,
    )
    loaded = Loaded(public)
    phones, votes, casts, rows, batches = [], [], [], [], []
    for batch, (key_id, number) in enumerate(NUMBERS.items()):
        for place in range(PRINTED):
            code_hash = slips.hash_code(slips.new_code(), pepper=b"p" * 32)
            rows.append(SlipRow(code_hash, "redeemed" if place < number + 2 else "unused", batch))
        parts = {"printed": PRINTED, "handed": PRINTED - 3, "returned": 2, "spoiled": 1}
        batches.append({"id": f"{batch + 1}", "key": key_id, "town": "示范镇", **parts})
        for at in range(number):
            length = loaded.layout.cells
            cells = vote(at, length) if vote else bytes(random.randrange(6) for _ in range(length))
            comments = [Comment(0, "排队时间长", "增设窗口")] if cells[0] == 4 else []
            phones.append(redeemed_phone(loaded, key_id))
            votes.append((key_id, cells, comments))
            casts.append(cast(phones[-1], cells, comments))
    return Election(public, private, phones, votes, casts, rows, batches)


def facts_of(public: Json, counts: Json) -> Json:
    total = added([group["answers"] for group in counts["strata"]])
    return {
        "scheme": "yuncheng-2023",
        "period": "2026-Q3",
        "options": {"min_valid_answers": 5, "min_answers_per_department": 5},
        "subjects": {
            department["id"]: {
                "name": department["name"],
                "sections": {section["id"]: {"name": section["name"]} for section in department["sections"]},
                "members": {
                    person["id"]: {
                        "name": person["name"],
                        "role": "staff",
                        "section": section["id"],
                        "answers": {"ballot": total[person["id"]]},
                    }
                    for section in department["sections"]
                    for person in section["persons"]
                },
            }
            for department in public["form"]["departments"]
        },
    }


def results_of(public: Json, counts: Json) -> dict[str, bytes]:
    """What the centre adds to the bundle after scoring, by file name."""
    facts = facts_of(public, counts)
    results = {**enclosed.enclose(counts, public), "scheme.yaml": SCHEME.read_bytes()}
    return rescored({**results, "facts.json": json.dumps(facts, ensure_ascii=False).encode()})


def rescored(results: dict[str, bytes]) -> dict[str, bytes]:
    """The results with the outcome that follows from their facts."""
    scheme = parse_scheme(results["scheme.yaml"].decode(), file="scheme.yaml")
    outcome = score_facts(scheme, json.loads(results["facts.json"]))
    return {**results, "outcome.json": json.dumps(outcome, ensure_ascii=False).encode()}


def with_outcome(bundle: Bundle, path: Path, results: dict[str, bytes]) -> Bundle:
    with_results(bundle, path, results=results)
    return Bundle(path)
