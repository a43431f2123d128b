"""docs/glossary.md is the authority for names: no stored noun and no state without its word."""

from __future__ import annotations

import inspect
import re

import pytest
from django.apps import apps
from django.conf import settings
from django.db import models

ROOMS = {
    "office",
    "departments",
    "casework",
    "surveys",
    "ratings",
    "benefits",
    "evaluations",
    "reports",
    "disclosure",
}
GLOSSARY = (settings.BASE_DIR / "docs" / "glossary.md").read_text(encoding="utf-8")
WORDS = set(re.findall(r"`([A-Za-z_.]+)`", GLOSSARY))
OURS = [model for model in apps.get_models() if model._meta.app_label in ROOMS]


@pytest.mark.parametrize("model", OURS, ids=lambda model: model.__name__)
def test_every_model_and_each_of_its_states_has_its_word_in_the_glossary(model: type[models.Model]) -> None:
    rows = [line for line in GLOSSARY.splitlines() if f"`{model.__name__}`" in line]
    assert rows, f"{model.__name__} is not in docs/glossary.md"
    said = " ".join([*rows, *(line for line in GLOSSARY.splitlines() if f"`{model.__name__}.State`" in line)])
    states = getattr(model, "State", None)
    if inspect.isclass(states) and issubclass(states, models.Choices):
        assert [state.name for state in states if f"`{state.name}`" not in said] == []


def test_no_word_stands_twice_as_a_heading_of_its_row() -> None:
    first = re.findall(r"^\| [^|]+ \| `([A-Za-z_]+)`", GLOSSARY, re.MULTILINE)
    assert sorted({word for word in first if first.count(word) > 1}) == []
