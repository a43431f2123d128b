"""Every test runs in a half of `make test`, and of those that share their tests exactly one runs it."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest
from django.conf import settings

from tests.halves import POSTGRESQL, SQLITE, Failed, Share, databases_of

TESTS: Path = settings.BASE_DIR / "tests"


def item(request: pytest.FixtureRequest, *marks: str) -> pytest.Item:
    """Return an item like this one with other marks."""
    made: pytest.Function = pytest.Function.from_parent(request.node.parent, name=request.node.originalname)
    made.own_markers = [getattr(pytest.mark, name).mark for name in marks]
    return made


@pytest.mark.parametrize(
    ("marks", "on_both", "where"),
    [
        ([], False, {SQLITE}),
        ([], True, {SQLITE}),
        (["django_db"], False, {SQLITE}),
        (["django_db"], True, {SQLITE, POSTGRESQL}),
        (["django_db", "both_databases"], False, {SQLITE, POSTGRESQL}),
        (["django_db", "on_postgresql"], False, {POSTGRESQL}),
        (["on_postgresql"], True, {POSTGRESQL}),
    ],
)
def test_the_marks_say_where_a_test_runs(
    request: pytest.FixtureRequest, marks: list[str], where: set[str], *, on_both: bool
) -> None:
    assert databases_of(item(request, *marks), on_both=on_both) == where


@pytest.mark.parametrize("marks", [["both_databases"], ["django_db", "both_databases", "on_postgresql"]])
def test_a_mark_that_says_nothing_stops_the_run(request: pytest.FixtureRequest, marks: list[str]) -> None:
    with pytest.raises(pytest.UsageError):
        databases_of(item(request, *marks))


def test_of_two_processes_one_runs_a_file(tmp_path: Path) -> None:
    first, second = Share(tmp_path), Share(tmp_path)
    assert [first.is_mine("a/test_b.py"), second.is_mine("a/test_b.py")] == [True, False]
    assert [second.is_mine("a/test_c.py"), first.is_mine("a/test_c.py")] == [True, False]
    assert [first.is_mine("a/test_b.py"), second.is_mine("a/test_c.py")] == [True, True]


def test_who_failed_is_noted_by_name(tmp_path: Path) -> None:
    names = tmp_path / "names"
    noting = Failed(names)
    for outcome in ("passed", "failed", "skipped"):
        noting.pytest_runtest_logreport(
            pytest.TestReport(f"a.py::{outcome}", ("a.py", 1, ""), {}, outcome, None, "call")  # type: ignore[arg-type] # one of three
        )
    assert names.read_text() == "a.py::failed\n"


def test_no_test_is_written_where_none_is_looked_for() -> None:
    strays = [
        f"{path.relative_to(TESTS)}: {node.name}"
        for path in TESTS.rglob("*.py")
        if not path.name.startswith("test_") or not (path.parent / "__init__.py").exists()
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]
    assert strays == []
