"""What is printed for paper ballots: a packet for each stratum, and numbers to stick on later."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import count
from typing import Any, NamedTuple

from django.conf import settings
from django.template.loader import render_to_string

from office.errors import Refused
from surveys.ballots import forms
from surveys.ballots.marks import gives_marks, panels
from surveys.ballots.paper_notation import MOST_WORDS
from surveys.models import Stratum, Survey
from surveys.paper import numbers


class Color(NamedTuple):
    """How paper of a stratum is told apart, also in black and white: by words and by a mark."""

    name: str
    mark: str


COLORS = (
    Color("红色", "●"),
    Color("蓝色", "▲"),
    Color("绿色", "■"),
    Color("棕色", "◆"),
    Color("紫色", "★"),
    Color("黑色", "▼"),
)


def colors(survey: Survey) -> list[tuple[Stratum, Color]]:
    """Each stratum with its color, in the order of the strata, so that a kind keeps its color over rounds."""
    return [(stratum, COLORS[place % len(COLORS)]) for place, stratum in enumerate(survey.strata.all())]


def color_of(stratum: Stratum) -> Color:
    """The color of a stratum's packets."""
    return dict(colors(stratum.survey))[stratum]


def packet(stratum: Stratum) -> str:
    """The text of one packet: the printer makes as many copies as are needed."""
    survey = stratum.survey
    form = survey.frozen()["form"]
    words = [] if gives_marks(form) else forms.words(form)
    if len(words) > MOST_WORDS:
        raise Refused(f"答案多于{MOST_WORDS}档的评价表不能用纸质票", "请改用手机投票。")
    codes = {
        place.department: code
        for code, place in numbers.codes(survey.public).items()
        if place.key == stratum.key_id
    }
    color = color_of(stratum)
    panel = next((one for one in panels(form) if one["stratum"] == stratum.name), None)
    context = {
        "survey": survey,
        "stratum": stratum,
        "color": color,
        "color_class": f"c{COLORS.index(color) + 1}",
        "words": words,
        "panel": panel,
        "remarks": bool(form["comment_cap"]),
        "ask": "、".join(f"“{choice['word']}”" for choice in form["choices"] if choice["ask"]),
        "sheets": [
            {"name": one["name"], "code": codes[one["id"]], "rows": rows(one)} for one in forms.sheets(form)
        ],
        "units": forms.judges_units(form),
        "unknown": forms.unknown_word(form),
        "demo": settings.DEMO,
    }
    return render_to_string("surveys/paper/packet.html", context)


def rows(sheet: dict[str, Any]) -> list[dict[str, Any]]:
    """The rows of a sheet (`forms.sheets`), in the order in which a clerk keys them."""
    places = count(1)
    return [
        {"number": next(places), **row} for department in sheet["departments"] for row in _rows(department)
    ]


def _rows(department: dict[str, Any]) -> Iterator[dict[str, Any]]:
    for question in department["questions"]:
        yield {"of": "", "who": department["name"], "post": "", "ask": question["text"]}
    for section in department["sections"]:
        for person in section["persons"]:
            for question in section["questions"]:
                yield {
                    "of": section["name"],
                    "who": person["name"],
                    "post": person["post"],
                    "ask": question["text"],
                }


def labels(made: list[int]) -> str:
    """The text of the numbers, 65 to a page."""
    spaced = [f"{number:08}"[:4] + " " + f"{number:08}"[4:] for number in made]
    return render_to_string("surveys/paper/labels.html", {"numbers": spaced})
