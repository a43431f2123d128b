"""Who may know whom: imports by the contracts in pyproject.toml, foreign keys by walking the models."""

import ast
import subprocess
import sys
from pathlib import Path

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from surveys.models import Ballot, Slip

# From the top of the house to its ground floor.
FLOORS = ["disclosure", "reports", "evaluations", "surveys", "departments", "office"]
PURE = ["evaluations/scoring", "surveys/ballots"]


def own_models() -> list[type[models.Model]]:
    return [model for model in apps.get_models() if model._meta.app_label in FLOORS]


def targets(model: type[models.Model]) -> set[type[models.Model]]:
    return {
        field.related_model
        for field in model._meta.get_fields()
        if (field.many_to_one or field.one_to_one or field.many_to_many)
        and field.concrete
        and field.related_model
    }


def test_imports_keep_their_contracts() -> None:
    program = Path(sys.executable).with_name("lint-imports")
    done = subprocess.run([program], cwd=settings.BASE_DIR, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr


def test_foreign_keys_point_downwards() -> None:
    upwards = [
        f"{model._meta.label} -> {target._meta.label}"
        for model in own_models()
        for target in targets(model)
        if target._meta.app_label in FLOORS
        and FLOORS.index(target._meta.app_label) < FLOORS.index(model._meta.app_label)
    ]
    assert upwards == []


def reachable(start: type[models.Model]) -> set[str]:
    seen: set[type[models.Model]] = set()
    waiting = [start]
    while waiting:
        model = waiting.pop()
        if model not in seen:
            seen.add(model)
            waiting += targets(model)
    return {model._meta.label for model in seen}


def test_no_way_leads_from_a_ballot_to_anybody() -> None:
    """YC-R6: not even by detours does a ballot reach a slip, a batch, a town, a person or a user."""
    assert reachable(Ballot) == {"surveys.Ballot", "surveys.Stratum", "surveys.Survey"}


def test_nothing_points_at_a_ballot() -> None:
    """YC-R6: nor does a slip, or anything else, know a ballot."""
    assert [model._meta.label for model in apps.get_models() if Ballot in targets(model)] == []


@pytest.mark.parametrize("model", [Ballot, Slip])
def test_neither_ballot_nor_slip_knows_a_time(model: type[models.Model]) -> None:
    """YC-R6: whoever knows when somebody voted and when a ballot came in knows the ballot."""
    times = (models.DateField, models.TimeField, models.DurationField)
    assert [field.name for field in model._meta.get_fields() if isinstance(field, times)] == []


CLOCKS = {"now", "today", "utcnow", "time", "time_ns", "monotonic", "localtime", "gmtime"}


@pytest.mark.parametrize("package", PURE)
def test_the_pure_packages_ask_no_clock(package: str) -> None:
    files = sorted((settings.BASE_DIR / package).rglob("*.py"))
    assert files
    calls = [
        f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"
        for path in files
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in CLOCKS
    ]
    assert calls == []


def test_the_scoring_core_reckons_without_floats() -> None:
    """Decimal and Fraction only: 89.995 must not depend on how a binary number happens to be stored."""
    offences = [
        f"{path.relative_to(settings.BASE_DIR)}:{node.lineno}"
        for path in sorted((settings.BASE_DIR / "evaluations/scoring").rglob("*.py"))
        for node in ast.walk(ast.parse(path.read_text()))
        if (isinstance(node, ast.Constant) and isinstance(node.value, float))
        or (
            isinstance(node, ast.Call)
            and isinstance(node.func, ast.Name)
            and node.func.id in {"float", "round"}
        )
    ]
    assert offences == []
