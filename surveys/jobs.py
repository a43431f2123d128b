"""Background work of surveys."""

from __future__ import annotations

from typing import Any

from django.db import transaction

from office.jobs.services import Progress, handles
from surveys.box import bundles, voiding
from surveys.keys import shuffle
from surveys.models import Survey
from surveys.paper import reconciliation


@handles("surveys.bundle", "整理票箱并导出计票包")
def make_bundle(arguments: dict[str, Any], progress: Progress) -> None:
    survey = Survey.objects.get(pk=arguments["survey"])
    bundles.make(survey)
    if bundles.exists(survey):
        reconciliation.forget(survey)
    # At once, unless somebody runs jobs inside a transaction: no database vacuums there.
    transaction.on_commit(shuffle.shuffle)


@handles("surveys.void", "销毁作废问卷的密钥并整理票箱")
def finish_voiding(arguments: dict[str, Any], progress: Progress) -> None:
    voiding.destroy_keys(Survey.objects.get(pk=arguments["survey"]).public_id)
    transaction.on_commit(shuffle.shuffle)
