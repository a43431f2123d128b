"""A survey before its form is final: strata, questionnaire, how many slips for which town."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from django.db import transaction

from departments.models import Town
from office import audit, roles
from office.errors import Refused
from surveys.box import photos, questionnaire
from surveys.box.photos import Photo
from surveys.models import EntityKind, SlipBatch, Stratum, Survey
from surveys.models.entities import EVERYBODY, VOTERS

if TYPE_CHECKING:
    from office.models import User

BATCH_SIZE = 500


def create_survey(
    *,
    title: str,
    shares: dict[str, int],
    acting_user: User,
    closes: str = "",
    panels: Mapping[str, str] | None = None,
) -> Survey:
    """`shares` is empty where nobody asks for any: then all voters share one key.

    `panels`: {id: who marks in it} of a survey whose choices are marks; each has a key of its own.
    """
    roles.require(acting_user, "round.edit")
    if shares:
        _check_shares(shares)
    with transaction.atomic():
        survey = Survey.objects.create(public_id=f"s-{secrets.token_hex(6)}", title=title, closes=closes)
        used = [kind for kind in EntityKind if shares.get(kind)]
        for order, kind in enumerate(used):
            Stratum.objects.create(survey=survey, kind=kind, name=kind.label, share=shares[kind], order=order)
        after: dict[str, Any] = {"标题": title}
        if shares:
            after["各类占比（%）"] = {str(kind.label): shares[kind] for kind in used}
        elif panels:
            after["评议组"] = list(panels.values())
            for order, (panel, name) in enumerate(panels.items()):
                Stratum.objects.create(survey=survey, kind=panel, name=name, share=100, order=order)
        else:
            Stratum.objects.create(survey=survey, kind=EVERYBODY, name=VOTERS, share=100)
        audit.record("创建评价表", survey, acting_user=acting_user, after=after)
    return survey


def set_closing(*, survey: Survey, closes: str, acting_user: User) -> Survey:
    """Say on the ballot's pages until when, where the slips were printed without it."""
    roles.require(acting_user, "round.open")
    with transaction.atomic():
        current = Survey.objects.select_for_update().get(pk=survey.pk)
        if current.closes:
            raise Refused("截止时间已经印在凭条上，不能更改", "确需提前截止的，截止时说明原因。")
        current.closes = closes
        current.save(update_fields=["closes"])
    return current


def _check_shares(shares: dict[str, int]) -> None:
    if set(shares) - set(EntityKind.values):
        raise Refused("评价主体类别只能是民营企业、个体工商户、非民营企业", "请检查占比设置。")
    if any(share < 0 for share in shares.values()) or sum(shares.values()) != 100:
        raise Refused("各类评价主体的占比之和必须为100%", "请调整后再试。")


def set_form(
    *,
    survey: Survey,
    form: dict[str, Any],
    acting_user: User,
    published_photos: Mapping[str, Photo] | None = None,
) -> None:
    """Set the questionnaire, in the shape the centre puts it together; possible until the freeze."""
    roles.require(acting_user, "round.edit")
    with transaction.atomic():
        survey = still_draft(survey)
        survey.form = photos.enclose(questionnaire.voter_form(survey.title, form), published_photos or {})
        questionnaire.check(survey.public_id, survey.form)
        survey.save(update_fields=["form"])
        departments = len(survey.form["departments"])
        audit.record("设定评价表内容", survey, acting_user=acting_user, after={"单位数": departments})


def prepare_slips(*, survey: Survey, plan: dict[int, dict[str, int]], acting_user: User) -> int:
    """Plan slips per town and kind, in batches of at most 500; a new plan replaces the old one.

    Returns the number of batches. Codes come into being only when a batch is printed.
    """
    roles.require(acting_user, "round.edit")
    with transaction.atomic():
        survey = still_draft(survey)
        strata = {stratum.kind: stratum for stratum in survey.strata.all()}
        towns = {town.pk: town for town in Town.objects.all()}
        wanted = list(_wanted(plan, strata, towns))
        survey.batches.all().delete()
        batches = [
            SlipBatch(survey=survey, town=town, stratum=stratum, number=number, size=size)
            for number, (town, stratum, size) in enumerate(wanted, start=1)
        ]
        SlipBatch.objects.bulk_create(batches)
        total = sum(batch.size for batch in batches)
        audit.record(
            "安排票数", survey, acting_user=acting_user, after={"票数": total, "批次数": len(batches)}
        )
    return len(batches)


def _wanted(
    plan: dict[int, dict[str, int]], strata: dict[str, Stratum], towns: dict[int, Town]
) -> list[tuple[Town, Stratum, int]]:
    wanted = []
    for town_id, numbers in plan.items():
        town = towns.get(int(town_id))
        if town is None:
            raise Refused("票数安排中有系统里没有的镇（街）", "请刷新页面后重新填写。")
        for kind, number in numbers.items():
            if kind not in strata:
                raise Refused(f"{town}的票数安排中有本评价表没有的主体类别", "请检查后再试。")
            if number < 0:
                raise Refused(f"{town}的票数不能小于0", "请检查后再试。")
            wanted += [(town, strata[kind], size) for size in batch_sizes(number)]
    return sorted(wanted, key=lambda part: (part[0].order, part[0].pk, part[1].order))


def batch_sizes(slips: int) -> list[int]:
    return [min(BATCH_SIZE, slips - done) for done in range(0, slips, BATCH_SIZE)]


def still_draft(survey: Survey) -> Survey:
    """The survey, locked for change; refuses once it is frozen."""
    locked = Survey.objects.select_for_update().get(pk=survey.pk)
    if locked.state != Survey.State.DRAFT:
        raise Refused("评价表已定稿，不能再修改", "如需调整，请新建评价表。")
    return locked
