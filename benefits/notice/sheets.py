"""The tables of a notice, the same for page, paper, workbook and public page; links are for pages alone."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from benefits.notice.lists import BY_CLASS, LISTS
from casework.figures.shares import NONE, Share
from office import dates
from office.templatetags.amounts import yuan

POOL = (
    ("balance", "余额"),
    ("year_budget", "累计预算"),
    ("year_refill", "累计补充"),
    ("year_payment", "累计兑现"),
    ("year_refund", "累计退回"),
    ("year_closing", "年终收回"),
    ("payment", "本月兑现"),
    ("refund", "本月退回"),
)


class Cell(NamedTuple):
    """One cell; `figure` or `which` names the list behind it, `group` what it is narrowed to."""

    text: str
    figure: str = ""
    which: str = ""
    unit: int | None = None
    category: str = ""
    is_number: bool = False


def _count(number: int, which: str = "", **narrowed: Any) -> Cell:
    return Cell(str(number), which=which, is_number=True, **narrowed)


def _yuan(amount: str) -> Cell:
    return Cell(yuan(amount), is_number=True)


@dataclass(frozen=True)
class Sheet:
    """One table under its title; `note` says how it is counted, `empty` what there is without rows."""

    title: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str = ""
    note: str = ""
    is_public: bool = True
    is_list: bool = False

    def labelled(self) -> list[list[tuple[str, Cell]]]:
        """Return each row as heading and cell, for narrow screens."""
        return [list(zip(self.headings, row, strict=True)) for row in self.rows]

    def texts(self) -> list[list[str]]:
        return [[cell.text for cell in row] for row in self.rows]


def sheets_of(content: dict[str, Any]) -> list[Sheet]:
    return list(_sheets(content))


def public_sheets(content: dict[str, Any]) -> list[Sheet]:
    """What everybody may read: no claim, no firm."""
    return [one for one in _sheets(content) if one.is_public]


def opening(content: dict[str, Any]) -> list[str]:
    """The first sentences of the notice."""
    money = {one["id"]: one for one in content["money"]}
    counts = {name: _total(content["classes"], name) for name in BY_CLASS}
    items = sum(one["items"] for one in content["classes"])
    counted = (
        f"清单在用事项{items}项。本月收到申请{counts['asked']}件，受理{counts['accepted']}件，"
        f"批准{counts['granted']}件、{yuan(money['granted']['amount'])}元，"
        f"到账{money['paid']['claims']}件、{yuan(money['paid']['amount'])}元，"
        f"惠及企业{money['paid']['firms']}家。"
    )
    said = [counted]
    if not content["own_intake"]:
        above = content["higher_system"] or "上级平台"
        said.append(f"申请由{above}统一受理，上列申请为{above}转来的申请。")
    return said


def _total(rows: Iterable[dict[str, Any]], name: str) -> int:
    return sum(one["counts"].get(name, 0) for one in rows)


def _sheets(found: dict[str, Any]) -> Iterator[Sheet]:
    yield Sheet(
        "时限和回访",
        ("指标", "比率", "件数", "口径"),
        tuple(
            (
                Cell(one["label"]),
                Cell(_percent(one)),
                Cell(f"{one['part']}/{one['whole']}" if one["whole"] else "没有应计事项", one["id"]),
                Cell(one["says"]),
            )
            for one in found["figures"]
        ),
        note="按时的比率以本月到期的全部时限为分母，未办的、待资金的也计入；没有应计事项的记“—”。",
    )
    yield _claims(found)
    yield _money(found)
    yield from _refusals(found)
    yield from _units(found)
    yield _pools(found)
    worst_by = "、".join(found["worst_by"])
    yield Sheet(
        "进度较慢的事项",
        ("事项编号", "事项", "主管部门", "按时比例"),
        tuple(
            (Cell(one["code"]), Cell(one["item"]), Cell(one["unit"]), Cell(_share(one)))
            for one in found["worst"]
        ),
        "本月到期的时限全部按时。",
        f"{worst_by}两项合计，按时比例从低到高。"
        if len(found["worst_by"]) > 1
        else f"按{worst_by}从低到高。",
    )
    yield from _changes(found)
    yield _overdue(found)


def _claims(found: dict[str, Any]) -> Sheet:
    labels = tuple(LISTS[name].label for name in BY_CLASS)
    rows = [
        (
            Cell(one["label"]),
            _count(one["items"]),
            *(_count(one["counts"].get(name, 0), name, category=one["id"]) for name in BY_CLASS),
        )
        for one in found["classes"]
    ]
    total = (
        Cell("合计"),
        _count(sum(one["items"] for one in found["classes"])),
        *(_count(_total(found["classes"], name), name) for name in BY_CLASS),
    )
    return Sheet("事项和申请", ("政策类别", "在用事项", *labels), (*rows, total))


def _money(found: dict[str, Any]) -> Sheet:
    return Sheet(
        "金额和企业",
        ("环节", "金额（元）", "件数", "企业数"),
        tuple(
            (
                Cell(one["label"]),
                _yuan(one["amount"]),
                _count(one["claims"], one["id"]),
                _count(one["firms"]),
            )
            for one in found["money"]
        ),
        note="到账以银行到账日为准；待资金为月末数；同一企业在一个环节只计一家。"
        "以前月份批准、本月改定的，差额列为更正，不再计入批准。",
    )


def _refusals(found: dict[str, Any]) -> Iterator[Sheet]:
    yield Sheet(
        "不予受理的原因",
        ("原因", "件数"),
        tuple((Cell(one["label"]), _count(one["count"], "not_accepted")) for one in found["not_accepted"]),
        "本月没有不予受理的申请。",
    )
    yield Sheet(
        "不予兑现的申请",
        ("编号", "事项", "依据", "理由"),
        tuple(
            tuple(Cell(one[name]) for name in ("number", "item", "clause", "reason"))
            for one in found["refused"]
        ),
        "本月没有不予兑现的申请。",
        is_public=False,
        is_list=True,
    )


def _units(found: dict[str, Any]) -> Iterator[Sheet]:
    yield Sheet(
        "各部门兑现情况",
        ("部门", "在用事项", "申请", "批准", "批准金额（元）", "到账", "到账金额（元）", "逾期时限"),
        tuple(
            (
                Cell(one["label"]),
                _count(one["items"]),
                _count(one["counts"].get("asked", 0), "asked", unit=one["id"]),
                _count(one["counts"].get("granted", 0), "granted", unit=one["id"]),
                _yuan(one["granted"]),
                _count(one["counts"].get("paid", 0), "paid", unit=one["id"]),
                _yuan(one["paid"]),
                _count(one["late"]),
            )
            for one in found["units"]
        ),
        "本月没有部门办理。",
    )
    window = found["window"]
    units = [{"label": found["office"], "id": None, "figures": window["figures"]}, *found["units"]]
    rows = [one for one in units if one["figures"]]
    labels = tuple(one["label"] for one in rows[0]["figures"]) if rows else ()
    yield Sheet(
        "各部门按时情况",
        ("部门", *labels),
        tuple(
            (
                Cell(one["label"]),
                *(
                    Cell(_share(each), each["id"] if each["whole"] else "", unit=one["id"])
                    for each in one["figures"]
                ),
            )
            for one in rows
        ),
        "本月没有到期的时限。",
        f"交办由{found['office']}负责，其余由主管部门负责。",
    )


def _pools(found: dict[str, Any]) -> Sheet:
    return Sheet(
        "资金池",
        ("资金池", *(label for _, label in POOL)),
        tuple(
            (Cell(one["label"]), *(_yuan(one.get(name, "0")) for name, _ in POOL)) for one in found["pools"]
        ),
        "本年没有资金池。",
        "单位：元。余额为月末数，等于累计预算、补充、退回之和减去累计兑现和年终收回；待资金的见“金额和企业”。",
    )


def _changes(found: dict[str, Any]) -> Iterator[Sheet]:
    for name, title, *more in (
        ("published", "本月发布的事项", "生效日期"),
        ("ended", "本月失效的版本", "失效日期", "情形"),
    ):
        yield Sheet(
            title,
            ("事项编号", "事项", "主管部门", "版本", *more),
            tuple(
                (
                    Cell(one["code"]),
                    Cell(one["item"]),
                    Cell(one["unit"]),
                    Cell(f"第{one['number']}版"),
                    *(Cell(text) for text in (dates.of_iso(one["on"]), one.get("why", ""))[: len(more)]),
                )
                for one in found[name]
            ),
            "没有。",
            "停止的为不再受理的第一天，由新版本接替的为新版本生效的日期。" if name == "ended" else "",
        )


def _overdue(found: dict[str, Any]) -> Sheet:
    late = sorted(found["overdue"], key=lambda one: (one["unit"], one["number"]))
    whole = sum(one["late"] for one in (found["window"], *found["units"]))
    return Sheet(
        "逾期的时限",
        ("部门", "编号", "事项", "时限", "截止时间", "完成时间"),
        tuple(
            (
                *(Cell(one[name]) for name in ("unit", "number", "item", "figure")),
                Cell(dates.of_iso(one["due"])),
                Cell(dates.of_iso(one["met"]) or "未完成"),
            )
            for one in late
        ),
        "本月到期的时限全部按时完成。",
        f"共{whole}个，列出{len(late)}个，其余见各比率的清单。" if whole > len(late) else "",
        is_public=False,
        is_list=True,
    )


def _percent(one: dict[str, Any]) -> str:
    percent = Share(one["part"], one["whole"]).percent
    return percent if percent == NONE else f"{percent}%"


def _share(one: dict[str, Any]) -> str:
    return str(Share(one["part"], one["whole"]))
