"""Tasks that beat sends."""

from __future__ import annotations

from celery import shared_task

from disclosure.results import services


@shared_task(name="disclosure.renew_publications", ignore_result=True)
def renew_publications() -> None:
    services.renew_where_taken_down()


@shared_task(name="disclosure.erase_comments", ignore_result=True)
def erase_comments() -> None:
    services.erase_comments_of_published()
