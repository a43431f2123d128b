"""A slip buys the phone or paper, for good: no time, no user, no audit row, only the slip's state changes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.db import transaction

from office import roles
from office.errors import Refused
from surveys.models import Slip, Stratum, Survey
from surveys.slips.slip_at_hand import code_in, require_own_town, slip_of

if TYPE_CHECKING:
    from office.models import User

State = Survey.State


def exchange_for_paper(*, survey: Survey, text: str, acting_user: User) -> Stratum:
    """Exchange an unused slip for a packet; return the stratum, whose color the packet has (YC-R6).

    `text` is what the scanner read, or the code as printed. Like a vote it writes first and looks at
    the survey after: the close holds the slips still, so that no exchange slips in behind it.
    """
    roles.require(acting_user, "paper.exchange")
    code = code_in(text)
    _require_open(survey)
    slip = slip_of(survey, code)
    require_own_town(acting_user, slip.batch)
    with transaction.atomic():
        if not Slip.objects.filter(pk=slip.pk, state=Slip.State.UNUSED).update(state=Slip.State.PAPER):
            slip.refresh_from_db(fields=["state", "is_returned"])
            raise _refusal(slip)
        _require_open(survey)
    return slip.batch.stratum


def _require_open(survey: Survey) -> None:
    state = Survey.objects.values_list("state", flat=True).get(pk=survey.pk)
    if state in (State.DRAFT, State.FROZEN):
        raise Refused("评价还没有开始，不能换领纸质票", "请在开始评价后办理。")
    if state != State.OPEN:
        raise Refused("评价已经截止，不能换领纸质票", "凭条未被使用。")


def _refusal(slip: Slip) -> Refused:
    if slip.state == Slip.State.PAPER:
        return Refused("这张凭条已经换领过纸质票，不能再换", "请核对是否已经发给纸质票。")
    if slip.state == Slip.State.REDEEMED:
        return Refused(
            "这张凭条已在手机上开始评价，不能直接换领纸质票",
            "已经提交的，不能再换；没有提交又回不到原来手机应用的，请先办理换发凭条。",
        )
    if slip.state in (Slip.State.HELD, Slip.State.REPLACED):
        return Refused("这张凭条已登记换发，不能换领纸质票", "请凭补发的凭条换领。")
    return Refused("这张凭条已作废或已退回，不能换领纸质票", "请换用有效的凭条。")
