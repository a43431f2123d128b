"""What became of the slips of a batch that no sitting counted: entered by the office, never computed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys.models import SlipBatch, Survey

if TYPE_CHECKING:
    from office.models import User


@transaction.atomic
def count_batch(
    *, batch: SlipBatch, handed_out: int, returned: int, spoiled: int, acting_user: User
) -> SlipBatch:
    """Keep the three numbers as they were counted, also where they do not make the whole.

    A sitting that counted the batch has said so already, before witnesses.
    """
    roles.require(acting_user, "slip.count")
    survey = Survey.objects.select_for_update().get(pk=batch.survey_id)
    batch = SlipBatch.objects.select_for_update().get(pk=batch.pk)
    if survey.state != Survey.State.OPEN:
        raise Refused("清点数只能在评价期间登记", "截止后发现的差异，由纪检监察人员在“核对情况”中说明。")
    if batch.is_void or not batch.is_printed:
        raise Refused("这一批次没有印制或已作废，没有发出凭条", "请核对批次。")
    if batch.counted_at.exists():
        raise Refused("这一批次已由现场评价清点", "请在该场次中更正。")
    if returned + spoiled > batch.size:
        raise Refused(f"退回和损毁之和超过印制的{batch.size}张", "请重新清点。")
    before = {"发出": batch.handed_out, "退回": batch.returned, "损毁": batch.spoiled}
    batch.handed_out, batch.returned, batch.spoiled = handed_out, returned, spoiled
    batch.save(update_fields=["handed_out", "returned", "spoiled"])
    after = {"发出": handed_out, "退回": returned, "损毁": spoiled}
    audit.record("登记批次清点数", batch, acting_user=acting_user, before=before, after=after)
    return batch
