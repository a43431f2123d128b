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
from office.roles import Role
from surveys.models import Slip, SlipBatch, Survey
from surveys.slips.slip_at_hand import code_in, is_typed, require_own_town, slip_of

if TYPE_CHECKING:
    from office.models import User

MOST_TYPED_BY_A_TOWN = 5  # of a batch; beyond it the centre takes the paper in, a second pair of eyes
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
            raise Refused("评价还没有开始，凭条尚未发放，不登记退回")
        slip = slip_of(survey, code)
        require_own_town(acting_user, slip.batch)
        _note_who(slip.batch, is_typed(text), acting_user)
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


def _note_who(batch: SlipBatch, typed: bool, acting_user: User) -> None:
    """Count who scanned and who typed; a town types few codes, since no paper is needed for that."""
    batch = SlipBatch.objects.select_for_update().get(pk=batch.pk)
    name = acting_user.username
    scanned, by_hand = batch.taken_back.get(name, [0, 0])
    all_by_hand = sum(numbers[1] for numbers in batch.taken_back.values())
    if typed and acting_user.role == Role.TOWN_ORGANIZER and all_by_hand >= MOST_TYPED_BY_A_TOWN:
        raise Refused(
            f"本批次手工输入投票码登记的退回已有{all_by_hand}张，镇（街）不能再以输入的方式登记",
            "请扫描凭条上的二维码，或把凭条交评价中心当面登记。",
        )
    batch.taken_back[name] = [scanned + (not typed), by_hand + typed]
    batch.save(update_fields=["taken_back"])


def who_took_back(survey: Survey) -> list[str]:
    """Per batch and person: how many slips were scanned, how many codes typed."""
    batches = SlipBatch.objects.filter(survey=survey).select_related("town").order_by("number")
    return [
        f"{batch.town}第{batch.number}批：{name}扫描{scanned}张，输入投票码{typed}张"
        for batch in batches
        for name, (scanned, typed) in sorted(batch.taken_back.items())
    ]


def _refuse_what_cannot_come_back(slip: Slip) -> None:
    if slip.is_returned:
        raise Refused("这张凭条已经扫描登记过，不重复计数")
    if slip.state == Slip.State.PAPER:
        raise Refused("这张凭条已换领纸质票，不能登记为退回", "请与纸质票登记核对。")
    if slip.state in (Slip.State.HELD, Slip.State.REPLACED):
        raise Refused("这张凭条已登记换发，不计入退回", "请按损毁清点，单独封存。")
    if slip.state == Slip.State.VOID:
        raise Refused("这张凭条属于重新印制前已作废的批次，不计入退回", "请单独销毁。")
