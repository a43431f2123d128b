"""Pinyin for search: 张三 is found under `zs` and under `zhangsan`."""

from __future__ import annotations

from functools import lru_cache

# Characters whose reading as a surname differs from the common one (pypinyin takes the latter).
SURNAMES = {
    "单": "shan",
    "曾": "zeng",
    "仇": "qiu",
    "区": "ou",
    "解": "xie",
    "查": "zha",
    "朴": "piao",
    "尉": "wei",
    "盖": "ge",
    "乐": "yue",
    "缪": "miao",
    "翟": "zhai",
    "佴": "nai",
    "郇": "xun",
    "种": "chong",
    "秘": "bi",
    "折": "she",
    "召": "shao",
    "员": "yun",
    "黑": "he",
    "繁": "po",
    "冼": "xian",
    "洗": "xian",
    "覃": "qin",
    "隗": "wei",
    "逄": "pang",
    "牟": "mu",
    "教": "jiao",
    "那": "na",
    "应": "ying",
    "任": "ren",
    "宁": "ning",
    "华": "hua",
    "万": "wan",
    "阚": "kan",
    "乜": "nie",
    "粘": "nian",
    "祭": "zhai",
    "句": "gou",
    "颉": "xie",
    "么": "yao",
}
DOUBLE_SURNAMES = {
    "尉迟": ("yu", "chi"),
    "万俟": ("mo", "qi"),
    "长孙": ("zhang", "sun"),
    "单于": ("chan", "yu"),
    "澹台": ("tan", "tai"),
    "令狐": ("ling", "hu"),
}


@lru_cache(maxsize=8192)
def initials(text: str) -> str:
    """Return the initials of a text that is no person's name: 行政审批 → `xzsp`."""
    from pypinyin import Style, lazy_pinyin  # noqa: PLC0415 - reads a dictionary, which few processes need

    letters = "".join(lazy_pinyin(text, style=Style.FIRST_LETTER))
    return "".join(char for char in letters.lower() if char.isalnum())


@lru_cache(maxsize=8192)
def spelled(text: str) -> tuple[str, ...]:
    """Return the syllables of a text that is no person's name: 审批 → (`shen`, `pi`)."""
    from pypinyin import lazy_pinyin  # noqa: PLC0415 - as above

    return tuple("".join(filter(str.isalnum, one.lower().replace("ü", "v"))) for one in lazy_pinyin(text))


@lru_cache(maxsize=8192)
def name_spelled(name: str) -> tuple[str, ...]:
    """Return the syllables of a person's name, the surname read as a surname."""
    if name[:2] in DOUBLE_SURNAMES:
        return (*DOUBLE_SURNAMES[name[:2]], *spelled(name[2:]))
    if name[:1] in SURNAMES:
        return (SURNAMES[name[0]], *spelled(name[1:]))
    return spelled(name)


@lru_cache(maxsize=8192)
def name_initials(name: str) -> str:
    """Return the initials of a person's name, the surname read as a surname."""
    if name[:2] in DOUBLE_SURNAMES or name[:1] in SURNAMES:
        rest = name[2:] if name[:2] in DOUBLE_SURNAMES else name[1:]
        surname = name_spelled(name)[: len(name) - len(rest)]
        return "".join(one[0] for one in surname) + initials(rest)
    return initials(name)
