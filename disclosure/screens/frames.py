"""What a screen shows, one frame after another: only what the public site shows, each with its day.

Identity and duties come from the approved versions, a ranking from what was stored at publication, ratings
from weeks that are over, promises from their public list. No frame says 上周 or how many days are left: a
screen without network goes on showing it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from hashlib import sha256
from math import ceil
from typing import Any, TypeVar

from casework.hearings import standing
from casework.plates.qr import drawn
from disclosure.models import Publication
from disclosure.results.shown import as_published
from disclosure.screens.places import Place
from disclosure.site import shown
from office import dates
from ratings.shown.screen import Screen, halls_with_screens, screen_of

PEOPLE, ROWS, WINDOWS, PROMISES, ITEMS = 10, 8, 5, 3, 6
"""How much one frame holds in letters that are read from five meters."""
LINE, LINES = 19, 11  # characters in a line of a duty, lines of a frame
BETWEEN = 12  # frames of units, after which results, ratings and promises come again
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

    @property
    def seconds(self) -> int:
        return SECONDS[self.kind]

    @property
    def template(self) -> str:
        return f"disclosure/screens/{self.kind}.html"


def frames_of(place: Place, today: date) -> list[Frame]:
    """Return the frames of units, then those of the whole place."""
    units = place.units()
    of_units = [frame for unit in units for frame in (*_identity(unit), *_duties(unit))]
    shared = [*_results(), *_ratings(place, today), *_promises(units, today)]
    return [*of_units, *shared] or [_empty(place)]


def order_of(frames: Sequence[Frame]) -> list[int]:
    """Return the order of showing: whoever waits sees the results without waiting for every unit."""
    of_units = [at for at, one in enumerate(frames) if one.kind in ("identity", "duties")]
    shared = [at for at, one in enumerate(frames) if at not in set(of_units)]
    pieces = _pieces(of_units, BETWEEN) or [[]]
    return [at for piece in pieces for at in (*piece, *shared)]


def _identity(unit: shown.ShownDepartment) -> Iterator[Frame]:
    """Leaders first, then section by section."""
    sections = sorted(unit.sections, key=lambda one: not one.is_leadership)
    people = [_Shown(person) for section in sections for person in section.people]
    for number, piece in enumerate(_pieces(people, PEOPLE), start=1):
        key = f"identity-{unit.department.pk}-{number}"
        yield Frame(key, "identity", unit.department.name, "", {"people": piece})


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
            yield Frame(f"duties-{section.pk}-{number + 1}", "duties", unit.department.name, "", data)


def _results() -> Iterator[Frame]:
    """The ranking published last, as its pages have it: units alone, nobody's photo or score."""
    online = Publication.objects.filter(is_current=True, rendered_at__isnull=False)
    newest = online.select_related("round").order_by("-round__published_at", "-pk").first()
    if newest is None:
        return
    announcement = as_published(newest)
    if announcement is None:
        return
    view = announcement.view
    for at, group in enumerate(view.groups, start=1):
        pieces = _pieces(group.departments, ROWS)
        for number, piece in enumerate(pieces, start=1):
            data = {
                "rows": piece,
                "group": group.name if len(view.groups) > 1 else "",
                "has_grades": view.has_grades,
                "announcement": announcement,
            }
            day = f"{dates.day(announcement.published_on)}公布"
            yield Frame(f"results-{newest.pk}-{at}-{number}", "results", announcement.title, day, data)


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


def _promises(units: Iterable[shown.ShownDepartment], today: date) -> Iterator[Frame]:
    """Those that are not kept yet, then the kept ones; each in the words of its standing."""
    here = {unit.department.pk for unit in units}
    chains = [standing.chain(one, today) for one in standing.promises()]
    chains = sorted((one for one in chains if one.first.unit_id in here), key=_is_kept)
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
