"""Days and moments in templates, loaded everywhere: `{{ x|day }}`, `{{ x|moment }}`; nothing for nothing."""

from __future__ import annotations

from datetime import date, datetime

from django import template

from office import dates

register = template.Library()


@register.filter
def day(value: date | str | None) -> str:
    if not value:
        return ""
    return dates.of_iso(value) if isinstance(value, str) else dates.day(value)


@register.filter
def moment(value: datetime | None) -> str:
    return dates.moment(value) if value else ""


@register.filter
def month(value: date | None) -> str:
    return dates.month(value) if value else ""


@register.filter
def iso_month(value: date | None) -> str:
    """Write a month as an address or a field takes it: 2026-09."""
    return value.isoformat()[:7] if value else ""


@register.filter
def iso_day(value: date | None) -> str:
    """Write a day as an address or a field takes it: 2026-09-01."""
    return value.isoformat() if value else ""
