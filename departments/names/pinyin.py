"""Pinyin initials for search: 张三 is found under `zs`."""

from __future__ import annotations

from functools import lru_cache

# Characters whose reading as a surname differs from the common one (pypinyin takes the latter).
SURNAMES = {
    "单": "s",
    "曾": "z",
    "仇": "q",
    "区": "o",
    "解": "x",
    "查": "z",
    "朴": "p",
    "尉": "w",
    "盖": "g",
    "乐": "y",
    "缪": "m",
    "翟": "z",
    "佴": "n",
    "郇": "x",
    "种": "c",
    "秘": "b",
    "折": "s",
    "召": "s",
    "员": "y",
    "黑": "h",
    "繁": "p",
    "冼": "x",
    "洗": "x",
    "覃": "q",
    "隗": "w",
    "逄": "p",
    "牟": "m",
    "教": "j",
    "那": "n",
    "应": "y",
    "任": "r",
    "宁": "n",
    "华": "h",
    "万": "w",
    "阚": "k",
    "乜": "n",
    "粘": "n",
    "祭": "z",
    "句": "g",
    "颉": "x",
    "么": "y",
}
DOUBLE_SURNAMES = {"尉迟": "yc", "万俟": "mq", "长孙": "zs", "单于": "cy", "澹台": "tt", "令狐": "lh"}


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """Return the initials of a text that is no person's name: 行政审批 → `xzsp`."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - reads a dictionary, which few processes need

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(char for char in letters.lower() if char.isalnum())


@lru_cache(maxsize=8192)
def name_initials(name: str) -> str:
    """Return the initials of a person's name, the surname read as a surname."""
    if name[:2] in DOUBLE_SURNAMES:
        return DOUBLE_SURNAMES[name[:2]] + initials(name[2:])
    if name[:1] in SURNAMES:
        return SURNAMES[name[0]] + initials(name[1:])
    return initials(name)
