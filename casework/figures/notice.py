"""The tables of a closed month, the same for page, paper and workbook."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from casework.figures.shares import Share
from casework.models import MonthFigures

NO_LIMIT_MISSED = "本月到期的时限全部按时完成。"


@dataclass(frozen=True)
class Sheet:
    """One table under its title; without rows the title says so in `empty`."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    empty: str = ""

    def labelled(self) -> list[list[tuple[str, str]]]:
        """Return each row as heading and cell, for narrow screens."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]


def notice_sheets(month: MonthFigures) -> list[Sheet]:
    return list(_sheets(month.figures))


def _sheets(found: dict[str, Any]) -> Iterator[Sheet]:
    yield Sheet(
        "总体情况",
        ("指标", "比率", "件数", "其中延期", "口径"),
        tuple(
            (one["label"], _percent(one), _fraction(one), _extended(one), one["says"])
            for one in found["figures"]
        ),
    )
    labels = tuple(one["label"] for one in found["figures"])
    categories = [(one["label"], one["figures"]) for one in found["categories"] if one["figures"]]
    yield Sheet("按类别", ("类别", *labels), tuple(_line(*one) for one in categories), "本月没有事项。")
    units = [(one["label"], one["figures"]) for one in found["units"]]
    yield Sheet("按单位", ("单位", *labels), tuple(_line(*one) for one in units), "本月没有交办事项。")
    overdue = found["overdue"]
    yield Sheet(
        "逾期事项",
        ("单位", "编号", "事项名称", "时限", "截止时间", "完成时间"),
        tuple(
            (one["unit"] or "—", one["number"], one["title"], one["figure"], one["due"], one["met"])
            for one in sorted(overdue, key=lambda one: (one["unit"], one["number"]))
        ),
        NO_LIMIT_MISSED,
    )


def _line(label: str, figures: Iterable[dict[str, Any]]) -> tuple[str, ...]:
    return (label, *(str(Share(one["part"], one["whole"])) for one in figures))


def _percent(one: dict[str, Any]) -> str:
    share = Share(one["part"], one["whole"])
    return f"{share.percent}%" if one["whole"] else share.percent


def _fraction(one: dict[str, Any]) -> str:
    return Share(one["part"], one["whole"]).fraction if one["whole"] else "没有应计事项"


def _extended(one: dict[str, Any]) -> str:
    return f"{one['extended']}件" if one["extended"] else ""
