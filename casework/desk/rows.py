"""One line of a list: in words what it is, where it stands and what runs out when."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from casework.matters.state import NEXT, State
from casework.models import Clock, Matter
from casework.procedure.parts import Category
from casework.procedure.words import Stage


@dataclass(frozen=True)
class Row:
    matter: Matter
    category: Category | None
    units: str
    clock: Clock | None
    is_late: bool
    next: str

    @property
    def word(self) -> str:
        return self.category.label if self.category else "未定"

    @property
    def color(self) -> str:
        return self.category.color if self.category else "none"


def row_of(matter: Matter, now: datetime) -> Row:
    """Return the line of a matter that was fetched by `filters.with_what_a_row_shows`."""
    told: Any = matter
    running = [one for one in told.open_clocks if one.state == Clock.State.RUNNING]
    clock = next(iter(running or told.open_clocks), None)
    return Row(
        matter=matter,
        category=category_of(matter) if is_judged(matter) else None,
        units="、".join(one.unit.name for one in told.given),
        clock=clock,
        is_late=clock is not None and clock.is_over(now),
        next=NEXT[State(matter.state)],
    )


UNJUDGED = (State.HELD, State.REGISTERED, State.REFUSING, State.REFUSED, State.ACCEPTED)


def is_judged(matter: Matter) -> bool:
    """Whether somebody has sorted it already; before that its category is only the mildest one."""
    return matter.state not in UNJUDGED or not matter.procedure.has(Stage.JUDGING)


def category_of(matter: Matter, category: str = "") -> Category | None:
    wanted = category or matter.category
    return next((one for one in matter.procedure.categories.items if one.id == wanted), None)
