"""The catalogue as a workbook that can be filled in and imported again, with a sheet that says how."""

from __future__ import annotations

from collections.abc import Iterable

from benefits.catalogue.checking import TESTS
from benefits.catalogue.words import HEADINGS, WAIVED, Vocabulary, cells
from benefits.models import ItemVersion
from office.workbooks.writing import workbook_of

TITLE = "惠企政策事项"


def items_workbook(versions: Iterable[ItemVersion]) -> bytes:
    words = Vocabulary.stored()
    headings = [spellings[0] for spellings in HEADINGS.values()]
    rows = (cells(one, words) for one in versions)
    return workbook_of([(TITLE, headings, rows), ("填写说明", ("栏目", "怎样填写"), _how(words))])


def _how(words: Vocabulary) -> list[tuple[str, str]]:
    labels = "；".join(
        f"{one.label}（判断：{'、'.join(str(test.label) for test in TESTS[one.type])}"
        f"{'，取值：' + '、'.join(one.choices) if one.choices else ''}）"
        for one in words.rules.labels.items
    )
    return [
        ("事项编号", "清单上的编号，字母、数字和短横线；同一编号的一行就是同一事项。"),
        ("版本号、状态", "导出时写明，不必填写；改了内容的，导入后成为草稿，提交、审核后才发布。"),
        ("政策类别", "、".join(words.categories.values())),
        ("兑现内容", "、".join(words.kinds.values())),
        ("政策层级", "、".join(words.levels.values())),
        ("申报条件", "一行一条。按标签判断的，在末尾写标签、判断和取值：工业企业【行业 为 工业】。"),
        ("标签", labels),
        ("申报材料", f"一行一项：营业执照【1份，{WAIVED}】；一份的可以不写份数。"),
        ("上限（元）", "以元为单位的数字，没有上限的不填。"),
        ("指南时限、时限单位", f"先填整数，再填单位：{'、'.join(words.units.values())}。"),
        ("生效日期等", "写成 2026-10-01 的样式；新版本的生效日期须晚于现行版本的生效日期。"),
        ("分担比例", "一级一行：市级 60%；各级合计100%。不填的，由政策层级全部承担。"),
    ]
