"""A matter goes through the stages of its procedure; another step is refused, and told what comes next."""

from __future__ import annotations

from casework.models import Assignment, Matter
from casework.procedure.words import Stage
from office.errors import Refused

State = Matter.State
WAITS_AT = {
    Stage.REGISTRATION: State.REGISTERED,
    Stage.ACCEPTANCE: State.REGISTERED,
    Stage.JUDGING: State.ACCEPTED,
    Stage.ASSIGNMENT: State.JUDGED,
    Stage.SIGNING: State.ASSIGNED,
    Stage.HANDLING: State.ASSIGNED,
    Stage.FOLLOW_UP: State.REPLIED,
    Stage.TELLING: State.COMPLETED,
    Stage.CALL_BACK: State.CALLING,
    Stage.CLOSED: State.CLOSED,
}
ENDED = (State.REFUSED, State.CLOSED, State.WITHDRAWN, State.MERGED, State.TRANSFERRED)
OPEN = tuple(state for state in State if state not in ENDED)
HANDLED = (State.ASSIGNED, State.REPLIED)
NEXT = {
    State.HELD: "核实是否重复提交，放行或者不予受理",
    State.REGISTERED: "决定是否受理",
    State.REFUSING: "由提出人以外的人员审核不予受理",
    State.REFUSED: "已不予受理；有新的证据的，作为新事项登记",
    State.ACCEPTED: "研判，确定类别",
    State.JUDGED: "交办承办单位",
    State.ASSIGNED: "承办单位签收、办理并回复",
    State.REPLIED: "承办单位办成后续事项",
    State.COMPLETED: "告知反映人办理结果",
    State.CALLING: "回访反映人",
    State.REFERRED: "领导小组批示",
    State.CLOSED: "本事项已办结；反映人对结果不服的，可以申请复核",
    State.WITHDRAWN: "反映人已撤回，不再办理",
    State.MERGED: "已并入另一事项，请在该事项中办理",
    State.TRANSFERRED: "已移送，由接收机关办理",
}


def locked(matter_id: int) -> Matter:
    """Return a matter, locked until the transaction ends."""
    return Matter.objects.select_for_update(of=("self",)).select_related("version").get(pk=matter_id)


def at_state(matter: Matter, *states: Matter.State, to: str) -> Matter:
    """Return a matter locked for doing `to`; refuse unless it is in one of `states`."""
    current = locked(matter.pk)
    if current.state not in states:
        state = State(current.state)
        raise Refused(f"本事项目前为“{state.label}”，不能{to}", f"下一步：{NEXT[state]}。")
    return current


def assignment_at(assignment: Assignment, *states: Assignment.State, to: str) -> tuple[Matter, Assignment]:
    """Return a matter being handled and one of its assignments, both locked for doing `to`."""
    matter = at_state(assignment.matter, *HANDLED, to=to)
    current = Assignment.objects.select_for_update(of=("self",)).select_related("unit").get(pk=assignment.pk)
    current.matter = matter
    if current.state not in states:
        state = Assignment.State(current.state)
        raise Refused(f"这一交办目前为“{state.label}”，不能{to}", "请刷新页面，查看最新情况。")
    return matter, current


def move_on(matter: Matter, stage: Stage) -> None:
    """Let a matter wait at the stage that follows `stage` in its procedure."""
    matter.state = WAITS_AT[matter.procedure.after(stage)]
