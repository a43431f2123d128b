"""Count honestly (practice: every rate has its whole, open ones included), as sums of the database.

The cohort of a month are the matters that were accepted in it, merged ones with the matter they went into;
how they stand is how they stand now. A limit counts in the month in which it ends, once that moment is past;
one that was ended because nobody had to meet it any more counts only if it had run out before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import (
    Case,
    Count,
    Exists,
    F,
    IntegerField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
    Value,
    When,
)
from django.db.models.functions import Coalesce
from django.db.models.lookups import LessThan

from casework.figures.months import MONTHS, Month
from casework.figures.shares import Share
from casework.matters.state import State
from casework.models import Assignment, CallBack, Clock, Matter
from casework.procedure import Procedure
from casework.procedure.parts import Figure
from casework.procedure.words import Rate, Stage

COUNTED_AS_CLOSED = (State.CLOSED, State.WITHDRAWN, State.TRANSFERRED)
NOT_TAKEN_IN = (State.HELD, State.MERGED)
BEFORE_ACCEPTANCE = (State.HELD, State.REGISTERED, State.REFUSING, State.REFUSED, State.MERGED)


@dataclass(frozen=True)
class Scope:
    """What is counted: a procedure from one month through another, as it stands now."""

    procedure: Procedure
    first: Month
    last: Month
    now: datetime
    unit: int | None = None
    category: str = ""

    @classmethod
    def of(cls, procedure: Procedure, month: Month, now: datetime) -> Scope:
        return cls(procedure, month, month, now)

    def months(self) -> list[Month]:
        whole = (self.last.year - self.first.year) * MONTHS + self.last.number - self.first.number + 1
        return self.last.back(whole)

    def within(self, field: str) -> Q:
        return Q(**{f"{field}__gte": self.first.begins, f"{field}__lt": self.last.ends})


@dataclass(frozen=True)
class Counted:
    """One figure: what it is of, its fraction, and how many of the limits had been extended."""

    figure: Figure
    share: Share
    extended: int = 0


# --- The rows that are counted -----------------------------------------------------------------------


def accepted(scope: Scope) -> QuerySet[Matter]:
    """Return the cohort; without a decision on acceptance a matter is accepted as it comes."""
    field = accepted_field(scope.procedure)
    rows = Matter.objects.filter(scope.within(field), procedure_id=scope.procedure.id)
    return _narrowed(rows.exclude(state__in=BEFORE_ACCEPTANCE), scope)


def registered(scope: Scope) -> QuerySet[Matter]:
    rows = Matter.objects.filter(scope.within("received_at"), procedure_id=scope.procedure.id)
    return _narrowed(rows.exclude(state__in=NOT_TAKEN_IN), scope)


def reporters(scope: Scope) -> QuerySet[Matter]:
    """Return the cohort for call-backs: whoever reported what was merged is called back too."""
    field = accepted_field(scope.procedure)
    own = scope.within(field) & ~Q(state__in=BEFORE_ACCEPTANCE)
    merged = scope.within(f"merged_into__{field}") & Q(state=State.MERGED)
    return _narrowed(Matter.objects.filter(own | merged, procedure_id=scope.procedure.id), scope)


def limits(scope: Scope, rules: Iterable[str]) -> QuerySet[Clock]:
    """Return the limits that ended in the months and by now."""
    rows = Clock.objects.filter(
        scope.within("due_at"),
        matter__procedure_id=scope.procedure.id,
        rule__in=list(rules),
        due_at__lte=scope.now,
    ).exclude(Q(state=Clock.State.VOID) & ~Q(is_late=True))
    if scope.unit is not None:
        rows = rows.filter(assignment__unit=scope.unit)
    return rows.filter(matter__category=scope.category) if scope.category else rows


def accepted_field(procedure: Procedure) -> str:
    return "accepted_at" if procedure.has(Stage.ACCEPTANCE) else "received_at"


def lead_unit() -> Subquery:
    """The unit in charge, as it was last assigned."""
    leads = Assignment.objects.filter(matter=OuterRef("pk"), is_lead=True)
    leads = leads.exclude(state=Assignment.State.HANDED_BACK).order_by("-pk")
    return Subquery(leads.values("unit")[:1])


def _narrowed(rows: QuerySet[Matter], scope: Scope) -> QuerySet[Matter]:
    if scope.unit is not None:
        rows = rows.annotate(lead=lead_unit()).filter(lead=scope.unit)
    return rows.filter(category=scope.category) if scope.category else rows


# --- What is counted of them ---------------------------------------------------------------------------

EXTENDED = Q(extended__gt=0)
IN_TIME = Q(state=Clock.State.MET, is_late=False)
CLOSED = Q(state__in=COUNTED_AS_CLOSED)
SOLVED = Q(state=State.CLOSED, is_solved=True)
REFUSED = Q(state=State.REFUSED)
ANSWERED = Q(is_satisfied__isnull=False)
SATISFIED = Q(is_satisfied=True)


def reached() -> Q:
    return Q(Exists(CallBack.objects.filter(matter=OuterRef("pk"), is_reached=True)))


def to_be_called(procedure: Procedure) -> Q:
    """Whoever waits for the call, was called, or was let go without one though the procedure wants it."""
    rule = procedure.call_back
    if rule is None:
        return Q(pk=None)
    outcomes = [one.id for one in procedure.outcomes if one.call_back]
    waits = Q(state=State.CALLING) | Q(state=State.CLOSED, outcome__in=outcomes)
    if rule.anonymous != "with_code":
        waits &= Q(is_anonymous=False, reporter__isnull=False)
    return waits | Q(Exists(CallBack.objects.filter(matter=OuterRef("pk"))))


def part_and_whole(scope: Scope, figure: Figure) -> tuple[QuerySet[Any], QuerySet[Any]]:
    """Return the rows a figure counts, and all they are counted among."""
    match figure.rate:
        case Rate.ON_TIME:
            rows = limits(scope, figure.counts)
            return rows.filter(IN_TIME), rows
        case Rate.CLOSED:
            return accepted(scope).filter(CLOSED), accepted(scope)
        case Rate.SOLVED:
            return accepted(scope).filter(SOLVED), accepted(scope)
        case Rate.REFUSED:
            return registered(scope).filter(REFUSED), registered(scope)
        case Rate.SATISFIED:
            answered = reporters(scope).filter(ANSWERED)
            return answered.filter(SATISFIED), answered
    called = reporters(scope).filter(to_be_called(scope.procedure))
    return called.filter(reached()), called


# --- As sums -------------------------------------------------------------------------------------------

Group = Any
Sums = dict[Group, dict[str, int]]
BY = ("", "month", "unit", "category", "cause")


def counted(scope: Scope, by: str = "") -> dict[Group, dict[str, Counted]]:
    """Return the figures of each group by their id: four statements, however many there are."""
    figures = scope.procedure.figures
    clocks = sorted({name for one in figures for name in one.counts})
    found: dict[Group, dict[str, dict[str, int]]] = {}
    for row in _grouped(
        limits(scope, clocks), _of_limits(scope, by), "rule", part=IN_TIME, extended=EXTENDED
    ):
        found.setdefault(_key(row, scope, by), {})[row["rule"]] = row
    field = accepted_field(scope.procedure)
    rows = {
        "cohort": _grouped(accepted(scope), _of_matters(scope, by, field), closed=CLOSED, solved=SOLVED),
        "registered": _grouped(registered(scope), _of_matters(scope, by, "received_at"), refused=REFUSED),
        "called": _grouped(
            reporters(scope),
            _of_matters(scope, by, field, merged=True),
            to_call=to_be_called(scope.procedure),
            reached=to_be_called(scope.procedure) & reached(),
            answered=ANSWERED,
            satisfied=SATISFIED,
        ),
    }
    sums: dict[Group, dict[str, int]] = {}
    for name, some in rows.items():
        for row in some:
            told = {f"{name}.{key}": count for key, count in row.items() if key != "group"}
            sums.setdefault(_key(row, scope, by), {}).update(told)
    return {
        key: {one.id: _figure(one, sums.get(key, {}), found.get(key, {})) for one in figures}
        for key in found.keys() | sums.keys()
    } or ({None: {one.id: _figure(one, {}, {}) for one in figures}} if not by else {})


PARTS = {
    Rate.CLOSED: ("cohort.closed", "cohort.whole"),
    Rate.SOLVED: ("cohort.solved", "cohort.whole"),
    Rate.REFUSED: ("registered.refused", "registered.whole"),
    Rate.REACHED: ("called.reached", "called.to_call"),
    Rate.SATISFIED: ("called.satisfied", "called.answered"),
}


def _figure(figure: Figure, sums: dict[str, int], of_limits: dict[str, dict[str, int]]) -> Counted:
    if figure.rate == Rate.ON_TIME:
        rows = [of_limits[name] for name in figure.counts if name in of_limits]
        share = Share(sum(row["part"] for row in rows), sum(row["whole"] for row in rows))
        return Counted(figure, share, sum(row["extended"] for row in rows))
    part, whole = PARTS[figure.rate]
    return Counted(figure, Share(sums.get(part, 0), sums.get(whole, 0)))


def _grouped(rows: QuerySet[Any], group: Any, *names: str, **conditions: Q) -> Iterator[dict[str, Any]]:
    keys = ["group", *names] if group is not None else list(names)
    found = rows.annotate(group=group) if group is not None else rows
    counts: dict[str, Any] = {
        f"n_{name}": Count("pk", filter=condition) for name, condition in conditions.items()
    }
    ordered = found.order_by()
    if keys:
        told = ordered.values(*keys).annotate(n_whole=Count("pk"), **counts)
        for row in told:
            yield {name.removeprefix("n_"): value for name, value in row.items()}
    else:
        row = ordered.aggregate(n_whole=Count("pk"), **counts)
        yield {name.removeprefix("n_"): value for name, value in row.items()}


def _of_limits(scope: Scope, by: str) -> Any:
    return {
        "": None,
        "month": _month_of(scope, F("due_at")),
        "unit": F("assignment__unit"),
        "category": F("matter__category"),
        "cause": F("matter__cause"),
    }[by]


def _of_matters(scope: Scope, by: str, field: str, *, merged: bool = False) -> Any:
    moment = Coalesce(f"merged_into__{field}", field) if merged else F(field)
    return {
        "": None,
        "month": _month_of(scope, moment),
        "unit": lead_unit(),
        "category": F("category"),
        "cause": F("cause"),
    }[by]


def _month_of(scope: Scope, moment: Any) -> Case:
    """Compare with the first moment of each month: quicker than to ask for the month of every row."""
    months = scope.months()
    whens = [When(LessThan(moment, one.ends), then=Value(place)) for place, one in enumerate(months)]
    return Case(*whens, output_field=IntegerField())


def _key(row: dict[str, Any], scope: Scope, by: str) -> Group:
    found = row.get("group")
    return scope.months()[found] if by == "month" and found is not None else found
