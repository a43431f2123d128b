"""How days and moments are said to people: 2026年9月1日, 2026年9月1日 08:05; files for machines keep ISO."""

from __future__ import annotations

from datetime import date, datetime

from django.utils import timezone


def day(value: date | datetime) -> str:
    """Say a day; of a moment the day it has in this county."""
    if isinstance(value, datetime) and timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{value.year}年{value.month}月{value.day}日"


def month(value: date) -> str:
    """Say the month a day lies in."""
    return f"{value.year}年{value.month}月"


def moment(value: datetime) -> str:
    if timezone.is_aware(value):
        value = timezone.localtime(value)
    return f"{day(value)} {value:%H:%M}"


def of_iso(text: str) -> str:
    """Say what was stored as a day or a moment and nothing else; other texts stay as they are."""
    if len(text) < len("2026-09-01") or not text[:4].isdigit() or text[4] != "-":
        return text
    try:
        return day(date.fromisoformat(text)) if len(text) == len("2026-09-01") else _moment_of(text)
    except ValueError:
        return text


def _moment_of(text: str) -> str:
    return moment(datetime.fromisoformat(text))
