"""One county per test."""

import pytest

from tests.evaluations.county import County


@pytest.fixture
def county(db: None, settings: pytest.FixtureRequest) -> County:
    """A county that may vote without HTTPS (demonstration)."""
    settings.DEMO = True  # type: ignore[attr-defined]
    return County()
