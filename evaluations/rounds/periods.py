"""Periods of rounds: how they are stored (2026-Q3, 2026) and how people say them."""

from __future__ import annotations

import re
from calendar import monthrange
from datetime import date

PARTS = {
    "": "年度",
    "H1": "上半年",
    "H2": "下半年",
    "Q1": "第一季度",
    "Q2": "第二季度",
    "Q3": "第三季度",
    "Q4": "第四季度",
}
LAST_MONTHS = {"": 12, "H1": 6, "H2": 12, "Q1": 3, "Q2": 6, "Q3": 9, "Q4": 12}
PATTERN = re.compile(r"(\d{4})(?:-(\w+))?\Z")


def of(year: int, part: str) -> str:
    return f"{year}-{part}" if part else str(year)


def is_period(text: str) -> bool:
    found = PATTERN.match(text)
    return bool(found and (found[2] or "") in PARTS)


def in_words(text: str) -> str:
    found = PATTERN.match(text)
    if not found:
        return text
    part = found[2] or ""
    return f"{found[1]}年度" if not part else f"{found[1]}年{PARTS.get(part, part)}"


def last_day(text: str) -> date | None:
    """The last day of a period; None of one that is none."""
    found = PATTERN.match(text)
    month = LAST_MONTHS.get(found[2] or "") if found else None
    if found is None or month is None:
        return None
    year = int(found[1])
    return date(year, month, monthrange(year, month)[1])
