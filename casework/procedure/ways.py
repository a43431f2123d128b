"""The ways that stages lead, and the events they bring."""

from collections.abc import Mapping

from casework.procedure.form import Procedure
from casework.procedure.words import Event, Stage

_BRINGS = {
    Stage.REGISTRATION: (Event.REGISTERED,),
    Stage.ACCEPTANCE: (Event.ACCEPTED,),
    Stage.JUDGING: (Event.JUDGED,),
    Stage.ASSIGNMENT: (Event.ASSIGNED,),
    Stage.SIGNING: (Event.SIGNED,),
    Stage.HANDLING: (Event.CONTACTED, Event.REPLIED),
    Stage.FOLLOW_UP: (Event.COMPLETED,),
    Stage.TELLING: (Event.TOLD,),
    Stage.CALL_BACK: (Event.CALLED_BACK,),
    Stage.CLOSED: (Event.CLOSED,),
}
CAN_GO_BACK = (Event.HANDED_BACK,)
Ways = Mapping[Stage, tuple[Stage, ...]]


def brings(procedure: Procedure) -> list[Event]:
    """Return the events that may happen, in the order of the stages."""
    found = [event for stage in Stage if procedure.has(stage) for event in _BRINGS[stage]]
    return [*found, *(CAN_GO_BACK if procedure.hand_back else ())]


def stage_of(event: Event) -> Stage:
    """Return the stage that brings an event; what was handed back is assigned anew."""
    return next((stage for stage, events in _BRINGS.items() if event in events), Stage.ASSIGNMENT)


def circle(then: Ways) -> list[Stage]:
    """Return a way that comes back to where it began; empty: there is none."""

    def walk(stage: Stage, way: tuple[Stage, ...]) -> tuple[Stage, ...]:
        if stage in way:
            return (*way[way.index(stage) :], stage)
        for other in then.get(stage, ()):
            if found := walk(other, (*way, stage)):
                return found
        return ()

    for stage in then:
        if found := walk(stage, ()):
            return list(found)
    return []


def reached(then: Ways, first: Stage) -> set[Stage]:
    found, waiting = {first}, [first]
    while waiting:
        for other in then.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
