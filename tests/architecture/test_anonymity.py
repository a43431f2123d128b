"""The threat table names the test that holds each promise; no renamed test may leave it behind."""

import re

from django.conf import settings

ROOT = settings.BASE_DIR
CELL = re.compile(r"`([^`]+)`")


def promised() -> list[str]:
    """What the last column of the table names: tests, files of tests, or titles of the page's own tests."""
    table = (ROOT / "docs/anonymity.md").read_text().partition("## Promises")[2].partition("\n## ")[0]
    rows = [line for line in table.splitlines() if line.startswith("| ") and "---" not in line][1:]
    found = [CELL.findall(row.rstrip(" |").rpartition("|")[2]) for row in rows]
    assert all(found), "a promise without a test"
    return [name for row in found for name in row]


def test_every_promise_of_the_threat_table_names_tests_that_exist() -> None:
    sources = [*(ROOT / "tests").rglob("test_*.py"), *(ROOT / "frontend/test").glob("*.js")]
    written = "\n".join(path.read_text() for path in sources)
    missing = [
        name
        for name in promised()
        if not ((ROOT / name).exists() if name.startswith("tests/") else name in written)
    ]
    assert missing == []
