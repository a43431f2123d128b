"""The background worker's application; its settings are the CELERY_* ones of settings.py."""

import os
from typing import Any

from celery import Celery
from celery.signals import task_prerun

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("sanliang")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()


@task_prerun.connect(weak=False)
def note_timed_run(task: Any = None, **_: Any) -> None:
    """Note when a task of the clock began, as the worker without Redis does; the sweep notes itself."""
    from django.conf import settings  # noqa: PLC0415 - this module is imported before Django is set up
    from django.db.models.functions import Now  # noqa: PLC0415

    from office.models import TimedRun  # noqa: PLC0415

    if task.name in {entry["task"] for entry in settings.CELERY_BEAT_SCHEDULE.values()}:
        TimedRun.objects.update_or_create(name=task.name, defaults={"at": Now()})
