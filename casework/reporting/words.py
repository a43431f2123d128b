"""What a reporter is told: where the matter stands, what happened on which day, the texts meant for them.

Nothing of what goes on inside a unit, no name, no hour.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date

from django.utils import timezone

from casework.matters.merging import surviving
from casework.models import Matter, MatterEvent

State, Act = Matter.State, MatterEvent.Act
STANDS = {
    State.HELD: "已经收到，工作人员核实后登记。",
    State.REGISTERED: "已经登记，等待决定是否受理。",
    State.REFUSING: "已经登记，等待决定是否受理。",
    State.REFUSED: "不予受理，理由见下。",
    State.ACCEPTED: "已经受理，正在研判。",
    State.JUDGED: "已经受理，正在安排承办单位。",
    State.ASSIGNED: "承办单位正在办理。",
    State.REPLIED: "承办单位已经回复，正在办理后续事项。",
    State.COMPLETED: "承办单位已经办结，正在准备告知您。",
    State.CALLING: "承办单位已经办结，将回访您。",
    State.CLOSING: "承办单位已经办结，正在归档。",
    State.REVIEWING: "正在复核，由没有办理过本事项的人员办理。",
    State.REFERRED: "正在由上级协调办理。",
    State.CLOSED: "已经办结。",
    State.WITHDRAWN: "您已撤回，不再办理。",
    State.MERGED: "与反映同一问题的事项合并办理。",
    State.TRANSFERRED: "已移送有权机关办理。",
}


def _own(event: MatterEvent) -> str:
    return event.text


def _nothing(event: MatterEvent) -> str:
    return ""


TOLD: dict[MatterEvent.Act, tuple[str, Callable[[MatterEvent], str]]] = {
    Act.ACCEPTED: ("受理", _nothing),
    Act.REFUSED: ("不予受理", _own),
    Act.ASSIGNED: ("交承办单位办理", _nothing),
    Act.STOPPED: ("通知您补充材料", _own),
    Act.RESUMED: ("收到补充材料", _nothing),
    Act.EXTENDED: ("延长办理时间", _own),
    Act.REPLIED: ("承办单位回复", _nothing),
    Act.COMPLETED: ("承办单位办成", _nothing),
    Act.TOLD: ("告知办理结果", _own),
    Act.CALLED_BACK: ("回访", _nothing),
    Act.REOPENED: ("重新办理", _nothing),
    Act.MERGED: ("合并办理", _nothing),
    Act.TRANSFERRED: ("移送有权机关", _nothing),
    Act.REVIEW_ASKED: ("您申请复核", _nothing),
    Act.REVIEWED: ("复核决定", _own),
    Act.CLOSED: ("办结", _own),
    Act.WITHDRAWN: ("您撤回", _nothing),
}


@dataclass(frozen=True)
class Step:
    """One day of a matter in words, once a day for each thing however many units it came to."""

    day: date
    label: str
    text: str = ""


def stands(matter: Matter) -> str:
    said = STANDS[State(matter.state)]
    whole = surviving(matter)
    return said if whole.pk == matter.pk else f"{said}目前：{STANDS[State(whole.state)]}"


def steps(matter: Matter) -> list[Step]:
    """Return what happened, of a merged one also how the matter it went into was answered."""
    found = [Step(matter.received_on, "收到"), *_steps(matter, list(TOLD))]
    whole = surviving(matter)
    answers = () if whole.pk == matter.pk else _steps(whole, [Act.TOLD, Act.CLOSED])
    return [*found, *(one for one in answers if one.day >= found[-1].day)]


def _steps(matter: Matter, acts: list[MatterEvent.Act]) -> list[Step]:
    found: list[Step] = []
    for event in matter.events.filter(act__in=acts):
        label, text = TOLD[Act(event.act)]
        step = Step(timezone.localtime(event.at).date(), label, text(event))
        if step not in found:
            found.append(step)
    return found
