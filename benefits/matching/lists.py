"""Lists of who fits an item or may fit it, and that they were told (GY-R16)."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from django.db import transaction
from django.db.models import Count, Q, QuerySet

from benefits.catalogue.drafting import in_force
from benefits.firms.labels import word_of
from benefits.matching.conditions import matchable
from benefits.models import ItemVersion, Match
from benefits.rules import rules
from office import audit, dates, roles
from office.errors import Refused
from office.models import User

Answer = Match.Answer
PUSHED = (Answer.YES, Answer.UNKNOWN)
HEADINGS = ("统一社会信用代码", "企业名称", "匹配结果", "待确认的标签", "询问企业的问题", "推送日期")
EVERY = 2000


def counted(today: date) -> list[dict[str, Any]]:
    """Return the items in force with how many firms fit, may fit, and were told."""
    counts = {
        row["version"]: row
        for row in Match.objects.filter(firm__is_cancelled=False)
        .values("version")
        .annotate(
            yes=Count("pk", filter=Q(answer=Answer.YES)),
            unknown=Count("pk", filter=Q(answer=Answer.UNKNOWN)),
            pushed=Count("pk", filter=Q(pushed_on__isnull=False)),
        )
    }
    nothing = {"yes": 0, "unknown": 0, "pushed": 0}
    by_label = {one.key for one in matchable(today)}
    versions = in_force(today).select_related("item", "department").order_by("item__code")
    return [
        {**counts.get(one.pk, nothing), "version": one, "is_matched": one.pk in by_label} for one in versions
    ]


def matched(version: ItemVersion, answer: str) -> QuerySet[Match]:
    found = Match.objects.filter(version=version, answer=answer, firm__is_cancelled=False)
    return found.select_related("firm").order_by("firm_id")


def rows_of(matches: QuerySet[Match]) -> Iterator[list[Any]]:
    """What a workbook holds: nothing of who may be called at a firm."""
    for one in matches.iterator(chunk_size=EVERY):
        asked = rules()[1].label(one.label)
        yield [
            one.firm.credit_code,
            one.firm.name,
            one.get_answer_display(),
            word_of(one.label) if one.label else "",
            asked.question if asked else "",
            one.pushed_on,
        ]


@transaction.atomic
def mark_pushed(*, version: ItemVersion, answer: str, today: date, acting_user: User) -> int:
    """Note that everybody on a list who had not been told was told today."""
    roles.require(acting_user, "benefit.match")
    if answer not in PUSHED:
        raise Refused("没有这一名单", "请从符合和可能符合的名单中选择。")
    told = matched(version, answer).filter(pushed_on=None).select_related(None).order_by()
    count = Match.objects.filter(pk__in=told.values("pk")).update(pushed_on=today)
    if not count:
        raise Refused("名单上的企业都已推送", "请重新匹配后再看。")
    after = {"名单": str(Answer(answer).label), "企业": count, "日期": dates.day(today)}
    audit.record("推送惠企事项", version, acting_user=acting_user, after=after)
    return count
