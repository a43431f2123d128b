"""Cells that do not say what their writer meant are named, never stored; all imports share the reading."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Callable
from datetime import date, time
from typing import Any

import pytest
from openpyxl import Workbook
from openpyxl.utils import get_column_letter
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from departments.accounts.list_import import import_users
from departments.models import Department, DepartmentAlias, Section, ServiceItem, StaffMember, Town, TownAlias
from departments.roster.services import import_roster, preview_roster
from departments.supervision.list_import import import_supervision
from office.calendar.holidays import import_holidays, preview_holidays
from office.errors import Refused
from office.models import Holiday, User
from office.workbooks.dates import day_of, not_a_day
from office.workbooks.fault_marking import with_faults_marked
from office.workbooks.letters import fold, name_dotted
from office.workbooks.sheets import Fault, open_workbook, squeeze, tidy
from surveys.models import MarketEntity, Supervisor
from surveys.respondents.entity_import import import_entities, preview_entities
from surveys.respondents.supervisor_import import import_supervisors, preview_supervisors
from surveys.sittings.planning import _codes_in
from tests.kit.files import saved, small, table
from tests.kit.odd_cells import given, rewritten, with_format, with_shared_text

pytestmark = pytest.mark.django_db

CODE = "91371725J91M38LJ36"
Importer = Callable[[bytes], Any]


def entities(content: bytes) -> Any:
    return import_entities(content=content, file_name="样本库.xlsx", acting_user=None)


def supervisors(content: bytes) -> Any:
    return import_supervisors(content=content, file_name="监督员.xlsx", acting_user=None)


def holidays(content: bytes) -> Any:
    return import_holidays(content=content, file_name="节假日.xlsx", acting_user=None)


def roster(content: bytes) -> Any:
    return import_roster(content=content, file_name="名册.xlsx", acting_user=None)


def supervision(content: bytes) -> Any:
    return import_supervision(content=content, file_name="分管.xlsx", acting_user=None)


def users(content: bytes) -> Any:
    return import_users(content=content, file_name="用户.xlsx", acting_user=None)


def contacts(content: bytes) -> set[str]:
    return _codes_in(content)[0]


def entity(name: object = "某店", town: object = "上甲镇", phone: object = "") -> bytes:
    headings = ["市场主体名称", "统一社会信用代码", "主体类型", "所属镇（街）", "联系电话"]
    return table(headings, [name, CODE, "民营企业", town, phone])


def supervisor(phone: object) -> bytes:
    return table(["姓名", "所在单位", "联系电话"], ["甲某", "示范商会", phone])


def holiday(name: object) -> bytes:
    return table(["日期", "名称", "是否上班"], [date(2026, 10, 1), name, "否"])


def person(post: object = "科长", name: object = "甲某") -> bytes:
    return small([["县试验局", "审批科", name, post, "科室负责人", None, "", ""]])


def leader(name: object) -> bytes:
    return table(["单位", "科（室）", "分管负责人"], ["县试验局", "审批科", name])


def user(name: object = "甲某", unit: object = "") -> bytes:
    role = "部门经办" if unit else "纪检监察"
    return table(["用户名", "姓名", "岗位角色", "单位"], ["u1", name, role, unit])


def dealt(code: object) -> bytes:
    return table(["名称", "统一社会信用代码"], ["某店", code])


def faults_of(run: Importer, content: bytes) -> str:
    with pytest.raises(Refused) as refusal:
        run(content)
    stored = (MarketEntity, Supervisor, Holiday, StaffMember, ServiceItem, User)
    assert not any(model.objects.exists() for model in stored)  # type: ignore[attr-defined]
    return "\n".join(refusal.value.faults) or refusal.value.message


EVERY_IMPORT: list[tuple[Importer, Callable[[object], bytes]]] = [
    (entities, lambda value: entity(phone=value)),
    (supervisors, supervisor),
    (holidays, holiday),
    (roster, person),
    (supervision, leader),
    (users, user),
    (contacts, dealt),
]


@pytest.mark.parametrize(("run", "book"), EVERY_IMPORT)
@pytest.mark.parametrize(
    ("value", "says"),
    [
        (date(2026, 3, 5), "识别成了日期（2026年3月5日）"),
        (time(3, 5), "识别成了时间（03:05:00）"),
        ("#N/A", "错误值“#N/A”"),
        ("#REF!", "错误值“#REF!”"),
        ("＃ＮＡＭＥ？", "错误值“＃ＮＡＭＥ？”"),
        (" # spill！", "错误值“# spill！”"),
        ("########", "错误值“########”"),
        ("Err:508", "错误值“Err:508”"),
        (True, "逻辑值“TRUE”"),
        ('="科"&"长"', "请在 Excel 或 WPS 中打开并保存"),
        ("科\ue863长", "“\ue863”（U+E863）"),
    ],
    ids=[
        *(
            "date",
            "time",
            "no value",
            "no reference",
            "full width",
            "blanks",
            "narrow",
            "LibreOffice",
            "logical",
        ),
        *("formula", "private character"),
    ],
)
def test_a_cell_nobody_can_use_is_named_in_every_import(
    run: Importer, book: Callable[[object], bytes], value: object, says: str
) -> None:
    assert says in faults_of(run, book(value))


def test_a_range_that_became_a_date_is_a_fault_and_a_text_is_taken() -> None:
    faults = faults_of(roster, given("range-turned-date.roster")).split("\n")
    assert [fault.partition("：")[0] for fault in faults] == [
        "“附件2”第2行G列（办理时限）",
        "“附件2”第3行G列（办理时限）",
    ]
    assert "如“3-5个工作日”" in faults[0]
    assert faults_of(entities, given("range-turned-date.entities")).count("识别成了日期") == 2


@pytest.mark.parametrize("number", [*range(27, 37), *range(50, 59)])
def test_days_in_the_formats_of_chinese_excel_are_days(number: int) -> None:
    days = table(["日期", "名称", "是否上班"], [date(2026, 10, 1), "国庆节", "否"])
    holidays(with_format(days, number))
    assert Holiday.objects.get().day == date(2026, 10, 1)


@pytest.mark.parametrize(
    "written",
    [
        '[$-804]yyyy"年"m"月"d"日";@',
        '[DBNum1][$-804]yyyy"年"m"月"d"日";@',
        "yyyy/m/d;@",
        "[$-804]aaaa;@",
        "aaa",
        '[$-F800]dddd", "mmmm dd", "yyyy',
        'e"年"m"月"d"日"',
    ],
)
def test_days_in_written_formats_are_days(written: str) -> None:
    book: Any = Workbook()
    for row in (["姓名", "单位", "聘期起", "聘期止"], ["甲某", "商会", date(2024, 1, 1), date(2025, 12, 31)]):
        book.active.append(row)
    for cell in book.active[2][2:]:
        cell.number_format = written
    supervisors(saved(book))
    found = Supervisor.objects.get()
    assert (found.term_starts, found.term_ends) == (date(2024, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    "written",
    [
        *(
            "2024.1.5",
            "2024/1/5 8:00",
            "2024-01-05 00:00:00",
            "2024-01-05T08:00:00",
            "'2024-01-05",
            "2024.1.5.",
        ),
        *(
            "2024年01月05日星期五",
            "2024-1-5（周五）",
            "二〇二四年一月五日",
            "２０２４年１月５日　８：３０",
            "20240105",
        ),
    ],
)
def test_days_are_read_as_people_type_them(written: str) -> None:
    assert day_of(written) == date(2024, 1, 5)


@pytest.mark.parametrize(
    "written",
    [
        *(
            "24.1.5",
            "1/5/2024",
            "2024年1月",
            "2024-1-5（周四）",
            "2024-02-30",
            "一九九九年一月一日",
            "8:00",
            "2023111",
        ),
        *("45296", 45296, 45296.5),
    ],
)
def test_what_may_be_another_day_is_none(written: object) -> None:
    assert day_of(written) is None


@pytest.mark.parametrize(
    ("written", "day"), [("二〇二六年十月十一日", (10, 11)), ("二〇二六年十二月三十一日", (12, 31))]
)
def test_days_in_chinese_numerals(written: str, day: tuple[int, int]) -> None:
    assert day_of(written) == date(2026, *day)


def test_the_number_of_a_day_is_named_as_one() -> None:
    assert "是日期在表格中的序号" in not_a_day("45296")
    assert "是日期在表格中的序号" in faults_of(holidays, table(["日期", "是否上班"], [45296, "否"]))
    assert "不是日期" in not_a_day("99999")


@pytest.mark.parametrize(
    "written",
    [
        "０５３０－１２３４５６７",
        "0530–1234567",
        "0530 — 1234567",
        "\u202d0530-1234567\u202c",
        "0530-1234567\xa0",
    ],
)
def test_telephone_numbers_have_one_hyphen(written: str) -> None:
    supervisors(supervisor(written))
    assert Supervisor.objects.get().phone == "0530-1234567"
    roster(small([["县试验局", "审批科", "甲某", "", "科室负责人", None, written, ""]]))
    assert StaffMember.objects.get().office_phone == "0530-1234567"


TOTALS: list[tuple[Callable[[bytes], Any], list[object], list[object]]] = [
    (
        entities,
        ["市场主体名称", "统一社会信用代码", "主体类型", "所属镇（街）"],
        ["某店", CODE, "民营企业", "上甲镇"],
    ),
    (supervisors, ["姓名", "所在单位"], ["甲某", "商会"]),
    (holidays, ["日期", "名称", "是否上班"], [date(2026, 10, 1), "国庆节", "否"]),
    (users, ["用户名", "姓名", "岗位角色", "单位"], ["u1", "甲某", "纪检监察", ""]),
    (contacts, ["名称", "统一社会信用代码"], ["某店", CODE]),
    (roster, ["部门", "科（室）", "姓名", "人员类别"], ["县试验局", "审批科", "甲某", "工作人员"]),
]


@pytest.mark.parametrize(("run", "headings", "row"), TOTALS)
@pytest.mark.parametrize("written", ["合　计", "总 计：", "小计", "共计1户", "合计（人）"])
def test_a_total_is_left_out_wherever_it_stands(
    run: Importer, headings: list[object], row: list[object], written: str
) -> None:
    """In the first or the second column, with a number beside it, also one that nobody calculated."""
    rows = [
        ["序号", *headings],
        [1, *row],
        [written, "1人"],
        [None, written, "=COUNTA(B2:B2)"],
        [2, written, 1],
    ]
    run(table(*rows))


def test_a_total_that_may_be_data_is_told() -> None:
    book = table(
        ["姓名", "所在单位", "联系电话"],
        ["甲某", "商会", "1"],
        ["合计", "计算机公司", "2"],
        ["总计", "1人", ""],
    )
    plan = preview_supervisors(content=book, acting_user=None)
    assert len(plan.new) == 1
    assert plan.notes == ["工作表“Sheet”第3行是合计行，未读入；确是姓名或名称的，请在其后注明后重新上传。"]


def test_further_sheets_with_a_list_are_told() -> None:
    book: Any = Workbook()
    for name in ("城关镇", "上甲镇", "说明"):
        sheet = book.create_sheet(name)
        sheet.append(["姓名", "所在单位"] if name != "说明" else ["填表说明"])
        sheet.append([f"{name}甲", "商会"])
    plan = preview_supervisors(content=saved(book), acting_user=None)
    assert len(plan.new) == 1
    assert plan.notes == ["工作表“上甲镇”也有名单，未读取；请合并到第一张名单，或逐张另存后分别上传。"]


def test_a_heading_that_nobody_calculated_is_named() -> None:
    said = faults_of(supervisors, table(['="姓"&"名"', "所在单位"], ["甲某", "商会"]))
    assert "“Sheet”第1行A列：公式没有计算结果" in said


def test_merged_telephones_hold_for_all_their_rows() -> None:
    book: Any = Workbook()
    for row in (["姓名", "所在单位", "联系电话"], ["甲某", "商会", "0530-1"], ["乙某", None, None]):
        book.active.append(row)
    book.active.merge_cells("B2:B3")
    book.active.merge_cells("C2:C3")
    supervisors(saved(book))
    assert set(Supervisor.objects.values_list("organization", "phone")) == {("商会", "0530-1")}


def test_rows_and_columns_dragged_shut_are_hidden() -> None:
    people = table(["姓名", "所在单位", "联系电话"], ["甲某", "商会", "1"], ["乙某", "商会", "2"])
    shut = rewritten(
        people,
        "xl/worksheets/sheet1.xml",
        lambda text: text.replace('<row r="3"', '<row r="3" ht="0" customHeight="1"').replace(
            "<sheetData>", '<cols><col min="3" max="3" width="0" customWidth="1"/></cols><sheetData>'
        ),
    )
    notes = "".join(preview_supervisors(content=shut, acting_user=None).notes)
    assert "第3行已隐藏或被筛选" in notes
    assert "“联系电话”列已隐藏" in notes


@pytest.mark.parametrize("written", ["县物价局", "县发改局", "县发展和改革局（物价局）", "发展和改革局"])
def test_users_find_their_unit_by_alias_and_short_form(written: str) -> None:
    unit = Department.objects.create(name="县发展和改革局")
    for alias in ("县物价局", "县发展和改革局(物价局)"):
        DepartmentAlias.objects.create(department=unit, name=alias)
    users(user(unit=written))
    assert User.objects.get().membership.department == unit


@pytest.mark.parametrize("written", ["城关街道办", "城关街道办事处", "城关", "老城"])
def test_users_find_their_town_by_alias_and_spelling(written: str) -> None:
    town = Town.objects.create(name="城关街道")
    TownAlias.objects.create(town=town, name="老城")
    users(table(["用户名", "姓名", "岗位角色", "单位"], ["u1", "阿依古丽.买买提", "镇街组织员", written]))
    found = User.objects.get()
    assert (found.membership.town, found.first_name) == (town, "阿依古丽·买买提")


def test_numbers_in_a_text_column_stay_numbers() -> None:
    supervisors(supervisor(13800000001))
    assert Supervisor.objects.get().phone == "13800000001"


def test_a_formula_without_a_result_empties_nothing_and_a_blank_cell_does() -> None:
    roster(given("uncached-formulas.first"))
    with pytest.raises(Refused) as refusal:
        roster(given("uncached-formulas.second"))
    assert len(refusal.value.faults) == 4
    assert set(StaffMember.objects.values_list("post", flat=True)) == {"科长", "副科长"}
    blank = small([["县示范局", "审批科", "甲某", None, "科室负责人", None, "0530-1000001", ""]])
    roster(blank)
    assert StaffMember.objects.get(name="甲某").post == ""
    entities(given("uncached-formulas.entities-first"))
    with pytest.raises(Refused):
        entities(given("uncached-formulas.entities-second"))
    assert MarketEntity.objects.get().contact == "甲某"


@pytest.mark.parametrize("run", [entities, roster, supervisors, holidays, supervision])
def test_a_strict_workbook_is_refused_by_its_name(run: Importer) -> None:
    for name in ("strict-ooxml.entities", "strict-ooxml.roster"):
        said = faults_of(run, given(name))
        assert "Strict Open XML" in said
        assert "另存为“Excel 工作簿（.xlsx）”" in said


def hidden(rows: list[list[object]], *, number: int, column: int = 0, sheet: str = "") -> bytes:
    book: Any = Workbook()
    for row in rows:
        book.active.append(row)
    book.active.row_dimensions[number].hidden = True
    if column:
        book.active.column_dimensions[get_column_letter(column)].hidden = True
    if sheet:
        book.create_sheet(sheet).sheet_state = "hidden"
    return saved(book)


def test_hidden_rows_columns_and_sheets_are_said_in_every_preview() -> None:
    people: list[list[object]] = [
        ["姓名", "所在单位", "联系电话"],
        ["甲某", "商会", "1"],
        ["乙某", "商会", "2"],
    ]
    book = hidden(people, number=3, column=3, sheet="旧名单")
    plan = preview_supervisors(content=book, acting_user=None)
    assert len(plan.new) == 2
    rows, columns = (note for note in plan.notes if "仍按数据读入" in note)
    assert "第3行已隐藏或被筛选" in rows
    assert "“联系电话”列已隐藏" in columns
    assert any("“旧名单”已隐藏，未读取" in note for note in plan.notes)

    days: list[list[object]] = [["日期", "是否上班"], [date(2026, 10, 1), "否"]]
    assert "第2行已隐藏" in preview_holidays(content=hidden(days, number=2), acting_user=None).notes[0]
    shops: list[list[object]] = [
        ["市场主体名称", "统一社会信用代码", "主体类型", "所属镇（街）"],
        ["某店", CODE, "民营企业", "上甲镇"],
    ]
    assert "第2行已隐藏" in preview_entities(content=hidden(shops, number=2), acting_user=None).notes[0]
    staff: list[list[object]] = [
        ["部门", "科（室）", "姓名", "人员类别"],
        ["县试验局", "审批科", "甲某", "工作人员"],
    ]
    assert "第2行已隐藏" in preview_roster(content=hidden(staff, number=2), acting_user=None).notes[0]


def test_a_table_on_a_hidden_sheet_only_is_refused_with_the_reason() -> None:
    book: Any = Workbook()
    other = book.create_sheet("名单")
    other.append(["姓名", "所在单位"])
    other.append(["甲某", "商会"])
    other.sheet_state = "hidden"
    assert "工作表“名单”已隐藏，未读取" in faults_of(supervisors, saved(book))


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("\u2f2f业局", "工业局"),  # a Kangxi radical
        ("\u2ee9金街", "黄金街"),  # a radical of the supplement
        ("\uf9ca", "流"),  # a compatibility ideograph
        ("\ufb01le", "file"),
        ("葛\U000e0100", "葛"),  # the selector of a variant
        ("①㎡Ⅱ", "①㎡Ⅱ"),  # can be told apart
        ("• 受理", "• 受理"),  # begins a list
        ("阿依古丽・买买提", "阿依古丽·买买提"),
    ],
)
def test_what_looks_alike_is_one(written: str, kept: str) -> None:
    assert fold(written) == tidy(written) == kept


@pytest.mark.parametrize("dot", "·•・．∙‧･⋅.。｡﹒․●▪◦˙ᐧ")
def test_any_dot_in_a_name_is_the_same_person(dot: str) -> None:
    assert name_dotted(squeeze(f"阿依古丽 {dot} 买买提")) == "阿依古丽·买买提"
    supervisors(table(["姓名", "所在单位"], ["阿依古丽·买买提", "商会"]))
    again = preview_supervisors(
        content=table(["姓名", "所在单位"], [f"阿依古丽{dot}买买提", "商会"]), acting_user=None
    )
    assert (len(again.new), again.unchanged) == (0, 1)


def test_a_roster_with_another_dot_changes_nobody() -> None:
    roster(given("middle-dots.second"))
    assert StaffMember.objects.filter(name="阿依古丽·买买提").exists()
    assert preview_roster(content=given("middle-dots.first"), acting_user=None).counts()["人员"] == {
        "新增": 0,
        "变更": 0,
        "未变": 2,
        "名单中未出现": 0,
    }


def test_the_preview_of_a_new_person_tells_every_value() -> None:
    book = small([["县试验局", "审批科", "甲某", "科长", "科室负责人", None, "0530-1", "党员"]])
    said = "\n".join(map(str, preview_roster(content=book, acting_user=None).changes))
    for value in ("人员类别：科室负责人", "职务（岗位）：科长", "办公电话：0530-1", "备注：党员"):
        assert value in said


def test_a_long_merged_list_is_read_row_by_row() -> None:
    """Merged cells hold for all their rows; the rows of a merged range are not kept."""
    entities(given("merged-town-cells.entities"))
    towns = MarketEntity.objects.order_by("code").values_list("town__name", flat=True)
    assert list(towns) == ["示范镇"] * 3 + ["样板街道"] * 2


def test_merged_kinds_and_days_off_are_read() -> None:
    book: Any = Workbook()
    for row in (["日期", "名称", "是否上班"], *([date(2026, 10, day), None, None] for day in (1, 2, 3))):
        book.active.append(row)
    book.active["B2"], book.active["C2"] = "国庆节", "否"
    book.active.merge_cells("B2:B4")
    book.active.merge_cells("C2:C4")
    holidays(saved(book))
    assert list(Holiday.objects.values_list("name", "is_working_day")) == [("国庆节", False)] * 3


def test_a_sheet_says_nothing_of_rows_it_does_not_hide() -> None:
    sheet = open_workbook(entity())[0]
    assert len(list(sheet.rows(10))) == 2
    assert not sheet.hidden.rows


def test_departments_and_sections_keep_their_names() -> None:
    roster(small([["县工业和信息化局（商务）", "审批科", "甲某", "科长", "科室负责人", None, "", ""]]))
    assert Department.objects.get().name == "县工业和信息化局（商务）"
    assert Section.objects.get().name == "审批科"


PHONETIC = '<rPh sb="0" eb="1"><t>ジア</t></rPh><phoneticPr fontId="1" type="noConversion"/>'


@pytest.mark.parametrize(
    "written",
    [
        f"<t>甲某</t>{PHONETIC}",
        f'<r><t>甲</t></r><r><rPr><b/><sz val="11"/></rPr><t>某</t></r>{PHONETIC}',
        f'<t xml:space="preserve"> 甲 某 </t>{PHONETIC}{PHONETIC}',
        "<r><t>甲某</t></r><phoneticPr fontId='1'/>",
        f"{PHONETIC}<t>甲某</t>",
    ],
    ids=["plain", "runs", "blanks", "no guide", "guide first"],
)
def test_phonetic_guides_are_no_part_of_a_name(written: str) -> None:
    """As a shared text, and in the cell itself, as some programs write."""
    people = table(["姓名", "所在单位"], ["甲某", "商会"])
    shared = with_shared_text(people, "A2", written)
    cell = re.compile('<c r="A2"[^>]*>.*?</c>')
    inline = f'<c r="A2" t="inlineStr"><is>{written}</is></c>'
    within = rewritten(people, "xl/worksheets/sheet1.xml", lambda text: cell.sub(inline, text))
    for book in (shared, within):
        plan = preview_supervisors(content=book, acting_user=None)
        assert [person.name for person in plan.new] == ["甲某"]


def of_a_mac(written: str, *values: object) -> bytes:
    """Return a workbook that counts its days from 1904."""
    book: Any = Workbook()
    book.epoch = CALENDAR_MAC_1904
    book.active.append(["姓名", "所在单位", "聘期起", "聘期止"])
    book.active.append(["甲某", "商会", *values])
    for cell in book.active[2][2:]:
        cell.number_format = written
    return saved(book)


TERM = (date(2024, 1, 1), date(2025, 12, 31))


@pytest.mark.parametrize(
    "written", ["yyyy-mm-dd", "[$-804]aaaa;@", 'yyyy"年"m"月"d"日"', "m月d日", "yyyy/m/d h:mm"]
)
def test_days_counted_from_1904_are_the_days_that_are_seen(written: str) -> None:
    book = of_a_mac(written, *TERM)
    assert 'date1904="1"' in workbook_part(book)
    plan = preview_supervisors(content=book, acting_user=None)
    assert [(one.term_starts, one.term_ends) for one in plan.new] == [TERM]
    fault = Fault("Sheet", 2, 1, "姓名", "", "请核对。")
    for largest in (8_000_000, 0):  # both kinds of marked copies
        marked = with_faults_marked(book, [fault], largest_whole=largest)
        again = preview_supervisors(content=marked, acting_user=None)
        assert [(one.term_starts, one.term_ends) for one in again.new] == [TERM]


def test_a_mere_number_in_a_workbook_of_1904_is_no_day() -> None:
    assert "是日期在表格中的序号" in faults_of(supervisors, of_a_mac("General", 43830, 44560))


def workbook_part(content: bytes) -> str:
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return archive.read("xl/workbook.xml").decode()
