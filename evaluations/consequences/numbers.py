"""Numbers of decisions (文号): 机关代字〔年〕序号, written one way, given once by each body."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date

from evaluations.models import DecisionNumber, Disposition, SchemeVersion
from office import dates
from office.errors import Refused

EXAMPLE = "请照决定书填写，如“示政办〔2026〕1号”。"
_BRACKETS = str.maketrans(
    {"[": "〔", "(": "〔", "【": "〔", "{": "〔", "]": "〕", ")": "〕", "】": "〕", "}": "〕"}
)
_NUMBER = re.compile(
    r"(?P<mark>[\u3400-\u9fffA-Za-z]{1,20})〔(?P<year>\d{4})〕(?P<ordinal>第?)(?P<serial>\d{1,6})号"
)


def read_number(text: str, decided_on: date) -> str:
    """Return a number in the form of GB/T 9704; other brackets, wide digits and spaces are forgiven."""
    plain = re.sub(r"\s", "", unicodedata.normalize("NFKC", text)).translate(_BRACKETS)
    if not plain:
        raise Refused("没有填写文号", EXAMPLE)
    found = _NUMBER.fullmatch(plain)
    if found is None:
        raise Refused(
            f"“{text.strip()[:40]}”不是完整的文号，应有机关代字、六角括号〔〕中的年份和序号", EXAMPLE
        )
    written = f"{found['mark']}〔{found['year']}〕{int(found['serial'])}号"
    if found["ordinal"]:
        raise Refused("文号的序号前不加“第”字", f"请写作“{written}”。")
    if found["serial"].startswith("0"):
        raise Refused(
            "文号的序号不编虚位，前面没有0", f"请写作“{written}”。" if int(found["serial"]) else EXAMPLE
        )
    if int(found["year"]) > decided_on.year:
        raise Refused(f"文号的年份晚于决定日期{dates.day(decided_on)}", "请核对文号和决定日期。")
    return written


def one_at_a_time() -> None:
    """Wait for whoever counts on in a register at this moment: two would take the same serial number.

    No other act locks a scheme for more than its key, so nobody waits in a circle.
    """
    first = SchemeVersion.objects.order_by("pk").values("pk")[:1]
    list(
        SchemeVersion.objects.select_for_update(no_key=True).filter(
            pk__in=list(first.values_list("pk", flat=True))
        )
    )


def claim(body: str, number: str, decided_on: date, rows: Sequence[Disposition]) -> None:
    """Take a number for these dispositions; it is locked until the transaction ends.

    One decision may cover several, also in several acts; then it has one date, and what is added later is
    of a kind that it decided already.
    """
    DecisionNumber.objects.get_or_create(body=body, number=number, defaults={"decided_on": decided_on})
    taken = DecisionNumber.objects.select_for_update().get(body=body, number=number)
    other = "另一项决定请填写另一个文号；同一决定请核对决定日期和处置种类。"
    if taken.decided_on != decided_on:
        raise Refused(f"文号已用于{body}{dates.day(taken.decided_on)}的决定（{number}）", other)
    covered = Disposition.objects.filter(body=body, number=number).exclude(pk__in=[one.pk for one in rows])
    earlier = {one.kind: one for one in covered}
    new = {one.kind for one in rows}
    if earlier and not new <= earlier.keys():
        one = next(iter(earlier.values()))
        raise Refused(f"文号已用于“{one.word}”（登记号{one.register_number}，{number}）", other)


def claim_other(body: str, number: str, day: date, *, but_for: Disposition) -> None:
    """Take the number of a decision that lifts another one: it has decided nothing before."""
    _, is_new = DecisionNumber.objects.get_or_create(body=body, number=number, defaults={"decided_on": day})
    taken = DecisionNumber.objects.select_for_update().get(body=body, number=number)
    decided = Disposition.objects.filter(body=body, number=number)
    if decided.exists() or (not is_new and taken.decided_on != day):
        told = "这项决定本身" if but_for.number == number else f"{body}{dates.day(taken.decided_on)}的决定"
        raise Refused(f"文号已用于{told}（{number}）", "撤销、解除的决定有自己的文号，请核对。")
