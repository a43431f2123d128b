"""Rows that count other rows (合计) are no data."""

from __future__ import annotations

import re

_UNIT = "人|户|家|名|个|项|条|天|日|个部门|个单位|个科室|科室"
_TOTAL = re.compile(
    r"(本页|本表|全县|全部)?(合计|总计|小计|共计|累计)(人数|户数|家数|天数|数)?"
    rf"([：:（(]?共?\d*({_UNIT})?[）)]?[，,、；;]?)*[。.]?"
)
_COUNT = re.compile(rf"共?[\d.,，]*({_UNIT})?|[/／—–-]+")


def is_total(lead: str) -> bool:
    """Whether a row that starts with this text is a total (合计), which is not data.

    Only the word itself and what it counts: 合计超市 and 小计算机维修部 are names of shops.
    """
    return _TOTAL.fullmatch(lead) is not None


def is_count(text: str) -> bool:
    """Whether a cell of a total holds no more than a number, or that there is none."""
    return _COUNT.fullmatch(text) is not None or is_total(text)
