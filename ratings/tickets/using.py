"""Use a ticket up: once, whoever asks at the same moment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from office import dates
from office.errors import Refused
from ratings.models import RatingCode, Ticket, TicketBatch
from ratings.tickets import marks

RATE_WITHOUT = "也可以不填票号直接评价。"


@dataclass(frozen=True)
class Used:
    """`is_again` where the same form used it before; `is_printed` tells a slip from a case somebody has."""

    is_printed: bool
    is_again: bool = False


def use_ticket(*, number: str, code: RatingCode, today: date, sent_mark: str) -> Used:
    """Mark a ticket as used. One atomic update decides.

    Refuses a number that does not exist, is of another place, too old, or used.
    """
    found = Ticket.objects.select_related("batch").filter(mark=marks.mark_of(number)).first()
    if found is None and marks.is_mistyped(marks.plain(number)):  # a 办件编号 may look like a printed one
        raise Refused("票号有误", f"请核对后重新填写，{RATE_WITHOUT}")
    if found is None or found.batch.rules_id != code.rules_id:
        raise Refused("没有找到这个票号", f"请核对后重新填写，{RATE_WITHOUT}")
    elsewhere = found.batch.hall_id is not None and found.batch.hall_id != code.hall_id
    if elsewhere or (found.unit_id is not None and found.unit_id != code.unit_id):
        raise Refused("这张票不是在这里办事的", f"请扫办事窗口的评价码，{RATE_WITHOUT}")
    if today > found.last_day:
        raise Refused(f"这张票已于{dates.day(found.last_day)}过期", RATE_WITHOUT)
    is_printed = found.batch.kind == TicketBatch.Kind.ROLL
    fresh = Ticket.objects.filter(pk=found.pk, is_used=False)
    if fresh.update(is_used=True, sent_mark=sent_mark):
        return Used(is_printed)
    if Ticket.objects.filter(pk=found.pk, sent_mark=sent_mark).exclude(sent_mark="").exists():
        return Used(is_printed, is_again=True)
    raise Refused("这张票已经评价过", "一次办事评价一次，首次评价有效。")
