"""Periods of rounds: how they are stored (2026-Q3, 2026) and how people say them."""

from __future__ import annotations

import re

PARTS = {
    "": "年度",
    "H1": "上半年",
    "H2": "下半年",
    "Q1": "第一季度",
    "Q2": "第二季度",
    "Q3": "第三季度",
    "Q4": "第四季度",
}
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
