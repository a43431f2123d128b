"""What happens to published pages without anybody asking."""

from __future__ import annotations

from celery import shared_task

from disclosure.results import services


@shared_task(name="disclosure.renew_publications", ignore_result=True)
def renew_publications() -> None:
    """Render anew what names a person who has been taken down; sent by beat every minute."""
    services.renew_where_taken_down()


@shared_task(name="disclosure.erase_comments", ignore_result=True)
def erase_comments() -> None:
    """Erase the originals of comments once their round is published; sent by beat every night."""
    services.erase_comments_of_published()
