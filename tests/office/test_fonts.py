"""Characters that no font of this machine has are named before anything is printed."""

from __future__ import annotations

import pytest
from django.urls import reverse

from office.exports import fonts
from office.roles import Role
from office.workbooks.credit_codes import check_character
from tests.kit.files import small, table, uploaded
from tests.kit.people import signed_in

IN_NO_FONT = "\U0003fff0"  # a place that Unicode keeps free


def many_shops(count: int, last: str) -> bytes:
    """Return a sample library whose last name is `last`."""
    bodies = [f"91371725MA{number:07d}" for number in range(count)]
    names = [*(f"店{number}" for number in range(count - 1)), last]
    shops = zip(names, bodies, strict=True)
    return table(
        ["市场主体名称", "统一社会信用代码", "主体类型", "所属镇（街）"],
        *([name, body + check_character(body), "民营企业", "上甲镇"] for name, body in shops),
    )


def test_what_the_fonts_have_is_no_warning() -> None:
    assert fonts.missing("县甲局张三：审批科（一）·①") == ""
    assert fonts.warning("县甲局") == ""


def test_a_character_without_a_font_is_named_once_by_its_number() -> None:
    assert fonts.missing(f"甲{IN_NO_FONT}乙{IN_NO_FONT}") == IN_NO_FONT
    said = fonts.warning(f"甲{IN_NO_FONT}")
    assert "（U+3FFF0）" in said
    assert "打印件上会显示为方框" in said


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("role", "page", "book"),
    [
        (
            Role.ADMINISTRATOR,
            "import-users",
            table(["用户名", "姓名", "岗位角色", "单位"], ["u1", f"甲{IN_NO_FONT}", "纪检监察", ""]),
        ),
        (
            Role.CENTRE_OPERATOR,
            "import-supervisors",
            table(["姓名", "所在单位"], [f"甲{IN_NO_FONT}", "商会"]),
        ),
        (
            Role.CENTRE_OPERATOR,
            "import-roster",
            small([["县试验局", "审批科", f"甲{IN_NO_FONT}", "", "工作人员", None, "", ""]]),
        ),
        (Role.CENTRE_OPERATOR, "import-entities", many_shops(250, f"甲{IN_NO_FONT}")),
    ],
)
def test_what_cannot_be_printed_is_named_before_it_is_imported(role: Role, page: str, book: bytes) -> None:
    """Also in the last of many rows, which the preview does not list."""
    answer = signed_in(role).post(reverse(page), {"file": uploaded(book)})
    assert any("（U+3FFF0）" in note for note in answer.context["preview"]["notes"])
