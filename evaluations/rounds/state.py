"""A round goes one way, step by step; another step is refused, and the refusal names the next one."""

from __future__ import annotations

from typing import Any

from evaluations.models import Channel, Round
from office.errors import Refused

State = Round.State
ENDED = (State.PUBLISHED, State.VOID)
SERVED_STATES = (State.SERVED, State.APPEALS_ENDED, State.PUBLISHED)

NEXT = {
    State.DRAFT: "选定参评单位，锁定参评名单",
    State.FROZEN: "安排票数并制票",
    State.PREPARED: "印制凭条，开始评价",
    State.OPEN: "评价结束后截止",
    State.CLOSED: "计票并计算结果",
    State.COMPUTED: "由计算人以外的人员审定结果",
    State.SIGNED_OFF: "送达结果；方案规定由领导小组批准的，先批准",
    State.APPROVED: "送达结果",
    State.SERVED: "处理申诉，期满后结束申诉期",
    State.APPEALS_ENDED: "公布结果",
    State.PUBLISHED: "本轮次已公布；结果有误的，先开始更正公布",
    State.VOID: "本轮次已作废，不再办理",
}


WITHOUT_BALLOT = {
    State.FROZEN: "开始收集数据",
    State.OPEN: "办结各取数渠道，结束收集",
    State.CLOSED: "计算结果",
}


def next_step(round: Round) -> str:
    """Say what is done next, in the words of a round with or without a ballot."""
    state = State(round.state)
    if state in WITHOUT_BALLOT and not round.channels.filter(kind=Channel.Kind.BALLOT).exists():
        return WITHOUT_BALLOT[state]
    return NEXT[state]


def locked(round_id: int) -> Round:
    """Return the round, locked until the transaction ends."""
    return (
        Round.objects.select_for_update(of=("self",))
        .select_related("scheme_version", "survey")
        .get(pk=round_id)
    )


def survey_of(round: Round) -> Any:
    """Return the survey of a round; refuse while its slips are not made."""
    if round.survey is None:
        raise Refused("本轮次还没有制票", "请先安排票数并制票。")
    return round.survey


def at_step(round: Round, *states: Round.State, to: str) -> Round:
    """Return the round locked for doing `to`; refuse unless it is in one of `states`."""
    current = locked(round.pk)
    if current.state not in states:
        state = State(current.state)
        raise Refused(f"本轮次目前为“{state.label}”，不能{to}", f"下一步：{next_step(current)}。")
    return current
