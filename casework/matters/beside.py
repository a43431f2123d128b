"""What a room above keeps beside a matter: its page, the steps done there, what a step needs first.

A room registers when it starts; nothing here knows which rooms there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from casework.models import Matter
from casework.procedure.parts import ClockRule
from casework.procedure.words import Event
from office.calendar.deadlines import Span
from office.errors import Refused
from office.models import User


@dataclass(frozen=True)
class Beside:
    """A page on which more of a matter is kept; the steps in `does` are done there alone."""

    label: str
    address: str
    does: frozenset[Event] = frozenset()


Looks = Callable[[Matter], Beside | None]
Needs = Callable[[Matter, Event, str, datetime], None]
Takes = Callable[[str, bool], str]
Limits = Callable[[Matter, ClockRule], Span | None]
Merges = Callable[[Matter, Matter, User], None]
_looks: list[Looks] = []
_needs: list[Needs] = []
_takes: list[Takes] = []
_limits: list[Limits] = []
_acts: list[Callable[[Matter], str]] = []
_withdrawals: list[Callable[[Matter, User | None], None]] = []
_merges: list[Merges] = []


def keeps(function: Looks) -> Looks:
    """Register who says what is kept beside a matter; None where nothing is."""
    _looks.append(function)
    return function


def needs(function: Needs) -> Needs:
    """Register who raises `Refused` where a step lacks what it needs; `outcome`: of a reply or the end."""
    _needs.append(function)
    return function


def takes_in(function: Takes) -> Takes:
    """Register who takes in what comes under a procedure, at the desk or by the public; else empty."""
    _takes.append(function)
    return function


def limits(function: Limits) -> Limits:
    """Register who knows another limit for a matter than its procedure; None leaves it to that."""
    _limits.append(function)
    return function


def kept_beside(matter: Matter) -> list[Beside]:
    return [found for looks in _looks if (found := looks(matter)) is not None]


def span_for(matter: Matter, rule: ClockRule) -> Span | None:
    """Return the limit of a clock for this matter; None: this clock does not run for it."""
    span = rule.span_for(matter.category)
    if span is None:
        return None
    return next((found for knows in _limits if (found := knows(matter, rule)) is not None), span)


def require_what_it_needs(matter: Matter, event: Event, outcome: str = "", *, now: datetime) -> None:
    for one in _needs:
        one(matter, event, outcome, now)


def require_done_beside(matter: Matter, event: Event) -> None:
    """Refuse a step that no room keeps beside this matter."""
    if not any(event in one.does for one in kept_beside(matter)):
        raise Refused("这一步在事项页面办理", "请按事项页面所列的办法办理。")


def intake_address(procedure_id: str, *, is_public: bool = False) -> str:
    """Return where that is taken in instead of by the common form; empty where the form does."""
    return next((found for takes in _takes if (found := takes(procedure_id, is_public))), "")


def acts_at(function: Callable[[Matter], str]) -> Callable[[Matter], str]:
    """Register who says on which page the reporter of a matter acts; empty: on the common one."""
    _acts.append(function)
    return function


def withdraws(function: Callable[[Matter, User | None], None]) -> Callable[[Matter, User | None], None]:
    """Register what is done beside a matter that its reporter takes back; `Refused` where it stays."""
    _withdrawals.append(function)
    return function


def merges(function: Merges) -> Merges:
    """Register what is done beside a matter that is merged into another; `Refused` where they stay apart."""
    _merges.append(function)
    return function


def reporters_address(matter: Matter) -> str:
    return next((found for acts in _acts if (found := acts(matter))), "")


def withdrawn_beside(matter: Matter, by: User | None) -> None:
    for one in _withdrawals:
        one(matter, by)


def merged_beside(ended: Matter, kept: Matter, by: User) -> None:
    for one in _merges:
        one(ended, kept, by)
