"""Find the slip that somebody scanned or typed."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from departments.models import Membership
from office.errors import Refused
from office.roles import Role
from office.workbooks.letters import as_typed
from surveys.ballots.slips import hash_code, is_well_formed, normalize
from surveys.keys import keyring
from surveys.models import Slip, SlipBatch, Survey

if TYPE_CHECKING:
    from office.models import User

FRAGMENT = re.compile(r"#?1\.(?P<key>[^.#]+)\.(?P<code>[^.]+)(\.[^.]*)?\Z")


def code_in(text: str) -> str:
    """The code in what a scanner typed (the slip's whole address), or in what a person typed.

    A scanner types on the keyboard: while a Chinese input method is on, `#1.` arrives as `＃１。`.
    """
    text = as_typed(text).strip()
    tail = text.rpartition("#")[2] if "#" in text else text
    found = FRAGMENT.match(tail)
    code = normalize(found["code"] if found else tail)
    if not is_well_formed(code):
        raise Refused("没有读出投票码", "请重新扫描凭条上的二维码，或输入凭条上的16位投票码。")
    return code


def is_typed(text: str) -> bool:
    """Whether somebody typed a code; a scanner sends the whole address.

    That proves no paper: whoever printed a slip has its address, too. It tells the usual from the odd.
    """
    return FRAGMENT.match(text.strip().rpartition("#")[2]) is None


def slip_of(survey: Survey, code: str) -> Slip:
    code_hash = hash_code(code, pepper=keyring.pepper())
    slip = Slip.objects.select_related("batch__town", "batch__stratum").filter(code_hash=code_hash).first()
    if slip is None:
        raise Refused("没有这个投票码", "请核对是否本系统印制的凭条；来历不明的，请封存并报纪检监察机关。")
    if slip.batch.survey_id != survey.pk:
        raise Refused("这张凭条属于另一轮评价", "请核对凭条上的评价名称。")
    if slip.batch.is_void:  # whatever state it has
        raise Refused(
            "这张凭条属于重新印制前已作废的批次，不计入退回，也不能换领纸质票",
            "请单独封存，报纪检监察机关。",
        )
    return slip


def require_own_town(user: User, batch: SlipBatch) -> None:
    if user.role != Role.TOWN_ORGANIZER:
        return
    if not Membership.objects.filter(user=user, town_id=batch.town_id).exists():
        raise Refused("这张凭条不是本镇（街）的", "请交评价中心登记。")
