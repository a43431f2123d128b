"""The old place of `tests.kit.people`, for tests that still import from here."""

from tests.kit.people import PASSWORD, code_of, person, sign_in

__all__ = ["PASSWORD", "code_of", "person", "sign_in"]
