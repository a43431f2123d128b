"""Characters that no font of this machine has are named before anything is printed."""

from __future__ import annotations

from office.exports import fonts

IN_NO_FONT = "\U0003fff0"  # a place that Unicode keeps free


def test_what_the_fonts_have_is_no_warning() -> None:
    assert fonts.missing("县甲局张三：审批科（一）·①") == ""
    assert fonts.warning("县甲局") == ""


def test_a_character_without_a_font_is_named_once_by_its_number() -> None:
    assert fonts.missing(f"甲{IN_NO_FONT}乙{IN_NO_FONT}") == IN_NO_FONT
    said = fonts.warning(f"甲{IN_NO_FONT}")
    assert "（U+3FFF0）" in said
    assert "打印件上会显示为方框" in said
