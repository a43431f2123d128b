"""Loads every paper; each registers itself."""

from reports.papers import appeals, circular, draws, minutes, monthly, notices, records

__all__ = ["appeals", "circular", "draws", "minutes", "monthly", "notices", "records"]
