"""The day of a sitting: who came, who watched, what became of the slips, and what is forgotten later.

No arrival carries a time or a slip; the audit notes numbers, never who came.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Sum

from office import audit, roles
from office.errors import Refused
from surveys.models import BatchCount, Invitation, MarketEntity, Sitting, SlipBatch, Survey
from surveys.sittings.figures import faults_of
from surveys.sittings.planning import locked, require_open, require_town

if TYPE_CHECKING:
    from office.models import User

State = Sitting.State


@dataclass(frozen=True)
class Counted:
    received: int
    handed_out: int
    returned: int
    spoiled: int


def record_attendance(
    *, sitting: Sitting, arrived: Collection[int], taken_back: Collection[int], acting_user: User
) -> Sitting:
    """Tick invitations as arrived, or take a tick back; others stay as they are.

    Only changes are sent, so that two desks can tick at the same time. Substitutes step in for those who
    stay away: of a kind no more can be there than were invited.
    """
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        sitting = _under_way(sitting)
        mine = Invitation.objects.filter(sitting=sitting)
        if mine.filter(pk__in=[*arrived, *taken_back]).count() != len({*arrived, *taken_back}):
            raise Refused("名单中没有所登记的市场主体", "请刷新页面后重新登记。")
        mine.filter(pk__in=taken_back).update(has_arrived=False)
        mine.filter(pk__in=arrived).update(has_arrived=True)
        sitting.attended = _attended(sitting)
        _require_room(sitting)
        sitting.save(update_fields=["attended"])
        audit.record("登记到场", sitting, acting_user=acting_user, after={"到场": sitting.come})
    return sitting


def _attended(sitting: Sitting) -> dict[str, list[int]]:
    there: Counter[tuple[int, bool]] = Counter(
        Invitation.objects.filter(sitting=sitting, has_arrived=True).values_list(
            "stratum_id", "is_substitute"
        )
    )
    return {key: [there[int(key), False], there[int(key), True]] for key in sitting.invited}


def _require_room(sitting: Sitting) -> None:
    names = {str(stratum.pk): stratum.name for stratum in sitting.survey.strata.all()}
    faults = [
        f"{names[key]}：邀请{sitting.invited[key][0]}户，到场{sum(came)}户"
        for key, came in sitting.attended.items()
        if sum(came) > sitting.invited[key][0]
    ]
    if faults:
        raise Refused("到场数超过邀请数", "候补只在正选缺席时递补，请核对：", faults=faults)


def record_witnesses(
    *,
    sitting: Sitting,
    first_witness: str,
    second_witness: str,
    no_judged_official: bool,
    acting_user: User,
) -> Sitting:
    require_town(acting_user, sitting.town_id)
    first, second = first_witness.strip(), second_witness.strip()
    if not first or not second:
        raise Refused("监票人须有两名", "请补填。")
    if first == second:
        raise Refused("两名监票人不能是同一人", "请核对。")
    if not no_judged_official:
        raise Refused("须确认参评单位人员不在会场", "请先请其回避。")
    with transaction.atomic():
        sitting = _under_way(sitting)
        sitting.first_witness, sitting.second_witness = first, second
        sitting.no_judged_official = True
        sitting.save(update_fields=["first_witness", "second_witness", "no_judged_official"])
        after = {"监票人": f"{first}、{second}", "参评单位人员已回避": True}
        audit.record("登记监票人", sitting, acting_user=acting_user, after=after)
    return sitting


def record_batch_counts(*, sitting: Sitting, counts: dict[int, Counted], acting_user: User) -> list[str]:
    """Keep what was counted of each batch, {batch: counts}, even where it does not add up.

    Returns what does not add up. While the box is open the figures also go to the batches, from where
    they enter the bundle and its controls.
    """
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        sitting = _under_way(sitting)
        batches = {batch.pk: batch for batch in batches_for(sitting)}
        if set(counts) - set(batches):
            raise Refused("凭条批次不属于本镇（街）", "请刷新页面后重新填写。")
        for pk, counted in counts.items():
            BatchCount.objects.update_or_create(sitting=sitting, batch_id=pk, defaults=dict(vars(counted)))
        if sitting.survey.state == Survey.State.OPEN:
            for batch in batches.values():
                _settle(batch)
        faults = faults_of(sitting)
        after = {"批次": len(counts), "不符": faults}
        audit.record("登记凭条清点", sitting, acting_user=acting_user, after=after)
    return faults


def batches_for(sitting: Sitting) -> list[SlipBatch]:
    found = SlipBatch.objects.filter(
        survey_id=sitting.survey_id, town_id=sitting.town_id, is_void=False, is_printed=True
    )
    return list(found.select_related("stratum", "town").order_by("number"))


def _settle(batch: SlipBatch) -> None:
    """Sum a batch up over its sittings; what came back stays out where it cannot be true.

    The controls name that, and what was handed out always goes in.
    """
    rows = BatchCount.objects.filter(batch=batch).order_by("sitting__number")
    if not rows:
        return
    sums = rows.aggregate(spoiled=Sum("spoiled"), handed_out=Sum("handed_out"))
    SlipBatch.objects.filter(pk=batch.pk).update(handed_out=sums["handed_out"])
    spoiled = sums["spoiled"]
    last = rows.last()
    returned = last.returned if last else 0
    if returned + spoiled <= batch.size:
        SlipBatch.objects.filter(pk=batch.pk).update(returned=returned, spoiled=spoiled)


def finish_sitting(
    *, sitting: Sitting, helped: int, remarks: str, despite_faults: bool, acting_user: User
) -> Sitting:
    """Close the sitting; what does not add up is named first, and kept for the inspectorate."""
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        sitting = _under_way(sitting)
        if missing := _missing(sitting):
            raise Refused("本场还有事项没有登记", "请先补齐：", faults=missing)
        faults = faults_of(sitting)
        if faults and not (despite_faults and remarks.strip()):
            raise Refused(
                "凭条清点不符，不能办结",
                "请重新清点；确实不符的，请写明情况并勾选后办结：",
                faults=faults,
            )
        if helped > sitting.come:
            raise Refused("协助人数超过到场人数", "请核对。")
        sitting.helped, sitting.remarks, sitting.state = helped, remarks.strip(), State.HELD
        sitting.save(update_fields=["helped", "remarks", "state"])
        audit.record("办结现场评价", sitting, acting_user=acting_user, after={"不符": faults})
    return sitting


def _missing(sitting: Sitting) -> list[str]:
    counted = set(sitting.counts.values_list("batch_id", flat=True))
    missing = {
        "两名监票人和回避确认": not sitting.no_judged_official,
        "到场登记": not sitting.come,
        "凭条清点": any(batch.pk not in counted for batch in batches_for(sitting)),
    }
    return [what for what, lacks in missing.items() if lacks]


def reopen_sitting(*, sitting: Sitting, reason: str, acting_user: User) -> Sitting:
    """Let a town correct a sitting that is over; the centre decides, and says why."""
    roles.require(acting_user, "sitting.reopen")
    if not reason.strip():
        raise Refused("没有填写理由", "请写明需要更正什么。")
    with transaction.atomic():
        sitting = locked(sitting)
        if sitting.state != State.HELD:
            raise Refused("本场尚未办结，不必重新打开")
        _require_uncounted(sitting)
        sitting.state = State.DRAWN
        sitting.save(update_fields=["state"])
        audit.record("重新打开现场评价", sitting, acting_user=acting_user, after={"理由": reason.strip()})
    return sitting


def take_invitations(*, sitting: Sitting, acting_user: User) -> list[Invitation]:
    """Return the list with contacts, for the town to invite by; noted, because it leaves the system."""
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        found = list(sitting.invitations.select_related("entity", "stratum"))
        if not found:
            raise Refused("名单还没有抽取", "请先抽取。")
        audit.record("导出邀请名单", sitting, acting_user=acting_user, after={"户数": len(found)})
    return found


def forget_voters(*, survey: Survey, acting_user: User) -> int:
    """After the round: contacts of the invited and who came are deleted; the numbers stay.

    Called when the result is published. Returns how many entities lost their contacts.
    """
    roles.require(acting_user, "round.publish")
    with transaction.atomic():
        invited = Invitation.objects.filter(survey=survey)
        if not invited.exists():
            return 0
        invited.update(has_arrived=False)
        found = MarketEntity.objects.filter(pk__in=invited.values("entity_id")).exclude(contact="", phone="")
        forgotten = found.update(contact="", phone="")
        audit.record("删除评价人联系方式", survey, acting_user=acting_user, after={"户数": forgotten})
    return forgotten


def _under_way(sitting: Sitting) -> Sitting:
    sitting = locked(sitting)
    if sitting.state == State.PLANNED:
        raise Refused("名单还没有抽取", "请先抽取邀请名单。")
    require_open(sitting)
    _require_uncounted(sitting)
    return sitting


def _require_uncounted(sitting: Sitting) -> None:
    if sitting.survey.state == Survey.State.COUNTED:
        raise Refused("本轮已经计票，现场评价的记录不能再改", "如有差错，请向纪检监察机关说明。")
