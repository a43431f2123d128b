"""The ledger as a workbook: out, in, and round without change; every fault is marked."""

from __future__ import annotations

import io
from datetime import date
from typing import Any

import pytest
from openpyxl import load_workbook

from evaluations.gathering.ledger.book import find_ledger
from evaluations.gathering.ledger.lists import Filters, rows_of
from evaluations.gathering.ledger.workbook import LEDGER, OUT, exported, import_ledger
from evaluations.models import Occurrence
from office.errors import Refused
from office.imports import short_lists
from office.models import AuditEntry
from office.workbooks.writing import workbook
from tests.evaluations.ledger_office import NOW, LedgerOffice, jilin

pytestmark = pytest.mark.django_db
DAY = date(2021, 5, 4)
TITLE = "吉林经开区营商环境建设考核评价"


def out(office: LedgerOffice, **query: str) -> bytes:
    ledger = find_ledger(office.scheme_id)
    assert ledger is not None
    rows = rows_of(ledger, Filters.read(query).of(ledger))
    return exported(ledger=ledger, rows=rows, acting_user=office.enters)


def cells(content: bytes) -> list[tuple[Any, ...]]:
    return list(load_workbook(io.BytesIO(content)).active.iter_rows(values_only=True))


def book(*rows: dict[str, Any]) -> bytes:
    return workbook("台账", OUT, [[row.get(name, "") for name in OUT] for row in rows])


def row(**given: Any) -> dict[str, Any]:
    usual = {"评价方案": TITLE, "单位": "第1局", "项目": "被区营商办警示", "发生日期": DAY, "次数": 1}
    return {**usual, **given}


def take(office: LedgerOffice, content: bytes) -> Any:
    return import_ledger(content=content, file_name="台账.xlsx", acting_user=office.enters, now=NOW)


def preview(office: LedgerOffice, content: bytes) -> Any:
    return short_lists.preview_list(LEDGER, content=content, acting_user=office.enters)


def test_what_was_exported_comes_back_without_change() -> None:
    office = jilin()
    office.confirmed(
        "item:media_city", DAY, title="=优化营商环境", practice="一窗通办", remark="第一行\n第二行"
    )
    office.enter("item:disciplined", DAY, veto="discipline_case", count=2, again_reason="另一人")
    office.withdraw(office.confirmed("veto:grave_harm", DAY))
    before = list(Occurrence.objects.values().order_by("pk"))
    content = out(office)
    assert len(cells(content)) == 4
    plan = preview(office, content)
    assert (plan.unchanged, plan.new, plan.faults) == (3, [], [])
    take(office, content)
    assert list(Occurrence.objects.values().order_by("pk")) == before
    assert AuditEntry.objects.filter(verb="导出").exists()


def test_the_export_has_what_the_list_shows() -> None:
    office = jilin()
    office.enter("item:warned", DAY)
    office.enter("item:warned", date(2022, 5, 4), office.units[1])
    for query in (
        {"period": "2021"},
        {"unit": str(office.units[0].pk)},
        {"state": "entered", "period": "2021"},
    ):
        assert [line[2] for line in cells(out(office, **query))[1:]] == ["第1局"], query
    assert len(cells(out(office, item="veto:grave_harm"))) == 1


def test_new_rows_are_entered_by_whoever_uploads_and_wait_for_another() -> None:
    """JL-R2"""
    office = jilin()
    rows = book(
        row(),
        row(项目="工作人员受党纪政纪处分", 引起的一票否决="责任人因违纪案件被纪检监察机关查处"),
        row(项目="市级媒体报道", 标题="全区运动会", 次数=2),
    )
    plan = preview(office, rows)
    assert [note for note in plan.notes if "不含规定词汇" in note]
    take(office, rows)
    found = Occurrence.objects.order_by("pk")
    assert [(one.item, one.count, one.veto) for one in found] == [
        ("warned", 1, ""),
        ("disciplined", 1, "discipline_case"),
        ("media_city", 2, ""),
    ]
    assert {(one.state, one.entered_by) for one in found} == {("entered", office.enters)}


@pytest.mark.parametrize(
    ("given", "label", "says"),
    [
        ({"单位": "没有的局"}, "单位", "单位名单中没有“没有的局”"),
        ({"项目": "政策措施不兑现"}, "项目", "没有“政策措施不兑现”这个项目"),
        ({"评价方案": "别的方案"}, "评价方案", "请在“评价方案”列写明方案名称"),
        ({"发生日期": "昨天"}, "发生日期", "“昨天”不是日期"),
        ({"发生日期": date(2099, 1, 1)}, "发生日期", "晚于今天"),
        ({"发生日期": date(2019, 1, 1)}, "发生日期", "早于该方案的第一个评价周期"),
        ({"次数": "两"}, "次数", "“两”不是次数"),
        ({"次数": 0}, "次数", "次数应为1至999"),
        ({"引起的一票否决": "随便"}, "引起的一票否决", "没有“随便”这种一票否决情形"),
        ({"编号": 999999}, "编号", "没有编号为“999999”的记录"),
    ],
)
def test_each_fault_is_named_with_its_cell_and_nothing_is_entered(
    given: dict[str, Any], label: str, says: str
) -> None:
    office = jilin()
    content = book(row(), row(项目="被区营商办告诫") | given)
    [fault] = preview(office, content).faults
    assert (fault.row, fault.label) == (3, label)
    assert says in fault.text
    with pytest.raises(Refused, match="1 处需要更正"):
        take(office, content)
    assert not Occurrence.objects.exists()


def test_the_same_case_twice_is_a_fault_unless_it_is_said_why_it_is_another() -> None:
    office = jilin()
    kept = office.enter("item:warned", DAY)
    content = book(row(), row(项目="被区营商办告诫"), row(项目="被区营商办告诫"))
    first, second = preview(office, content).faults
    assert f"（编号{kept.pk}）" in first.text
    assert "（第3行）" in second.text
    again = {"确为另一件的说明": "另一件"}
    take(office, book(row(**again), row(项目="被区营商办告诫"), row(项目="被区营商办告诫", **again)))
    assert Occurrence.objects.count() == 4


def test_an_exported_row_that_says_something_else_is_a_fault() -> None:
    office = jilin()
    office.enter("item:warned", DAY)
    kept = dict(zip(OUT, cells(out(office))[1], strict=True))
    faults = preview(office, book(kept | {"发生日期": DAY, "次数": 3, "状态": "已确认"})).faults
    assert [fault.label for fault in faults] == ["次数", "状态"]


def test_who_may_not_enter_may_not_import() -> None:
    office = jilin()
    with pytest.raises(Refused, match="没有这项操作的权限"):
        import_ledger(content=book(row()), file_name="a.xlsx", acting_user=office.confirms, now=NOW)
