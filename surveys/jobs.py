"""Background work of surveys."""

from __future__ import annotations

from typing import Any

from office.jobs import Progress, handles
from surveys import bundles, shuffle
from surveys.models import Survey


@handles("surveys.bundle", "整理票箱并导出计票包")
def make_bundle(arguments: dict[str, Any], progress: Progress) -> None:
    """After the close: leave no order in the tables, export, destroy the box key."""
    shuffle.shuffle(thorough=True)
    bundles.make(Survey.objects.get(pk=arguments["survey"]))
