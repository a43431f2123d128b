"""A voter began on a phone or in an app that is lost to them, and gets another slip for it.

The office cannot know whether that slip has already cast its ballot. So two persons decide, the slip
buys nothing any more, and none is replaced where every opened slip of its kind has voted. It leaves
no row of a slip: numbers per batch show, and the audit names batch and number. Like a vote it writes
first and looks at the survey after: the close holds the slips still.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Count, Q

from office import audit, roles
from office.errors import Refused
from surveys.models import Ballot, Slip, SlipBatch, Survey
from surveys.slips.slip_at_hand import code_in, require_own_town, slip_of

if TYPE_CHECKING:
    from office.models import User

State = Slip.State
HELD, REPLACED = Q(slips__state=State.HELD), Q(slips__state=State.REPLACED)


@dataclass(frozen=True)
class BatchRow:
    """A batch with its slips that wait for another, and those that were replaced."""

    batch: SlipBatch
    held: int
    replaced: int


def batch_rows(survey: Survey, town_ids: list[int] | None = None) -> list[BatchRow]:
    """The batches of which anything was held or replaced."""
    found = SlipBatch.objects.filter(survey=survey, is_printed=True, is_void=False)
    if town_ids is not None:
        found = found.filter(town_id__in=town_ids)
    counted = found.annotate(held=Count("slips", filter=HELD), replaced=Count("slips", filter=REPLACED))
    any_of = counted.filter(Q(held__gt=0) | Q(replaced__gt=0)).select_related("town", "stratum")
    return [BatchRow(batch, batch.held, batch.replaced) for batch in any_of.order_by("number")]


def hold_slip(*, survey: Survey, text: str, acting_user: User) -> SlipBatch:
    """Take in a slip that was begun on a phone; from now on it waits for the second person."""
    roles.require(acting_user, "slip.hold")
    code = code_in(text)
    with transaction.atomic():
        _require_open(survey)
        slip = slip_of(survey, code)
        require_own_town(acting_user, slip.batch)
        opened = Slip.objects.filter(pk=slip.pk, state=State.REDEEMED, is_returned=False)
        if not opened.update(state=State.HELD):
            slip.refresh_from_db(fields=["state", "is_returned"])
            raise _refusal(slip)
        _require_open(survey)
        held = slip.batch.slips.filter(state=State.HELD).count()
        audit.record("申请换发凭条", slip.batch, acting_user=acting_user, after={"本批次待换发": held})
    return slip.batch


def _refusal(slip: Slip) -> Refused:
    if slip.is_returned:
        return Refused("这张凭条已经登记退回", "请报纪检监察机关查明。")
    if slip.state == State.UNUSED:
        return Refused("这张凭条没有使用过，不需要换发", "可以直接扫码评价，也可以换领纸质票。")
    if slip.state == State.PAPER:
        return Refused("这张凭条已换领纸质票，不能换发", "请使用已经领取的纸质票。")
    if slip.state == State.VOID:
        return Refused("这张凭条已作废，不能换发", "请换用有效的凭条。")
    return Refused("这张凭条已经登记换发，不重复登记", "请等待核准。" if slip.state == State.HELD else "")


def replace_held(*, batch: SlipBatch, number: int, acting_user: User) -> int:
    """Let as many slips be given out as wait in the batch; `number` is what was shown."""
    roles.require(acting_user, "slip.replace")
    with transaction.atomic():
        replaced = batch.slips.filter(state=State.HELD).update(state=State.REPLACED)
        if not replaced or replaced != number:
            raise Refused("待换发的张数已经变化", "请核对后重新核准。")
        _require_not_all_voted(batch)
        _require_open(batch.survey)
        total = batch.slips.filter(state=State.REPLACED).count()
        audit.record(
            "核准换发凭条",
            batch,
            acting_user=acting_user,
            after={"本次核准": replaced, "本批次累计换发": total},
        )
    return replaced


def refuse_held(*, batch: SlipBatch, number: int, acting_user: User) -> int:
    """Give the slips back as they were: begun on a phone, where they can still be finished."""
    roles.require(acting_user, "slip.replace")
    with transaction.atomic():
        waiting = batch.slips.filter(state=State.HELD).update(state=State.REDEEMED)
        if not waiting or waiting != number:
            raise Refused("待换发的张数已经变化", "请核对后重新办理。")
        audit.record("不予换发凭条", batch, acting_user=acting_user, after={"张数": waiting})
    return waiting


def _require_not_all_voted(batch: SlipBatch) -> None:
    """Ballots of the kind must fit into the slips that remain: else this one has voted for certain."""
    opened = Slip.objects.filter(batch__stratum=batch.stratum_id, state__in=[State.REDEEMED, State.HELD])
    if Ballot.objects.filter(stratum=batch.stratum_id).count() > opened.count():
        raise Refused(
            "收到的选票与已经打开的凭条数对不上，待换发的凭条可能已经投票", "请不予换发，向评价人说明。"
        )


def _require_open(survey: Survey) -> None:
    if Survey.objects.values_list("state", flat=True).get(pk=survey.pk) != Survey.State.OPEN:
        raise Refused("评价没有在进行，不能换发凭条")
