"""The guide of an item as a firm reads it: what holds today, by which limits, and how to claim."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from benefits.catalogue.drafting import TOLD, holds_some_day, in_force
from benefits.catalogue.words import Vocabulary, with_all
from benefits.claims.checking import platform_of
from benefits.models import BenefitItem, ItemVersion
from benefits.rules import rules
from casework.models import ProcedureVersion
from office import dates


@dataclass(frozen=True)
class Limit:
    """What is promised; `own` is the guide's own limit, where it has one beside."""

    label: str
    says: str
    source: str
    own: str = ""


@dataclass(frozen=True)
class Standing:
    """Whether a version can be claimed under today; `is_over` where it never can again."""

    word: str
    to_do: str = ""
    is_in_force: bool = False
    is_over: bool = False
    may_claim: bool = False
    needs_claim: bool = True


def versions_of(item: BenefitItem) -> list[ItemVersion]:
    """Return what was, is or will be in force, the newest first."""
    found = with_all(ItemVersion.objects.filter(item=item, state__in=TOLD)).order_by("-number")
    return [one for one in found if holds_some_day(one)]


def of_today(versions: list[ItemVersion], today: date) -> ItemVersion | None:
    """Return the version in force; else the next one to come; else the last one there was."""
    now = set(in_force(today).filter(pk__in=[one.pk for one in versions]).values_list("pk", flat=True))
    to_come = [one for one in reversed(versions) if one.valid_from > today]
    held = (one for one in versions if one.pk in now)
    return next(held, next(iter([*to_come, *versions]), None))


def last_day(version: ItemVersion) -> date | None:
    """The last day on which a version holds: of its guide, or the day before it was ended."""
    ended = date.fromordinal(version.ended_on.toordinal() - 1) if version.ended_on else None
    return min((one for one in (version.valid_to, ended) if one is not None), default=None)


def standing(
    version: ItemVersion, versions: list[ItemVersion], procedure: ProcedureVersion, today: date
) -> Standing:
    last, needs = last_day(version), not rules()[1].needs_no_claim(version.category)
    if last is not None and last < today:
        found = _over(version, versions, today)
    elif version.valid_from > today:
        word = f"尚未生效，{dates.day(version.valid_from)}起施行"
        to_do = "请到时再申请；现在可以先看条件和准备材料。" if needs else ""
        found = Standing(word, to_do)
    else:
        found = _in_force(version, procedure, today)
    return replace(found, needs_claim=needs)


def _over(version: ItemVersion, versions: list[ItemVersion], today: date) -> Standing:
    last = last_day(version)
    word = f"已于{dates.day(last)}失效" if last else "已失效"
    if version.ended_on is not None and version.ended_on <= today:
        word = f"{dates.day(version.ended_on)}起停止：{version.ended_why}"
    if (now := of_today(versions, today)) is not None and now.pk != version.pk:
        return Standing(word, f"请看第{now.number}版；此前的申请仍按申请当日的版本办理。", is_over=True)
    to_do = (
        f"不再受理申请；此前的申请照常办理。请在清单中查找相近的事项，或者拨打{version.contact_phone}咨询。"
    )
    return Standing(word, to_do, is_over=True)


def _in_force(version: ItemVersion, procedure: ProcedureVersion, today: date) -> Standing:
    known, intake = rules()[1], procedure.procedure.intake
    word = "现行有效"
    if known.needs_no_claim(version.category):
        to_do = "企业不必申请：由主管部门比对确定，符合条件的直接兑现。"
        return Standing(word, to_do, is_in_force=True)
    if version.claims_from and today < version.claims_from:
        return Standing(word, f"{dates.day(version.claims_from)}起申报，请到时再申请。", is_in_force=True)
    if version.claims_to and today > version.claims_to:
        to_do = f"本期申报已于{dates.day(version.claims_to)}截止，请在下一申报期内申请。"
        return Standing(word, to_do, is_in_force=True)
    if not procedure.own_intake:
        to_do = f"申请由{platform_of(intake)}统一受理，请通过该平台办理；可以到{known.office}咨询。"
        return Standing(word, to_do, is_in_force=True)
    if not intake.public_channels:
        return Standing(word, f"请到{known.office}申请。", is_in_force=True)
    return Standing(word, f"也可以到{known.office}申请。", is_in_force=True, may_claim=True)


def limits_of(version: ItemVersion, procedure: ProcedureVersion, words: Vocabulary) -> list[Limit]:
    guide = words.rules.guide
    clocks = {one.id: one for one in procedure.procedure.clocks}
    own = f"{version.limit_count} {words.units.get(version.limit_unit, '')}" if version.limit_count else ""
    return [
        Limit(clock.label, clock.says, clock.source, own if name == guide.own_limit_beside else "")
        for name in guide.clocks
        if (clock := clocks.get(name)) is not None
    ]
