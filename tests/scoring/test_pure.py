"""The core is pure: no clock, no chance, no framework, and the same input gives the same outcome."""

import ast
import gc
import json
import subprocess
import sys
from pathlib import Path

import pytest

import evaluations.scoring
from evaluations.scoring import load_scheme, score_facts
from evaluations.scoring.example import example
from tests.scoring.golden import scored_cases


def test_no_module_imports_a_clock_or_chance() -> None:
    """`architecture/test_layers.py` sees that none calls one by an attribute or reckons with floats."""
    imported = set()
    for path in Path(evaluations.scoring.__file__).parent.rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Import):
                imported |= {name.name for name in node.names}
            elif isinstance(node, ast.ImportFrom):
                imported.add(node.module or "")
    assert "fractions" in imported
    assert imported & {"time", "datetime", "random", "secrets", "uuid"} == set()


def test_it_runs_without_django() -> None:
    listed = "[m for m in sys.modules if m.split('.')[0] in ('django', 'celery')]"
    code = f"import sys, evaluations.scoring; print({listed})"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


@pytest.mark.parametrize("enabled", [True, False])
def test_scoring_leaves_garbage_collection_as_it_was(enabled: bool) -> None:
    policy = load_scheme("wuyang-sections")
    gc.enable() if enabled else gc.disable()
    try:
        score_facts(policy, example(policy))
        assert gc.isenabled() is enabled
    finally:
        gc.enable()


def test_a_stored_outcome_survives_json_and_is_found_again() -> None:
    for case in scored_cases():
        stored = json.loads(json.dumps(case.outcome(), ensure_ascii=False))
        assert stored == score_facts(case.policy, json.loads(json.dumps(case.facts())))
