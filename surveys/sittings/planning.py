"""Planning a sitting and drawing who is invited (现场评价; YC-R5, YC-R6).

A town organizer does this for the own town only, the centre for any.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING

from django.db import transaction

from departments.access import own_town
from departments.models import Town
from office import audit, dates, roles
from office.errors import Refused
from office.imports.short_lists import table_of
from office.workbooks.credit_codes import LENGTH, fault_of, read_code
from surveys.draws import lot
from surveys.models import ContactList, Invitation, MarketEntity, Sitting, Stratum, Survey
from surveys.respondents.entity_rows import HEADINGS, MAX_ENTITIES
from surveys.sittings.figures import cells_of

if TYPE_CHECKING:
    from office.models import User

State = Sitting.State
SUBSTITUTES = 5  # one substitute for every five invited, at least one


@dataclass(frozen=True)
class When:
    date: date
    begins: time
    place: str
    inquiries: str = ""


@dataclass(frozen=True)
class KeptContacts:
    """A list of contacts as it was kept, and what to look at: hidden rows and sheets."""

    contact_list: ContactList
    notes: list[str]


def plan_sitting(*, survey: Survey, town: Town, when: When, today: date, acting_user: User) -> Sitting:
    """Plan a sitting; a second one of a town is supplementary (补充场次)."""
    require_town(acting_user, town.pk)
    with transaction.atomic():
        survey = _going_on(survey.pk)
        if not survey.batches.filter(town=town, is_void=False).exists():
            raise Refused(f"本轮没有给{town}安排票数", "请先由评价中心安排票数。")
        _check(when, today)
        last = survey.sittings.filter(town=town).order_by("-number").first()
        if last is not None and last.state == State.PLANNED:
            raise Refused(f"{last}还没有抽取名单", "请先办理该场次，或撤销后重新安排。")
        sitting = Sitting.objects.create(
            survey=survey, town=town, number=last.number + 1 if last else 1, **_columns(when)
        )
        audit.record("安排现场评价", sitting, acting_user=acting_user, after=_said(when))
    return sitting


def change_sitting(*, sitting: Sitting, when: When, today: date, acting_user: User) -> Sitting:
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        sitting = locked(sitting)
        require_open(sitting)
        _check(when, today)
        before = When(sitting.date, sitting.begins, sitting.place, sitting.inquiries)
        for name, value in _columns(when).items():
            setattr(sitting, name, value)
        sitting.save(update_fields=list(_columns(when)))
        audit.record(
            "修改现场评价安排", sitting, acting_user=acting_user, before=_said(before), after=_said(when)
        )
    return sitting


def cancel_sitting(*, sitting: Sitting, acting_user: User) -> None:
    """Take back a sitting for which nobody has been drawn yet; its number is used again."""
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        sitting = locked(sitting)
        if sitting.state != State.PLANNED:
            raise Refused("名单已经抽取，不能撤销", "时间或地点有变的，请修改安排。")
        audit.record("撤销现场评价安排", sitting, acting_user=acting_user)
        sitting.delete()


def keep_contact_list(*, survey: Survey, content: bytes, file_name: str, acting_user: User) -> KeptContacts:
    """Keep a list of entities that dealt with the judged departments; later draws prefer them."""
    roles.require(acting_user, "sitting.prefer")
    codes, notes = _codes_in(content)
    with transaction.atomic():
        survey = _going_on(survey.pk)
        known = MarketEntity.objects.filter(is_active=True).values_list("code", flat=True)
        found = sorted(codes & set(known))
        if not found:
            raise Refused("名单中没有一户在样本库内", "请核对统一社会信用代码。")
        kept = ContactList.objects.create(survey=survey, file_name=file_name[:200], codes=found)
        after = {"代码数": len(codes), "样本库内": len(found)}
        audit.record("导入办事往来名单", kept, acting_user=acting_user, after=after)
    return KeptContacts(kept, notes)


def _codes_in(content: bytes) -> tuple[set[str], list[str]]:
    """Return the codes of a list, and what its sheet hides."""
    table = table_of(
        content,
        {"code": HEADINGS["code"]},
        needed=["code"],
        what="办事往来名单",
        limit=MAX_ENTITIES,
    )
    codes: set[str] = set()
    faults: list[str] = []
    for row in table.rows():
        code = read_code(row.own["code"])
        if len(code) != LENGTH and table.leaves_out(row):
            continue
        if row.faults:
            faults += map(str, row.faults)
        elif code:
            if fault := fault_of(code):
                faults.append(str(table.fault(row.number, "code", *fault)))
            codes.add(code)
    if faults:
        raise Refused(f"名单中有 {len(faults)} 个代码有误", "请更正后重新上传。", faults=faults[:20])
    return codes, table.notes()


def draw_invitations(
    *, sitting: Sitting, wanted: dict[int, tuple[int, int]], acting_user: User
) -> dict[str, list[int]]:
    """Draw once, {stratum: (invited, substitutes)}, within the town's quota; nobody can draw again.

    Returns what the sitting keeps: {stratum id: [invited, substitutes]}.
    """
    require_town(acting_user, sitting.town_id)
    with transaction.atomic():
        survey = _going_on(sitting.survey_id)
        sitting = locked(sitting)
        if sitting.state != State.PLANNED:
            raise Refused("名单已经抽取，不能重抽", "缺席的由候补递补。")
        cells = {cell.stratum.pk: cell for cell in cells_of(sitting)}
        _check_quota(sitting, wanted, {pk: cell.left for pk, cell in cells.items()})
        sitting.seed = lot.seed_of(survey.fingerprint, sitting.town.name, sitting.number)
        sitting.algorithm = lot.ALGORITHM
        sitting.contact_list = survey.contact_lists.first()
        for pk, cell in cells.items():
            if any(wanted.get(pk, (0, 0))):
                _draw_stratum(sitting, cell.stratum, *wanted[pk])
        if not sitting.asked:
            raise Refused("样本库中已没有可以邀请的市场主体", "请先补充样本库。")
        sitting.state = State.DRAWN
        sitting.save()
        after = {"邀请": sitting.asked, "抽取码": sitting.seed, "抽取规则": sitting.algorithm}
        audit.record("抽取邀请名单", sitting, acting_user=acting_user, after=after)
    return sitting.invited


def substitutes_for(invited: int) -> int:
    return math.ceil(invited / SUBSTITUTES)


def drum_of(sitting: Sitting, stratum: Stratum) -> dict[str, int]:
    """{code: entity} of all who can be drawn: active, of the town and kind, in no other sitting."""
    found = MarketEntity.objects.filter(
        is_active=True, town_id=sitting.town_id, kind__in=stratum.kind.split("+")
    )
    elsewhere = Invitation.objects.filter(survey_id=sitting.survey_id).exclude(sitting=sitting)
    if sitting.state != State.PLANNED:  # as it was on that day: who was drawn later was still in the drum
        elsewhere = elsewhere.filter(sitting__town=sitting.town_id, sitting__number__lt=sitting.number)
    taken = elsewhere.values("entity_id")
    return dict(found.exclude(pk__in=taken).values_list("code", "pk"))


def drawn_again(sitting: Sitting, stratum: Stratum) -> lot.Drawn | None:
    drum = drum_of(sitting, stratum)
    if lot.digest_of(drum) != sitting.drum.get(str(stratum.pk)):
        return None
    invited, substitutes = sitting.invited[str(stratum.pk)]
    preferred = sitting.contact_list.codes if sitting.contact_list else ()
    return lot.draw(drum, seed=sitting.seed, preferred=preferred, invited=invited, substitutes=substitutes)


def _draw_stratum(sitting: Sitting, stratum: Stratum, invited: int, substitutes: int) -> None:
    drum = drum_of(sitting, stratum)
    preferred = sitting.contact_list.codes if sitting.contact_list else ()
    drawn = lot.draw(drum, seed=sitting.seed, preferred=preferred, invited=invited, substitutes=substitutes)
    key = str(stratum.pk)
    sitting.drum[key] = lot.digest_of(drum)
    sitting.invited[key] = [len(drawn.invited), len(drawn.substitutes)]
    Invitation.objects.bulk_create(
        [
            Invitation(
                survey_id=sitting.survey_id,
                sitting=sitting,
                stratum=stratum,
                entity_id=drum[code],
                place=place,
                is_substitute=is_substitute,
            )
            for is_substitute, codes in ((False, drawn.invited), (True, drawn.substitutes))
            for place, code in enumerate(codes, start=1)
        ],
        batch_size=500,
    )


def _check_quota(sitting: Sitting, wanted: dict[int, tuple[int, int]], left: dict[int, int]) -> None:
    if set(wanted) - set(left):
        raise Refused("本镇（街）没有安排该类别的票数", "请刷新页面后重新填写。")
    if any(number < 0 for numbers in wanted.values() for number in numbers):
        raise Refused("邀请数和候补数不能小于0", "请检查后再试。")
    if not any(invited for invited, _ in wanted.values()):
        raise Refused("没有填写邀请数", "请至少邀请一户。")
    faults = [
        f"{cell.stratum.name}：邀请{wanted[cell.stratum.pk][0]}户，名额尚余{cell.left}户"
        for cell in cells_of(sitting)
        if cell.stratum.pk in wanted and wanted[cell.stratum.pk][0] > cell.left
    ]
    if faults:
        raise Refused("邀请数超过本镇（街）的名额", "请减少邀请数：", faults=faults)


def require_town(user: User, town_id: int) -> None:
    roles.require(user, "sitting.edit")
    own = own_town(user)
    if own is not None and own != town_id:
        raise Refused("您只能办理本镇（街）的现场评价")


def locked(sitting: Sitting) -> Sitting:
    return Sitting.objects.select_for_update(of=("self",)).select_related("survey", "town").get(pk=sitting.pk)


def require_open(sitting: Sitting) -> None:
    if sitting.state == State.HELD:
        raise Refused("本场已经办结，不能再改", "确有差错的，请评价中心重新打开本场。")


def _going_on(survey_id: int) -> Survey:
    survey = Survey.objects.select_for_update().get(pk=survey_id)
    if survey.state == Survey.State.DRAFT:
        raise Refused("评价表尚未定稿，还不能安排现场评价", "请先制票。")
    if survey.state not in Survey.GOING_ON:
        raise Refused("本轮评价已经截止，不能再安排现场评价")
    return survey


def _check(when: When, today: date) -> None:
    if when.date < today:
        raise Refused("现场评价的日期已经过去", "请重新选择日期。")
    if not when.place.strip():
        raise Refused("没有填写地点", "请补填。")


def _columns(when: When) -> dict[str, object]:
    return {
        "date": when.date,
        "begins": when.begins,
        "place": when.place.strip(),
        "inquiries": when.inquiries.strip(),
    }


def _said(when: When) -> dict[str, str]:
    return {"日期": dates.day(when.date), "时间": f"{when.begins:%H:%M}", "地点": when.place.strip()}
