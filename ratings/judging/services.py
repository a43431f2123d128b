"""Judge ratings, one or many: proposed by one, settled by another, neither of a unit concerned (GY-R4).

What came today waits for tomorrow: whoever watched a list of today would learn the hour of a rating.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils import timezone

from departments.models import Membership
from office import audit, roles
from office.errors import Refused
from office.models import User
from ratings.follow_up import judged
from ratings.models import Judgment, Rating, RatingCode
from ratings.rules import RatingRules, rules_of

Act, State = Judgment.Act, Judgment.State
MOST_AT_ONCE = 500
LONGEST = 300
FITTING = {
    Act.COUNT: (Rating.State.HELD, Rating.State.EXCLUDED),
    Act.EXCLUDE: (Rating.State.HELD, Rating.State.COUNTED),
    Act.MOVE: (Rating.State.HELD, Rating.State.COUNTED),
}


@dataclass(frozen=True)
class Proposal:
    """What somebody proposes; `reason` is one of the rules, and a move has its own."""

    act: str
    words: str
    reason: str = ""
    to_code: RatingCode | None = None


@transaction.atomic
def propose_judgment(
    *, ratings: Collection[int], proposal: Proposal, now: datetime, acting_user: User
) -> list[Judgment]:
    """Propose the same for all of `ratings`, or for none of them."""
    roles.require(acting_user, "rating.judge")
    rows = _locked(ratings)
    today = timezone.localtime(now).date()
    reason = _checked(rows, proposal, today)
    for one in rows:
        if one.state not in FITTING[Act(proposal.act)]:
            raise Refused(
                f"评价目前为“{one.get_state_display()}”，不能{_said(proposal)}", "请刷新页面后重新选择。"
            )
    if Judgment.objects.filter(rating__in=[one.pk for one in rows], state=State.PROPOSED).exists():
        raise Refused("所选评价已有待认定的意见", "请先由另一人认定。")
    _require_no_part(acting_user, rows, *([proposal.to_code] if proposal.to_code else []))
    made = Judgment.objects.bulk_create(
        Judgment(
            rating=one,
            act=proposal.act,
            reason=reason,
            words=proposal.words.strip()[:LONGEST],
            to_code=proposal.to_code,
            proposed_by=acting_user,
            proposed_on=today,
        )
        for one in rows
    )
    _record("提出评价认定", made, acting_user)
    return made


@transaction.atomic
def settle_judgment(
    *, judgments: Collection[int], agrees: bool, opinion: str, now: datetime, acting_user: User
) -> list[Judgment]:
    """Agree with what was proposed, and do it; or decline it with the reason. All of them or none."""
    roles.require(acting_user, "rating.judge")
    rows = list(
        Judgment.objects.select_for_update(of=("self",))
        .select_related("to_code__window__hall", "to_code__unit", "proposed_by")
        .filter(pk__in=judgments)
        .order_by("pk")
    )
    if not rows or len(rows) < len(set(judgments)):
        raise Refused("没有找到这项认定", "请刷新页面后重新选择。")
    if any(one.state != State.PROPOSED for one in rows):
        raise Refused("这项认定已由他人作出", "请刷新页面查看结果。")
    if any(one.proposed_by_id == acting_user.pk for one in rows):
        raise Refused("评价认定须由提出人以外的人员作出", "请由另一人认定。")
    if not agrees and not opinion.strip():
        raise Refused("没有写明不同意的理由", "请写明理由。")
    found = {one.pk: one for one in _locked({one.rating_id for one in rows})}
    to_codes = {one.to_code for one in rows if one.to_code is not None}
    _require_no_part(acting_user, found.values(), *to_codes)
    if dead := [one for one in to_codes if agrees and one.is_dead]:
        raise Refused(f"{dead[0]}的评价码已经停用", "请选“不同意”，另行提出移到在用的评价码。")
    settled = {
        "state": State.AGREED if agrees else State.DECLINED,
        "settled_by": acting_user,
        "settled_on": timezone.localtime(now).date(),
        "opinion": opinion.strip()[:LONGEST],
    }
    Judgment.objects.filter(pk__in=[one.pk for one in rows]).update(**settled)
    for one in rows:
        for name, value in settled.items():
            setattr(one, name, value)
    if agrees:
        _do([(one, found[one.rating_id]) for one in rows], now)
    _record("同意评价认定" if agrees else "不同意评价认定", rows, acting_user)
    return rows


def _do(agreed: list[tuple[Judgment, Rating]], now: datetime) -> None:
    for judgment, rating in agreed:
        is_out = judgment.act == Act.EXCLUDE
        rating.state = Rating.State.EXCLUDED if is_out else Rating.State.COUNTED
        if judgment.to_code is not None:
            came_to = rating.moved_from or rating.code
            rating.moved_from = None if came_to.pk == judgment.to_code.pk else came_to
            rating.code = judgment.to_code
    Rating.objects.bulk_update([rating for _, rating in agreed], ["state", "code", "moved_from"])
    judged.follow(agreed, now)


def _locked(ratings: Collection[int]) -> list[Rating]:
    rows = Rating.objects.select_for_update(of=("self",)).filter(pk__in=ratings).order_by("pk")
    found = list(rows.select_related("code__window__hall", "code__unit", "moved_from__window"))
    if not found or len(found) < len(set(ratings)):
        raise Refused("没有选择评价", "请勾选要认定的评价。")
    if len(found) > MOST_AT_ONCE:
        raise Refused(f"一次最多认定{MOST_AT_ONCE}条", "请分批提出。")
    return found


def _checked(rows: list[Rating], proposal: Proposal, today: date) -> str:
    """Return the reason that is stored, where the proposal is whole and within the rules."""
    if any(one.day >= today for one in rows):
        raise Refused("当日的评价次日起认定", "请于次日再提出。")
    if len({one.code.rules_id for one in rows}) > 1:
        raise Refused("所选评价适用不同的评价办法", "请分别提出。")
    if proposal.act not in Act.values:
        raise Refused("没有选择如何认定", f"请从{'、'.join(Act.labels)}中选一项。")
    if not proposal.words.strip():
        raise Refused("没有写明认定的理由", "请写明核对了什么、依据是什么。")
    rules = rules_of(rows[0].code.rules_id)
    if proposal.act == Act.MOVE:
        return _reason_to_move(rules, rows, proposal.to_code)
    if proposal.to_code is not None:
        raise Refused("只有移到正确对象才选择评价对象", "请刷新页面后重新填写。")
    return _reason_to_exclude(rules, proposal.reason) if proposal.act == Act.EXCLUDE else ""


def _reason_to_exclude(rules: RatingRules, reason: str) -> str:
    fitting = [one for one in rules.excluding.reasons if not one.moves]
    if reason not in {one.id for one in fitting}:
        labels = "、".join(one.label for one in fitting)
        raise Refused("没有选择排除的事由", f"事由为：{labels}；等次低不是理由。")
    return reason


def _reason_to_move(rules: RatingRules, rows: list[Rating], to: RatingCode | None) -> str:
    reason = next((one for one in rules.excluding.reasons if one.moves), None)
    if reason is None:
        raise Refused("按评价办法不能移到其他对象", "请选择其他认定。")
    if to is None or to.kind == RatingCode.Kind.WALL or to.rules_id != rows[0].code.rules_id:
        raise Refused("没有选择正确的评价对象", "请选择评价应当计入的窗口或者单位。")
    if to.is_dead:
        raise Refused(f"{to}的评价码已经停用", "请选择在用的评价码。")
    if any(one.code_id == to.pk for one in rows):
        raise Refused(f"评价已经在{to}名下", "请选择另一对象。")
    return reason.id


def _said(proposal: Proposal) -> str:
    return Act(proposal.act).label


def _require_no_part(user: User, rows: Iterable[Rating], *to: RatingCode) -> None:
    """Nobody judges a rating of their own unit, nor one that comes from it or goes to it."""
    units: set[int] = set()
    for code in {*to, *(code for one in rows for code in (one.code, one.moved_from) if code)}:
        units |= units_of(code)
    if Membership.objects.filter(user=user, department__in=units).exists():
        raise Refused("评价涉及您所在的单位，按规定应当回避", "请由其他人员办理。")


def units_of(code: RatingCode) -> set[int]:
    """Return the units a place belongs to: who is rated, who is above it, who staffs the window."""
    found = {code.unit_id, code.unit.parent_id if code.unit else None}
    if code.window is not None:
        found |= {code.window.department_id, code.window.unit_id}
    return {one for one in found if one is not None}


def _record(verb: str, rows: list[Judgment], acting_user: User) -> None:
    """One row for all of them, without a level or a day: what is judged together has one reason."""
    first = rows[0]
    after = {
        "认定": first.get_act_display(),
        "条数": len(rows),
        "事由": first.reason,
        "说明": first.words[:200],
    }
    if first.to_code is not None:
        after["移到"] = str(first.to_code)
    if first.opinion:
        after["意见"] = first.opinion[:200]
    audit.record(verb, first, acting_user=acting_user, after={k: v for k, v in after.items() if v})
