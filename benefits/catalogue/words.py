"""A guide in words, column by column: what is exported, compared, shown side by side, and read again.

Conditions, papers and shares are one line each. What a line holds besides its words stands in 【】 at its
end: `工业企业【行业 为 工业】`, `营业执照【1份，可免提交】`.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.db.models import QuerySet

from benefits.models import Condition, ItemVersion, LevelShare, NeededPaper
from benefits.rules import BenefitRules, rules
from casework.models import ProcedureVersion
from office import dates
from office.calendar.deadlines import IN_WORDS, Unit
from office.workbooks.sheets import paragraph, tidy

HEADINGS: dict[str, tuple[str, ...]] = {
    "code": ("事项编号", "编号"),
    "number": ("版本号", "版本"),
    "state": ("状态",),
    "name": ("事项名称", "政策事项", "事项", "名称"),
    "category": ("政策类别", "类别", "清单类别"),
    "kind": ("兑现内容", "内容类别"),
    "level": ("政策层级", "层级"),
    "department": ("主管部门", "部门", "单位", "责任单位"),
    "section": ("承办科室", "科室"),
    "document_title": ("政策文件", "文件名称", "政策依据"),
    "document_number": ("文号", "文件文号"),
    "clause": ("条款", "依据条款"),
    "audience": ("适用对象", "对象"),
    "area": ("适用地区", "地区"),
    "conditions": ("申报条件", "条件"),
    "papers": ("申报材料", "材料"),
    "steps": ("办理流程", "流程"),
    "standard": ("兑现标准", "标准"),
    "ceiling": ("上限（元）", "上限"),
    "way": ("兑现方式", "方式"),
    "limit_count": ("指南时限", "办理时限"),
    "limit_unit": ("时限单位",),
    "valid_from": ("生效日期", "施行日期"),
    "valid_to": ("失效日期", "有效期至"),
    "claims_from": ("申报开始", "申报开始日期"),
    "claims_to": ("申报截止", "申报截止日期"),
    "fund": ("资金来源",),
    "shares": ("分担比例",),
    "contact_phone": ("咨询电话", "联系电话"),
    "watch_phone": ("监督电话",),
    "higher_number": ("上级平台编号",),
}
ABOUT_THE_VERSION = ("number", "state")
GUIDE = tuple(one for one in HEADINGS if one not in ABOUT_THE_VERSION)
DAYS = ("valid_from", "valid_to", "claims_from", "claims_to")
BY_LINES = ("audience", "standard", "steps", "conditions", "papers", "shares")
WAIVED = "可免提交"


@dataclass(frozen=True)
class Vocabulary:
    """The Chinese words of classes, kinds, levels, labels, tests and units, by their ids."""

    rules: BenefitRules
    categories: Mapping[str, str]
    kinds: Mapping[str, str]
    levels: Mapping[str, str]
    labels: Mapping[str, str]
    tests: Mapping[str, str]
    units: Mapping[str, str]

    @classmethod
    def stored(cls) -> Vocabulary:
        procedure_id, known = rules()
        version = ProcedureVersion.objects.filter(procedure_id=procedure_id, is_active=True).first()
        items = version.procedure.categories.items if version else ()  # none before the set-up
        words = {one.id: one.label for one in items}
        ids = [one.category for one in known.classes.items]
        return cls(
            rules=known,
            categories={one: words[one] for one in ids if one in words},
            kinds={one.id: one.label for one in known.kinds.items},
            levels={one.id: one.label for one in known.levels.items},
            labels={one.id: one.label for one in known.labels.items},
            tests={value: str(label) for value, label in Condition.Test.choices if value != "words"},
            units={unit.value: IN_WORDS[unit] for unit in (Unit.WORKING_DAYS, Unit.DAYS, Unit.MONTHS)},
        )

    def condition(self, one: Condition) -> str:
        """A condition as a line; by words alone where it is the window that looks."""
        if not one.label:
            return one.says
        label, test = self.labels.get(one.label, one.label), self.tests.get(one.test, one.test)
        return f"{one.says}【{label} {test} {one.value}】"


def paper(one: NeededPaper) -> str:
    return f"{one.name}【{one.copies}份{f'，{WAIVED}' if one.may_be_waived else ''}】"


def percent(value: Decimal) -> str:
    return f"{value.normalize():f}%"


def amount(value: Decimal | None) -> str:
    """Write 150000.00 as 150,000, and cents where there are any; nothing where there is no amount."""
    return "" if value is None else f"{value:,.2f}".removesuffix(".00")


def share(one: LevelShare, vocabulary: Vocabulary) -> str:
    return f"{vocabulary.levels.get(one.level, one.level)} {percent(one.percent)}"


def with_all(versions: QuerySet[ItemVersion]) -> QuerySet[ItemVersion]:
    """Fetch with versions what their guides say, in as many queries whatever their number."""
    return versions.select_related("item", "department").prefetch_related(
        "conditions", "papers", "level_shares"
    )


def told(version: ItemVersion, vocabulary: Vocabulary) -> dict[str, str]:
    """Return what a version says, by column; two guides that say the same are equal."""
    found: dict[str, object] = {
        name: getattr(version, name) for name in GUIDE if hasattr(version, name) and name != "conditions"
    }
    found |= {
        "code": version.item.code,
        "category": vocabulary.categories.get(version.category, version.category),
        "kind": vocabulary.kinds.get(version.kind, version.kind),
        "level": vocabulary.levels.get(version.level, version.level),
        "department": version.department.name,
        "limit_unit": vocabulary.units.get(version.limit_unit, version.limit_unit),
        "conditions": _lines(vocabulary.condition(one) for one in version.conditions.all()),
        "papers": _lines(paper(one) for one in version.papers.all()),
        "shares": _lines(share(one, vocabulary) for one in version.level_shares.all()),
    }
    return {name: in_one_way(name, found[name]) for name in GUIDE}


def _lines(lines: Iterable[str]) -> str:
    return "\n".join(lines)


def in_one_way(name: str, value: object) -> str:
    """Write a value as every other one of its column is written, whoever typed it."""
    if value is None or value == "":
        return ""
    if isinstance(value, date):
        return value.isoformat()[:10]
    if isinstance(value, Decimal):
        return f"{value:.2f}"
    return paragraph(value) if name in BY_LINES else tidy(value)


def cells(version: ItemVersion, vocabulary: Vocabulary) -> list[object]:
    """Return a row of the workbook, in the order of `HEADINGS`; days are days."""
    said: dict[str, object] = dict(told(version, vocabulary))
    said |= {name: getattr(version, name) for name in DAYS}
    said |= {"number": version.number, "state": version.get_state_display()}
    return [said[name] for name in HEADINGS]


def differences(
    before: ItemVersion | None, after: ItemVersion, vocabulary: Vocabulary
) -> list[tuple[str, str, str]]:
    """Return what differs from the version before: heading, before, after."""
    if before is None:
        return []
    old, new = told(before, vocabulary), told(after, vocabulary)
    return [
        (HEADINGS[name][0], _as_read(name, old[name]), _as_read(name, new[name]))
        for name in GUIDE
        if old[name] != new[name]
    ]


def _as_read(name: str, text: str) -> str:
    return dates.of_iso(text) if name in DAYS and text else text
