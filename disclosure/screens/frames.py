"""What a screen shows, one frame after another: only what the public site shows, each with its day.

Identity and duties come from the approved versions, a ranking from what was stored at publication, ratings
from weeks that are over, promises from their public list. No frame says 上周 or how many days are left: a
screen without network goes on showing it.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from functools import partial
from hashlib import sha256
from math import ceil
from typing import Any, TypeVar

from casework.hearings import standing
from casework.plates.qr import drawn
from disclosure.models import Publication
from disclosure.results.latest import latest
from disclosure.results.shown import as_published
from disclosure.screens.places import Place
from disclosure.site import shown
from office import dates
from ratings.shown.screen import Screen, halls_with_screens, screen_of

PEOPLE, ROWS, WINDOWS, PROMISES, ITEMS = 10, 8, 4, 3, 6
"""How much one frame holds in letters that are read from five meters."""
LINE, LINES = 19, 11  # characters in a line of a duty, lines of a frame
UNITS_BETWEEN = 3  # without script: units after which results, ratings and promises come again
SECONDS = {"identity": 15, "duties": 25, "results": 15, "ratings": 15, "promises": 20, "empty": 60}

T = TypeVar("T")


@dataclass(frozen=True)
class Frame:
    """`day` says of which day it is; `data` is what the template of its kind reads."""

    key: str
    kind: str
    title: str
    day: str
    data: dict[str, Any] = field(default_factory=dict)
    unit: int = 0
    """The unit whose people or duties it shows; 0 for what is of the whole place."""

    @property
    def seconds(self) -> int:
        return SECONDS[self.kind]

    @property
    def template(self) -> str:
        return f"disclosure/screens/{self.kind}.html"


Part = Callable[[], Iterator[Frame]]
"""Some frames that belong together, built when they are asked for."""


def parts_of(place: Place, today: date) -> list[Part]:
    """Return what a place shows: unit after unit, and after every few of them what is of the whole place."""
    units = place.unit_ids()
    shared: list[Part] = [
        *(partial(_ranking, one) for one in latest()),
        partial(_ratings, place, today),
        partial(_promises, units, today),
    ]
    found: list[Part] = []
    for piece in _pieces(units, UNITS_BETWEEN) or [[]]:
        found += [partial(_unit, pk) for pk in piece]
        found += shared
    return found


def frame_of(place: Place, today: date, part: int, number: int) -> tuple[Frame, tuple[int, int]]:
    """Return one frame, and where the next one is; only the part it is of is built."""
    parts = parts_of(place, today)
    for step in range(len(parts) + 1):
        at = (part + step) % len(parts)
        frames = list(parts[at]())
        first = number if step == 0 else 0
        if first < len(frames):
            is_last = first + 1 == len(frames)
            return frames[first], ((at + 1) % len(parts), 0) if is_last else (at, first + 1)
    return _empty(place), (0, 0)


def frames_of(place: Place, today: date) -> list[Frame]:
    """Return the frames of units, then those of the whole place."""
    units = place.units()
    of_units = [frame for unit in units for frame in (*_identity(unit), *_duties(unit))]
    results = [frame for one in latest() for frame in _ranking(one)]
    ids = [unit.department.pk for unit in units]
    shared = [*results, *_ratings(place, today), *_promises(ids, today)]
    return [*of_units, *shared] or [_empty(place)]


def _unit(pk: int) -> Iterator[Frame]:
    unit = shown.department(pk)
    if unit is not None:
        yield from _identity(unit)
        yield from _duties(unit)


def _identity(unit: shown.ShownDepartment) -> Iterator[Frame]:
    """Leaders first, then section by section."""
    sections = sorted(unit.sections, key=lambda one: not one.is_leadership)
    people = [_Shown(person) for section in sections for person in section.people]
    for number, piece in enumerate(_pieces(people, PEOPLE), start=1):
        key = f"identity-{unit.department.pk}-{number}"
        yield Frame(key, "identity", unit.department.name, "", {"people": piece}, unit.department.pk)


@dataclass(frozen=True)
class _Shown:
    person: shown.Person

    @property
    def photo(self) -> str:
        """A mark of the photo, so that another one is asked for anew; empty where none may be shown."""
        return sha256(self.person.file.encode()).hexdigest()[:12] if self.person.file else ""

    @property
    def section(self) -> str:
        return "" if self.person.section.is_leadership else self.person.section.name


def _duties(unit: shown.ShownDepartment) -> Iterator[Frame]:
    for section in unit.sections_with_duties:
        texts = list(_cut(section.responsibilities))
        items = _pieces(section.items, ITEMS)
        for number in range(max(len(texts), len(items))):
            text = texts[min(number, len(texts) - 1)] if texts else ""
            those = items[min(number, len(items) - 1)] if items else []
            roomy = _lines(text) <= LINES // 2 and len(those) <= ITEMS // 2
            data = {"section": section, "text": text, "items": those, "roomy": roomy}
            key = f"duties-{section.pk}-{number + 1}"
            yield Frame(key, "duties", unit.department.name, "", data, unit.department.pk)


def _ranking(publication: Publication) -> Iterator[Frame]:
    """What was published of units, as its pages have it: nobody's name, photo or score."""
    announcement = as_published(publication)
    if announcement is None:
        return
    view = announcement.view
    for at, group in enumerate(view.groups, start=1):
        pieces = _pieces(group.departments, ROWS)
        for number, piece in enumerate(pieces, start=1):
            data = {
                "rows": piece,
                "whole": group,
                "group": group.name if len(view.groups) > 1 else "",
                "announcement": announcement,
            }
            day = f"{dates.day(announcement.published_on)}公布"
            yield Frame(f"results-{publication.pk}-{at}-{number}", "results", announcement.title, day, data)


