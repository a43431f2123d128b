"""Close a month (月度结账): its figures are stored as they are; later versions have a reason."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from django.db import transaction

from casework.figures.counting import Counted, Scope, accepted, counted, registered
from casework.figures.lists import REST, lines_of, rows_of
from casework.figures.months import Month
from casework.matters import parties
from casework.models import MonthFigures, ProcedureVersion
from casework.procedure import Procedure
from casework.procedure.words import Rate
from departments.models import Department
from office import audit, dates, roles
from office.errors import Refused
from office.models import User


def told(procedure: Procedure, month: Month, now: datetime) -> dict[str, Any]:
    """Return everything the notice of a month says, as plain values: fractions, units, lists."""
    scope = Scope.of(procedure, month, now)
    figures = counted(scope)[None]
    units = {one.pk: one.name for one in Department.objects.order_by("order", "pk")}
    by_unit = counted(scope, "unit")
    return {
        "procedure": procedure.id,
        "desk": procedure.desk,
        "office": procedure.office,
        "month": str(month),
        "as_of": now.isoformat(),
        "registered": registered(scope).count(),
        "accepted": accepted(scope).count(),
        "figures": [_plain(one) for one in figures.values()],
        "categories": [
            {"label": one.label, "figures": _each(by_category.get(one.id))}
            for by_category in [counted(scope, "category")]
            for one in procedure.categories.items
        ],
        "units": [
            {"label": name, "figures": _each(by_unit.get(pk))} for pk, name in units.items() if pk in by_unit
        ],
        "overdue": list(_overdue(scope, figures)),
    }


def _each(figures: dict[str, Counted] | None) -> list[dict[str, Any]]:
    return [_plain(one) for one in figures.values()] if figures else []


def _plain(one: Counted) -> dict[str, Any]:
    figure = one.figure
    return {
        "id": figure.id,
        "label": figure.label,
        "says": figure.says,
        "part": one.share.part,
        "whole": one.share.whole,
        "extended": one.extended,
    }


def _overdue(scope: Scope, figures: dict[str, Counted]) -> Iterator[dict[str, str]]:
    """Every limit of the month that was not kept: unit by name, matter by number and title."""
    for one in figures.values():
        if one.figure.rate != Rate.ON_TIME or one.share.part == one.share.whole:
            continue
        for line in lines_of(rows_of(scope, one.figure, REST), scope.now):
            yield {
                "unit": line.unit,
                "number": line.matter.number,
                "title": line.matter.shown_title,
                "figure": one.figure.label,
                "due": dates.moment(line.due_at) if line.due_at else "",
                "met": dates.moment(line.met_at) if line.met_at else "未完成",
            }


@transaction.atomic
def close_month(
    *, version: ProcedureVersion, month: Month, reason: str = "", now: datetime, acting_user: User
) -> MonthFigures:
    """Freeze the figures of a month that is over; once more only with a reason, as a new version."""
    roles.require(acting_user, "matter.close_month")
    parties.require_readable(version.procedure)
    if month.ends > now:
        raise Refused(f"{month.in_words}还没有结束", "请在月末之后结账；本月的数字可以随时查看。")
    ProcedureVersion.objects.select_for_update().get(pk=version.pk)
    former = last_closed(version.procedure_id, month)
    if former is not None and not reason.strip():
        raise Refused(f"{month.in_words}已经结账（第{former.number}版）", "确需重新结账的，请写明原因。")
    figures = told(version.procedure, month, now)
    made = MonthFigures.objects.create(
        version=version,
        procedure_id=version.procedure_id,
        month=month.first,
        number=former.number + 1 if former else 1,
        figures=figures,
        sha256=digest(figures),
        closed_at=now,
        closed_by=acting_user,
        reason=reason.strip()[:300] if former else "",
    )
    after = {
        "规程": version.procedure.desk,
        "月份": str(month),
        "版次": made.number,
        "摘要": made.sha256[:16],
    }
    audit.record(
        "月度结账",
        made,
        acting_user=acting_user,
        after=after | ({"原因": made.reason} if made.reason else {}),
    )
    return made


def last_closed(procedure_id: str, month: Month) -> MonthFigures | None:
    found = MonthFigures.objects.filter(procedure_id=procedure_id, month=month.first)
    return found.select_related("version", "closed_by").order_by("-number").first()


def digest(figures: dict[str, Any]) -> str:
    """SHA-256 of stored figures, whatever the order of their keys."""
    return hashlib.sha256(json.dumps(figures, ensure_ascii=False, sort_keys=True).encode()).hexdigest()


def is_whole(month: MonthFigures) -> bool:
    return digest(month.figures) == month.sha256
