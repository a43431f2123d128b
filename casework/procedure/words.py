"""What a procedure may name: the stages, events, parties and figures that the engine knows."""

from enum import StrEnum


class Stage(StrEnum):
    """Where a matter stands (环节), in the order of a whole proceeding."""

    REGISTRATION = "registration"
    ACCEPTANCE = "acceptance"
    JUDGING = "judging"
    ASSIGNMENT = "assignment"
    SIGNING = "signing"
    HANDLING = "handling"
    FOLLOW_UP = "follow_up"
    TELLING = "telling"
    CALL_BACK = "call_back"
    CLOSED = "closed"


STAGE_LABELS = {
    Stage.REGISTRATION: "登记",
    Stage.ACCEPTANCE: "受理",
    Stage.JUDGING: "研判",
    Stage.ASSIGNMENT: "交办",
    Stage.SIGNING: "签收",
    Stage.HANDLING: "办理回复",
    Stage.FOLLOW_UP: "后续办理",
    Stage.TELLING: "告知",
    Stage.CALL_BACK: "回访",
    Stage.CLOSED: "办结",
}


class Event(StrEnum):
    """What happens to a matter and may start or end a clock."""

    REGISTERED = "registered"
    ACCEPTED = "accepted"
    JUDGED = "judged"
    ASSIGNED = "assigned"
    SIGNED = "signed"
    CONTACTED = "contacted"
    REPLIED = "replied"
    COMPLETED = "completed"
    TOLD = "told"
    CALLED_BACK = "called_back"
    CLOSED = "closed"
    HANDED_BACK = "handed_back"


EVENT_LABELS = {
    Event.REGISTERED: "登记",
    Event.ACCEPTED: "受理",
    Event.JUDGED: "研判",
    Event.ASSIGNED: "交办",
    Event.SIGNED: "签收",
    Event.CONTACTED: "联系反映人",
    Event.REPLIED: "回复",
    Event.COMPLETED: "办成",
    Event.TOLD: "告知",
    Event.CALLED_BACK: "回访",
    Event.CLOSED: "办结",
    Event.HANDED_BACK: "退回",
}
OF_ASSIGNMENTS = frozenset({Event.ASSIGNED, Event.SIGNED, Event.CONTACTED, Event.REPLIED, Event.COMPLETED})
"""These happen to each assignment by itself; a clock that begins with one belongs to the assignment."""


class Party(StrEnum):
    """Who acts at a stage (由谁办理)."""

    CLERK = "clerk"
    CENTRE = "centre"
    UNIT = "unit"
    LEADING_GROUP = "leading_group"
    INSPECTORATE = "inspectorate"


PARTY_LABELS = {
    Party.CLERK: "窗口",
    Party.CENTRE: "评价中心",
    Party.UNIT: "承办单位",
    Party.LEADING_GROUP: "领导小组",
    Party.INSPECTORATE: "纪检监察",
}


class Rate(StrEnum):
    """What a monthly notice may hold; each with its fraction and the list it counts."""

    ON_TIME = "on_time"
    CLOSED = "closed"
    SOLVED = "solved"
    SATISFIED = "satisfied"
    REACHED = "reached"
    REFUSED = "refused"


RATE_LABELS = {
    Rate.ON_TIME: "按时",
    Rate.CLOSED: "办结",
    Rate.SOLVED: "解决",
    Rate.SATISFIED: "满意",
    Rate.REACHED: "接通",
    Rate.REFUSED: "不予受理",
}


class Trace(StrEnum):
    """What a matter may bear on it when it ends, as its record has it."""

    SUPERVISED = "supervised"
    REOPENED = "reopened"
    RETURNED = "returned"


TRACE_LABELS = {Trace.SUPERVISED: "督办", Trace.REOPENED: "重办", Trace.RETURNED: "退回重新办理"}
