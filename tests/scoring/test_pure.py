"""The core is pure: no clock, no float, no framework, and the same input gives the same outcome."""

import ast
import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

from evaluations.scoring import load_scheme, score_facts
from evaluations.scoring.collecting import without_collecting
from tests.scoring.golden import golden_cases

PACKAGE = Path(__file__).resolve().parents[2] / "evaluations" / "scoring"
FILES = sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_no_clock_no_float_no_round(path: Path) -> None:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            assert name not in {"now", "today", "time", "round", "float", "eval", "exec"}, f"{name} in {path}"
        assert not (isinstance(node, ast.Constant) and isinstance(node.value, float)), f"float in {path}"


def test_it_runs_without_django() -> None:
    listed = "[m for m in sys.modules if m.split('.')[0] in ('django', 'celery')]"
    code = f"import sys, evaluations.scoring; print({listed})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("before", [True, False])
def test_the_collector_rests_and_is_then_as_it_was(before: bool) -> None:
    @without_collecting
    def work(one: int, *, other: int) -> tuple[bool, int]:
        return gc.isenabled(), one + other

    gc.enable() if before else gc.disable()
    try:
        assert work(1, other=2) == (False, 3)
        assert gc.isenabled() is before
    finally:
        gc.enable()


def test_a_stored_outcome_survives_json_and_is_found_again() -> None:
    for case in golden_cases():
        stored = json.loads(json.dumps(case.outcome(), ensure_ascii=False))
        assert stored == score_facts(load_scheme(case.scheme), json.loads(json.dumps(case.facts())))
