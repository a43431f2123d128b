"""A matter goes through the stages of its procedure; another step is refused, and told what comes next."""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import QuerySet

from casework.matters import parties
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
    Stage.CLOSED: State.CLOSING,
}
ENDED = (State.REFUSED, State.CLOSED, State.WITHDRAWN, State.MERGED, State.TRANSFERRED)
OPEN = tuple(state for state in State if state not in ENDED)
HANDLED = (State.ASSIGNED, State.REPLIED)
AWAITS_SUPPLEMENT = (State.REGISTERED, State.ACCEPTED, State.JUDGED, State.ASSIGNED)
ANSWERED = (State.REPLIED, State.COMPLETED, State.CALLING, State.CLOSING)
DONE = (Assignment.State.REPLIED, Assignment.State.COMPLETED)
OVER = (Assignment.State.HANDED_BACK, Assignment.State.TAKEN_BACK)
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
    State.CLOSING: "办结归档",
    State.REFERRED: "领导小组批示",
    State.CLOSED: "本事项已办结；反映人对结果不服的，可以申请复核",
    State.REVIEWING: "由没有参与办理的人员作出复核决定",
    State.WITHDRAWN: "反映人已撤回，不再办理",
    State.MERGED: "已并入另一事项，请在该事项中办理",
    State.TRANSFERRED: "已移送，由接收机关办理",
}


def locked(matter_id: int) -> Matter:
    """Return a matter, locked until the transaction ends."""
    return Matter.objects.select_for_update(of=("self",)).select_related("version").get(pk=matter_id)


def locked_in_order(matter_ids: Iterable[int]) -> dict[int, Matter]:
    """Return several matters locked in one order: two people never wait in a ring."""
    return {pk: locked(pk) for pk in sorted(set(matter_ids))}


def at_state(matter: Matter, *states: Matter.State, to: str) -> Matter:
    """Return a matter locked for doing `to`; refuse unless it is in one of `states`."""
    current = locked(matter.pk)
    parties.require_readable(current.procedure)
    return require_state(current, *states, to=to)


def require_state(current: Matter, *states: Matter.State, to: str) -> Matter:
    if current.state not in states:
        state = State(current.state)
        raise Refused(f"{current.number}目前为“{state.label}”，不能{to}", f"下一步：{NEXT[state]}。")
    return current


def assignment_at(assignment: Assignment, *states: Assignment.State, to: str) -> tuple[Matter, Assignment]:
    """Return a matter being handled and one of its assignments, both locked for doing `to`."""
    matter = at_state(assignment.matter, *HANDLED, to=to)
    return matter, locked_assignment(assignment, matter, *states, to=to)


def locked_assignment(
    assignment: Assignment, matter: Matter, *states: Assignment.State, to: str
) -> Assignment:
    """Return an assignment of a locked matter, locked for doing `to`."""
    current = Assignment.objects.select_for_update(of=("self",)).select_related("unit").get(pk=assignment.pk)
    current.matter = matter
    if current.cycle != matter.times_reopened:
        raise Refused("这一交办属于重办以前的办理，不能再改", "请打开重办的交办。")
    if current.state not in states:
        state = Assignment.State(current.state)
        raise Refused(f"这一交办目前为“{state.label}”，不能{to}", "请刷新页面，查看最新情况。")
    return current


def standing(matter: Matter) -> QuerySet[Assignment]:
    """Return the assignments that hold: of this time round, neither handed back nor taken back."""
    return matter.assignments.filter(cycle=matter.times_reopened).exclude(state__in=OVER)


def after_answer(matter: Matter) -> None:
    """When all have replied, go on to what follows, and past that when all have completed it."""
    left = set(standing(matter).values_list("state", flat=True))
    has_more = matter.procedure.has(Stage.FOLLOW_UP)
    if left == {Assignment.State.COMPLETED} and has_more:
        move_on(matter, Stage.FOLLOW_UP)
    elif left and left <= set(DONE):
        move_on(matter, Stage.HANDLING)
    matter.save(update_fields=["state"])


def move_on(matter: Matter, stage: Stage) -> None:
    """Let a matter wait at the stage that follows `stage`; nobody is called back where nobody can be."""
    following = matter.procedure.after(stage)
    if following == Stage.CALL_BACK and not to_be_called(matter):
        following = matter.procedure.after(following)
    matter.state = WAITS_AT[following]


def to_be_called(matter: Matter) -> list[Matter]:
    """Return the matters whose reporters are called back: this one and those merged into it."""
    rule = matter.procedure.call_back
    if rule is None:
        return []
    whole = [matter, *matter.merged_ones.select_related("reporter")]
    if rule.anonymous == "with_code":
        return whole
    return [one for one in whole if not one.is_anonymous and hasattr(one, "reporter")]
