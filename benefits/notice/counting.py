"""Count a month of benefits (GY-R17): each number a sum of the database, as plain values to be frozen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.db.models import Count, F, Q, QuerySet, Sum
from django.db.models.functions import Coalesce, Least

from benefits.catalogue.drafting import TOLD, in_force
from benefits.models import FundEntry, ItemVersion
from benefits.notice import lists
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
NOTHING = Decimal("0.00")
Kind = FundEntry.Kind


def told(month: Month, now: datetime) -> dict[str, Any]:
    """Return everything the notice of a month says; money as texts, so that no cent is lost."""
    procedure_id, known = rules()
    version = in_use(procedure_id)
    procedure = version.procedure
    scope = Scope.of(procedure, month, now)
    figures = counted(scope)[None]
    by_class, by_unit = _rates(scope)
    counts = _counts(month)
    return {
        "office": known.office,
        "title": known.title,
        "month": str(month),
        "as_of": now.isoformat(),
        "own_intake": version.own_intake,
        "higher_system": procedure.intake.higher_system,
        "figures": [_registered(scope), *(_plain(one) for one in figures.values())],
        "classes": list(_classes(procedure, known, month, counts, by_class)),
        "units": list(_units(month, counts, by_unit)),
        "window": {"figures": by_unit.get(None, []), "late": _late(by_unit.get(None, []))},
        "money": _money(month),
        "not_accepted": _reasons(procedure, month),
        "refused": list(_refused(month)),
        "overdue": list(_overdue(scope, figures, known.office)),
        "pools": list(_pools(month)),
        "worst": list(_worst(scope, known)),
        "worst_by": [one.label for one in _worst_by(procedure, known)],
        "published": _changes(month, F("published_on"), shown=F("valid_from")),
        "ended": _changes(month, Least(Coalesce("ended_on", "valid_to"), Coalesce("valid_to", "ended_on"))),
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


def _rates(scope: Scope) -> tuple[Rates, Rates]:
    """Return the rates of limits by class and by unit: one statement; the others are of the county alone."""
    figures = [one for one in scope.procedure.figures if one.rate == Rate.ON_TIME]
    rows = limits(scope, {one.clock for one in figures if one.clock}).order_by()
    sums: tuple[dict[Any, dict[str, Share]], ...] = ({}, {})
    for *groups, rule, part, whole in rows.values_list(
        "matter__category", "assignment__unit", "rule"
    ).annotate(part=Count("pk", filter=IN_TIME), whole=Count("pk")):
        for found, group in zip(sums, groups, strict=True):
            so_far = found.setdefault(group, {}).get(rule, Share(0, 0))
            found[group][rule] = Share(so_far.part + part, so_far.whole + whole)
    by_class, by_unit = (
        {
            group: [_plain(Counted(one, shares.get(one.clock or "", Share(0, 0)))) for one in figures]
            for group, shares in found.items()
        }
        for found in sums
    )
    return by_class, by_unit


def _late(figures: Iterable[dict[str, Any]]) -> int:
    return sum(one["whole"] - one["part"] for one in figures)


def _registered(scope: Scope) -> dict[str, Any]:
    """BEN-13: whoever should be called back has at least one try on record."""
    called = reporters(scope).filter(should_be_called(scope.procedure))
    tried = called.filter(pk__in=CallBack.objects.values("matter"))
    return {
        "id": "",
        "label": "回访登记率",
        "says": "有回访记录的与应回访之比，三次没有接通的也有记录。",
        "part": tried.count(),
        "whole": called.count(),
    }


# --- Items, claims, money


Counts = dict[Any, Counter[str]]


def _counts(month: Month) -> tuple[Counts, Counts]:
    """Return the claims of each list by class and by department: one statement for each list."""
    found: tuple[Counts, Counts] = ({}, {})
    for name in lists.BY_CLASS:
        rows = lists.LISTS[name].of(month).order_by().values_list("version__category", "version__department")
        for *groups, count in rows.annotate(count=Count("pk")):
            for counts, group in zip(found, groups, strict=True):
                counts.setdefault(group, Counter())[name] += count
    return found


def _in_force(month: Month) -> QuerySet[ItemVersion]:
    last = lists.last_day(month)
    found: QuerySet[ItemVersion] = in_force(last).filter(published_on__lte=last)
    return found


def _items_by(month: Month, by: str) -> Counter[Any]:
    return Counter(dict(_in_force(month).order_by().values_list(by).annotate(count=Count("pk"))))


def _classes(
    procedure: Procedure, known: BenefitRules, month: Month, counts: tuple[Counts, Counts], rates: Rates
) -> Iterator[dict[str, Any]]:
    items = _items_by(month, "category")
    for one in known.classes.items:
        yield {
            "id": one.category,
            "label": procedure.category(one.category),
            "items": items[one.category],
            "counts": dict(counts[0].get(one.category, {})),
            "figures": rates.get(one.category, []),
        }


def _units(month: Month, counts: tuple[Counts, Counts], rates: Rates) -> Iterator[dict[str, Any]]:
    items, claims = _items_by(month, "department"), counts[1]
    granted = _sums(lists.decisions_in(month).filter(is_granted=True), "claim__version__department", "amount")
    paid = _sums(lists.paid_in(month), "decision__claim__version__department", "amount")
    for unit in Department.objects.order_by("order", "pk"):
        pk = unit.pk
        if pk in items or pk in claims or pk in rates:
            yield {
                "id": pk,
                "label": unit.name,
                "items": items[pk],
                "counts": dict(claims.get(pk, {})),
                "granted": f"{granted.get(pk, NOTHING):.2f}",
                "paid": f"{paid.get(pk, NOTHING):.2f}",
                "late": _late(rates.get(pk, [])),
                "figures": rates.get(pk, []),
            }


def _sums(rows: QuerySet[Any], by: str, field: str) -> dict[Any, Decimal]:
    return dict(rows.order_by().values_list(by).annotate(sum=Sum(field)).exclude(sum=None))


def _money(month: Month) -> list[dict[str, Any]]:
    """Amount, claims and firms of each step of the money: asked, granted, paid, sent back, waiting."""
    granted = lists.decisions_in(month).filter(is_granted=True)
    asked = lists.LISTS["asked"].of(month)
    steps: tuple[tuple[str, QuerySet[Any], str, str, str], ...] = (
        ("asked", asked, "amount_asked", "pk", "firm"),
        ("granted", granted, "amount", "claim", "claim__firm"),
        ("paid", lists.paid_in(month), "amount", "decision__claim", "decision__claim__firm"),
        ("refunded", lists.refunded_in(month), "amount", "decision__claim", "decision__claim__firm"),
        ("waiting", lists.waiting_in(month), "amount", "decision__claim", "decision__claim__firm"),
    )
    found = []
    for name, rows, amount, claim, firm in steps:
        sums = rows.order_by().aggregate(
            amount=Sum(amount), claims=Count(claim, distinct=True), firms=Count(firm, distinct=True)
        )
        found.append(
            {
                "id": name,
                "label": lists.LISTS[name].label,
                "amount": f"{sums['amount'] or NOTHING:.2f}",
                "claims": sums["claims"],
                "firms": sums["firms"],
            }
        )
    return found


# --- Refused, overdue


def _reasons(procedure: Procedure, month: Month) -> list[dict[str, Any]]:
    labels = {one.id: one.label for one in procedure.intake.refusals}
    rows = lists.LISTS["not_accepted"].of(month).order_by()
    found = rows.values_list("matter__refusal").annotate(count=Count("pk"))
    return [{"label": labels.get(reason) or "其他", "count": count} for reason, count in found]


def _refused(month: Month) -> Iterator[dict[str, Any]]:
    """What was refused, with clause and reason; which firm asked is not told."""
    rows = lists.decisions_in(month).filter(is_granted=False).order_by("decided_at", "pk")
    columns = ("claim__matter__number", "claim__version__name", "clause", "reason")
    for number, item, clause, reason in rows.values_list(*columns)[:MOST_NAMED]:
        yield {"number": number, "item": item, "clause": clause, "reason": reason}


def _overdue(scope: Scope, figures: dict[str, Counted], office: str) -> Iterator[dict[str, Any]]:
    """Limits of the month that were not kept, by unit; the item is named, the firm is not."""
    labels = {one.figure.clock: one.figure.label for one in figures.values() if one.figure.clock}
    rows = limits(scope, filter(None, labels)).exclude(IN_TIME).order_by("due_at", "pk")
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


# --- The pool, the slowest items, the catalogue


def _pools(month: Month) -> Iterator[dict[str, Any]]:
    """What each pool of the year held at the end of the month, and what moved in it this month."""
    before = Q(day__lt=month.first)
    rows = FundEntry.objects.filter(pool__year=month.year, day__lte=lists.last_day(month)).order_by()
    sums: dict[tuple[int, str], dict[str, Decimal]] = {}
    for kind in Kind.values:
        of = Q(kind=kind)
        for pk, name, total, earlier in rows.values_list("pool", "pool__name").annotate(
            total=Sum("amount", filter=of, default=NOTHING),
            earlier=Sum("amount", filter=of & before, default=NOTHING),
        ):
            one = sums.setdefault((pk, name), {"balance": NOTHING})
            one["balance"] += total
            one[kind] = total - earlier
            one[f"year_{kind}"] = total
    for (_, name), one in sorted(sums.items()):
        told = {
            key: f"{abs(value) if key.endswith(Kind.PAYMENT) else value:.2f}" for key, value in one.items()
        }
        yield {"label": name, **told}


def _worst_by(procedure: Procedure, known: BenefitRules) -> list[Figure]:
    return [one for one in procedure.figures if one.id in known.notice.worst_by]


def _worst(scope: Scope, known: BenefitRules) -> Iterator[dict[str, Any]]:
    """The items whose limits were kept least, by the figures that the rules name; all kept is not listed."""
    clocks = [one.clock for one in _worst_by(scope.procedure, known) if one.clock]
    rows = limits(scope, clocks).exclude(matter__claim=None).order_by()
    found = rows.values_list("matter__claim__version__item", "matter__claim__version__item__code").annotate(
        part=Count("pk", filter=IN_TIME), whole=Count("pk")
    )
    late = [(Share(part, whole), pk, code) for pk, code, part, whole in found if part < whole]
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


def _changes(month: Month, day: Any, shown: Any = None) -> list[dict[str, Any]]:
    rows = ItemVersion.objects.filter(state__in=TOLD).annotate(
        day=day, shown=shown or day, code=F("item__code"), unit=F("department__name")
    )
    found = rows.filter(lists.on_days_of(month, "day")).order_by("shown", "item__code")
    return [
        {"code": code, "item": name, "unit": unit, "number": number, "on": str(on)}
        for code, name, unit, number, on in found.values_list("code", "name", "unit", "number", "shown")
    ]
