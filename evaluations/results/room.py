"""What those who sign off look at: units on the scale, the last round beside it, how sure it is."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from math import ceil, floor

from evaluations.models import Result, Round, Standing
from evaluations.publication import Likely, grades_of
from evaluations.results.certainty import Certainty, Label, certainty_of, labels, public_likely_of
from evaluations.results.explained import Row
from evaluations.rounds.subject_keys import department_key
from evaluations.schemes.stored import policy_of

STEP = 5
LEAST_WIDTH = 10
LEAST_SHOWN = 0.005


@dataclass(frozen=True, slots=True)
class Place:
    """A unit in the room: its row, its last round, and where its dot and line are drawn, in percent."""

    row: Row
    last: Standing | None
    certainty: Certainty | None
    at: float | None
    left: float | None
    width: float | None
    change: str = ""
    moved: str = ""
    grade_changed: bool = False
    public: Likely | None = None
    """What the public reads of how sure the score is."""

    @property
    def labels(self) -> tuple[Label, ...]:
        return labels(self.certainty, self.public) if self.certainty else ()

    @property
    def is_near(self) -> bool:
        return any(not one.is_steady for one in self.labels)

    @property
    def is_near_in_public_alone(self) -> bool:
        sure, public = self.certainty, self.public
        return bool(sure and sure.steady and public and public.is_wide and public.steady is False)


@dataclass(frozen=True, slots=True)
class Room:
    places: tuple[Place, ...]
    bounds: tuple[tuple[float, str], ...]
    """Where a grade begins, in percent, with its lower bound."""
    ends: tuple[str, str]
    last: Round | None
    near: tuple[str, ...]
    """Units whose grade would not survive the interval."""
    near_lists: tuple[str, ...]
    near_in_public: tuple[str, ...] = ()
    """Units that the public reads 接近界线 of, though by all answers the grade would survive."""

    @property
    def warnings(self) -> Iterator[str]:
        if self.near:
            yield f"{len(self.near)}个单位接近等次界线，换一批评价人等次可能不同：{'、'.join(self.near)}。"
        if self.near_in_public:
            named = "、".join(self.near_in_public)
            number = len(self.near_in_public)
            yield f"{number}个单位按全部评价等次稳定，公示页只用公布的数字推算，注明接近界线：{named}。"
        if self.near_lists:
            yield f"{len(self.near_lists)}个单位接近名单界线：{'、'.join(self.near_lists)}。"


def last_round_of(round: Round) -> Round | None:
    """The newest published round of the scheme before this one."""
    before = Round.objects.filter(
        scheme_version__scheme_id=round.scheme_version.scheme_id,
        state=Round.State.PUBLISHED,
        base_date__lt=round.base_date,
    )
    return before.exclude(pk=round.pk).order_by("-base_date", "-pk").first()


def room_of(result: Result, rows: Sequence[Row]) -> Room:
    found, public = certainty_of(result), public_likely_of(result)
    last_round = last_round_of(result.round)
    last = _standings(last_round)
    scheme = policy_of(result.scheme_version).decide(result.round.options)
    sure = {
        row.department.department_id: found.get(department_key(row.department.department_id)) for row in rows
    }
    scores = [float(row.subject.score) for row in rows if row.subject.score]
    lows = [one.low for one in sure.values() if one]
    highs = [one.high for one in sure.values() if one]
    low = floor(min([*scores, *lows], default=0) / STEP) * STEP
    high = max(ceil(max([*scores, *highs], default=0) / STEP) * STEP, low + LEAST_WIDTH)
    low = min(low, high - LEAST_WIDTH)

    def place(value: float) -> float:
        return round(100 * (value - low) / (high - low), 2)

    places = []
    for row in rows:
        one, past = sure[row.department.department_id], last.get(row.department.department_id)
        score = float(row.subject.score) if row.subject.score else None
        places.append(
            Place(
                row=row,
                last=past,
                certainty=one,
                public=public.get(department_key(row.department.department_id)),
                at=None if score is None else place(score),
                left=place(one.low) if one and not one.is_exact else None,
                width=round(place(one.high) - place(one.low), 2) if one and not one.is_exact else None,
                change=_change(score, past),
                moved=_moved(row, past),
                grade_changed=bool(
                    past and past.grade and row.subject.grade and past.grade != row.subject.grade
                ),
            )
        )
    bounds = [(float(lower), name) for name, lower in grades_of(scheme) if lower is not None]
    near = [one.row.department.name for one in places if one.certainty and one.certainty.steady is False]
    lists = [
        one.row.department.name for one in places if one.certainty and one.certainty.list_steady is False
    ]
    return Room(
        tuple(places),
        tuple((place(bound), f"{name}{bound:g}") for bound, name in bounds if low < bound < high),
        (str(low), str(high)),
        last_round,
        tuple(near),
        tuple(lists),
        tuple(one.row.department.name for one in places if one.is_near_in_public_alone),
    )


def _standings(round: Round | None) -> dict[int, Standing]:
    if round is None:
        return {}
    rows = Standing.objects.filter(round=round, staff_member=None)
    return {one.department_id: one for one in rows if one.department_id is not None}


def _change(score: float | None, past: Standing | None) -> str:
    if score is None or past is None or not past.score:
        return ""
    difference = score - float(past.score)
    return f"{difference:+.2f}".replace("-", "−") if abs(difference) >= LEAST_SHOWN else "持平"


def _moved(row: Row, past: Standing | None) -> str:
    if past is None or past.rank is None or row.subject.rank is None:
        return ""
    steps = past.rank - row.subject.rank
    return f"{'上升' if steps > 0 else '下降'}{abs(steps)}名" if steps else "名次未变"
