"""What is known of a firm by each label: read as it is compared, kept with who said it and when (GY-R16)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from decimal import Decimal

from benefits.models import Firm, FirmLabel
from benefits.rules import Label as Rule
from benefits.rules import rules
from office import audit, dates
from office.errors import Refused
from office.models import User
from office.workbooks.dates import day_of
from office.workbooks.sheets import squeeze

Source = FirmLabel.Source
YES, NO = "是", "否"
_SAME = {**dict.fromkeys("√✓有YＹy", YES), **dict.fromkeys("×✗无NＮn", NO)}
_NUMBER = re.compile(r"\d{1,12}(\.\d{1,4})?")
YEARS = range(1900, 2100)
VERBS = {Source.FIRM: "企业填报标签", Source.WINDOW: "登记企业标签"}


def rule_of(label_id: str) -> Rule:
    found = rules()[1].label(label_id)
    if found is None:
        raise Refused(f"没有“{label_id[:32]}”这个标签", "请从已有的标签中选择。")
    return found


def word_of(label_id: str) -> str:
    """The label in words; one that the rules no longer know keeps its id."""
    found = rules()[1].label(label_id)
    return found.label if found else label_id


def read_value(rule: Rule, raw: object) -> tuple[str, str]:
    """Return (value as it is kept, what is wrong with it); one of them is empty."""
    if rule.type == "date":
        day = day_of(raw, YEARS)
        return (
            (day.isoformat(), "")
            if day
            else ("", f"“{squeeze(raw)[:40]}”不是日期，请写成 2026-10-01 的样式。")
        )
    text = squeeze(raw)
    if rule.type == "number":
        return _number(text)
    if rule.type == "yes_no":
        text = _SAME.get(text, text)
    allowed = rule.choices or (YES, NO)
    return (text, "") if text in allowed else ("", f"“{text[:40]}”不是{'、'.join(allowed)}之一，请核对。")


def _number(text: str) -> tuple[str, str]:
    plain = text.replace(",", "").replace("，", "")
    if not _NUMBER.fullmatch(plain):
        return "", f"“{text[:40]}”不是数字，请填写不小于零的数，至多四位小数。"
    number = Decimal(plain).normalize()
    return f"{number:f}", ""


def shown_value(rule: Rule | None, value: str) -> str:
    return dates.day(date.fromisoformat(value)) if rule and rule.type == "date" else value


def known_of(firm: Firm) -> dict[str, str]:
    return dict(FirmLabel.objects.filter(firm=firm).values_list("label", "value"))


def put_labels(
    *, firm: Firm, told: Mapping[str, str], source: str, today: date, acting_user: User | None
) -> list[str]:
    """Write what was said of a locked firm; an empty value makes a label unknown. Return what was written.

    What is said again holds from this day on, so that no register between the two days replaces it.
    """
    kept = {one.label: one for one in FirmLabel.objects.filter(firm=firm)}
    before, after = {}, {}
    for label_id, raw in told.items():
        rule, old = rule_of(label_id), kept.get(label_id)
        value, wrong = read_value(rule, raw) if squeeze(raw) else ("", "")
        if wrong:
            raise Refused(f"“{rule.label}”填写有误：{wrong.removesuffix('。')}", "请更正后重新提交。")
        is_said = (value, source, today) == (old.value, old.source, old.told_on) if old else not value
        if is_said:
            continue
        before[rule.label], after[rule.label] = (old.value if old else ""), value
        if value:
            FirmLabel.objects.update_or_create(
                firm=firm, label=label_id, defaults={"value": value, "source": source, "told_on": today}
            )
        elif old:
            old.delete()
    if after:
        audit.record(VERBS[Source(source)], firm, acting_user=acting_user, before=before, after=after)
    return list(after)
