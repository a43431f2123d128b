"""Read the words of a guide again, as somebody filled them in; every fault with its column."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from benefits.catalogue.checking import Draft, faults_of
from benefits.catalogue.words import DAYS, HEADINGS, WAIVED, Vocabulary, in_one_way
from benefits.models import Condition
from departments.models import Department
from departments.names.wording import plain
from office.calendar.deadlines import IN_WORDS
from office.workbooks.dates import day_of, not_a_day

IN_BRACKETS = re.compile("^(?P<words>.*?)【(?P<more>[^【】]*)】$")
COPIES = re.compile(r"^([1-9]\d?)\s*份$")
SHARE = re.compile(r"^(?P<level>\D+?)[:：]?\s*(?P<percent>\d{1,3}(\.\d{1,2})?)\s*[%％]?$")
BY_WORDS = {"category": "categories", "kind": "kinds", "level": "levels", "limit_unit": "units"}
UNITS = {words.removeprefix("个"): words for words in IN_WORDS.values()}
CENT = Decimal("0.01")
Fault = Callable[[str, str, str], object]


@dataclass
class Reading:
    """What a row says: `fault` is told the column, a word for programs and a sentence for people."""

    vocabulary: Vocabulary
    unit: Callable[[str], Department | None]
    fault: Fault
    said: Mapping[str, str] = field(default_factory=dict)
    is_faulty: bool = False

    def draft(self, said: Mapping[str, str]) -> Draft | None:
        """Return the draft that a row describes; None where anything in it is wrong."""
        self.said, self.is_faulty = said, False
        department = self._department()
        fields: dict[str, Any] = {**self._texts(), **self._words(), **self._days(), **self._numbers()}
        conditions, papers = list(self._conditions()), list(self._papers())
        shares = dict(self._shares())
        if department is None or self.is_faulty:
            return None
        draft = Draft(said["code"], department, fields, conditions, papers, shares)
        for wrong in faults_of(draft):
            self._wrong(wrong.field, "guide", str(wrong))
        return None if self.is_faulty else draft

    def _wrong(self, column: str, reason: str, text: str) -> None:
        self.is_faulty = True
        self.fault(column, reason, text)

    def _department(self) -> Department | None:
        written = self.said["department"]
        found = self.unit(plain(written)) if written else None
        if found is None:
            text = f"单位名单中没有“{written[:40]}”，请核对名称。" if written else "主管部门空白，请补填。"
            self._wrong("department", "unknown unit", text)
        return found

    def _texts(self) -> dict[str, str]:
        others = {"code", "department", "conditions", "papers", "shares"}
        others |= {"ceiling", "limit_count", "number", "state", *BY_WORDS, *DAYS}
        return {name: self.said[name] for name in HEADINGS if name not in others}

    def _words(self) -> dict[str, str]:
        found = {}
        for column, words in BY_WORDS.items():
            written, known = self.said[column], getattr(self.vocabulary, words)
            by_label = {plain(label): one for one, label in known.items()}
            if written and plain(written) not in by_label:
                text = f"“{written[:20]}”不在规定之内，请填写{'、'.join(known.values())}之一。"
                self._wrong(column, "unknown word", text)
            found[column] = by_label.get(plain(written), "")
        return found

    def _days(self) -> dict[str, date | None]:
        found = {}
        for column in DAYS:
            found[column] = day_of(self.said[column]) if self.said[column] else None
            if self.said[column] and found[column] is None:
                self._wrong(column, "no day", not_a_day(self.said[column]))
        return found

    def _numbers(self) -> dict[str, Any]:
        ceiling, count = self.said["ceiling"], self.said["limit_count"]
        found: dict[str, Any] = {"ceiling": None, "limit_count": None}
        if ceiling:
            found["ceiling"] = _amount(ceiling)
            if found["ceiling"] is None:
                text = f"“{ceiling[:20]}”不是金额，请填写以元为单位、至多两位小数的数字，没有上限的不填。"
                self._wrong("ceiling", "no amount", text)
        if count.isdecimal() and len(count) < 5:
            found["limit_count"] = int(count)
        elif count:
            self._wrong("limit_count", "no number", f"“{count[:20]}”不是整数，单位请另填在时限单位一列。")
        return found

    def _conditions(self) -> Iterator[dict[str, str]]:
        labels = {plain(label): one for one, label in self.vocabulary.labels.items()}
        tests = {plain(label): one for one, label in self.vocabulary.tests.items()}
        for line in self.said["conditions"].splitlines():
            found = IN_BRACKETS.match(line)
            if found is None:
                yield {"label": "", "test": Condition.Test.WORDS, "value": "", "says": line}
                continue
            parts = found["more"].split(maxsplit=2)
            if len(parts) < 3 or plain(parts[0]) not in labels or plain(parts[1]) not in tests:
                text = (
                    f"“{line[-40:]}”的【】中应为标签、判断和取值，以空格隔开，如【行业 为 工业】；"
                    f"标签有{'、'.join(self.vocabulary.labels.values())}；"
                    f"判断有{'、'.join(self.vocabulary.tests.values())}。"
                )
                self._wrong("conditions", "unknown label", text)
                continue
            label, test, value = labels[plain(parts[0])], tests[plain(parts[1])], parts[2]
            yield {"label": label, "test": test, "value": value, "says": found["words"].strip()}

    def _papers(self) -> Iterator[dict[str, Any]]:
        for line in self.said["papers"].splitlines():
            found = IN_BRACKETS.match(line)
            one: dict[str, Any] = {"name": line, "copies": 1, "may_be_waived": False}
            if found is not None:
                one["name"] = found["words"].strip()
                for part in filter(None, re.split("[，,、 ]", found["more"])):
                    copies = COPIES.match(part)
                    if copies:
                        one["copies"] = int(copies[1])
                    elif part == WAIVED:
                        one["may_be_waived"] = True
                    else:
                        text = f"“{line[-40:]}”的【】中只写份数和“{WAIVED}”，如【1份，{WAIVED}】。"
                        self._wrong("papers", "unknown word", text)
            yield one

    def _shares(self) -> Iterator[tuple[str, Decimal]]:
        levels = {plain(label): one for one, label in self.vocabulary.levels.items()}
        seen: set[str] = set()
        for line in re.split("[\n、；;]", self.said["shares"]):
            found = SHARE.match(line.strip())
            level = levels.get(plain(found["level"]), "") if found else ""
            if found and level and level not in seen:
                seen.add(level)
                yield level, Decimal(found["percent"])
            elif line.strip():
                text = f"“{line[:30]}”应写成“市级 60%”，一级一行；层级有{'、'.join(levels)}，不重复。"
                self._wrong("shares", "unknown level", text)


def said_in(cells: Mapping[str, object], known: Mapping[str, str]) -> dict[str, str]:
    """Return the words of a row; of a column that the sheet does not have, what is `known`."""
    found = {}
    for name in HEADINGS:
        if name not in cells:
            found[name] = known.get(name, "")
        elif name in DAYS and (day := day_of(cells[name])):
            found[name] = day.isoformat()
        else:
            found[name] = in_one_way(name, cells[name])
    found["ceiling"] = _with_cents(found["ceiling"])
    found["limit_unit"] = UNITS.get(found["limit_unit"].removeprefix("个"), found["limit_unit"])
    return found


def _with_cents(text: str) -> str:
    """Write 100000 and 100,000.00 in one way; what is no amount stays, to be told as a fault."""
    amount = _amount(text)
    return text if amount is None else f"{amount:.2f}"


def _amount(text: str) -> Decimal | None:
    try:
        amount = Decimal(text.replace(",", "").replace("，", ""))
        cents = amount.quantize(CENT) if amount.is_finite() else None
    except InvalidOperation:
        return None
    return cents if cents == amount else None
