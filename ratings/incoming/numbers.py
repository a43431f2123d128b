"""办件编号 as they stand in a list: read once, kept as marks; no text here ever holds one."""

from __future__ import annotations

from collections.abc import Iterable

from office.workbooks.sheets import squeeze
from office.workbooks.tables import Row, Table
from ratings.incoming.lists import ListPlan
from ratings.models import Ticket
from ratings.tickets import marks

HEADINGS = {
    "number": (
        "办件编号",
        "办件号",
        "办件流水号",
        "业务流水号",
        "业务编号",
        "申报编号",
        "申报号",
        "受理编号",
        "项目编号",
        "projectNo",
        "projNo",
    ),
}
SHORTEST = 6
PRECISE = 10**15  # a spreadsheet keeps no more digits of a number
AT_ONCE = 500


def mark_in(plan: ListPlan, table: Table, row: Row) -> str:
    """Return the mark of a row's number; nothing where it is a fault or stood in the list before."""
    value = row.own["number"]
    number = marks.plain(squeeze(row.shown.get("number")))
    text = ""
    if not number:
        text = "办件编号空白，请补填。"
    elif isinstance(value, int | float) and abs(value) >= PRECISE:
        text = "办件编号被识别成了数字，末位已经丢失，请把单元格改为文本后重新填写。"
    elif len(number) < SHORTEST:
        text = f"办件编号少于{SHORTEST}个字母和数字，容易被猜中，请填写完整的编号。"
    if text:
        plan.faults.append(table.fault(row.number, "number", "number", text))
        return ""
    return marks.mark_of(number)


def known(found: Iterable[str]) -> dict[str, bool]:
    """Return which of these marks are tickets already: {mark: whether it was used}."""
    wanted = list(found)
    stored: dict[str, bool] = {}
    for start in range(0, len(wanted), AT_ONCE):
        rows = Ticket.objects.filter(mark__in=wanted[start : start + AT_ONCE])
        stored |= dict(rows.values_list("mark", "is_used"))
    return stored
