"""A small closed survey, from keys to the bundle, for the tests of counting and verifying."""

import json
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from evaluations.scoring import parse_scheme, score_facts
from surveys.ballots import blindrsa, casting, credentials, enclosed, keyfile, slips
from surveys.ballots.blindrsa import IssuerKey
from surveys.ballots.bundle import Bundle, SlipRow, code_root
from surveys.ballots.encoding import to_b64
from surveys.ballots.exporting import with_results, write_bundle
from surveys.ballots.sealing import Comment
from surveys.ballots.verify import added
from tests.ballots import sample
from tests.ballots.voter import Voter

STRATA = {"K7M2": "民营企业", "M8QW": "个体工商户", "P3ZT": "非民营企业"}
SEED = b"s" * 32
PEPPER = b"p" * 32
PASSPHRASE = "2222 2222 2222"
SCHEME = Path(__file__).parents[2] / "schemes/yuncheng-2023/scheme.yaml"


@dataclass
class Election:
    """What each party holds at the close."""

    public: dict[str, Any]
    issuers: dict[str, IssuerKey]
    private: bytes
    voters: list[Voter]
    votes: list[tuple[str, bytes, list[Comment]]]
    casts: list[casting.Cast]
    slips: list[SlipRow]
    batches: list[dict[str, Any]]
    code_root: str

    def write(self, path: Path, **changes: Any) -> Bundle:
        fields: dict[str, Any] = {
            "public": self.public,
            "ballots": sorted(self.casts, key=lambda cast: cast.credential),
            "slips": self.slips,
            "batches": self.batches,
            "published_code_root": self.code_root,
            "key_on_server": False,
            "box_seed": SEED,
        }
        write_bundle(path, **{**fields, **changes})
        return Bundle(path)

    def key_file(self, path: Path) -> Path:
        path.write_text(json.dumps(keyfile.lock(self.private, PASSPHRASE, strong=False)))
        return path


def hold(numbers: dict[str, int], *, printed: int = 40, persons: int = 2) -> Election:
    """Redeem and cast the given numbers of ballots per stratum; two more slips of each are only redeemed."""
    random = Random(7)  # noqa: S311 - answers, not secrets
    issuers = {key_id: IssuerKey.generate() for key_id in STRATA}
    private = keyfile.new_private_key()
    public = sample.public(
        keys=[
            {"id": key_id, "stratum": name, "n": to_b64(issuers[key_id].public_bytes())}
            for key_id, name in STRATA.items()
        ],
        tally_key=to_b64(keyfile.public_key(private)),
        box_key=to_b64(credentials.box_public_key(SEED)),
        departments=2,
        persons=persons,
    )
    voters, votes, casts, rows, batches = [], [], [], [], []
    checker = casting.Checker(public)
    for batch, (key_id, number) in enumerate(numbers.items()):
        hashes = [slips.hash_code(slips.new_code(), pepper=PEPPER) for _ in range(printed)]
        rows += [
            SlipRow(each, "redeemed" if place < number + 2 else "unused", batch)
            for place, each in enumerate(hashes)
        ]
        batches.append(
            {
                "id": f"{batch + 1}",
                "key": key_id,
                "town": "示范镇",
                "printed": printed,
                "handed": printed - 3,
                "returned": 2,
                "spoiled": 1,
            }
        )
        for _ in range(number):
            voter = Voter(public, key_id)
            voter.take(blindrsa.blind_sign(issuers[key_id], voter.blinded))
            answers = bytes(random.randrange(6) for _ in range(checker.layout.cells))
            comments = [Comment(0, "排队时间长", "增设窗口")] if answers[0] == 4 else []
            body = voter.cast_body(answers, comments)
            casts.append(casting.read_cast(body, sealed_length=checker.layout.sealed_length))
            voters.append(voter)
            votes.append((key_id, answers, comments))
    root = code_root(row.code_hash for row in rows)
    return Election(public, issuers, private, voters, votes, casts, rows, batches, root)


def facts_of(election: Election, counts: dict[str, Any]) -> dict[str, Any]:
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
            for department in election.public["form"]["departments"]
        },
    }


def results_of(election: Election, counts: dict[str, Any]) -> dict[str, bytes]:
    scheme = SCHEME.read_bytes()
    facts = facts_of(election, counts)
    outcome = score_facts(parse_scheme(scheme.decode(), file="scheme.yaml"), facts)
    files = {"facts.json": facts, "outcome.json": outcome}
    dumped = {name: json.dumps(value, ensure_ascii=False).encode() for name, value in files.items()}
    return {**enclosed.enclose(counts, election.public), **dumped, "scheme.yaml": scheme}


def with_outcome(bundle: Bundle, path: Path, results: dict[str, bytes]) -> Bundle:
    with_results(bundle, path, results=results)
    return Bundle(path)
