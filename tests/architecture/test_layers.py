"""Foreign keys point downwards, and the pure packages are pure; `make check` proves the imports."""

import ast
from collections.abc import Iterator

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

from surveys.models import Ballot, Slip

# From the top of the house to its ground floor.
FLOORS = [
    "disclosure",
    "reports",
    "evaluations",
    "ratings",
    "benefits",
    "surveys",
    "casework",
    "departments",
    "office",
]
PURE = ["evaluations/scoring", "evaluations/publication", "surveys/ballots"]


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
NO_RULE = {"eval", "exec"}
INEXACT = {"float", "round"}


def offences(folder: str, forbidden: set[str], *, floats: bool) -> list[str]:
    """Return where a package calls what is forbidden, or, if `floats`, holds a number of that kind."""

    def found(tree: ast.Module) -> Iterator[ast.expr]:
        for node in ast.walk(tree):
            if isinstance(node, ast.Call):
                called = node.func
                if getattr(called, "attr", getattr(called, "id", "")) in forbidden:
                    yield node
            elif floats and isinstance(node, ast.Constant) and isinstance(node.value, float):
                yield node

    files = sorted((settings.BASE_DIR / folder).rglob("*.py"))
    assert files
    return [f"{path}:{node.lineno}" for path in files for node in found(ast.parse(path.read_text()))]


@pytest.mark.parametrize("package", PURE)
def test_the_pure_packages_ask_no_clock(package: str) -> None:
    assert offences(package, CLOCKS | NO_RULE, floats=False) == []


def test_the_scoring_core_reckons_without_floats() -> None:
    """Decimal and Fraction only: 89.995 must not depend on how a binary number happens to be stored."""
    assert offences("evaluations/scoring", INEXACT, floats=True) == []
