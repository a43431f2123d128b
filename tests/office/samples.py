"""Makes one object of any model, so that walks over all pages meet real objects, later models included."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from datetime import UTC, date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any

from django.apps import apps
from django.db import IntegrityError, models, transaction

_numbers = itertools.count(1)
READABLE = Path(__file__).parents[1] / "golden" / "small" / "scheme.yaml"
PROCEDURE = Path(__file__).parents[2] / "procedures" / "wuyang-unresolved-matters" / "procedure.yaml"
FIXED_TIME = datetime(2023, 9, 1, 8, 0, tzinfo=UTC)


# What a constraint wants of more than one field.
WANTED: dict[str, Callable[[], dict[str, Any]]] = {
    "casework.ProcedureVersion": lambda: {"text": PROCEDURE.read_text(encoding="utf-8"), "is_active": False},
    "departments.Task": lambda: {
        "department": sample(apps.get_model("departments", "Department")),
        "starts_on": date(2023, 1, 1),
        "due_on": date(2023, 2, 1),
    },
    "departments.Notice": lambda: {"department": sample(apps.get_model("departments", "Department"))},
    "departments.Nudge": lambda: {"user": sample(apps.get_model("office", "User"))},
    "evaluations.SchemeVersion": lambda: {"text": READABLE.read_text(encoding="utf-8")},
    "reports.OfficialDocument": lambda: {
        "content": {
            "form": "document",
            "title": "关于评价结果的通报",
            "issuer": "示范县优化营商环境服务中心",
            "on": "2023-09-01",
            "blocks": [{"block": "paragraph", "text": "现将结果通报如下。"}],
        }
    },
    "office.OfficeHours": lambda: {"shifts": "09:00-12:00, 13:00-17:00"},
    "surveys.SlipBatch": lambda: {"size": 10},  # numbers run on past the most that a batch may have
}


def sample(model: type[models.Model], **given: Any) -> models.Model:
    """Make and save an object of `model`, filling what has no default."""
    values = {**WANTED.get(model._meta.label, dict)(), **given}
    for field in model._meta.concrete_fields:
        needed = not (field.null or field.has_default() or field.primary_key or field.name in values)
        if needed:
            values[field.name] = _value(field, given)
    made = model(**values)
    made.save()
    return made


def sample_or_none(model: type[models.Model], **given: Any) -> models.Model | None:
    """Return a sample, or None where a constraint wants more than single fields."""
    try:
        with transaction.atomic():
            return sample(model, **given)
    except (IntegrityError, ValueError, TypeError):
        return None


def _value(field: models.Field[Any, Any], given: dict[str, Any]) -> Any:
    if isinstance(field, models.ForeignKey):
        target = field.remote_field.model
        names = {one.name for one in target._meta.fields}
        return sample(target, **{name: value for name, value in given.items() if name in names})
    if field.choices:
        return field.flatchoices[0][0]
    number = next(_numbers)
    by_kind: list[tuple[type[models.Field[Any, Any]], Any]] = [
        (models.BooleanField, False),
        (models.DateTimeField, FIXED_TIME),
        (models.DateField, date(2023, 1, 1 + number % 28)),
        (models.TimeField, time(9)),
        (models.DecimalField, Decimal(1)),
        (models.IntegerField, number),
        (models.BinaryField, number.to_bytes(4, "big")),
        (models.FileField, ""),
    ]
    default = "" if field.blank else f"样例{number}"[: field.max_length or 200]
    return next((value for kind, value in by_kind if isinstance(field, kind)), default)
