"""Sums of a month of benefits: items, claims and money by class and department, pools, versions."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal
from typing import Any

from django.db.models import Aggregate, Count, OuterRef, Q, QuerySet, Subquery, Sum

from benefits.catalogue.drafting import TOLD, in_force
from benefits.models import FundEntry, ItemVersion, Payment
from benefits.notice import lists
from casework.figures.months import Month

NOTHING = Decimal("0.00")
Kind = FundEntry.Kind


@dataclass
class Counts:
    """The items, the claims of each list and the amounts of a month, by class and by department."""

    items: tuple[Counter[Any], Counter[Any]]
    by_class: dict[Any, Counter[str]] = field(default_factory=dict)
    by_unit: dict[Any, Counter[str]] = field(default_factory=dict)
    reasons: Counter[str] = field(default_factory=Counter)
    granted: dict[Any, Decimal] = field(default_factory=dict)
    paid: dict[Any, Decimal] = field(default_factory=dict)

    def add(self, category: str, unit: int, **counts: int) -> None:
        self.by_class.setdefault(category, Counter()).update(counts)
        self.by_unit.setdefault(unit, Counter()).update(counts)


def counts(month: Month) -> Counts:
    """Count by class and department: a statement each for items, claims, supplements, decisions, payments."""
    last = lists.last_day(month)
    found = Counts((Counter(), Counter()))
    items = in_force(last).filter(published_on__lte=last)
    for *groups, count in _grouped(items, "category", "department", n=Count("pk")):
        for counter, group in zip(found.items, groups, strict=True):
            counter[group] += count
    groups_of_claim = ("version__category", "version__department")
    asked, accepted = lists.asked(month), lists.accepted(month)
    claims = lists.claims().filter(asked | accepted)
    counts = {
        name: Count("pk", filter=wanted)
        for name, wanted in (("n", asked), ("n_accepted", accepted), ("n_not", lists.not_accepted(month)))
    }
    for category, unit, reason, *numbers in _grouped(claims, *groups_of_claim, "matter__refusal", **counts):
        found.add(category, unit, **dict(zip(("asked", "accepted", "not_accepted"), numbers, strict=True)))
        found.reasons[reason] += numbers[2]
    for category, unit, count in _grouped(
        lists.LISTS["supplemented"].of(month), *groups_of_claim, n=Count("pk")
    ):
        found.add(category, unit, supplemented=count)
    decisions = lists.decisions(month).filter(lists.granted(month) | lists.refused(month))
    groups = [f"claim__{one}" for one in groups_of_claim]
    for category, unit, is_granted, count, amount in _grouped(
        decisions, *groups, "is_granted", n=Count("pk"), sum=Sum("told")
    ):
        found.add(category, unit, **{"granted" if is_granted else "refused": count})
        found.granted[unit] = found.granted.get(unit, NOTHING) + (amount or 0)
    payments, groups = Payment.objects.filter(lists.paid(month)), [f"decision__{one}" for one in groups]
    for category, unit, count, amount in _grouped(
        payments, *groups, n=Count("decision__claim", distinct=True), sum=Sum("amount")
    ):
        found.add(category, unit, paid=count)
        found.paid[unit] = found.paid.get(unit, NOTHING) + amount
    return found


def _grouped(rows: QuerySet[Any], *groups: str, **sums: Aggregate) -> Iterator[tuple[Any, ...]]:
    yield from rows.order_by().values_list(*groups).annotate(**sums)


def money(month: Month) -> Iterator[dict[str, Any]]:
    """Amount, claims and firms of each step of the money: a statement for each kind of rows."""
    yield from _steps(lists.claims(), "pk", "firm", asked=("amount_asked", lists.asked(month)))
    yield from _steps(
        lists.decisions(month),
        "claim",
        "claim__firm",
        granted=("told", lists.granted(month)),
        corrected=("change", lists.corrected(month)),
    )
    yield from _steps(
        Payment.objects.all(),
        "decision__claim",
        "decision__claim__firm",
        paid=("amount", lists.paid(month)),
        refunded=("amount", lists.refunded(month)),
        waiting=("amount", lists.waiting(month)),
    )


def _steps(rows: QuerySet[Any], claim: str, firm: str, **steps: tuple[str, Q]) -> Iterator[dict[str, Any]]:
    sums: dict[str, Aggregate] = {}
    wanted = Q()
    for name, (amount, counted_here) in steps.items():
        wanted |= counted_here
        sums[f"{name}_sum"] = Sum(amount, filter=counted_here)
        sums[f"{name}_claims"] = Count(claim, filter=counted_here, distinct=True)
        sums[f"{name}_firms"] = Count(firm, filter=counted_here, distinct=True)
    found = rows.filter(wanted).order_by().aggregate(**sums)
    for name in steps:
        yield {
            "id": name,
            "label": lists.LISTS[name].label,
            "amount": f"{found[f'{name}_sum'] or NOTHING:.2f}",
            "claims": found[f"{name}_claims"],
            "firms": found[f"{name}_firms"],
        }


def pools(month: Month) -> Iterator[dict[str, Any]]:
    """What each pool held at the end of the month, what moved in it this month, and all until then.

    Around the year's end a level has two: that of the year, and another that is still open or moved.
    """
    last = lists.last_day(month)
    this_month = Q(day__gte=month.first)
    told: dict[tuple[int, int], dict[str, Any]] = {}
    kept: set[tuple[int, int]] = set()
    for year, pk, name, closed_on, kind, total, now, moves in _grouped(
        FundEntry.objects.filter(day__lte=last),
        "pool__year",
        "pool",
        "pool__name",
        "pool__closed_on",
        "kind",
        total=Sum("amount"),
        now=Sum("amount", filter=this_month, default=NOTHING),
        moves=Count("pk", filter=this_month),
    ):
        one = told.setdefault((year, pk), {"label": f"{name}（{year}年）", "balance": NOTHING})
        one["balance"] += total
        one[kind], one[f"year_{kind}"] = now, total
        if year == month.year or moves or closed_on is None or closed_on > last:
            kept.add((year, pk))
    goes_out = (Kind.PAYMENT, Kind.CLOSING)
    for key in sorted(kept):
        yield {
            name: value if name == "label" else f"{abs(value) if name.endswith(goes_out) else value:.2f}"
            for name, value in told[key].items()
        }


def changes(month: Month) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return the versions that were published in the month, and those that ended: one statement.

    What was stopped ended on the day from which on it takes no claims, what another version followed on the
    first day of that one, anything else on its last day.
    """
    first, last = month.first, lists.last_day(month)
    later = ItemVersion.objects.filter(
        item=OuterRef("item"), state__in=TOLD, number__gt=OuterRef("number")
    ).order_by("number")
    rows = ItemVersion.objects.filter(
        lists.on_days_of(month, "published_on")
        | lists.on_days_of(month, "ended_on")
        | Q(valid_to__gte=first - timedelta(days=1), valid_to__lte=last),
        state__in=TOLD,
    ).annotate(
        next_number=Subquery(later.values("number")[:1]), next_from=Subquery(later.values("valid_from")[:1])
    )
    published: list[dict[str, Any]] = []
    ended: list[dict[str, Any]] = []
    for one in rows.select_related("item", "department").order_by("item__code", "number"):
        said = {
            "code": one.item.code,
            "item": one.name,
            "unit": one.department.name,
            "number": one.number,
        }
        if one.published_on is not None and first <= one.published_on <= last:
            published.append({**said, "on": str(one.valid_from)})
        on, why = _end_of(one)
        if on is not None and first <= on <= last:
            ended.append({**said, "on": str(on), "why": why})
    published.sort(key=_by_day)
    ended.sort(key=_by_day)
    return published, ended


def _by_day(one: dict[str, Any]) -> tuple[str, str]:
    return one["on"], one["code"]


def _end_of(version: Any) -> tuple[date | None, str]:
    if version.ended_on is not None:
        return version.ended_on, "停止受理"
    if version.valid_to is not None and version.next_from == version.valid_to + timedelta(days=1):
        return version.next_from, f"由第{version.next_number}版接替"
    return version.valid_to, "有效期届满"