def _ratings(place: Place, today: date) -> Iterator[Frame]:
    for hall in [place.hall] if place.hall else halls_with_screens():
        screen = screen_of(hall, today)
        if screen is not None:
            yield from _week(screen)


def _week(screen: Screen) -> Iterator[Frame]:
    day = f"{dates.day(screen.first)}至{dates.day(screen.last)}"
    for number, piece in enumerate(_pieces(screen.windows, WINDOWS) or [[]], start=1):
        data = {
            "screen": screen,
            "windows": piece,
            "qr": drawn(screen.address, f"{screen.hall}评价码") if screen.address else "",
        }
        key = f"ratings-{screen.hall.pk}-{number}"
        yield Frame(key, "ratings", f"{screen.hall}窗口评价", day, data)


def _promises(units: Collection[int], today: date) -> Iterator[Frame]:
    """Those that are not kept yet, then the kept ones; each in the words of its standing."""
    chains = [standing.chain(one, today) for one in standing.promises()]
    chains = sorted((one for one in chains if one.first.unit_id in units), key=_is_kept)
    rows = [{"chain": one, "says": standing.IN_WORDS[one.standing]} for one in chains]
    for number, piece in enumerate(_pieces(rows, PROMISES), start=1):
        yield Frame(f"promises-{number}", "promises", "公开承诺", f"截至{dates.day(today)}", {"rows": piece})


def _is_kept(chain: standing.Chain) -> bool:
    return chain.standing in (standing.Standing.KEPT, standing.Standing.KEPT_LATE)


def _empty(place: Place) -> Frame:
    return Frame("empty", "empty", place.name, "")


def _pieces(found: Iterable[T], most: int) -> list[list[T]]:
    """Cut into pieces of about the same size, so that no frame holds one row alone."""
    everything = list(found)
    count = ceil(len(everything) / most)
    size = ceil(len(everything) / count) if count else 1
    return [everything[start : start + size] for start in range(0, len(everything), size)]


def _cut(text: str) -> Iterator[str]:
    """Cut a text into frames, at line ends and full stops where there are any."""
    piece = ""
    for sentence in _sentences(text):
        if piece and _lines(piece + sentence) > LINES:
            yield piece.strip()
            piece = ""
        piece += sentence
    if piece.strip():
        yield piece.strip()


def _sentences(text: str) -> Iterator[str]:
    most = LINE * LINES
    for line in text.splitlines(keepends=True):
        for sentence in line.replace("。", "。\0").replace("；", "；\0").split("\0"):
            yield from (sentence[start : start + most] for start in range(0, len(sentence), most))


def _lines(text: str) -> int:
    return sum(max(1, ceil(len(line) / LINE)) for line in text.split("\n"))
