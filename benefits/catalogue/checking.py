"""What is wrong with a draft of a guide: each fault with the field it lies in (GY-R12)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from benefits.models import Condition, ItemVersion
from benefits.rules import BenefitRules, Label, rules
from departments.models import Department
from office.calendar.deadlines import Unit
from office.errors import Refused

Test = Condition.Test
NEEDED = ("name", "document_title", "clause", "audience", "standard", "steps", "contact_phone")
TESTS = {
    "yes_no": (Test.IS,),
    "choice": (Test.IS, Test.ONE_OF),
    "number": (Test.AT_LEAST, Test.AT_MOST),
    "date": (Test.SINCE, Test.UNTIL),
}
BRACKETS = "【】"  # mark in a workbook what is no part of the words
SEPARATOR = "、"
YES_NO = ("是", "否")
ALL_OF_IT = Decimal(100)
COLUMNS = {one.name: one for one in ItemVersion._meta.concrete_fields}
LONGEST_CONDITION, LONGEST_VALUE, LONGEST_PAPER = 300, 200, 120


@dataclass(frozen=True)
class Draft:
    """What a version says; `fields` by the names of `ItemVersion`, conditions and papers in their order.

    `shares` are percentages by level. With `is_new` an item that is already there is refused.
    """

    code: str
    department: Department
    fields: Mapping[str, Any]
    conditions: Sequence[Mapping[str, str]] = field(default_factory=tuple)
    papers: Sequence[Mapping[str, Any]] = field(default_factory=tuple)
    shares: Mapping[str, Decimal] = field(default_factory=dict)
    is_new: bool = False


@dataclass(frozen=True)
class Wrong:
    """`field` is one of `ItemVersion`, or code, conditions, papers, shares."""

    field: str
    why: str
    to_do: str

    def __str__(self) -> str:
        return f"{self.why}，{self.to_do}"


def check(draft: Draft) -> None:
    """Refuse what no guide may lack, words that the rules do not know, and days in the wrong order."""
    if (first := next(faults_of(draft), None)) is not None:
        raise Refused(first.why, first.to_do)


def faults_of(draft: Draft) -> Iterator[Wrong]:
    _, known = rules()
    if not draft.code.strip():
        yield Wrong("code", "没有填写事项编号", "请填写清单上的编号。")
    elif not all(char.isascii() and (char.isalnum() or char in "-_.") for char in draft.code.strip()):
        yield Wrong("code", "事项编号有字母、数字和短横线以外的字符", "请核对编号。")
    yield from _texts(draft)
    yield from _words(draft, known)
    yield from _days(draft)
    yield from _numbers(draft)
    for number, one in enumerate(draft.conditions, start=1):
        if wrong := condition_fault(one, known):
            yield Wrong("conditions", f"第{number}条条件{wrong[0]}", wrong[1])
    for number, one in enumerate(draft.papers, start=1):
        if wrong := paper_fault(one):
            yield Wrong("papers", f"第{number}项材料{wrong[0]}", wrong[1])
    yield from _shares(draft.shares, known)


def _texts(draft: Draft) -> Iterator[Wrong]:
    for name in NEEDED:
        if not str(draft.fields.get(name) or "").strip():
            label = COLUMNS[name].verbose_name
            yield Wrong(name, f"没有填写{label}", "办事指南缺了这一项，企业无法申请，请补填。")
    texts = [("code", draft.code, 32, "事项编号")]
    for name, value in draft.fields.items():
        column = COLUMNS[name]
        if isinstance(value, str) and column.max_length:
            texts.append((name, value, column.max_length, str(column.verbose_name)))
    for name, text, most, label in texts:
        if len(text) > most:
            yield Wrong(name, f"{label}超过{most}个字", "请改短。")


def _words(draft: Draft, known: BenefitRules) -> Iterator[Wrong]:
    given = draft.fields
    if given.get("category") not in {one.category for one in known.classes.items}:
        yield Wrong("category", "没有选择政策类别", "请从清单的类别中选择。")
    if known.kind(str(given.get("kind", ""))) is None:
        yield Wrong("kind", "没有选择兑现内容", "请从减免、奖补等兑现内容中选择。")
    if given.get("level") not in {one.id for one in known.levels.items}:
        yield Wrong("level", "没有选择政策层级", "请选择这是哪一级的政策。")


def _days(draft: Draft) -> Iterator[Wrong]:
    first, last = draft.fields.get("valid_from"), draft.fields.get("valid_to")
    if not isinstance(first, date):
        yield Wrong("valid_from", "没有填写生效日期", "请填写哪一天起施行。")
    elif isinstance(last, date) and last < first:
        yield Wrong("valid_to", "失效日期早于生效日期", "请核对。")
    begins, ends = draft.fields.get("claims_from"), draft.fields.get("claims_to")
    if isinstance(begins, date) and isinstance(ends, date) and ends < begins:
        yield Wrong("claims_to", "申报截止早于申报开始", "请核对。")


def _numbers(draft: Draft) -> Iterator[Wrong]:
    ceiling = draft.fields.get("ceiling")
    if ceiling is not None and not 0 < Decimal(ceiling) < Decimal(10) ** 12:
        yield Wrong("ceiling", "上限不是正常的金额", "请填写大于零的金额，没有上限的不填。")
    count, unit = draft.fields.get("limit_count"), str(draft.fields.get("limit_unit") or "")
    if (count is None) != (not unit):
        yield Wrong("limit_count", "指南时限的数和单位不全", "请两项都填，或者都不填。")
    elif unit and unit not in list(Unit):
        yield Wrong("limit_unit", "时限单位不在规定之内", "请选择工作日、日或者月。")


def condition_fault(one: Mapping[str, str], known: BenefitRules) -> tuple[str, str] | None:
    """Say what is wrong with a condition, and what to do about it."""
    says, value = one.get("says", "").strip(), one.get("value", "").strip()
    if not says:
        return "没有文字", "请写明企业应当符合什么。"
    if len(says) > LONGEST_CONDITION or len(value) > LONGEST_VALUE:
        return "太长", "请改短，或者分成几条。"
    if any(char in says for char in BRACKETS):
        return "的文字中有【】", "请改用其他括号。"
    return _label_fault(one.get("label", ""), one.get("test") or Test.WORDS, value, known)


def _label_fault(label_id: str, test: str, value: str, known: BenefitRules) -> tuple[str, str] | None:
    if not label_id:
        return None if test == Test.WORDS else ("没有选择标签", "请选择标签，或者写成由窗口核对。")
    label = known.label(label_id)
    if label is None:
        return f"用了没有定义的标签“{label_id}”", "请选择已有的标签，或者写成由窗口核对。"
    if test not in TESTS[label.type]:
        said = SEPARATOR.join(str(one.label) for one in TESTS[label.type])
        return f"的判断不适合“{label.label}”", f"请选择{said}。"
    return _value_fault(label, value)


def _value_fault(label: Label, value: str) -> tuple[str, str] | None:
    if label.type in ("yes_no", "choice"):
        choices = label.choices or YES_NO
        if not value or any(part not in choices for part in value.split(SEPARATOR)):
            return f"的取值不适合“{label.label}”", f"请填写{SEPARATOR.join(choices)}，几个的用顿号隔开。"
    elif label.type == "number":
        if _number(value) is None:
            return f"的取值不适合“{label.label}”", "请填写数字。"
    elif not _is_day(value):
        return f"的取值不适合“{label.label}”", "请写成 2026-10-01 的样式。"
    return None


def _number(text: str) -> Decimal | None:
    try:
        found = Decimal(text)
    except InvalidOperation:
        return None
    return found if found.is_finite() else None


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def paper_fault(one: Mapping[str, Any]) -> tuple[str, str] | None:
    name, copies = str(one.get("name", "")).strip(), one.get("copies", 1)
    if not name:
        return "没有名称", "请填写。"
    if len(name) > LONGEST_PAPER:
        return "名称太长", f"请改短到{LONGEST_PAPER}个字以内。"
    if any(char in name for char in BRACKETS):
        return "名称中有【】", "请改用其他括号。"
    if not isinstance(copies, int) or not 1 <= copies <= 99:
        return "份数有误", "请填写 1 至 99。"
    return None


def _shares(shares: Mapping[str, Decimal], known: BenefitRules) -> Iterator[Wrong]:
    if not shares:
        return
    levels = {one.id for one in known.levels.items}
    if strange := [one for one in shares if one not in levels]:
        yield Wrong("shares", f"分担比例中有没有定义的层级：{SEPARATOR.join(strange)}", "请选择已有的层级。")
    if any(one <= 0 or one != round(one, 2) for one in shares.values()):
        yield Wrong("shares", "分担比例不是大于零、最多两位小数的百分数", "不分担的层级请不填。")
    elif sum(shares.values()) != ALL_OF_IT:
        yield Wrong("shares", f"分担比例合计{sum(shares.values())}%", "各级的比例合计应为100%，请核对。")
