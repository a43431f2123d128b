"""How counties spell things in annex 1 and 2, and what is meant.

Everything here is a table or a short rule; what no table knows is a fault for the sender to settle,
never a guess.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from departments.kinds import StaffKind, Topic
from office.workbooks.letters import name_dotted
from office.workbooks.sheets import squeeze

_KINDS: dict[StaffKind, tuple[str, ...]] = {
    StaffKind.PRINCIPAL_LEADER: ("主要负责人", "主要领导", "单位主要负责人", "部门主要负责人", "一把手"),
    StaffKind.SUPERVISING_LEADER: ("分管负责人", "分管领导", "分管副职", "单位分管负责人", "分管"),
    StaffKind.SECTION_HEAD: (
        "科室负责人",
        "科负责人",
        "股室负责人",
        "业务科室负责人",
        "业务股室负责人",
        "具体业务科室负责人",
        "科室主要负责人",
    ),
    StaffKind.OTHER_LEADER: ("其他负责人", "其他领导", "其它负责人"),
    StaffKind.STAFF: ("工作人员", "科员", "一般工作人员", "科室工作人员", "业务人员", "经办人员", "办事员"),
}
_KIND_BY_SPELLING = {spelling: kind for kind, spellings in _KINDS.items() for spelling in spellings}

LEADERS = frozenset({StaffKind.PRINCIPAL_LEADER, StaffKind.SUPERVISING_LEADER, StaffKind.OTHER_LEADER})
LEADERSHIP_NAMES = frozenset(
    {"局领导", "领导", "领导班子", "班子成员", "单位领导", "局班子", "党组成员", "大队领导"}
)

_TOPIC_WORDS: tuple[tuple[Topic, tuple[str, ...]], ...] = (
    (Topic.SUPERVISION, ("监管", "监督", "执法", "稽查", "督查", "检查")),
    (Topic.APPROVAL, ("审批", "许可", "窗口", "登记")),
)
SHORTEST = 3  # 某某局
_BRACKETS = str.maketrans({"(": "（", ")": "）", "[": "（", "]": "）"})
_STREET = ("街道办事处", "街道办", "办事处", "街道")
_SEAT = re.compile("(?<=[镇乡])(人民)?政府$")  # a list may name the office of a town
_TOWN_ENDINGS = (*_STREET, "民族乡", "镇", "乡")


def plain(value: object) -> str:
    """Return a name without blanks and with Chinese brackets, so that two spellings compare equal."""
    return squeeze(value).translate(_BRACKETS)


def person_name(value: object) -> str:
    """Return a person's name as it is stored: whatever dot was typed in it is ·."""
    return name_dotted(plain(value))


def kind_of(value: object) -> StaffKind | None:
    """Return the kind of person (人员类别) that a spelling means; None when it is unknown."""
    spelling = plain(value).replace("同志", "人").replace("（", "").replace("）", "")
    return _KIND_BY_SPELLING.get(spelling)


def topic_of(section_name: str) -> Topic:
    """Propose what a section mainly does (YC-R9) from its name; the centre may change it later."""
    for topic, words in _TOPIC_WORDS:
        if any(word in section_name for word in words):
            return topic
    return Topic.BUSINESS


def listed(value: object) -> list[str]:
    """Split a list of names as people type it: `甲科、乙科`, commas, semicolons, line breaks."""
    parts = re.split(r"[、，,;；/\n\r]+", "" if value is None else str(value))
    return list(dict.fromkeys(name for part in parts if (name := plain(part))))


def short_form_of(name: str, full_names: Iterable[str]) -> str | None:
    """Return the one full name that `name` abbreviates; None when none or several fit."""
    fitting = [full for full in full_names if abbreviates(name, full)]
    return fitting[0] if len(fitting) == 1 else None


def abbreviates(name: str, full: str) -> bool:
    """Whether `name` is a short form of the department `full`.

    Departments are abbreviated by leaving characters out (县工信局 for 县工业和信息化局), so the short
    form must be a subsequence of the full one, both ending alike. Region words may move
    (县生态环境分局 for 市生态环境局某某县分局): a leading 县/市/区 and a county's name before 分局
    are left aside.
    """
    short, long = without_region(plain(name)), without_region(plain(full))
    if len(short) < SHORTEST or short[-1] != long[-1:]:
        return False
    rest = iter(long)
    return all(char in rest for char in short)


def without_region(name: str) -> str:
    """Leave aside a leading 县/市/区 and a county's name before 分局."""
    name = re.sub(r"^(县|市|区|省)(?=.{2})", "", name)
    return re.sub(r"局[^局]{1,4}[县市区]分局$", "局分局", name)


def short_names(name: str) -> list[str]:
    """What a department is called without where it is: 税务局 for 国家税务总局某某县税务局."""
    bare = without_region(name)
    tail = re.sub("^.+[局县市区](?=[^县市区]{2,}[局队厅]$)", "", bare)
    return list(dict.fromkeys([bare, tail]))


def town_stem(value: object) -> str:
    """Return a town's name without its ending, so that 汪楼 finds 汪楼镇."""
    return _town_parts(value)[0]


def town_kind(value: object) -> str:
    """Return which kind of town a name says: 街道 in all its spellings, 镇, 乡, or nothing."""
    return _town_parts(value)[1]


def _town_parts(value: object) -> tuple[str, str]:
    name = _SEAT.sub("", plain(value))
    for ending in _TOWN_ENDINGS:
        if name.endswith(ending) and len(name) > len(ending) + 1:
            kind = "街道" if ending in _STREET else ending[-1]
            return name.removesuffix(ending), kind
    return name, ""
