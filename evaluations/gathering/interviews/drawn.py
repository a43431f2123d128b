"""The call list from a draw (FC-R8, FC-R13): who is asked about which unit, and who steps in."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import transaction

from evaluations.gathering.draws.services import draws_of
from evaluations.gathering.interviews.kind import ENTER
from evaluations.gathering.services import open_channel
from evaluations.models import Channel, Interview, RoundDepartment
from office import audit, roles
from office.errors import Refused
from office.models import User
from office.workbooks.sheets import tidy
from surveys import services as surveys
from surveys.respondents.pools import calling
from surveys.respondents.pools.calling import Called, PoolDraw

State = Interview.State
IN_VAIN = (State.REFUSED, State.INVALID, State.UNREACHED, State.VOID)


@dataclass
class Plan:
    """What a draw would add to the call list."""

    new: list[Interview] = field(default_factory=list)
    known: int = 0
    unplaced: list[Called] = field(default_factory=list)  # no unit of the round named them
    silent: list[str] = field(default_factory=list)  # without a telephone number
    left: list[str] = field(default_factory=list)  # no longer in the pool
    notes: list[str] = field(default_factory=list)


def plan_of(channel: Channel, draw: PoolDraw, units: Mapping[int, int] | None = None) -> Plan:
    """`units`: whom the office asks about which row of the round, where no department named them."""
    plan, chosen = Plan(), units or {}
    rows = {row.department_id: row for row in channel.round.departments.all()}
    by_pk = {row.pk: row for row in rows.values()}
    known = set(channel.interviews.values_list("subject_id", "enterprise"))
    drawn = set(channel.interviews.filter(drawn__isnull=False).values_list("drawn_id", flat=True))
    strangers: Counter[str] = Counter()
    for one in calling.asked(draw):
        if one.drawn.member.left_on:
            plan.left.append(f"{one.name}：{one.drawn.member.left_reason or '已退出'}")
            continue
        strangers.update(each.unit.name for each in one.units if each.unit.pk not in rows)
        made = list(_interviews(channel, one, rows))
        if not made and one.drawn.pk not in drawn:
            if row := by_pk.get(chosen.get(one.drawn.pk, 0)):
                made = [_interview(channel, one, row)]
            else:
                plan.unplaced.append(one)
        for interview in made:
            key = (interview.subject_id, interview.enterprise)
            if key in known:
                plan.known += 1
            elif not interview.phone:
                plan.silent.append(f"{interview.enterprise}（{interview.subject.name}）")
            else:
                known.add(key)
                plan.new.append(interview)
    plan.notes = [f"{name}报送的 {number} 家：该单位不在本轮参评单位中" for name, number in strangers.items()]
    plan.notes += _short(channel, plan)
    return plan


def _interviews(channel: Channel, one: Called, rows: Mapping[int, RoundDepartment]) -> Iterator[Interview]:
    for each in one.units:
        if row := rows.get(each.unit.pk):
            yield _interview(channel, one, row, matter=each.matter, phone=each.phone)


def _interview(
    channel: Channel, one: Called, row: RoundDepartment, *, matter: str = "", phone: str = ""
) -> Interview:
    return Interview(
        channel=channel,
        subject=row,
        enterprise=one.name,
        phone=tidy(phone or one.phone),
        matter=matter,
        drawn=one.drawn,
    )


def _short(channel: Channel, plan: Plan) -> list[str]:
    there = Counter(channel.interviews.values_list("subject_id", flat=True))
    there.update(one.subject_id for one in plan.new)
    return [
        f"{row.name}只有 {there[row.pk]} 家，不足 {channel.sample_size} 家"
        for row in channel.round.departments.all()
        if there[row.pk] < channel.sample_size
    ]


@transaction.atomic
def list_from_draw(*, channel: Channel, draw: PoolDraw, units: Mapping[int, int], acting_user: User) -> Plan:
    """Put those who are asked on the call list of the units that named them, or that the office chose."""
    roles.require(acting_user, ENTER)
    roles.require(acting_user, "pool.names")
    current = open_channel(channel, to="列入调查名单")
    if draw not in draws_of(current.round):
        raise Refused("这次抽样不是为本轮进行的", "请先为本轮抽取样本。")
    plan = plan_of(current, draw, units)
    if not plan.new:
        raise Refused("没有可以列入名单的企业", "已列入的不再重复；没有报送单位的，请选择单位。")
    Interview.objects.bulk_create(plan.new, batch_size=500)
    after = {"抽样": str(draw), "列入": len(plan.new), "尚未选定单位": len(plan.unplaced)}
    audit.record("按抽样列入调查名单", current, acting_user=acting_user, after=after)
    return plan


@transaction.atomic
def replace_interview(
    *, interview: Interview, reason: str, now: datetime, acting_user: User
) -> list[Interview]:
    """Let the next of the reserve step in for an enterprise that was asked in vain, and say why.

    Who stepped in is asked about the same unit, or about the units that named them and not this one.
    """
    roles.require(acting_user, ENTER)
    channel = open_channel(interview.channel, to="递补")
    current = Interview.objects.select_for_update(of=("self",)).get(pk=interview.pk)
    if current.drawn is None:
        raise Refused(f"“{current.enterprise}”不是抽样产生的，没有候补", "请在名单中另行添加企业。")
    if current.state not in IN_VAIN:
        raise Refused(f"“{current.enterprise}”{current.get_state_display()}，不能替换", "请先登记联系结果。")
    substitute = current.drawn.replaced_by or surveys.replace_drawn(
        drawn=current.drawn, reason=reason, now=now, acting_user=acting_user
    )
    one = calling.called(substitute)
    rows = {row.department_id: row for row in channel.round.departments.all()}
    about = {each.unit.pk: each for each in one.units if each.unit.pk in rows}
    own = current.subject
    if about and own.department_id not in about:
        made = list(_interviews(channel, one, rows))
    else:
        named = about.get(own.department_id)
        matter, phone = (named.matter, named.phone) if named else ("", "")
        made = [_interview(channel, one, own, matter=matter, phone=phone)]
    known = set(channel.interviews.values_list("subject_id", "enterprise"))
    new = [each for each in made if (each.subject_id, each.enterprise) not in known]
    if not new:
        raise Refused(f"候补“{one.name}”已在名单中", "该企业已经递补或已登记过。")
    Interview.objects.bulk_create(new)
    after = {
        "替换": current.enterprise,
        "递补": one.name,
        "原因": reason.strip(),
        "单位": [each.subject.name for each in new],
    }
    audit.record("调查对象递补", channel, acting_user=acting_user, after=after)
    return new
