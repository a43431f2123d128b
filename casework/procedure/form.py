"""A procedure as a whole: its parts, and whether they fit together."""

from collections.abc import Iterator

from pydantic import Field, model_validator

from casework.procedure.officers import OfficerRules
from casework.procedure.parts import (
    CallBack,
    Categories,
    ClockRule,
    Evidence,
    Extension,
    Figure,
    Finding,
    HandBack,
    Intake,
    Outcome,
    Provision,
    Reopening,
    Repeats,
    Review,
    StageRule,
    Transfer,
    Visibility,
)
from casework.procedure.words import STAGE_LABELS, Event, Rate, Stage
from office.definitions.rule import Part, Words


class Source(Part):
    title: Words
    number: Words | None = None
    date: Words
    issuer: Words
    missing: str = Field(default="", description="what of the text is not in our hands")


class Procedure(Part):
    """Proceedings of one desk (办理规程)."""

    id: str = Field(pattern=r"^[a-z][a-z0-9-]*$")
    title: Words
    desk: Words  # as menus say it
    office: Words  # in full, on every print
    prefix: Words  # before the number of a matter
    document: Source
    effective_from: Words
    requirements: tuple[Words, ...] = Field(min_length=1)
    intake: Intake
    categories: Categories
    stages: tuple[StageRule, ...] = Field(min_length=2)
    clocks: tuple[ClockRule, ...] = Field(min_length=1)
    extension: Extension | None = None
    hand_back: HandBack | None = None
    repeats: Repeats | None = None
    reopening: Reopening | None = None
    review: Review | None = None
    transfer: Transfer | None = None
    withdrawal: Provision | None = None
    call_back: CallBack | None = None
    findings: tuple[Finding, ...] = ()
    causes: tuple[Words, ...] = ()
    outcomes: tuple[Outcome, ...] = Field(min_length=1)
    visibility: Visibility
    figures: tuple[Figure, ...] = ()
    evidence: tuple[Evidence, ...] = ()
    officers: OfficerRules | None = None

    @model_validator(mode="after")
    def _fits_together(self) -> "Procedure":
        if faults := [*self._stage_faults(), *self._clock_faults(), *self._name_faults()]:
            raise ValueError("; ".join(faults))
        return self

    def has(self, stage: Stage) -> bool:
        return any(one.stage == stage for one in self.stages)

    def stage(self, stage: Stage) -> StageRule:
        return next(one for one in self.stages if one.stage == stage)

    def clock(self, clock: str) -> ClockRule:
        return next(one for one in self.clocks if one.id == clock)

    def outcome(self, outcome: str) -> Outcome | None:
        return next((one for one in self.outcomes if one.id == outcome), None)

    def category(self, category: str) -> str:
        """Return the label of a category."""
        return next((one.label for one in self.categories.items if one.id == category), category)

    def risen(self, category: str) -> str:
        """Return the category one graver; the gravest stays."""
        order = [one.id for one in self.categories.items]
        at = order.index(category) if category in order else 0
        return order[min(at + 1, len(order) - 1)]

    def after(self, stage: Stage) -> Stage:
        """Return the first stage that comes next."""
        return next(iter(self.stage(stage).then), Stage.CLOSED)

    def _stage_faults(self) -> Iterator[str]:
        known = [one.stage for one in self.stages]
        for stage in dict.fromkeys(known):
            if known.count(stage) > 1:
                yield f"stages: {stage} is given twice"
        if Stage.CLOSED not in known:
            yield "stages: the last one is closed"
            return
        if known[0] != Stage.REGISTRATION:
            yield "stages: the first one is registration"
        then = {one.stage: one.then for one in self.stages}
        for one in self.stages:
            if strange := [str(name) for name in one.then if name not in then]:
                yield f"stages: after {one.stage} comes {'、'.join(strange)}, which is no stage here"
            if not one.then and one.stage != Stage.CLOSED:
                yield f"stages: nothing comes after {one.stage}"
        if circle := _circle(then):
            yield f"stages: {' → '.join(circle)} is a circle"
        elif idle := [one for one in known if one not in _reached(then, known[0])]:
            yield f"stages: {'、'.join(idle)} is never reached"

    def _clock_faults(self) -> Iterator[str]:
        categories = {one.id for one in self.categories.items}
        possible = {Event.REGISTERED, Event.CLOSED, *_events_of(self)}
        for one in self.clocks:
            if one.begins not in possible:
                yield f"clocks.{one.id}: no stage brings {one.begins}, so it never begins"
            if not possible & set(one.ends):
                yield f"clocks.{one.id}: no stage brings {'、'.join(one.ends)}, so it never stops"
            if one.begins in one.ends:
                yield f"clocks.{one.id}: it ends with the event it begins with"
            if strange := sorted(set(one.limits) - categories):
                yield f"clocks.{one.id}: no such category: {'、'.join(strange)}"
            if one.expiry_accepts and one.begins != Event.REGISTERED:
                yield f"clocks.{one.id}: expiry_accepts needs a clock that begins with registered"

    def _name_faults(self) -> Iterator[str]:
        categories = [one.id for one in self.categories.items]
        yield from _repeated("clocks", [one.id for one in self.clocks])
        yield from _repeated("outcomes", [one.id for one in self.outcomes])
        yield from _repeated("categories", categories)
        yield from self._names_of_clocks()
        if self.reopening and self.reopening.category not in {None, *categories}:
            yield f"reopening: no such category: {self.reopening.category}"
        if bool(self.call_back) != self.has(Stage.CALL_BACK):
            yield "call_back: give it together with the stage call_back"
        if self.officers and self.officers.problems.channel not in self.intake.channels:
            yield f"officers.problems: no such channel: {self.officers.problems.channel}"
        if strange := sorted(set(self.intake.public_channels) - set(self.intake.channels)):
            yield f"intake: no such channel: {'、'.join(strange)}"
        found, ended = {one.id for one in self.findings}, {one.id for one in self.outcomes}
        for proposed in self.evidence:
            if set(proposed.findings) - found or set(proposed.outcomes) - ended:
                yield f"evidence: {proposed.rule} names a finding or outcome that is not here"

    def _names_of_clocks(self) -> Iterator[str]:
        clocks = {one.id for one in self.clocks}
        for named in self.extension.clocks if self.extension else ():
            if named not in clocks:
                yield f"extension: no such clock: {named}"
        for figure in self.figures:
            if figure.clock is not None and figure.clock not in clocks:
                yield f"figures.{figure.id}: no such clock: {figure.clock}"
            if (figure.clock is None) == (figure.rate == Rate.ON_TIME):
                yield f"figures.{figure.id}: on_time needs a clock, nothing else has one"


