"""Read days as people write them into cells."""

from __future__ import annotations

import re
from datetime import date, datetime

from office.workbooks.sheets import squeeze, tidy

WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d号")
RUN_TOGETHER = "%Y%m%d"  # only with all eight digits: 2023111 could be two days
DIGITS = 8
YEARS = range(2000, 2100)
SERIALS = (36526, 73050)  # of these years, as spreadsheets count days
_TIME = re.compile(r"[ T]\d{1,2}[:：]\d{2}([:：]\d{2}(\.\d+)?)?$")
_WEEKDAY = re.compile("[（(]?(?:星期|周)([一二三四五六日])[）)]?$")
_HAN = re.compile(
    "([〇零○一二三四五六七八九]{4})年([一二三四五六七八九十]{1,3})月([一二三四五六七八九十]{1,3})[日号]"
)
_NUMERALS = str.maketrans("〇零○一二三四五六七八九", "000123456789")
_MARKS = str.maketrans("．／－", "./-")


def day_of(value: object, years: range = YEARS) -> date | None:
    """Read a day, whether the cell holds one or somebody typed it; None for anything else."""
    if isinstance(value, datetime):
        found: date | None = value.date()
    elif isinstance(value, date):
        found = value
    else:
        text = squeeze(_TIME.sub("", tidy(value).lstrip("'"))).translate(_MARKS).rstrip(".")
        text, weekday = _without_weekday(_in_digits(text))
        forms = (RUN_TOGETHER,) if text.isdigit() and len(text) == DIGITS else WRITTEN
        found = next((day for form in forms if (day := _typed(text, form))), None)
        if found is not None and weekday not in (None, found.weekday()):
            return None
    return found if found is not None and found.year in years else None


def not_a_day(value: object) -> str:
    """Say what to do about a cell that holds no day."""
    text = tidy(value)
    if text.isdecimal() and SERIALS[0] <= int(text[:DIGITS]) <= SERIALS[1]:
        return f"“{text}”是日期在表格中的序号，请把单元格格式改为“日期”，或写成 2026-10-01 的样式。"
    return f"“{text[:40]}”不是日期，请写成 2026-10-01 的样式。"


def _without_weekday(text: str) -> tuple[str, int | None]:
    """Take a day of the week off the end of a day; it must be the day's own."""
    found = _WEEKDAY.search(text)
    return (text, None) if found is None else (text[: found.start()], "一二三四五六日".index(found[1]))


def _in_digits(text: str) -> str:
    """Return 二〇二六年十月一日 with digits."""
    found = _HAN.match(text)
    if found is None:
        return text
    year, month, day = found.groups()
    return f"{year.translate(_NUMERALS)}年{_number(month)}月{_number(day)}日{text[found.end() :]}"


def _number(numerals: str) -> str:
    tens, ten, ones = numerals.rpartition("十")
    digits = (tens.translate(_NUMERALS) or "1") if ten else ""
    return digits + (ones.translate(_NUMERALS) or "0")


def _typed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
