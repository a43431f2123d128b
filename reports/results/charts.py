"""What the charts of results draw, in percent of their width: the same picture in page and PDF.

A chart has no width of its own: places are percents, so words keep their size on a phone and on a wall. All
of it is drawn from what is published (`Announcement`), never from counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import pairwise
from math import floor

from evaluations.publication import PublicDepartment, PublicGroup
from office.definitions.numbers import exact, half_up, shown
from reports.results.announcement import Announcement, Past

TEN = 10
DOT = 3.1  # percent of the width that a dot takes on a phone
LANE = 15  # pixels from dot to dot that lie over each other
LANES = 24
NO_GRADE = 9
SAME = "持平"


def grade_place(grades: Sequence[tuple[str, str]], grade: str | None) -> int:
    """Which grade it is, from the best one on."""
    names = [name for name, _ in grades]
    return names.index(grade) if grade in names else NO_GRADE


@dataclass(frozen=True, slots=True)
class Band:
    """A grade on the scale: from `left` to `right` in percent, every other one darker."""

    grade: str
    left: float
    right: float
    is_dark: bool
    lower: str
    number: int = 0

    @property
    def width(self) -> float:
        return round(self.right - self.left, 2)

    @property
    def middle(self) -> float:
        return round((self.left + self.right) / 2, 2)


@dataclass(frozen=True, slots=True)
class Axis:
    """The part of the scale that is drawn: the whole one, or from a round number below everything shown."""

    low: float
    high: float
    grades: tuple[tuple[str, str], ...]

    @classmethod
    def of(cls, a: Announcement) -> Axis:
        low, high = float(Fraction(a.scale[0])), float(Fraction(a.scale[1]))
        values = [float(exact(one.figure.score)) for one in a.view.departments if one.figure.score]
        values += [float(one.likely.low) for one in a.view.departments if one.likely]
        values += [
            float(exact(past.score))
            for one in a.view.departments
            for past in a.trend.get(one.id, ())
            if past.score and past.is_comparable
        ]
        highest = max([high, *values])
        step = TEN if highest - low >= TEN else 1
        lowest = float(floor(min(values, default=low) / step) * step)
        if lowest >= highest:
            lowest = highest - step
        return cls(lowest, highest, a.grades)

    def place(self, value: float) -> float:
        share = (value - self.low) / (self.high - self.low)
        return round(100 * min(1.0, max(0.0, share)), 2)

    @property
    def bands(self) -> list[Band]:
        """From the worst to the best that is drawn."""
        found, upper = [], self.high
        for place, (grade, lower) in enumerate(self.grades):
            bound = max(float(Fraction(lower)) if lower else self.low, self.low)
            if upper > bound:
                found.append(Band(grade, self.place(bound), self.place(upper), place % 2 == 1, lower))
            upper = min(upper, bound)
        return found[::-1]

    @property
    def ends(self) -> tuple[str, str]:
        return f"{self.low:g}", f"{self.high:g}"


def names(axis: Axis, width: int, sign: int) -> list[Band]:
    """The grades whose names fit over their part of a scale so wide, in signs so large (px)."""
    return [one for one in axis.bands if one.width * width / 100 >= sign * len(one.grade)]


def numbers(axis: Axis, width: int, sign: int) -> list[tuple[float, str, str]]:
    """Place, anchor and number of both ends and of each bound between them that touches no other."""
    low, high = axis.ends
    digit = sign * 0.6
    end = width - digit * (len(high) + 1)
    found, free = [(0.0, "start", low)], digit * (len(low) + 1)
    for band in axis.bands[1:]:
        at, half = band.left * width / 100, digit * len(band.lower) / 2
        if free <= at - half and at + half <= end:
            found.append((band.left, "middle", band.lower))
            free = at + half + digit
    return [*found, (100.0, "end", high)]


@dataclass(frozen=True, slots=True)
class Mark:
    """A score on the axis with what it may be; `above` is its lane among others near it, in pixels."""

    id: str
    name: str
    score: str
    at: float
    left: float | None
    right: float | None
    above: int = 0
    grade: int = NO_GRADE  # its place among the grades, by which a page filters
    range: str = ""

    @property
    def width(self) -> float:
        return round((self.right or 0) - (self.left or 0), 2)

    @property
    def reach(self) -> tuple[float, float]:
        """From where to where nothing else can be drawn beside it."""
        left, right = self.at - DOT / 2, self.at + DOT / 2
        return (
            left if self.left is None else min(left, self.left),
            right if self.right is None else max(right, self.right),
        )

    @property
    def in_words(self) -> str:
        return f"{self.name} {self.score}分{self.range}"


def mark(axis: Axis, department: PublicDepartment, above: int = 0) -> Mark | None:
    if department.figure.score is None:
        return None
    likely = department.likely
    is_range = likely is not None and likely.is_wide
    return Mark(
        department.id,
        department.name,
        department.figure.score,
        axis.place(float(exact(department.figure.score))),
        axis.place(float(likely.low)) if likely and is_range else None,
        axis.place(float(likely.high)) if likely and is_range else None,
        above,
        grade_place(axis.grades, department.figure.grade),
        f"，可能范围{likely.low}至{likely.high}分" if likely and is_range else "",
    )


@dataclass(frozen=True, slots=True)
class County:
    """All units of a group as dots on one scale, and how many of them have each grade."""

    axis: Axis
    marks: tuple[Mark, ...]
    bands: tuple[Band, ...]
    height: int
    hidden: int

    @property
    def in_words(self) -> str:
        return "，".join(f"{one.grade}{one.number}个" for one in reversed(self.bands) if one.number)


def county(axis: Axis, group: PublicGroup) -> County:
    """Dots and ranges that would lie on each other are stacked, the best first."""
    taken: list[float] = []
    marks = []
    scored = [one for one in group.departments if one.figure.score]
    for one in sorted(scored, key=lambda each: exact(each.figure.score or "0"), reverse=True):
        found = mark(axis, one)
        if found is None:
            continue
        left, right = found.reach
        lane = next((place for place, end in enumerate(taken) if end >= right), len(taken))
        taken[lane : lane + 1] = [left]
        marks.append(replace(found, above=lane))
    step = LANE if len(taken) <= LANES else max(1, LANE * LANES // len(taken))  # a higher pile is denser
    marks = [replace(one, above=one.above * step) for one in marks]
    numbers = [one.figure.grade for one in group.departments]
    bands = tuple(
        Band(one.grade, one.left, one.right, one.is_dark, one.lower, numbers.count(one.grade))
        for one in axis.bands
    )
    lanes = max((one.above for one in marks), default=0)
    return County(axis, tuple(marks), bands, lanes + 2 * LANE + 8, len(group.departments) - len(scored))


@dataclass(frozen=True, slots=True)
class Change:
    """What differs from the last round in words: score and rank, empty where nothing can be compared."""

    score: str = ""
    rank: str = ""
    is_better: bool | None = None
    last: Past | None = None

    @property
    def is_first(self) -> bool:
        return self.last is None


def change(a: Announcement, department: PublicDepartment) -> Change:
    last = next(iter(a.trend.get(department.id, ())[-1:]), None)
    if last is None:
        return Change()
    if not (last.is_comparable and last.score and department.figure.score):
        return Change(last=last)
    is_coarse = "." not in last.score or "." not in department.figure.score
    places = 0 if is_coarse else _places(department.figure.score)
    difference = exact(department.figure.score) - exact(last.score)
    written = _signed(half_up(difference, places), places)
    if is_coarse and difference:
        written = f"约{written}" if written != SAME else "大致持平"
    is_better = difference > 0 if half_up(difference, places) else None
    return Change(written, _moved(last, department), is_better, last)


def _places(score: str) -> int:
    return len(score.partition(".")[2])


def _signed(difference: Fraction, places: int) -> str:
    if not difference:
        return SAME
    return f"{'+' if difference > 0 else '−'}{shown(abs(difference), places)}"


def _moved(last: Past, department: PublicDepartment) -> str:
    if last.rank is None or department.rank is None or last.group != department.group:
        return ""
    steps = last.rank - department.rank
    if not steps:
        return "名次未变"
    return f"{'上升' if steps > 0 else '下降'}{abs(steps)}名"


@dataclass(frozen=True, slots=True)
class Point:
    """A round on the line of a trend: `x` in percent, `y` in pixels from the top."""

    label: str
    score: str
    x: float
    y: float
    url: str = ""
    is_named: bool = True  # where words would overlap, the ends alone have them; the table has all
    is_numbered: bool = True


@dataclass(frozen=True, slots=True)
class Trend:
    points: tuple[Point, ...]
    lines: tuple[tuple[Point, Point], ...]
    height: int

    @property
    def in_words(self) -> str:
        return "，".join(f"{one.label}{one.score}分" for one in self.points)


TALL, EDGE = 96, 24
MOST_NAMED, MOST_NUMBERED = 3, 6


def trend(a: Announcement, department: PublicDepartment) -> Trend | None:
    """A line through the rounds that can be compared and published a score; None for fewer than two."""
    rounds = [
        (one.period, one.score, f"/results/{one.publication}/index.html")
        for one in a.trend.get(department.id, ())
        if one.score and one.is_comparable
    ]
    if department.figure.score is None or not rounds:
        return None
    rounds.append((a.period, department.figure.score, ""))
    values = [float(exact(score)) for _, score, _ in rounds]
    low, high = min(values), max(values)
    room = max(high - low, 1.0)
    step = 76 / (len(rounds) - 1)
    ends = (0, len(rounds) - 1)
    points = tuple(
        Point(
            label,
            score,
            round(12 + place * step, 2),
            round(EDGE + (high - value) / room * TALL / 2, 1),
            url,
            is_named=place in ends or len(rounds) <= MOST_NAMED,
            is_numbered=place in ends or len(rounds) <= MOST_NUMBERED,
        )
        for place, ((label, score, url), value) in enumerate(zip(rounds, values, strict=True))
    )
    return Trend(points, tuple(pairwise(points)), TALL + EDGE)


def middle(a: Announcement, department: PublicDepartment) -> Fraction | None:
    """The middle of the scores that are shown in the unit's group; None for fewer than three."""
    group = next((one for one in a.view.groups if department in one.departments), None)
    scores = sorted(exact(one.figure.score) for one in group.departments if one.figure.score) if group else []
    if len(scores) < 3:
        return None
    half = len(scores) // 2
    return scores[half] if len(scores) % 2 else (scores[half - 1] + scores[half]) / 2


def apart(score: str, middle: Fraction) -> str:
    """高2.00分, 低1分, 相同: as exact as the score is shown."""
    places = _places(score)
    difference = half_up(exact(score) - half_up(middle, places), places)
    if not difference:
        return "相同" if places else "大致相同"
    return f"{'' if places else '约'}{'高' if difference > 0 else '低'}{shown(abs(difference), places)}分"


def mean(scores: Sequence[Fraction]) -> Fraction | None:
    return sum(scores, Fraction(0)) / len(scores) if scores else None


def pieces(shares: Sequence[tuple[str, int, str]]) -> Iterator[tuple[str, int, str, float]]:
    """Choice, percent, color and where the piece begins."""
    done = 0
    for choice, percent, color in shares:
        if percent:
            yield choice, percent, color, done
        done += percent