def _repeated(what: str, names: list[str]) -> Iterator[str]:
    return (f"{what}: {name} is given twice" for name in dict.fromkeys(names) if names.count(name) > 1)


_BRINGS = {
    Stage.ACCEPTANCE: (Event.ACCEPTED,),
    Stage.JUDGING: (Event.JUDGED,),
    Stage.ASSIGNMENT: (Event.ASSIGNED,),
    Stage.SIGNING: (Event.SIGNED,),
    Stage.HANDLING: (Event.CONTACTED, Event.REPLIED),
    Stage.FOLLOW_UP: (Event.COMPLETED,),
    Stage.TELLING: (Event.TOLD,),
    Stage.CALL_BACK: (Event.CALLED_BACK,),
}


def _events_of(procedure: Procedure) -> Iterator[Event]:
    for one in procedure.stages:
        yield from _BRINGS.get(one.stage, ())


def _circle(then: dict[Stage, tuple[Stage, ...]]) -> list[str]:
    """Return the names along a way that comes back to where it began; empty: there is none."""

    def walk(stage: Stage, way: tuple[Stage, ...]) -> tuple[Stage, ...]:
        if stage in way:
            return (*way[way.index(stage) :], stage)
        for other in then.get(stage, ()):
            if found := walk(other, (*way, stage)):
                return found
        return ()

    for stage in then:
        if found := walk(stage, ()):
            return [STAGE_LABELS[one] for one in found]
    return []


def _reached(then: dict[Stage, tuple[Stage, ...]], first: Stage) -> set[Stage]:
    found, waiting = {first}, [first]
    while waiting:
        for other in then.get(waiting.pop(), ()):
            if other not in found:
                found.add(other)
                waiting.append(other)
    return found
