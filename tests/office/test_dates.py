"""Days and moments are said one way, and only `office/dates.py` says them."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from django.template import Context, Template

from office import dates

ROOT = Path(__file__).parent.parent.parent
SAY, READ = ROOT / "office/dates.py", ROOT / "office/workbooks/dates.py"
PAPERS = ROOT / "reports/documents/content.py"  # pure: it cannot ask office/dates.py
ROOMS = (
    "casework",
    "config",
    "demo",
    "departments",
    "disclosure",
    "evaluations",
    "office",
    "reports",
    "surveys",
)
NIGHT = datetime(2026, 8, 31, 16, 5, tzinfo=UTC)  # past midnight here


def test_days_and_moments_are_said_without_padding_in_the_time_of_the_county() -> None:
    assert dates.day(date(2026, 9, 1)) == dates.day(NIGHT) == "2026年9月1日"
    assert dates.moment(NIGHT) == "2026年9月1日 00:05"


@pytest.mark.parametrize(
    ("stored", "said"),
    [
        ("2026-09-01", "2026年9月1日"),
        ("2026-08-31T16:05:00+00:00", "2026年9月1日 00:05"),
        ("2026-09-01T08:05:00", "2026年9月1日 08:05"),
        ("2026-13-01", "2026-13-01"),
        ("2026-Q3", "2026-Q3"),
        ("2026-11-01.zip", "2026-11-01.zip"),
        ("本人同意书 2026-11-01", "本人同意书 2026-11-01"),
        ("", ""),
    ],
)
def test_what_is_stored_as_a_date_is_said_as_one_and_other_texts_stay(stored: str, said: str) -> None:
    assert dates.of_iso(stored) == said


def test_templates_say_nothing_where_there_is_no_date() -> None:
    text = Template("{{ a|day }}，{{ a|moment }}，{{ b|day }}，{{ b|moment }}").render(Context({"b": NIGHT}))
    assert text == "，，2026年9月1日，2026年9月1日 00:05"


def test_the_lists_of_the_workbench_pad_nothing() -> None:
    text = Template('{{ d }}，{{ d|date:"MONTH_DAY_FORMAT" }}').render(Context({"d": date(2026, 9, 1)}))
    assert text == "2026年9月1日，9月1日"


def test_nothing_else_in_the_house_words_a_date() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {hit}"
        for room in (*ROOMS, "templates")
        for path in [*(ROOT / room).rglob("*.py"), *(ROOT / room).rglob("*.html")]
        if "migrations" not in path.parts and path not in (SAY, READ, PAPERS)
        for hit in re.findall(r"\|date\b|%Y年|%-?m月|\.year}年{|:%Y-%m-%d", path.read_text())
    ]
    assert found == []
