"""How many printed tickets were used, counted once a night: a live number would tell a customer's hour."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.db.models import Count, Q
from django.utils import timezone

from ratings.models import TicketBatch

NIGHT_ENDS = 6  # o'clock


@transaction.atomic
def count_used(now: datetime) -> None:
    """Count, or by day leave it at last night's: what a night missed is due as soon as the machine starts."""
    if timezone.localtime(now).hour >= NIGHT_ENDS:
        return
    used = Count("tickets", filter=Q(tickets__is_used=True))
    rows = TicketBatch.objects.filter(kind=TicketBatch.Kind.ROLL).annotate(now_used=used).order_by()
    altered = [batch for batch in rows if batch.used != batch.now_used]
    for batch in altered:
        batch.used = batch.now_used
    TicketBatch.objects.bulk_update(altered, ["used"], batch_size=500)
