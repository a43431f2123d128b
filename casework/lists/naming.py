"""Find in a text what must not be shown: names, numbers, firms, the complainant (WY-R7)."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator

from casework.lists.rules import CaseRule
from departments.models import StaffMember

SHORTEST_NAME = 2
PERSON_SHOWN = re.compile(r"[\u4e00-\u9fff]{1,2}某某?")
# 18 letters and digits in a row: an identity number or a credit code, also with blanks or strokes between.
CODE = re.compile(r"(?<![0-9A-Za-z])(?:[0-9A-Za-z][\s\-]?){17}[0-9A-Za-z](?![0-9A-Za-z])")
MOBILE = re.compile(r"(?<!\d)(?:\+?86[\s\-]?)?1[3-9](?:[\s\-]?\d){9}(?!\d)")
LANDLINE = re.compile(r"(?<!\d)0\d{2,3}[\s\-]?[2-9]\d{6,7}(?!\d)")
BLANKS = re.compile(r"[\s·•]+")


def faults_in(text: str, rule: CaseRule) -> list[str]:
    """Return in Chinese, each once, what must be written otherwise; one query for the names."""
    plain = unicodedata.normalize("NFKC", text)
    return list(
        dict.fromkeys([*_numbers(plain), *_names(plain), *_firms(plain, rule), *_complainants(plain, rule)])
    )


def _numbers(text: str) -> Iterator[str]:
    if any(any(sign.isdigit() for sign in found) for found in CODE.findall(text)):
        yield "文中有18位号码（身份证号或者统一社会信用代码），请删去。"
    if MOBILE.search(text) or LANDLINE.search(text):
        yield "文中有电话号码，请删去。"


def _names(text: str) -> Iterator[str]:
    squeezed = BLANKS.sub("", text)
    names = StaffMember.objects.order_by("name").values_list("name", flat=True).distinct()
    for name in names:
        if len(name) >= SHORTEST_NAME and BLANKS.sub("", name) in squeezed:
            yield f"文中有工作人员姓名“{name}”，请写作“{name[0]}某”。"


def _firms(text: str, rule: CaseRule) -> Iterator[str]:
    """A firm is named where its ending follows a word that does not begin with 某."""
    endings = "|".join(map(re.escape, sorted(rule.firm_words, key=len, reverse=True)))
    for found in re.finditer(rf"([\u4e00-\u9fff（）()]*?)(?:{endings})", text):
        if "某" not in found.group(1):
            yield f"文中有企业名称“{found.group(0)[-20:]}”，请写作“{rule.firm_shown}”。"


def _complainants(text: str, rule: CaseRule) -> Iterator[str]:
    words = "|".join(map(re.escape, rule.complainant_words))
    if re.search(rf"(?:{words})[：:，、“\s]?[\u4e00-\u9fff]{{1,2}}某", text):
        yield "文中写了反映人是谁，反映人一律不写，也不写姓加“某”。"


def faults_of_persons(shown: str) -> list[str]:
    """Say which of the persons is not written as 姓加“某”."""
    return [
        f"人员“{person}”请写作姓加“某”，例如“张某”、“李某某”。"
        for person in _listed(shown)
        if not PERSON_SHOWN.fullmatch(person)
    ]


def _listed(shown: str) -> Iterable[str]:
    return [one for one in re.split(r"[、，,;；\s]+", shown.strip()) if one]
