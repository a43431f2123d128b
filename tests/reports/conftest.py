"""A county whose round is in the state a test starts from, as the tests of evaluations have it."""

from tests.evaluations.conftest import browse, county, custodian

__all__ = ["browse", "county", "custodian"]
