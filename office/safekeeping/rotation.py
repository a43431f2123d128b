"""Which backups may go (备份轮换): by day, by week and by month, the last of each kept."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from pathlib import Path

from django.utils import timezone

WEEKS_KEPT = 5
MONTHS_KEPT = 6
NAME = re.compile(r"backup-(\d{8}-\d{4})\.(?:zip|sealed)")


def name(now: datetime, *, sealed: bool) -> str:
    return f"backup-{timezone.localtime(now):%Y%m%d-%H%M}.{'sealed' if sealed else 'zip'}"


def made_at(file_name: str) -> datetime | None:
    """Return when a backup was made by its name, None for what nobody here has named."""
    found = NAME.fullmatch(file_name)
    try:
        return datetime.strptime(f"{found[1]} +0800", "%Y%m%d-%H%M %z") if found else None
    except ValueError:
        return None


def outdated(names: Iterable[str], *, days: int) -> list[str]:
    """Return the names that may go: neither among the last `days` days nor last of a kept week or month.

    Days, weeks and months without a backup do not count: a machine that was off for long keeps what it has.
    """
    dated = sorted(((made, one) for one in names if (made := made_at(one))), reverse=True)
    kept: set[str] = set()
    periods: list[tuple[Callable[[datetime], tuple[int, ...]], int]] = [
        (lambda made: (made.year, made.month, made.day), days),
        (lambda made: tuple(made.isocalendar()[:2]), WEEKS_KEPT),
        (lambda made: (made.year, made.month), MONTHS_KEPT),
    ]
    for period, how_many in periods:
        last_of: dict[tuple[int, ...], str] = {}
        for made, one in dated:
            last_of.setdefault(period(made), one)
        kept.update(list(last_of.values())[:how_many])
    return [one for _, one in dated if one not in kept]


def rotate(folder: Path, *, days: int) -> list[str]:
    """Remove outdated backups from a folder; return their names. Whatever else lies there is left alone."""
    gone = outdated((path.name for path in folder.iterdir()), days=days)
    for one in gone:
        (folder / one).unlink(missing_ok=True)
    return gone
