"""The halves of `make test`: which databases a test runs on, and which process takes which file.

A test runs on SQLite, marked `both_databases` on PostgreSQL and Redis too, marked `on_postgresql` there only.
Processes given the same folder (`--share`) divide their tests: whoever is free claims the next file, the
long ones first, so that none is left with one of them when the others end.
"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

SQLITE, POSTGRESQL = "sqlite", "postgresql"
DATABASE_FIXTURES = {"db", "transactional_db", "django_db_reset_sequences", "live_server"}
LASTING_FIXTURES = {"transactional_db", "live_server"}
LONG = ("tests/journeys/", "tests/walk/", "tests/ballots/", "tests/surveys/test_unlinkable.py")


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--half", choices=[SQLITE, POSTGRESQL], help="only tests that run on this database")
    parser.addoption("--on-both", action="store_true", help="as if each test of a database were marked so")
    parser.addoption("--share", type=Path, metavar="FOLDER", help="divide the tests with who has this folder")
    parser.addoption(
        "--failed", type=Path, metavar="FILE", help="add the names of tests that fail, one a line"
    )


def pytest_configure(config: pytest.Config) -> None:
    if folder := config.getoption("--share"):
        config.pluginmanager.register(Share(folder))
    if file := config.getoption("--failed"):
        config.pluginmanager.register(Failed(file))


def touches_database(item: pytest.Item) -> bool:
    fixtures = set(getattr(item, "fixturenames", ()))
    return item.get_closest_marker("django_db") is not None or bool(DATABASE_FIXTURES & fixtures)


def is_lasting(item: pytest.Item) -> bool:
    """Whether a test commits, so that the database is emptied after it."""
    marker = item.get_closest_marker("django_db")
    fixtures = set(getattr(item, "fixturenames", ()))
    return (marker is not None and bool(marker.kwargs.get("transaction"))) or bool(
        LASTING_FIXTURES & fixtures
    )


def turn(item: pytest.Item) -> tuple[bool, bool]:
    """Order tests: first those that a transaction takes back, and each time the long files first."""
    return is_lasting(item) or not touches_database(item), not item.nodeid.startswith(LONG)


def databases_of(item: pytest.Item, *, on_both: bool = False) -> set[str]:
    """Return where a test runs: on one database at least, whatever its marks."""
    both, postgresql = (item.get_closest_marker(name) for name in ("both_databases", "on_postgresql"))
    if both and postgresql:
        raise pytest.UsageError(f"{item.nodeid}: both_databases and on_postgresql contradict each other")
    if both and not touches_database(item):
        raise pytest.UsageError(f"{item.nodeid}: marked both_databases, but touches no database")
    if postgresql:
        return {POSTGRESQL}
    return {SQLITE, POSTGRESQL} if both or (on_both and touches_database(item)) else {SQLITE}


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """Importing a file that has no test for PostgreSQL costs more than looking for the marks in its text."""
    if config.getoption("--half") != POSTGRESQL or config.getoption("--on-both"):
        return None
    if not collection_path.name.startswith("test_"):
        return None
    text = collection_path.read_text(encoding="utf-8")
    return None if "mark.both_databases" in text or "mark.on_postgresql" in text else True


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    half = config.getoption("--half")
    placed = [(item, databases_of(item, on_both=config.getoption("--on-both"))) for item in items]
    if half:
        config.hook.pytest_deselected(items=[item for item, where in placed if half not in where])
        items[:] = [item for item, where in placed if half in where]


class Failed:
    """Notes which tests failed, for `bin/test` to run them once more alone."""

    def __init__(self, file: Path) -> None:
        self.file = file

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        if report.failed:
            with self.file.open("a") as names:
                names.write(f"{report.nodeid}\n")


class Share:
    """Runs what no other process has claimed."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.claims: dict[str, bool] = {}

    def is_mine(self, name: str) -> bool:
        """Claim `name` unless that was done before: of all processes one alone can make the folder."""
        if name not in self.claims:
            try:
                (self.folder / name.replace("/", "-")).mkdir()
                self.claims[name] = True
            except FileExistsError:
                self.claims[name] = False
        return self.claims[name]

    def taken(self, items: list[pytest.Item]) -> Iterator[pytest.Item]:
        """Yield the items of this process; tests of a file that empty the database are claimed apart."""
        left = []
        for item in sorted(items, key=turn):
            name = item.nodeid.partition("::")[0] + ("-transactional" if is_lasting(item) else "")
            if self.is_mine(name):
                yield item
            else:
                left.append(item)
        if left:
            left[0].config.hook.pytest_deselected(items=left)

    def pytest_runtestloop(self, session: pytest.Session) -> bool | None:
        if session.testsfailed or session.config.option.collectonly:
            return None  # pytest's own loop says so
        mine = self.taken(session.items)
        item = next(mine, None)
        while item is not None:
            following = next(mine, None)
            session.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
            if session.shouldfail:
                raise session.Failed(session.shouldfail)
            if session.shouldstop:
                raise session.Interrupted(session.shouldstop)
            item = following
        return True
