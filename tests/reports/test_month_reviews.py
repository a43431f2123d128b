"""The minutes of a month's review: what was kept when it ended, with fractions."""

from __future__ import annotations

from datetime import date

import pytest
from django.test import Client

from casework.models import MonthReview
from reports.documents.content import faults, words
from reports.documents.kinds import PAPERS, SUBJECTS, Given
from reports.models import IssuingBody
from reports.papers import all_papers
from tests.casework.desk import ready

pytestmark = pytest.mark.django_db


def share(count: int, of: int, number: str) -> dict[str, object]:
    return {"count": count, "of": of, "number": number}


def unit(name: str, word: str, done: dict[str, object]) -> dict[str, object]:
    none = share(0, 0, "—")
    return {"unit": name, "done": done, "on_time": done, "kept": none, "word": word, "text": "一件未完成。"}


def test_the_minutes_hold_fractions_and_the_units_by_their_word() -> None:
    """WY-R6: from what was kept, as a paper under a number and as files in one click."""
    assert all_papers.__all__
    desk = ready()
    kept = {
        "done": share(3, 4, "75.00"),
        "on_time": share(2, 4, "50.00"),
        "kept": share(0, 0, "—"),
        "units": [
            unit("县甲局", "好", share(2, 2, "100.00")),
            unit("县乙局", "差", share(1, 2, "50.00")),
        ],
    }
    review = MonthReview.objects.create(
        month=date(2026, 2, 1),
        held_on=date(2026, 2, 28),
        figures=kept,
        ended_by=desk.reviewer,
        ended_at=desk.version().loaded_at,
    )
    paper = PAPERS["month_review"]
    asked = {ask.name: ask.initial for ask in paper.asks(review)} | {"present": "测试甲（主任）"}
    body = IssuingBody.objects.create(name="某县优化营商环境服务中心", code="某营商")
    content = paper.build(SUBJECTS[paper.about].find(review.pk), Given(body, date(2026, 3, 2), asked))
    assert faults(content) == []
    said = words(content)
    for line in (
        "2月办结率75.00%（3/4），按时率50.00%（2/4），承诺按期兑现率—。",
        "好（1个单位）：县甲局。",
        "一般（0个单位）：无。",
        "差（1个单位）：县乙局。",
        "100.00%\\n（2/2）",
        "测试甲（主任）",
    ):
        assert line in said
    client = Client()
    client.force_login(desk.leader)
    page = client.get("/office/matters/hearings/months/2026-02/")
    for form, magic in (("pdf", b"%PDF"), ("docx", b"PK")):
        address = f"/office/matters/month/{review.pk}/minutes.{form}"
        assert address in page.content.decode()
        answer = client.get(address)
        assert b"".join(answer).startswith(magic)
    client.force_login(desk.officer)
    assert client.get(address).status_code == 403
