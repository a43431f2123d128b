"""What the screen of a hall shows in turn (YC-R1, YC-R3): who, what for, results, ratings, promises.

Only what the public site shows: approved versions, publications, weeks that are over. Nothing beside a
person's photo says a score. Every frame names the day it is from, so that what is old looks old.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any, TypeVar

from django.conf import settings
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from casework.hearings import standing
from casework.plates.qr import drawn
from departments.models import Hall, Window
from disclosure.models import Publication
from disclosure.results import shown as results
from disclosure.site import shown
from ratings.shown.screen import Screen, screen_of

PEOPLE, DUTIES, UNITS, WINDOWS, PROMISES = 6, 7, 8, 6, 3
"""How many fit on a screen that is read at five metres."""
MOST_PROMISES = 12
COUNTY = "county"
Row = TypeVar("Row")


@dataclass(frozen=True, slots=True)
class Frame:
    """One picture of the screen, as HTML; `kind` is a word of the page's style."""

    kind: str
    html: SafeString


def frames_of(hall: Hall | None, today: date) -> list[Frame]:
    """All frames of a hall, or of the county; a dozen queries, whatever the size."""
    units = _units(hall)
    found = [
        *_results(),
        *_ratings(hall, today),
        *_identity(units, whole=hall is not None),
        *_duties(units),
        *_promises(today),
    ]
    return found or [_frame("empty")]


def _frame(kind: str, **context: Any) -> Frame:
    context |= {"county_name": settings.COUNTY_NAME, "kind": kind}
    return Frame(kind, render_to_string(f"disclosure/screens/{kind}.html", context))


def _units(hall: Hall | None) -> list[shown.ShownDepartment]:
    """The units that have windows in the hall; where none are known, and for the county, all."""
    county = shown.county()
    if hall is None:
        return county
    here = set(Window.objects.filter(hall=hall, is_active=True).values_list("department_id", flat=True))
    return [one for one in county if one.department.pk in here] or county


def _pages(rows: Sequence[Row], size: int) -> Iterator[tuple[list[Row], str]]:
    """So many at a time, with 1/3 where there are several."""
    pages = -(-len(rows) // size)
    for place in range(pages):
        number = f"{place + 1}/{pages}" if pages > 1 else ""
        yield list(rows[place * size : (place + 1) * size]), number


def _results() -> Iterator[Frame]:
    """Of each scheme the newest publication."""
    online = Publication.objects.filter(is_current=True, rendered_at__isnull=False)
    newest = online.select_related("round__scheme_version", "result").order_by("-round__published_at", "-pk")
    schemes: set[str] = set()
    for one in newest:
        if one.round.scheme_version.scheme_id in schemes:
            continue
        schemes.add(one.round.scheme_version.scheme_id)
        announcement = results.as_published(one)
        for group in announcement.view.groups if announcement else ():
            for rows, number in _pages(group.departments, UNITS):
                yield _frame("results", a=announcement, group=group, rows=rows, number=number)


def _ratings(hall: Hall | None, today: date) -> Iterator[Frame]:
    found: Screen | None = screen_of(hall, today) if hall else None
    if hall is None or found is None:
        return
    qr = drawn(found.address, f"{hall}评价码") if found.address else ""
    for rows, number in _pages(found.windows, WINDOWS):
        yield _frame("ratings", hall=hall, screen=found, rows=rows, number=number, qr=qr)
    if not found.windows:
        yield _frame("ratings", hall=hall, screen=found, rows=[], number="", qr=qr)


def _identity(units: Sequence[shown.ShownDepartment], *, whole: bool) -> Iterator[Frame]:
    """Everybody of the units in a hall; of a whole county those who lead."""
    for unit in units:
        people = unit.people if whole else [one for one in unit.people if one.section.is_leadership]
        for rows, number in _pages(people, PEOPLE):
            yield _frame("identity", unit=unit.department, rows=rows, number=number)


def _duties(units: Sequence[shown.ShownDepartment]) -> Iterator[Frame]:
    for unit in units:
        items = [item for section in unit.sections_with_duties for item in section.items]
        for rows, number in _pages(items, DUTIES):
            yield _frame("duties", unit=unit.department, rows=rows, number=number)


def _promises(today: date) -> Iterator[Frame]:
    chains = [standing.chain(one, today) for one in standing.promises().order_by("-id")[:MOST_PROMISES]]
    for rows, number in _pages(chains, PROMISES):
        yield _frame("promises", rows=rows, number=number)
