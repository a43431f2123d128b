"""From the draft to the open box: keys and final form, the rehearsal, the fixed list of codes."""

from __future__ import annotations

import secrets
from hashlib import sha256
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.db import transaction

from office import audit, roles
from office.errors import Refused
from surveys import interim
from surveys.ballots import forms
from surveys.ballots.slips import new_key_id
from surveys.models import Slip, SlipBatch, Stratum, Survey
from surveys.services.preparing import still_draft

if TYPE_CHECKING:
    from office.models import User

SMALLEST_STRATUM = 20  # slips; smaller strata are merged before keys are made
SHORTEST_PASSPHRASE = 12


def freeze_survey(*, survey: Survey, passphrase: str, acting_user: User) -> Survey:
    """Make the keys and fix the form with its fingerprint; from here on nothing changes any more.

    The tally key lies on the server, locked with the passphrase: the weaker mode, labelled as such.
    """
    roles.require(acting_user, "round.open")
    if len(passphrase) < SHORTEST_PASSPHRASE:
        raise Refused(f"计票口令至少{SHORTEST_PASSPHRASE}位，问卷尚未定稿。请重新设定并妥善保管。")
    with transaction.atomic():
        survey = still_draft(survey)
        if not survey.form:
            raise Refused("问卷还没有内容，不能定稿，未作更改。请先锁定参评名单。")
        if not survey.batches.exists():
            raise Refused("还没有安排各镇（街）票数，不能定稿，未作更改。请先安排票数。")
        _merge_small_strata(survey)
        for stratum in survey.strata.all():
            stratum.key_id = _free_key_id()
            stratum.save(update_fields=["key_id"])
        survey.tally_public_key, survey.tally_key_file = interim.make_key(passphrase)
        _fix_public(survey)
        survey.state = Survey.State.FROZEN
        survey.save()
        audit.record("问卷定稿", survey, acting_user=acting_user, after={"fingerprint": survey.fingerprint})
    return survey


def _merge_small_strata(survey: Survey) -> None:
    """Join strata below 20 slips to the next smallest: a rare key would mark its voters."""
    while True:
        sizes = {
            stratum: sum(batch.size for batch in stratum.batches.all())
            for stratum in survey.strata.prefetch_related("batches")
        }
        ordered = sorted(sizes, key=lambda stratum: (sizes[stratum], -stratum.order))
        if len(ordered) < 2 or sizes[ordered[0]] >= SMALLEST_STRATUM:
            return
        _join(ordered[0], ordered[1])


def _join(small: Stratum, other: Stratum) -> None:
    first, second = sorted((small, other), key=lambda stratum: stratum.order)
    small.batches.update(stratum=other)
    small.delete()
    other.kind = f"{first.kind}+{second.kind}"
    other.name = f"{first.name}、{second.name}"
    other.share = first.share + second.share
    other.order = first.order
    other.save()


def _free_key_id() -> str:
    while True:
        key_id = new_key_id()
        if not Stratum.objects.filter(key_id=key_id).exists():
            return key_id


def _fix_public(survey: Survey) -> None:
    keys = [
        {"id": stratum.key_id, "stratum": stratum.name, "n": stratum.modulus}
        for stratum in survey.strata.order_by("key_id")
    ]
    public: dict[str, Any] = {
        "survey": survey.public_id,
        "keys": keys,
        "tally_key": "",
        "box_key": "",
        "form": survey.form,
    }
    forms.check_public(public)
    survey.public = forms.canonical(public)
    survey.fingerprint = forms.fingerprint(public)


def open_survey(*, survey: Survey, passphrase: str, acting_user: User) -> Survey:
    """Open the box after a rehearsal: whoever holds the passphrase decrypts a challenge.

    The list of codes is fixed here by its hash; batches not printed by now are void.
    """
    roles.require(acting_user, "round.open")
    if survey.mode == Survey.Mode.INTERIM and not settings.DEMO:
        raise Refused("演示票箱只能在演示系统中开启，未作更改。正式评价须使用密封票箱。")
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        if survey.state != Survey.State.FROZEN:
            raise Refused("只有已定稿、尚未开启的问卷才能开始打票，未作更改。")
        _rehearse(survey, passphrase)
        survey.batches.filter(is_printed=False).update(is_void=True)
        hashes = Slip.objects.filter(batch__survey=survey).order_by("code_hash")
        codes = [bytes(code_hash) for code_hash in hashes.values_list("code_hash", flat=True)]
        if not Slip.objects.filter(batch__survey=survey, state=Slip.State.UNUSED).exists():
            raise Refused("还没有印制投票凭条，不能开始打票，未作更改。请先印制并发放。")
        survey.code_root = sha256(b"".join(codes)).hexdigest()
        survey.state = Survey.State.OPEN
        survey.save(update_fields=["code_root", "state"])
        after = {"code_root": survey.code_root, "slips": len(codes)}
        audit.record("开始打票", survey, acting_user=acting_user, after=after)
    return survey


def _rehearse(survey: Survey, passphrase: str) -> None:
    challenge = secrets.token_bytes(32)
    sealed = interim.seal(survey.tally_public_key, {"comment_cap": 0}, challenge, [])
    private = unlocked(survey, passphrase)
    if not sealed or interim.PrivateKey(private).public_key != interim.PublicKey(
        interim.from_b64(survey.tally_public_key)
    ):
        raise Refused("计票密钥与问卷不符，未作更改。请联系系统管理员。")


def unlocked(survey: Survey, passphrase: str) -> bytes:
    """The private tally key, in memory only."""
    try:
        return interim.unlock(survey.tally_key_file, passphrase)
    except interim.WrongPassphrase as fault:
        raise Refused("计票口令不正确，未作任何更改。请核对后重新输入。") from fault


def printable(batch: SlipBatch) -> bool:
    """Whether slips of this batch may be printed now: after the freeze, before the opening."""
    return batch.survey.state == Survey.State.FROZEN and not batch.is_void
