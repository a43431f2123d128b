"""How names are ordered and read: strokes as officials count them, surnames as they are called."""

from __future__ import annotations

import pytest

from departments.names.pinyin import name_initials
from departments.names.strokes import by_strokes, stroke_key
from departments.names.wording import town_kind, town_stem
from office.workbooks.totals import is_total

# By number of strokes, then stroke by stroke 横 竖 撇 点 折, as 通用规范汉字字典 has them.
IN_ORDER = """
丁 卜 刁 上官 马 王 韦 区 尤 牛 毛 仇 文 方 尹 孔 邓 艾 石 卢 叶 申 田 史 丘 白 包 冯 宁 司 吕 朱 乔 任 华
庄 刘 齐 关 江 汤 许 阮 孙 牟 李 杨 吴 何 余 谷 邹 沈 宋 张 陆 陈 邵 范 林 欧阳 罗 岳 金 周 郑 单 孟 赵 胡
段 侯 姚 贺 袁 夏 顾 徐 高 郭 唐 黄 曹 尉迟 曾 詹 解 窦 戴 魏 瞿
"""


def test_surnames_stand_in_the_official_order() -> None:
    """YC-R1."""
    surnames = IN_ORDER.split()
    assert surnames not in (sorted(surnames), sorted(surnames, reverse=True))
    for mixed in (sorted(surnames), surnames[::-1]):
        assert sorted(mixed, key=by_strokes) == surnames


def test_a_single_given_name_comes_before_longer_ones() -> None:
    people = ["李鑫", "李一鸣", "李大鸣", "李丁", "𠮷野", "张一"]
    for key in (by_strokes, stroke_key):
        assert sorted(people, key=key) == ["李丁", "李鑫", "李一鸣", "李大鸣", "张一", "𠮷野"]
    assert stroke_key("李　丁") == stroke_key("李丁")
    assert by_strokes("") > by_strokes("张一")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        *(("单某", "sm"), ("曾某", "zm"), ("仇某", "qm"), ("区某", "om"), ("解某", "xm"), ("查某", "zm")),
        *(("乐某", "ym"), ("盖某", "gm"), ("朴某", "pm"), ("阚某", "km"), ("缪某", "mm"), ("翟某", "zm")),
        *(("欧阳某", "oym"), ("上官某", "sgm"), ("尉迟某", "ycm"), ("尉某", "wm"), ("长孙某", "zsm")),
        *(("万俟某", "mqm"), ("单于某", "cym"), ("令狐某", "lhm"), ("张曾", "zc"), ("李解", "lj"), ("", "")),
    ],
)
def test_surnames_are_read_as_surnames(name: str, initials: str) -> None:
    assert name_initials(name) == initials


@pytest.mark.parametrize(
    "lead",
    ["合计", "总计：", "小计（人）", "合计3人", "共计434", "本页小计", "合计：共24个单位434人", "合计（户）"],
)
def test_a_total_is_the_word_and_what_it_counts(lead: str) -> None:
    assert is_total(lead)


@pytest.mark.parametrize("lead", ["合计超市", "小计算机维修部", "总计量所", "共计装饰公司", "合计3号店"])
def test_a_name_that_begins_like_a_total_is_a_name(lead: str) -> None:
    assert not is_total(lead)


@pytest.mark.parametrize(
    ("written", "stem", "kind"),
    [
        ("城关街道办", "城关", "街道"),
        ("城关街道办事处", "城关", "街道"),
        ("城关办事处", "城关", "街道"),
        ("城关镇", "城关", "镇"),
        ("城关镇人民政府", "城关", "镇"),
        ("上甲乡政府", "上甲", "乡"),
        ("上甲回族乡", "上甲回族", "乡"),
        ("城关", "城关", ""),
    ],
)
def test_a_town_has_a_stem_and_a_kind(written: str, stem: str, kind: str) -> None:
    assert (town_stem(written), town_kind(written)) == (stem, kind)
