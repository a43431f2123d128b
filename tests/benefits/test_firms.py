from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from benefits.firms.labels import known_of
from benefits.firms.register_import import import_register, preview_register
from benefits.matching.asking import note_labels
from benefits.models import Firm, FirmLabel
from office.errors import Refused
from office.workbooks.credit_codes import check_character
from office.workbooks.writing import workbook
from tests.benefits.county import BenefitCounty, ready

pytestmark = pytest.mark.django_db
HEAD = ("企业名称", "统一社会信用代码", "状态", "行业", "从业人数", "首次纳入规模以上", "成立日期")
LISTED = date(2026, 3, 1)


def code(number: int) -> str:
    body = f"91510800MA{number:07d}"
    return body + check_character(body)


@pytest.fixture
def county() -> BenefitCounty:
    return ready()


def told(county: BenefitCounty, *rows: tuple[Any, ...], head: tuple[str, ...] = HEAD) -> dict[str, Any]:
    content = workbook("名册", head, rows)
    return {"content": content, "listed_on": LISTED, "acting_user": county.clerk}


def test_a_register_brings_firms_and_labels_and_again_changes_nothing(county: BenefitCounty) -> None:
    """GY-R16: names, codes with their check digit, cancelled ones, labels by their Chinese names."""
    asked = told(
        county,
        ("测试一厂", code(1), "存续", "工业", "１２０", "√", date(1998, 5, 1)),
        ("测试二店", code(2), "注销", "批发和零售业", "", "否", "2020年1月2日"),
    )
    plan = preview_register(**asked)
    assert plan.counts() == {
        "行数": 2,
        "新增企业": 2,
        "变更企业": 0,
        "写入标签": 7,
        "再次载明": 0,
        "保留不改": 0,
        "有误": 0,
    }
    import_register(**asked, file_name="名册.xlsx", expected_digest=plan.digest())
    first, second = Firm.objects.get(name="测试一厂"), Firm.objects.get(name="测试二店")
    assert known_of(first) == {
        "industry": "工业",
        "employees": "120",
        "first_above_scale": "是",
        "founded": "1998-05-01",
    }
    assert (second.is_cancelled, first.is_cancelled) == (True, False)
    assert FirmLabel.objects.filter(firm=first, source="list", told_on=LISTED).count() == 4
    assert not preview_register(**asked).writes


def test_faults_are_told_by_row_and_column(county: BenefitCounty) -> None:
    """GY-R16: a label nobody knows is refused by its name."""
    wrong = code(3)[:-1] + ("0" if code(3)[-1] != "0" else "1")
    asked = told(
        county,
        ("测试三厂", wrong, "存续", "采矿", "约一百", "", "2023-02-29", "好"),
        ("", code(4), "歇业", "", "", "", "", ""),
        ("测试五厂", code(5), "", "", "", "", "", ""),
        ("测试六厂", code(5), "", "", "-1", "", "", ""),
        head=(*HEAD, "信用评分"),
    )
    said = [str(one) for one in preview_register(**asked).faults]
    for place, why in (
        ("第1行H列", "没有“信用评分”这个标签"),
        ("第2行B列", "校验位不符"),
        ("第2行D列", "“采矿”不是工业"),
        ("第2行E列", "“约一百”不是数字"),
        ("第2行G列", "不是日期"),
        ("第3行A列", "企业名称空白"),
        ("第3行C列", "“歇业”不是规定的状态"),
        ("第5行B列", "在第4行已经出现"),
        ("第5行E列", "“-1”不是数字"),
    ):
        assert any(place in one and why in one for one in said), (place, why, said)
    with pytest.raises(Refused, match="需要更正"):
        import_register(**asked, file_name="名册.xlsx")
    assert not Firm.objects.filter(name__in=("测试五厂", "测试六厂")).exists()


def test_a_later_list_replaces_a_list_and_never_what_was_said_later(county: BenefitCounty) -> None:
    """GY-R16: where they differ the preview says so, with who said what when."""
    row = ("测试一厂", code(1), "存续", "工业", "80", "是", "")
    import_register(**told(county, row), file_name="一.xlsx")
    firm = Firm.objects.get(name="测试一厂")
    said = {"firm": firm, "told": {"employees": "120"}, "acting_user": county.clerk}
    note_labels(**said, today=date(2026, 3, 1))
    note_labels(**said, today=date(2026, 3, 2))  # the same again: a list of the days between is older
    later = told(county, ("测试一厂改名", code(1), "注销", "建筑业", "90", "", ""))
    for listed_on, kept in ((date(2026, 2, 28), 2), (date(2026, 3, 2), 1)):
        plan = preview_register(**{**later, "listed_on": listed_on})
        assert plan.counts()["保留不改"] == kept
        (note,) = plan.all_notes()
        assert "从业人数 名册 90，窗口登记2026年3月2日 120" in note
    with pytest.raises(Refused, match="预览之后系统中的数据有了变化"):
        import_register(**later, file_name="二.xlsx", expected_digest="0" * 64)
    import_register(**{**later, "listed_on": date(2026, 3, 2)}, file_name="二.xlsx")
    firm.refresh_from_db()
    assert (firm.name, firm.is_cancelled) == ("测试一厂改名", True)
    assert known_of(firm) == {"industry": "建筑业", "employees": "120", "first_above_scale": "是"}
    import_register(**{**later, "listed_on": date(2026, 3, 3)}, file_name="三.xlsx")
    assert known_of(firm)["employees"] == "90"
    plan = import_register(**{**later, "listed_on": date(2026, 3, 9)}, file_name="四.xlsx")
    assert plan.counts()["再次载明"] == 2
    between = told(county, ("测试一厂改名", code(1), "注销", "工业", "", "", ""))
    assert not preview_register(**{**between, "listed_on": date(2026, 3, 5)}).writes
