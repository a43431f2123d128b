"""One word for one thing on every screen: docs/glossary.md says which, and what it must not be called."""

from __future__ import annotations

import pytest
from django.conf import settings

ROOMS = (
    "casework",
    "config",
    "demo",
    "departments",
    "disclosure",
    "evaluations",
    "office",
    "ratings",
    "benefits",
    "reports",
    "surveys",
)
PLACES = (*ROOMS, "templates", "frontend/src", "docs/manuals")
READ = {".py", ".html", ".js", ".md"}
TEXTS = {
    path.relative_to(settings.BASE_DIR): path.read_text(encoding="utf-8")
    for place in PLACES
    for path in (settings.BASE_DIR / place).rglob("*")
    if path.suffix in READ and "migrations" not in path.parts
}


@pytest.mark.parametrize(
    "word",
    [
        "打票",  # to readers the printing of a receipt; 评价, but where the policy is quoted
        *("票据", "投票凭条"),  # 凭条
        *("填票人", "投票人"),  # 评价人
        "问卷",  # 评价表; on paper 测评表
    ],
)
def test_no_other_word_is_used(word: str) -> None:
    assert TEXTS
    assert [str(path) for path, text in TEXTS.items() if word in text] == []
