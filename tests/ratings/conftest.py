"""Limits against stuffing live in the process: each test of the room begins with fresh ones."""

from __future__ import annotations

import pytest

from casework.reporters import flooding
from casework.reporters.flooding import Guesses, Reports
from ratings.intake import limits


@pytest.fixture(autouse=True)
def _fresh_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(flooding, "guesses", Guesses())
    monkeypatch.setattr(flooding, "reports", Reports())
    monkeypatch.setattr(limits, "seen", limits.Seen())
