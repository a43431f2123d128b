"""A slip comes back on paper: scanned against its state.

Like a vote it leaves no audit row and no time: only the slip's state changes, and numbers per batch
show. A redeemed slip that comes back as one that was never handed out is evidence, and is noted for its
batch, never for the slip; a voter who cannot go on hands it in to have it replaced (replacing.py).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys.models import Slip, SlipBatch, Survey
from surveys.slips.slip_at_hand import code_in, require_own_town, slip_of

if TYPE_CHECKING:
    from office.models import User

RETURNABLE = (Survey.State.OPEN, *Survey.OVER)


@dataclass(frozen=True)
class TakenBack:
    """What a scanned slip turned out to be: unused, as it should be, or redeemed by somebody."""

    batch: SlipBatch
    was_redeemed: bool


def take_back_slip(*, survey: Survey, text: str, acting_user: User) -> TakenBack:
    """Take in a returned slip: `text` is what the scanner read, or the code as printed.

    Unused: void from now on, and counted as returned. Redeemed: noted as an irregularity of its batch.
    Everything else is refused by name and changes nothing.
    """
    roles.require(acting_user, "slip.return")
    code = code_in(text)
    with transaction.atomic():
        survey = Survey.objects.get(pk=survey.pk)
        if survey.state not in RETURNABLE:
            raise Refused("打票还没有开始，凭条尚未发放，不登记退回")
        slip = slip_of(survey, code)
        require_own_town(acting_user, slip.batch)
        unused = Slip.objects.filter(pk=slip.pk, state=Slip.State.UNUSED)
        if unused.update(state=Slip.State.VOID, is_returned=True):
            return TakenBack(slip.batch, was_redeemed=False)
        slip.refresh_from_db(fields=["state", "is_returned"])
        _refuse_what_cannot_come_back(slip)
        Slip.objects.filter(pk=slip.pk).update(is_returned=True)
        audit.record(
            "退回凭条中发现已兑换",
            slip.batch,
            acting_user=acting_user,
            after={"本批次累计": slip.batch.slips.filter(is_returned=True, state=slip.state).count()},
        )
    return TakenBack(slip.batch, was_redeemed=True)


def _refuse_what_cannot_come_back(slip: Slip) -> None:
    if slip.is_returned:
        raise Refused("这张凭条已经扫描登记过，不重复计数")
    if slip.state == Slip.State.PAPER:
        raise Refused("这张凭条已换领纸质票，不能登记为退回", "请与纸质票登记核对。")
    if slip.state in (Slip.State.HELD, Slip.State.REPLACED):
        raise Refused("这张凭条已登记换发，不计入退回", "请按损毁清点，单独封存。")
    if slip.state == Slip.State.VOID:
        raise Refused("这张凭条属于重新印制前已作废的批次，不计入退回", "请单独销毁。")
