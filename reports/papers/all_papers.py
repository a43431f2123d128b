"""Loads every paper; each registers itself."""

from reports.papers import (
    account,
    appeals,
    benefit_months,
    benefits,
    circular,
    draws,
    matter_months,
    matter_sheets,
    matters,
    minutes,
    month_reviews,
    monthly,
    notices,
    records,
    rectification,
)

__all__ = [
    "account",
    "appeals",
    "benefit_months",
    "benefits",
    "circular",
    "draws",
    "matter_months",
    "matter_sheets",
    "matters",
    "minutes",
    "month_reviews",
    "monthly",
    "notices",
    "records",
    "rectification",
]
