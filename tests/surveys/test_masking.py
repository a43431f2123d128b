"""YC-R8: comments lose what points at their writer, and keep what the department needs."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from surveys.comments.masking import masker

TABLE: dict[str, Any] = yaml.load(
    (Path(__file__).with_name("masking.yaml")).read_text("utf-8"), Loader=yaml.CSafeLoader
)
ROSTER = ("王芳", "欧阳震华", "任立", "于洋", "程晓", "甲科长")
CASES = [(word, text) for word, texts in TABLE["masked"].items() for text in texts]


@pytest.mark.parametrize(("word", "text"), CASES)
def test_what_points_at_the_writer_is_masked(word: str, text: str) -> None:
    """YC-R8"""
    masked = masker(ROSTER)(text)
    assert f"【{word}】" in masked
    left = masked.replace(f"【{word}】", "")
    assert "【" not in left, "one word for one detail"
    assert not any(character.isdecimal() for character in left)


@pytest.mark.parametrize("text", TABLE["kept"])
def test_what_the_department_needs_stays(text: str) -> None:
    assert masker(ROSTER)(text) == text


def test_every_detail_of_a_text_is_masked() -> None:
    text = "2026年3月5日下午3点，我的车鲁RD12345被张科长拦下，罚款三万元，电话138 1234 5678。"
    assert masker(ROSTER)(text) == "【日期】，我的车【车牌】被【姓名】拦下，罚款【金额】，电话【电话】。"


def test_masking_again_changes_nothing() -> None:
    mask = masker(ROSTER)
    for _, text in CASES:
        assert mask(mask(text)) == mask(text)


def test_a_name_counts_only_where_it_is_on_the_roster() -> None:
    assert masker([])("王芳态度不好") == "王芳态度不好"
    assert masker(["王　芳"])("王芳态度不好") == "【姓名】态度不好"
