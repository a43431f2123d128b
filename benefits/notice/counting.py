"""Count a month of benefits (GY-R17): each number a sum of the database, as plain values to be frozen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from django.db.models import Count, Exists, OuterRef, Q

from benefits.catalogue.drafting import TOLD
from benefits.models import ItemVersion
from benefits.notice import lists, sums
from benefits.notice.sums import NOTHING
from benefits.rules import BenefitRules, rules
from casework.figures.counting import IN_TIME, Counted, Scope, counted, limits, reporters
from casework.figures.counting import to_be_called as should_be_called
from casework.figures.months import Month
from casework.figures.shares import Share
from casework.models import CallBack
from casework.procedure import Procedure
from casework.procedure.parts import Figure
from casework.procedure.words import Rate
from casework.procedures.stored import in_use
from departments.models import Department

MOST_NAMED = 200
"""Overdue claims and refusals that the notice names; the lists behind the numbers hold all."""


def told(month: Month, now: datetime) -> dict[str, Any]:
    """Return everything the notice of a month says; money as texts, so that no cent is lost."""
    procedure_id, known = rules()
    version = in_use(procedure_id)
    procedure = version.procedure
    scope = Scope.of(procedure, month, now)
    figures = counted(scope)[None]
    by_class, by_unit, by_item = _rates(scope)
    counts = sums.counts(month)
    published, ended = sums.changes(month)
    return {
        "office": known.office,
        "title": known.title,
        "month": str(month),
        "as_of": now.isoformat(),
        "own_intake": version.own_intake,
        "higher_system": procedure.intake.higher_system,
        "figures": [_registered(scope), *(_plain(one) for one in figures.values())],
        "classes": list(_classes(procedure, known, counts, by_class)),
        "units": list(_units(counts, by_unit)),
        "window": {"figures": by_unit.get(None, []), "late": _late(by_unit.get(None, []))},
        "money": list(sums.money(month)),
        "not_accepted": _reasons(procedure, counts),
        "refused": list(_refused(month)),
        "overdue": list(_overdue(scope, figures, known.office)),
        "pools": list(sums.pools(month)),
        "worst": list(_worst(procedure, known, by_item)),
        "worst_by": [one.label for one in _worst_by(procedure, known)],
        "published": published,
        "ended": ended,
    }


# --- Rates


def _plain(one: Counted) -> dict[str, Any]:
    figure, share = one.figure, one.share
    return {
        "id": figure.id,
        "label": figure.label,
        "says": figure.says,
        "part": share.part,
        "whole": share.whole,
    }


Rates = dict[Any, list[dict[str, Any]]]
Shares = dict[str, Share]


def _rates(scope: Scope) -> tuple[Rates, Rates, dict[Any, Shares]]:
    """Return the rates of limits by class and by unit, and the limits of each item."""
    figures = [one for one in scope.procedure.figures if one.rate == Rate.ON_TIME]
    rows = limits(scope, {name for one in figures for name in one.counts}).order_by()
    versions = {
        pk: (category, (item, code))
        for pk, category, item, code in ItemVersion.objects.values_list(
            "pk", "category", "item", "item__code"
        )
    }
    shares_by: tuple[dict[Any, Shares], ...] = ({}, {}, {})
    for unit, version, rule, part, whole in rows.values_list(
        "assignment__unit", "matter__claim__version", "rule"
    ).annotate(part=Count("pk", filter=IN_TIME), whole=Count("pk")):
        category, item = versions.get(version, ("", (None, "")))
        for found, group in zip(shares_by, (category, unit, item), strict=True):
            rates = found.setdefault(group, {})
            rates[rule] = _sum([rates.get(rule), Share(part, whole)])
    by_class, by_unit = (
        {
            group: [_plain(Counted(one, _share_of(one, shares))) for one in figures]
            for group, shares in found.items()
        }
        for found in shares_by[:2]
    )
    return by_class, by_unit, shares_by[2]


def _sum(shares: Iterable[Share | None]) -> Share:
    some = [one for one in shares if one is not None]
    return Share(sum(one.part for one in some), sum(one.whole for one in some))


def _share_of(figure: Figure, shares: Shares) -> Share:
    return _sum(shares.get(name) for name in figure.counts)


def _late(figures: Iterable[dict[str, Any]]) -> int:
    return sum(one["whole"] - one["part"] for one in figures)


def _registered(scope: Scope) -> dict[str, Any]:
    """BEN-13: whoever should be called back has at least one try on record."""
    called = reporters(scope).filter(should_be_called(scope.procedure))
    tried = Q(Exists(CallBack.objects.filter(matter=OuterRef("pk"))))
    share = called.order_by().aggregate(part=Count("pk", filter=tried), whole=Count("pk"))
    return {
        "id": "",
        "label": "回访登记率",
        "says": "有回访记录的与应回访之比，三次没有接通的也有记录。",
        **share,
    }


# --- Items, claims, money


def _classes(
    procedure: Procedure, known: BenefitRules, counts: sums.Counts, rates: Rates
) -> Iterator[dict[str, Any]]:
    for one in known.classes.items:
        yield {
            "id": one.category,
            "label": procedure.category(one.category),
            "items": counts.items[0][one.category],
            "counts": dict(counts.by_class.get(one.category, {})),
            "figures": rates.get(one.category, []),
        }


def _units(counts: sums.Counts, rates: Rates) -> Iterator[dict[str, Any]]:
    items, claims = counts.items[1], counts.by_unit
    for unit in Department.objects.order_by("order", "pk"):
        pk = unit.pk
        if pk in items or pk in claims or pk in rates:
            yield {
                "id": pk,
                "label": unit.name,
                "items": items[pk],
                "counts": dict(claims.get(pk, {})),
                "granted": f"{counts.granted.get(pk, NOTHING):.2f}",
                "paid": f"{counts.paid.get(pk, NOTHING):.2f}",
                "late": _late(rates.get(pk, [])),
                "figures": rates.get(pk, []),
            }


# --- Refused, overdue


def _reasons(procedure: Procedure, counts: sums.Counts) -> list[dict[str, Any]]:
    labels = {one.id: one.label for one in procedure.intake.refusals}
    return [
        {"label": labels.get(reason) or "其他", "count": count}
        for reason, count in sorted(counts.reasons.items())
        if count
    ]


def _refused(month: Month) -> Iterator[dict[str, Any]]:
    """What was refused, with clause and reason; which firm asked is not told."""
    rows = lists.decisions(month).filter(lists.refused(month)).order_by("first_decided_at", "pk")
    columns = ("claim__matter__number", "claim__version__name", "clause", "reason")
    for number, item, clause, reason in rows.values_list(*columns)[:MOST_NAMED]:
        yield {"number": number, "item": item, "clause": clause, "reason": reason}


def _overdue(scope: Scope, figures: dict[str, Counted], office: str) -> Iterator[dict[str, Any]]:
    """Limits of the month that were not kept, by unit; the item is named, the firm is not."""
    labels = {name: one.figure.label for one in figures.values() for name in one.figure.counts}
    rows = limits(scope, labels).exclude(IN_TIME).order_by("due_at", "pk")
    columns = (
        "assignment__unit__name",
        "matter__number",
        "matter__claim__version__name",
        "rule",
        "due_at",
        "met_at",
    )
    for unit, number, item, rule, due_at, met_at in rows.values_list(*columns)[:MOST_NAMED]:
        yield {
            "unit": unit or office,
            "number": number,
            "item": item or "",
            "figure": labels[rule],
            "due": due_at.isoformat(),
            "met": met_at.isoformat() if met_at else "",
        }


# --- The slowest items


def _worst_by(procedure: Procedure, known: BenefitRules) -> list[Figure]:
    return [one for one in procedure.figures if one.id in known.notice.worst_by]


def _worst(procedure: Procedure, known: BenefitRules, by_item: dict[Any, Shares]) -> Iterator[dict[str, Any]]:
    """The items whose limits were kept least, by the figures that the rules name; all kept is not listed."""
    figures = _worst_by(procedure, known)
    shares = [
        (_sum(_share_of(one, of_item) for one in figures), pk, code)
        for (pk, code), of_item in by_item.items()
        if pk is not None
    ]
    late = [one for one in shares if one[0].part < one[0].whole]
    late.sort(key=lambda one: (one[0].part / one[0].whole, one[0].part - one[0].whole, one[2]))
    worst = late[: known.notice.worst_items]
    names = {
        one.item_id: one
        for one in ItemVersion.objects.filter(item__in=[pk for _, pk, _ in worst], state__in=TOLD)
        .select_related("department")
        .order_by("number")
    }
    for share, pk, code in worst:
        version = names.get(pk)
        yield {
            "code": code,
            "item": version.name if version else code,
            "unit": version.department.name if version else "",
            "part": share.part,
            "whole": share.whole,
        }
