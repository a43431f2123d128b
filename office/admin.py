"""Loads the admin pages of the packages; Django looks for them here."""

from office.accounts import admin as accounts
from office.auditing import admin as auditing
from office.calendar import admin as calendar
from office.jobs import admin as jobs

__all__ = ["accounts", "auditing", "calendar", "jobs"]
