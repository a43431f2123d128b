"""Read days as people write them into cells."""

from __future__ import annotations

from datetime import date, datetime

from office.workbooks.sheets import squeeze

WRITTEN = ("%Y-%m-%d", "%Y/%m/%d", "%Y.%m.%d", "%Y年%m月%d日", "%Y年%m月%d号")
RUN_TOGETHER = "%Y%m%d"  # only with all eight digits: 2023111 could be two days
DIGITS = 8
YEARS = range(2000, 2100)
_MARKS = str.maketrans("．／－", "./-")


def day_of(value: object) -> date | None:
    """Read a day, whether the cell holds one or somebody typed it; None for anything else."""
    if isinstance(value, datetime):
        found: date | None = value.date()
    elif isinstance(value, date):
        found = value
    else:
        text = squeeze(value).translate(_MARKS)
        forms = (RUN_TOGETHER,) if text.isdigit() and len(text) == DIGITS else WRITTEN
        found = next((day for form in forms if (day := _typed(text, form))), None)
    return found if found is not None and found.year in YEARS else None


def _typed(text: str, form: str) -> date | None:
    try:
        return datetime.strptime(text, form).date()  # noqa: DTZ007 - a day has no time zone
    except ValueError:
        return None
