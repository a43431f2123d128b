"""The kinds of papers: what each is made from, what it asks, and who says what is in it.

`reports.papers` has a module for each and registers it here; the pages know no paper by name.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from reports.documents.content import Content
from reports.documents.services import About
from reports.models import IssuingBody


@dataclass(frozen=True)
class Ask:
    """A part of a paper that people write; `initial` is what the data suggest."""

    name: str
    label: str
    help: str = ""
    initial: str = ""
    rows: int = 3
    required: bool = True


@dataclass(frozen=True)
class Given:
    """What a paper is made of beside its subject: who issues it, its day, what people wrote."""

    body: IssuingBody
    on: date
    answers: Mapping[str, str]

    @property
    def mark(self) -> str:
        """The red head of a document: the body's own words, else its name and 文件; a letter has the name."""
        return self.body.mark or f"{self.body.name}文件"

    @property
    def printed_by(self) -> str:
        return self.body.printed_by or self.body.name

    def lines(self, name: str) -> list[str]:
        """An answer line by line; a list that people write has one entry on each."""
        return [line.strip() for line in self.answers.get(name, "").splitlines() if line.strip()]

    def text(self, name: str) -> str:
        return self.answers.get(name, "").strip()


@dataclass(frozen=True)
class Subject:
    """What papers are made from: how it is found, said and looked at."""

    label: str
    find: Callable[[int], Any]
    said: Callable[[Any], str]
    url: Callable[[Any], str]
    concerns: Callable[[Any], About]


@dataclass(frozen=True)
class Paper:
    """One kind of paper. `why_not` says why it cannot be made yet, with what to do; nothing where it can."""

    kind: str
    label: str
    about: str
    build: Callable[[Any, Given], Content]
    asks: Callable[[Any], list[Ask]] = lambda _: []
    why_not: Callable[[Any], str] = lambda _: ""
    fits: Callable[[Any], bool] = lambda _: True


SUBJECTS: dict[str, Subject] = {}
PAPERS: dict[str, Paper] = {}


def register_subject(about: str, subject: Subject) -> None:
    SUBJECTS[about] = subject


def register(paper: Paper) -> None:
    PAPERS[paper.kind] = paper


def label_of(kind: str) -> str:
    return PAPERS[kind].label if kind in PAPERS else kind


def papers_about(about: str, found: Any) -> Iterator[Paper]:
    return (one for one in PAPERS.values() if one.about == about and one.fits(found))
