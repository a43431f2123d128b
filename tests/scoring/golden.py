"""Golden cases: policies worked out by hand, one YAML file per topic, each case a sentence."""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from evaluations.scoring import load_scheme, score_facts

FOLDER = Path(__file__).resolve().parents[1] / "golden"


@dataclass(frozen=True)
class GoldenCase:
    """One case: facts (scheme, period and group may be left out) and what the outcome must hold."""

    scheme: str
    file: str
    name: str
    requirement: str
    clause: str
    given: dict[str, Any]
    expect: dict[str, Any]

    def __str__(self) -> str:
        return f"{self.scheme}/{self.file}: {self.requirement} {self.name}"

    def facts(self) -> dict[str, Any]:
        """The complete facts."""
        return {"scheme": self.scheme, "period": "2023-Q3"} | self.given

    def outcome(self) -> dict[str, Any]:
        """What the engine makes of them."""
        return score_facts(load_scheme(self.scheme), self.facts())


@lru_cache(maxsize=1)
def golden_cases() -> list[GoldenCase]:
    """Every case of every scheme."""
    return [
        GoldenCase(path.parent.name, path.stem, **case)
        for path in sorted(FOLDER.glob("*/*.yaml"))
        for case in yaml.load(path.read_text(encoding="utf-8"), Loader=yaml.CSafeLoader)
    ]


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
