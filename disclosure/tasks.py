"""What happens to published pages without anybody asking."""

from __future__ import annotations

from celery import shared_task

from disclosure import services


@shared_task(name="disclosure.renew_publications", ignore_result=True)
def renew_publications() -> None:
    """Render anew what names a person who has been taken down; sent by beat every minute."""
    services.renew_where_taken_down()
