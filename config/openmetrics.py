"""The text that monitors read: OpenMetrics 1.0, by hand, because it is a page of rules and no more."""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

CONTENT_TYPE = "application/openmetrics-text; version=1.0.0; charset=utf-8"
Labels = Mapping[str, str]


@dataclass(frozen=True)
class Sample:
    value: float
    labels: Labels = field(default_factory=dict)
    suffix: str = ""


@dataclass(frozen=True)
class Family:
    """One measure: its name, its kind (gauge, counter, histogram), what it means, its figures."""

    name: str
    kind: str
    meaning: str
    samples: list[Sample]


def gauge(name: str, meaning: str, value: float | None, **labels: str) -> Family:
    """A figure of this moment; one that is not known has no sample, which monitors can ask for too."""
    return Family(name, "gauge", meaning, [] if value is None else [Sample(value, labels)])


def text(families: Iterable[Family]) -> str:
    lines: list[str] = []
    for family in families:
        lines += [
            f"# TYPE {family.name} {family.kind}",
            f"# HELP {family.name} {_escaped(family.meaning)}",
        ]
        lines += [
            f"{family.name}{one.suffix}{_labels(one.labels)} {_number(one.value)}" for one in family.samples
        ]
    return "\n".join([*lines, "# EOF\n"])


def _labels(labels: Labels) -> str:
    said = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels.items())
    return f"{{{said}}}" if said else ""


def _escaped(words: str) -> str:
    return words.replace("\\", "\\\\").replace("\n", "\\n").replace('"', '\\"')


def _number(value: float) -> str:
    if math.isinf(value):
        return "+Inf" if value > 0 else "-Inf"
    return str(int(value)) if float(value).is_integer() else repr(float(value))
