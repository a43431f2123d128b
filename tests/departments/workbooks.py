"""The old place of `tests.kit.files`, for tests that still import from here."""

from tests.kit.files import DATA, ENTITIES, ROSTER, changed, saved, small

__all__ = ["DATA", "ENTITIES", "ROSTER", "changed", "saved", "small"]
