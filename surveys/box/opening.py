"""From the draft to the open box: keys and final form, the rehearsal, the fixed list of codes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import transaction
from django.db.models import Sum

from office import audit, roles
from office.errors import Refused
from surveys.ballots import forms, keyfile, marks
from surveys.ballots.bundle import code_root
from surveys.ballots.encoding import from_b64, to_b64
from surveys.ballots.signing import COUNTS_KEY
from surveys.ballots.slips import new_key_id
from surveys.box.preparing import batch_sizes, still_draft
from surveys.box.refusing import refused
from surveys.keys import database_settings, keyring
from surveys.models import Slip, SlipBatch, Stratum, Survey

if TYPE_CHECKING:
    from office.models import User

SMALLEST_STRATUM = 20  # slips; smaller strata are merged before keys are made
SHORTEST_PASSPHRASE = 12  # letters and digits, Chinese ones too


def freeze_survey(
    *, survey: Survey, acting_user: User, passphrase: str = "", custodian_key: str = ""
) -> Survey:
    """Make the keys and fix the form with its fingerprint; from here on nothing changes any more.

    `custodian_key` is the public half that the custodian made offline. With a `passphrase` instead
    the tally key lies on the server, locked with it: the weaker mode, labelled wherever a result shows.
    """
    roles.require(acting_user, "round.open")
    if bool(passphrase) == bool(custodian_key):
        raise Refused(
            "计票公钥和计票口令须二者择一，不能定稿", "请提供保管人交来的计票公钥，或者设定计票口令。"
        )
    (public, counts_key), locked = _given_keys(custodian_key) if custodian_key else _new_keys(passphrase)
    with transaction.atomic():
        survey = still_draft(survey)
        if not survey.form:
            raise Refused("评价表还没有内容，不能定稿", "请先锁定参评名单。")
        if not survey.batches.exists():
            raise Refused("还没有安排各镇（街）票数，不能定稿", "请先安排票数。")
        if marks.gives_marks(survey.form):
            _refuse_small_panels(survey)
        else:
            merge_small_strata(survey)
        _make_keys(survey, public, counts_key)
        survey.key_on_server, survey.tally_key_file = bool(locked), locked
        challenge, answer = keyfile.make_challenge(public)
        survey.rehearsal = {"challenge": challenge, "answer": to_b64(answer)}
        survey.state = Survey.State.FROZEN
        survey.save()
        after = {"校验码": survey.fingerprint, "计票私钥由系统代管": survey.key_on_server}
        audit.record("评价表定稿", survey, acting_user=acting_user, after=after)
    return survey


def _given_keys(text: str) -> tuple[tuple[bytes, bytes], dict[str, Any]]:
    try:
        return keyfile.read_public(text), {}
    except keyfile.KeyFault as fault:
        raise refused(fault) from fault


def _new_keys(passphrase: str) -> tuple[tuple[bytes, bytes], dict[str, Any]]:
    if len(keyfile.spoken(passphrase)) < SHORTEST_PASSPHRASE:
        raise Refused(
            f"计票口令不足{SHORTEST_PASSPHRASE}个字（汉字、字母或数字），不能定稿", "请重新设定并妥善保管。"
        )
    private = keyfile.new_private_key()
    locked = keyfile.lock(private, passphrase, strong=settings.STRONG_TALLY_KEYS)
    return (keyfile.public_key(private), keyfile.counts_key(private)), locked


def merge_small_strata(survey: Survey) -> None:
    """Join strata below 20 slips to the next smallest: a rare key would mark its voters.

    A stratum for which no slips are planned has no voters and needs no key.
    """
    survey.strata.filter(batches__isnull=True).delete()
    joined = False
    while pair := _smallest_two(survey):
        _join(*pair)
        joined = True
    if joined:
        _batch_again(survey)


def _refuse_small_panels(survey: Survey) -> None:
    """Panels are never joined, for each one's marks count by themselves; a small one marks its voters."""
    few = [
        f"{stratum.name}：{number}张"
        for stratum in survey.strata.prefetch_related("batches")
        if (number := sum(batch.size for batch in stratum.batches.all())) < SMALLEST_STRATUM
    ]
    if few:
        raise Refused(
            f"有评议组的凭条不足{SMALLEST_STRATUM}张，不能制票",
            "人数少，单独计票会暴露评价人。请增加凭条，或者对该组改用打分表：",
            faults=few,
        )


def kinds_after_merging(slips: dict[str, int]) -> list[list[str]]:
    """Return the kinds as their keys will group them; `slips` has the number of each kind, in order."""
    groups = [([kind], number) for kind, number in slips.items() if number]
    while len(groups) > 1 and min(number for _, number in groups) < SMALLEST_STRATUM:
        places = sorted(range(len(groups)), key=lambda place: (groups[place][1], -place))
        first, second = sorted(places[:2])
        joined = (groups[first][0] + groups[second][0], groups[first][1] + groups[second][1])
        groups[first] = joined
        del groups[second]
    return [kinds for kinds, _ in groups]


def _smallest_two(survey: Survey) -> list[Stratum]:
    sizes = {
        stratum: sum(batch.size for batch in stratum.batches.all())
        for stratum in survey.strata.prefetch_related("batches")
    }
    ordered = sorted(sizes, key=lambda stratum: (sizes[stratum], -stratum.order))
    if len(ordered) == 1 or sizes[ordered[0]] >= SMALLEST_STRATUM:
        return []
    return ordered[:2]


