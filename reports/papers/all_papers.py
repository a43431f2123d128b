"""Loads every paper; each registers itself."""

from reports.papers import account, appeals, circular, draws, minutes, monthly, notices, records

__all__ = ["account", "appeals", "circular", "draws", "minutes", "monthly", "notices", "records"]
