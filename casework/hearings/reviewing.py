"""The month's review (月讲评), on its last working day: all figures with their fractions (WY-R6, MED-01)."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q, QuerySet

from casework.hearings import standing, weeks
from casework.hearings.rules import rules
from casework.hearings.shares import Share
from casework.hearings.standing import Chain
from casework.matters.turns import take_turn
from casework.models import MonthReview, UnitReview, WeeklyItem
from departments.access import belongs_to
from departments.models import Department
from office import audit, dates, roles
from office.calendar import days
from office.calendar.working_time import after_months
from office.errors import Refused
from office.models import User


@dataclass
class UnitFigures:
    """What one unit had to do: items assigned in the month, items and promises due in it, open ones too."""

    unit: Department
    assigned: list[WeeklyItem] = field(default_factory=list)
    due: list[WeeklyItem] = field(default_factory=list)
    promises: list[Chain] = field(default_factory=list)
    review: UnitReview | None = None

    @property
    def done(self) -> Share:
        return done_of(self.assigned)

    @property
    def on_time(self) -> Share:
        return on_time_of(self.due)

    @property
    def kept(self) -> Share:
        return kept_of(self.promises)

    @property
    def word(self) -> str:
        return self.review.word if self.review else ""


@dataclass(frozen=True)
class Month:
    """The review of a month; `weeks` are its weeks with their days of assigning."""

    month: date
    review_day: date
    weeks: list[tuple[date, date]]
    units: list[UnitFigures]
    ended: MonthReview | None

    @property
    def done(self) -> Share:
        return done_of([item for one in self.units for item in one.assigned])

    @property
    def on_time(self) -> Share:
        return on_time_of([item for one in self.units for item in one.due])

    @property
    def kept(self) -> Share:
        return kept_of([chain for one in self.units for chain in one.promises])

    @property
    def open_items(self) -> list[WeeklyItem]:
        return [item for one in self.units for item in one.assigned if item.done_on is None]

    def stored(self) -> dict[str, Any]:
        """What the minutes keep."""
        return {
            "done": self.done.stored(),
            "on_time": self.on_time.stored(),
            "kept": self.kept.stored(),
            "units": [
                {
                    "unit": one.unit.name,
                    "done": one.done.stored(),
                    "on_time": one.on_time.stored(),
                    "kept": one.kept.stored(),
                    "word": one.word,
                    "text": one.review.text if one.review else "",
                }
                for one in self.units
            ],
        }


def done_of(items: list[WeeklyItem]) -> Share:
    return Share(sum(item.done_on is not None for item in items), len(items))


def on_time_of(items: list[WeeklyItem]) -> Share:
    """Of all that were due, open ones included."""
    return Share(
        sum(item.done_on is not None and item.done_on <= item.last_day for item in items), len(items)
    )


def kept_of(chains: list[Chain]) -> Share:
    return Share(sum(chain.standing == standing.Standing.KEPT for chain in chains), len(chains))


def month_review(month: date, today: date) -> Month:
    """Return the figures of a month as they are on a day; the number of queries does not grow."""
    first = month.replace(day=1)
    calendar = days.calendar()
    of_month = weeks.weeks_of_month(first, calendar)
    units: dict[int, UnitFigures] = {}

    def of(unit: Department) -> UnitFigures:
        return units.setdefault(unit.pk, UnitFigures(unit))

    for item in _items(Q(week__in=[monday for monday, _ in of_month])):
        of(item.unit).assigned.append(item)
    end = after_months(first, 1)
    for item in _items(_due_between(first, end)):
        if first <= item.last_day < end:
            of(item.unit).due.append(item)
    for promise in standing.promises().filter(_due_between(first, end)).order_by("id"):
        if first <= promise.due_on < end:
            of(promise.unit).promises.append(standing.chain(promise, today))
    for review in UnitReview.objects.filter(month=first).select_related("unit"):
        of(review.unit).review = review
    return Month(
        month=first,
        review_day=calendar.last_of_month(first.year, first.month),
        weeks=of_month,
        units=sorted(units.values(), key=lambda one: (one.unit.order, one.unit.pk)),
        ended=MonthReview.objects.filter(month=first).first(),
    )


def _items(wanted: Q) -> QuerySet[WeeklyItem]:
    given = WeeklyItem.objects.filter(wanted, matter__isnull=False)
    return given.select_related("unit", "clock", "matter").order_by("id")


def _due_between(first: date, end: date) -> Q:
    """Clocks that ended or first ended in the month; the caller looks at the day itself."""
    return Q(clock__due_at__date__gte=first, clock__due_at__date__lt=end) | Q(
        clock__first_due_at__date__gte=first, clock__first_due_at__date__lt=end
    )


@transaction.atomic
def review_unit(
    *, month: date, unit: Department, word: str, text: str, now: datetime, acting_user: User
) -> UnitReview:
    """Say a word on a unit, from the month's last working day on, until the review is over."""
    roles.require(acting_user, "month.review")
    take_turn("month reviews")
    found = month_review(month, days.local(now).date())
    _refuse_early_or_over(found, now)
    words = rules().month.words
    if word not in words:
        raise Refused("没有这一讲评等次", f"等次为：{'、'.join(words)}。")
    if not text.strip():
        raise Refused("没有填写讲评意见", "请写明做得怎样、差在哪里。")
    if belongs_to(acting_user, unit.pk):
        raise Refused("不能讲评本单位", "请由其他单位的人员讲评。")
    kept = UnitReview.objects.select_for_update().filter(month=found.month, unit=unit).first()
    review = kept or UnitReview(month=found.month, unit=unit)
    before = {"讲评": review.word} if kept else {}
    review.word, review.text = word, text.strip()[:500]
    review.entered_by, review.entered_at = acting_user, now
    review.save()
    after = {"讲评": word, "意见": review.text[:200]}
    audit.record("登记月讲评", review, acting_user=acting_user, before=before, after=after)
    return review


@transaction.atomic
def end_review(*, month: date, now: datetime, acting_user: User) -> MonthReview:
    """End the review and keep its figures for the minutes; by nobody who wrote a word of it."""
    roles.require(acting_user, "month.review")
    take_turn("month reviews")
    today = days.local(now).date()
    found = month_review(month, today)
    _refuse_early_or_over(found, now)
    if missing := [str(one.unit) for one in found.units if one.review is None]:
        raise Refused(f"还没有讲评{'、'.join(missing[:10])}", "请逐单位讲评后再结束。")
    if not found.units:
        raise Refused("本月没有交办事项，也没有到期承诺", "无须讲评。")
    if acting_user.pk in {one.review.entered_by_id for one in found.units if one.review}:
        raise Refused("讲评须由登记人以外的人员结束", "请由另一人核对后结束。")
    ended = MonthReview.objects.create(
        month=found.month, held_on=today, figures=found.stored(), ended_by=acting_user, ended_at=now
    )
    after = {"办结": str(found.done), "按时": str(found.on_time), "承诺按期兑现": str(found.kept)}
    audit.record("结束月讲评", ended, acting_user=acting_user, after=after)
    return ended


def _refuse_early_or_over(found: Month, now: datetime) -> None:
    if found.ended is not None:
        raise Refused("本月讲评已经结束", "讲评意见不再更改。")
    if days.local(now).date() < found.review_day:
        raise Refused(f"本月讲评日是{dates.day(found.review_day)}", "请在当日讲评。")
