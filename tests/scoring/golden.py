"""Golden cases: policies worked out by hand, one YAML file per topic, each case a sentence.

A folder is named after a shipped scheme or holds a small `scheme.yaml` of its own beside its cases.
"""

from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from pathlib import Path
from textwrap import dedent
from typing import Any

import yaml

from evaluations.scoring import InvalidInputError, Policy, facts_from, load_scheme, score_facts, score_round
from evaluations.scoring.compare import as_text as changes_in_words
from evaluations.scoring.compare import compare
from evaluations.scoring.report import as_text
from office.definitions.source import Document

FOLDER = Path(__file__).resolve().parents[1] / "golden"


@dataclass
class GoldenCase:
    """Facts (scheme, period and group may be left out) and what must come of them: `expect`, a part of the
    outcome; `told`, consecutive lines of the report; `flip` an option and what `moves`; `refused`, a part of
    every fault.
    """

    scheme: str
    file: str
    name: str
    given: dict[str, Any]
    requirement: str = ""
    clause: str = ""
    expect: dict[str, Any] = field(default_factory=dict)
    told: str | list[str] = ""
    flip: dict[str, Any] = field(default_factory=dict)
    moves: str = ""
    refused: list[str] = field(default_factory=list)

    def __str__(self) -> str:
        return " ".join(filter(None, (f"{self.scheme}/{self.file}:", self.requirement, self.name)))

    @cached_property
    def policy(self) -> Policy:
        """The shipped scheme, or the small one beside the case."""
        return policy_of(self.scheme)

    def facts(self) -> dict[str, Any]:
        """The complete facts."""
        return {"scheme": self.policy.id, "period": "2023-Q3"} | self.given

    def outcome(self) -> dict[str, Any]:
        """What the engine makes of them."""
        return score_facts(self.policy, self.facts())

    def faults(self) -> list[str]:
        """Where the case does not hold."""
        found: list[str] = []
        try:
            outcome = score_round(self.policy, facts_from(self.facts(), self.policy))
            found += differences(self.expect, outcome.to_json())
            found += self._untold(as_text(self.policy, outcome))
            found += self._moved_otherwise()
        except InvalidInputError as error:
            return [*found, *unmatched(self.refused, str(error).splitlines())]
        return [*found, *(f"nobody refused: {words}" for words in self.refused)]

    def _untold(self, report: str) -> list[str]:
        blocks = [self.told] if isinstance(self.told, str) else self.told
        return [
            f"the report lacks\n{block}\nit says\n{report}"
            for block in blocks
            if not stands_in(report, block)
        ]

    def _moved_otherwise(self) -> list[str]:
        if not self.flip:
            return []
        moved = changes_in_words(compare(Document(self.facts()), self.policy, self.policy, self.flip))
        return [] if moved == self.moves else [f"by the flip this moves:\n{moved}"]


def policy_of(folder: str) -> Policy:
    """The scheme of a folder of golden cases."""
    own = FOLDER / folder / "scheme.yaml"
    return load_scheme(own if own.is_file() else folder)


@lru_cache(maxsize=1)
def golden_cases() -> list[GoldenCase]:
    """Every case of every scheme."""
    return [
        GoldenCase(path.parent.name, path.stem, **case)
        for path in sorted(FOLDER.glob("*/*.yaml"))
        if path.name != "scheme.yaml"
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    ]


def scored_cases() -> list[GoldenCase]:
    """The cases that have an outcome."""
    return [case for case in golden_cases() if not case.refused]


def unmatched(expected: list[str], found: list[str]) -> list[str]:
    """Each expected fault is there, in part of its words, and no other."""
    lacking = [f"no fault says {words!r}" for words in expected if not any(words in line for line in found)]
    return [*lacking, *found] if lacking or len(found) != len(expected) else []


def differences(expected: Any, found: Any, path: str = "") -> list[str]:
    """Where the outcome does not hold what is expected. A list of consequences may be given by their ids,
    and ``{contains: text}`` asks for a part of a sentence."""
    if isinstance(expected, dict) and set(expected) == {"contains"}:
        return (
            []
            if expected["contains"] in str(found)
            else [f"{path}: {found!r} lacks {expected['contains']!r}"]
        )
    if isinstance(expected, dict) and isinstance(found, dict):
        missing = [f"{path}.{key}: missing" for key in expected if key not in found]
        inner = [
            differences(value, found[key], f"{path}.{key}") for key, value in expected.items() if key in found
        ]
        return missing + [line for lines in inner for line in lines]
    if isinstance(expected, list) and isinstance(found, list) and len(expected) == len(found):
        pairs = enumerate(zip(expected, found, strict=True))
        return [
            line
            for at, (one, other) in pairs
            for line in differences(one, _id_of(one, other), f"{path}.{at}")
        ]
    return (
        []
        if expected == found and type(expected) is type(found)
        else [f"{path}: {found!r}, not {expected!r}"]
    )


def _id_of(expected: Any, found: Any) -> Any:
    return found["id"] if isinstance(expected, str) and isinstance(found, dict) and "id" in found else found


def stands_in(report: str, block: str) -> bool:
    """Whether the lines stand in the report one after another, however far they are indented there."""
    lines, wanted = report.splitlines(), block.removesuffix("\n").splitlines()
    starts = range(len(lines) - len(wanted) + 1)
    return any(dedent("\n".join(lines[at : at + len(wanted)])).splitlines() == wanted for at in starts)