def _join(small: Stratum, other: Stratum) -> None:
    first, second = sorted((small, other), key=lambda stratum: stratum.order)
    small.batches.update(stratum=other)
    small.delete()
    other.kind = f"{first.kind}+{second.kind}"
    other.name = f"{first.name}、{second.name}"
    other.share = first.share + second.share
    other.order = first.order
    other.save()


def _batch_again(survey: Survey) -> None:
    """One batch per town (of at most 500) instead of one per kind: a batch of two slips would tell."""
    sums = survey.batches.values("town", "stratum").annotate(printed=Sum("size"))
    wanted = [
        (row["town"], row["stratum"], size)
        for row in sums.order_by("town__order", "town", "stratum__order")
        for size in batch_sizes(row["printed"])
    ]
    survey.batches.all().delete()
    SlipBatch.objects.bulk_create(
        SlipBatch(survey=survey, town_id=town, stratum_id=stratum, number=number, size=size)
        for number, (town, stratum, size) in enumerate(wanted, start=1)
    )


def _make_keys(survey: Survey, tally_key: bytes, counts_key: bytes) -> None:
    for stratum in survey.strata.all():
        stratum.key_id = _free_key_id()
        stratum.modulus = to_b64(keyring.make_issuer(survey.public_id, stratum.key_id))
        stratum.save(update_fields=["key_id", "modulus"])
    survey.tally_public_key = to_b64(tally_key)
    survey.box_public_key = to_b64(keyring.make_box(survey.public_id))
    keys = [
        {"id": stratum.key_id, "stratum": stratum.name, "n": stratum.modulus}
        for stratum in survey.strata.order_by("key_id")
    ]
    public: dict[str, Any] = {
        "survey": survey.public_id,
        "keys": keys,
        "tally_key": survey.tally_public_key,
        "box_key": survey.box_public_key,
        COUNTS_KEY: to_b64(counts_key),
        "form": survey.form,
    }
    forms.check_public(public)
    survey.public = forms.canonical(public)
    survey.fingerprint = forms.fingerprint(public)


def _free_key_id() -> str:
    while True:
        key_id = new_key_id()
        if not Stratum.objects.filter(key_id=key_id).exists():
            return key_id


def open_survey(
    *, survey: Survey, acting_user: User, passphrase: str = "", rehearsal_answer: str = ""
) -> Survey:
    """Open the box after a rehearsal: whoever holds the tally key decrypts a challenge.

    The list of codes is fixed here by its hash; batches not printed by now are void.
    """
    roles.require(acting_user, "round.open")
    require_https()
    found = order_kept_by_database()
    with transaction.atomic():
        survey = Survey.objects.select_for_update().get(pk=survey.pk)
        if survey.state != Survey.State.FROZEN:
            raise Refused("只有已制票、尚未开始的评价才能开始")
        _rehearse(survey, passphrase, rehearsal_answer)
        survey.batches.filter(is_printed=False).update(is_void=True)
        slips = Slip.objects.filter(batch__survey=survey)
        if not slips.filter(state=Slip.State.UNUSED).exists():
            raise Refused("还没有印制凭条，不能开始评价", "请先印制并发放。")
        codes = [bytes(code_hash) for code_hash in slips.values_list("code_hash", flat=True)]
        survey.code_root = code_root(codes)
        survey.state = Survey.State.OPEN
        survey.database_faults = found
        survey.save(update_fields=["code_root", "state", "database_faults"])
        after = {
            "票数": len(codes),
            "票码清单校验值": survey.code_root,
            "数据库设置": found or "符合要求",
        }
        audit.record("开始评价", survey, acting_user=acting_user, after=after)
    return survey


def require_https() -> None:
    """A code must not cross a network in the clear, but in a hall that was allowed to (and says so)."""
    address = urlsplit(settings.PUBLIC_ORIGIN)
    if address.scheme == "https" or settings.DEMO or settings.HALL_WITHOUT_HTTPS:
        return
    raise Refused(
        "投票网址未使用加密连接（https），不能开始评价",
        "请配置证书；如仅在会场局域网内使用，请由系统管理员设定 HALL_WITHOUT_HTTPS。",
    )


def order_kept_by_database() -> list[str]:
    """Return what of the database's settings keeps the order of votes; refused but where that was allowed.

    Whoever allows it lets the public board say so.
    """
    found = database_settings.faults()
    if found and not (settings.DEMO or settings.DATABASE_KEEPS_ORDER):
        raise Refused(
            "数据库的设置会留下选票的先后次序，不能开始评价",
            "请系统管理员更正；确实不能更正的，设定 DATABASE_KEEPS_ORDER，票箱公示将如实说明。",
            faults=found,
        )
    return found


def _rehearse(survey: Survey, passphrase: str, answer: str) -> None:
    if survey.key_on_server:
        private = unlocked(survey, passphrase)
        answer = keyfile.answer_challenge(survey.rehearsal["challenge"], private)
    if not keyfile.answer_is_right(answer, from_b64(survey.rehearsal["answer"])):
        raise Refused("开箱演练的答复不正确，不能开始评价", "请保管人重新解开演练口令。")


def unlocked(survey: Survey, passphrase: str) -> bytes:
    try:
        return keyfile.unlock(survey.tally_key_file, passphrase)
    except keyfile.KeyFault as fault:
        raise refused(fault) from fault
