"""Printing slips: codes come into being here, go into one PDF, and are never stored."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.conf import settings
from django.db import transaction
from django.db.models import Max

from departments.models import Membership
from office import audit, roles
from office.errors import Refused
from office.roles import Role
from surveys.ballots.slips import hash_code, new_code, slip_fragment
from surveys.keys import keyring
from surveys.models import Slip, SlipBatch, Survey
from surveys.slips import pdf
from surveys.slips.printed import PrintedSlip

if TYPE_CHECKING:
    from office.models import User

PIECE = 64 * 1024


def print_batch(*, batch: SlipBatch, acting_user: User) -> list[PrintedSlip]:
    """Make the codes of a batch; printing again voids the slips of the former printing."""
    return _print(batch, acting_user)[1]


def stream_slips_pdf(*, batch: SlipBatch, acting_user: User) -> Iterator[bytes]:
    """Print a batch as PDF, ten slips to a page; the file is streamed and kept nowhere."""
    printed, slips = _print(batch, acting_user)
    content = pdf.render(printed, slips)
    return (content[start : start + PIECE] for start in range(0, len(content), PIECE))


def _print(batch: SlipBatch, acting_user: User) -> tuple[SlipBatch, list[PrintedSlip]]:
    roles.require(acting_user, "slip.print")
    _require_town(acting_user, batch)
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=batch.survey_id)
        batch = SlipBatch.objects.select_related("survey", "stratum", "town").get(pk=batch.pk)
        _require_printable(survey, batch)
        again = batch.is_printed
        if again:
            batch = _replace(batch)
        SlipBatch.objects.filter(pk=batch.pk).update(is_printed=True)
        batch.is_printed = True
        codes = _new_slips(batch)
        verb = "重新印制凭条" if again else "印制凭条"
        audit.record(verb, batch, acting_user=acting_user, after={"票数": batch.size})
    return batch, [PrintedSlip(batch.stratum.key_id or "", code, url_of(batch, code)) for code in codes]


def _require_town(user: User, batch: SlipBatch) -> None:
    if user.role != Role.TOWN_ORGANIZER:
        return
    if not Membership.objects.filter(user=user, town_id=batch.town_id).exists():
        raise Refused("您只能印制本镇（街）的凭条")


def _require_printable(survey: Survey, batch: SlipBatch) -> None:
    if survey.state == Survey.State.DRAFT:
        raise Refused("评价表尚未定稿，还不能印制凭条", "请先定稿。")
    if survey.state != Survey.State.FROZEN:
        raise Refused("评价开始后不能再印制凭条", "这样任何人都无法事后加票。")
    if batch.is_void:
        raise Refused("这一批次已作废", "请印制替换它的新批次。")


def _replace(batch: SlipBatch) -> SlipBatch:
    batch.slips.update(state=Slip.State.VOID)
    SlipBatch.objects.filter(pk=batch.pk).update(is_void=True)
    last = SlipBatch.objects.filter(survey=batch.survey).aggregate(last=Max("number"))["last"]
    return SlipBatch.objects.create(
        survey=batch.survey, stratum=batch.stratum, town=batch.town, size=batch.size, number=last + 1
    )


def _new_slips(batch: SlipBatch) -> list[str]:
    pepper = keyring.pepper()
    codes = [new_code() for _ in range(batch.size)]
    slips = [Slip(batch=batch, code_hash=hash_code(code, pepper=pepper)) for code in codes]
    secrets.SystemRandom().shuffle(slips)
    Slip.objects.bulk_create(slips, batch_size=200)
    return codes


def url_of(batch: SlipBatch, code: str) -> str:
    """What the QR code says; everything secret stands behind the # that browsers keep to themselves."""
    fragment = slip_fragment(key_id=batch.stratum.key_id or "", code=code, fp=batch.survey.fingerprint)
    return f"{settings.PUBLIC_ORIGIN}/v/#{fragment}"
