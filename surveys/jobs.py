"""Background work of surveys."""

from __future__ import annotations

import logging
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction
from kombu.exceptions import OperationalError

from office.jobs.services import Progress, handles
from surveys.box import bundles, voiding
from surveys.keys import shuffle
from surveys.models import Survey
from surveys.paper import reconciliation

SHUFFLE = "surveys.shuffle"  # the task of surveys/tasks.py, by name
logger = logging.getLogger(__name__)


@handles("surveys.bundle", "整理票箱并导出计票包")
def make_bundle(arguments: dict[str, Any], progress: Progress) -> None:
    survey = Survey.objects.get(pk=arguments["survey"])
    bundles.make(survey)
    if bundles.exists(survey):
        reconciliation.forget(survey)
    # At once, unless somebody runs jobs inside a transaction: no database vacuums there.
    transaction.on_commit(_shuffle)


@handles("surveys.void", "销毁作废轮次的密钥并整理票箱")
def finish_voiding(arguments: dict[str, Any], progress: Progress) -> None:
    voiding.destroy_keys(Survey.objects.get(pk=arguments["survey"]).public_id)
    transaction.on_commit(_shuffle)


def _shuffle() -> None:
    """Shuffle now, or where somebody holds the database, in some minutes: the bundle is written anyway.

    Where no broker is there to bring it back, the night does it.
    """
    try:
        shuffle.shuffle()
    except shuffle.OrderLeft:
        later = "a task tries again" if _sent_to_a_broker() else "the night does it"
        logger.warning("slips and ballots are not shuffled yet; %s", later)


def _sent_to_a_broker() -> bool:
    if not settings.REDIS_URL:
        return False
    try:
        current_app.send_task(SHUFFLE, ignore_result=True)
    except OperationalError:
        return False
    return True
