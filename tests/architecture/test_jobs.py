"""Every kind of job that some service creates has a handler, and every handler is of use."""

import ast

from celery import current_app
from django.conf import settings

from office.jobs import services as jobs

APPS = [
    "office",
    "departments",
    "casework",
    "surveys",
    "ratings",
    "benefits",
    "evaluations",
    "disclosure",
    "reports",
    "demo",
]


def enqueued_kinds() -> set[str]:
    """The first argument of every call to `enqueue`: a plain string or a constant of its module."""
    kinds: set[str] = set()
    for app in APPS:
        for path in (settings.BASE_DIR / app).rglob("*.py"):
            tree = ast.parse(path.read_text())
            constants = {
                target.id: node.value.value
                for node in tree.body
                if isinstance(node, ast.Assign) and isinstance(node.value, ast.Constant)
                for target in node.targets
                if isinstance(target, ast.Name)
            }
            for node in ast.walk(tree):
                if not isinstance(node, ast.Call) or not node.args:
                    continue
                name = getattr(node.func, "attr", getattr(node.func, "id", ""))
                if name != "enqueue":
                    continue
                first = node.args[0]
                kind = (
                    first.value
                    if isinstance(first, ast.Constant)
                    else constants.get(getattr(first, "id", ""))
                )
                assert isinstance(kind, str), f"{path}:{node.lineno}: the kind must be readable here"
                kinds.add(kind)
    return kinds


def test_kinds_and_handlers_match() -> None:
    current_app.loader.import_default_modules()
    assert enqueued_kinds() == set(jobs.HANDLERS)
    assert set(jobs.LABELS) == set(jobs.HANDLERS)


def test_what_beat_sends_a_worker_knows() -> None:
    current_app.loader.import_default_modules()
    assert {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()} <= set(current_app.tasks)
