"""The parts of a procedure: what is taken in, which clocks run, how it is called back and closed."""

from typing import Literal

from pydantic import Field, model_validator

from casework.procedure.words import OF_ASSIGNMENTS, Event, Party, Rate, Stage, Trace
from office.calendar.deadlines import Ends, Span, Unit
from office.definitions.rule import Clause, Id, Part, Words


class Provision(Part):
    """A rule with its source: a clause of the text, or where the text is silent, a published rule (basis).

    `reading` says that it is ours: a default which a county may change with a dated decision.
    """

    clause: Clause | None = None
    basis: Words | None = None
    reading: bool = False
    says: Words

    @model_validator(mode="after")
    def _has_a_source(self) -> "Provision":
        if self.clause is None and self.basis is None:
            raise ValueError("give the clause it rests on, or the basis where the text is silent")
        return self

    @property
    def source(self) -> str:
        return self.clause or self.basis or ""


class Time(Part):
    """How long: exactly one of these; 0 working days is the same day."""

    minutes: int | None = Field(default=None, ge=1)
    clock_minutes: int | None = Field(default=None, ge=1)
    working_days: int | None = Field(default=None, ge=0)
    days: int | None = Field(default=None, ge=0)
    months: int | None = Field(default=None, ge=1)
    ends: Ends = Ends.OFFICE

    @model_validator(mode="after")
    def _one(self) -> "Time":
        if len(self._given()) != 1:
            raise ValueError("give exactly one of minutes, clock_minutes, working_days, days, months")
        return self

    def _given(self) -> list[tuple[Unit, int]]:
        found = ((unit, getattr(self, unit)) for unit in Unit)
        return [(unit, count) for unit, count in found if count is not None]

    @property
    def span(self) -> Span:
        ((unit, count),) = self._given()
        return Span(count, unit, self.ends)


class IntakeField(Part):
    """One thing that is asked of whoever registers or reports (登记项目).

    `public` is asked on the public page too; `to_unit` is shown to the unit that handles the matter. Two
    matters with the same value of one that `identifies`, such as a number, are about the same thing.
    """

    id: Id
    label: Words
    type: Literal["line", "text", "number", "choice", "date", "yes_no"] = "line"
    choices: tuple[Words, ...] = ()
    required: bool = False
    public: bool = False
    to_unit: bool = True
    identifies: bool = False
    hint: str = ""

    @model_validator(mode="after")
    def _choices_of_a_choice(self) -> "IntakeField":
        if (self.type == "choice") != bool(self.choices):
            raise ValueError("a choice has choices, nothing else has")
        return self


class Refusal(Provision):
    """A reason not to accept (不予受理事由), and where the reporter is sent instead."""

    id: Id
    label: Words
    go_to: Words


class Tempting(Provision):
    """What must be accepted although it is tempting to refuse."""

    label: Words


class Intake(Provision):
    """What comes in and how: channels, fields, who may be complained about, what is not accepted."""

    channels: dict[Id, Words]
    public_channels: tuple[Id, ...] = ()
    anonymous: Literal["accepted", "refused"]
    fields: tuple[IntakeField, ...] = ()
    about: tuple[Id, ...] = Field(description="kinds of units that may be named (departments.kinds)")
    title_hint: str = ""
    text_hint: str = ""
    refusals: tuple[Refusal, ...] = ()
    refusal_by_two: bool = False
    accept_anyway: tuple[Tempting, ...] = ()
    most_files: int = Field(default=6, ge=0, le=20)
    papers: bool = Field(default=False, description="PDF files are taken in beside photos")
    higher_system: Words | None = Field(
        default=None,
        description="the platform above this county, where people are sent when it alone takes in",
    )


class Assigning(Provision):
    """Whom a matter may be given to (交办对象).

    With `never_to_the_unit` the unit it is about never handles it, nor does anything that belongs to it.
    """

    never_to_the_unit: bool = False


class Plates(Provision):
    """Plates at places (监督评议牌): one code for each place, changed after so many months."""

    change_after_months: int = Field(ge=1)
    offers_rating: bool = True


class Supplement(Provision):
    """Asking the reporter for what is missing (补正): how often, until when, and what silence means."""

    times: int = Field(default=1, ge=1)
    answer_within: Time | None = None
    unanswered: Id | None = Field(default=None, description="the outcome it is closed with")


class Category(Provision):
    """A color, a grade, a class (牌、类): what limits hang on."""

    id: Id
    label: Words
    color: Literal["red", "yellow", "blue", "none"] = "none"


class Categories(Provision):
    """The categories from the mildest to the gravest; `meaning` says what a category tells.

    With `rises_when_late` a matter goes one up when its clock runs out; the first one is kept.
    """

    label: Words
    meaning: Literal["kind", "lateness", "state"]
    items: tuple[Category, ...] = Field(min_length=1)
    default: Id | None = Field(default=None, description="until it is judged; left out: the mildest")
    rises_when_late: bool = False


class StageRule(Provision):
    """One stage: who acts, and which stages may come next."""

    stage: Stage
    who: tuple[Party, ...] = Field(min_length=1)
    then: tuple[Stage, ...] = ()


class Late(Part):
    """What follows when a clock has run out, in working days after its end; 0 is at once."""

    chase: int | None = Field(default=0, ge=0)
    supervise: int | None = Field(default=None, ge=0)
    leading_group: int | None = Field(default=None, ge=0)
    rise: bool = False


class ClockRule(Provision):
    """One limit: from an event until another one; of each assignment where it begins with one of those.

    `limits` hang on the category, `limit` holds for all. `stops` says whether a notice to supplement stops
    it. `keeps_running` keeps the first beginning when a matter is passed on to another unit.
    `expiry_accepts`: nobody decided in time, so the matter counts as accepted. `only_with_follow_up`: it does
    not run where the outcome leaves nothing to do, so that no refusal counts as kept in time.
    """

    id: Id
    label: Words
    begins: Event
    ends: tuple[Event, ...] = Field(min_length=1)
    limit: Time | None = None
    limits: dict[Id, Time] = Field(default_factory=dict)
    stops: bool = False
    notice_day_counts: bool = False
    keeps_running: bool = False
    expiry_accepts: bool = False
    only_with_follow_up: bool = False
    remind_at: tuple[int, ...] = ()
    late: Late = Late()

    @model_validator(mode="after")
    def _one_kind_of_limit(self) -> "ClockRule":
        if (self.limit is None) == (not self.limits):
            raise ValueError("give either limit or limits by category")
        if any(not 0 < share < 100 for share in self.remind_at):
            raise ValueError("remind_at are shares of the time in per cent, between 0 and 100")
        return self

    @property
    def of_assignment(self) -> bool:
        return self.begins in OF_ASSIGNMENTS

    def span_for(self, category: str) -> Span | None:
        """Return the limit of a category; None: this clock does not run for it."""
        if self.limit is not None:
            return self.limit.span
        return self.limits[category].span if category in self.limits else None


class Extension(Provision):
    """How often a limit may be extended (延期), by how much, and who grants it; asked before it runs out."""

    clocks: tuple[Id, ...] = Field(min_length=1)
    times: int = Field(ge=0)
    by: Literal["same", "at_most"] = "same"
    at_most: dict[Id, Time] = Field(default_factory=dict)
    granted_by: tuple[Party, ...] = (Party.CENTRE,)


class HandBack(Provision):
    """A unit that is not responsible hands the assignment back (退回)."""

    within: Time
    times: int = Field(default=1, ge=0)
    then: Party = Party.LEADING_GROUP
    studied_by: Words | None = Field(default=None, description="who studies what is handed back once more")


class Repeats(Provision):
    """The same again (重复反映): what is open is joined, what was decided is not taken up again."""

    within_days: int = Field(default=30, ge=1)
    decided: Literal["refuse", "new"] = "refuse"
    new_evidence: Literal["new", "refuse"] = "new"


class Reopening(Provision):
    """What follows when the reporter is not satisfied (重办)."""

    times: int = Field(ge=0)
    category: Id | None = None
    other_handler: bool = True
    then: Party = Party.LEADING_GROUP


class Review(Provision):
    """A review (复核) by somebody else: asked for by the reporter, one level."""

    ask_within: Time
    decide_within: Time


class Transfer(Provision):
    """Passing on to discipline, police, courts (移送): letter and register, both sides sign."""

    to: dict[Id, Words]


class Question(Part):
    id: Id
    label: Words
    choices: tuple[Words, ...] = ()


class CallBack(Provision):
    """The call-back (回访): what is asked, how many tries count as not reached."""

    within: Time
    tries: int = Field(ge=1)
    on_days: int = Field(default=1, ge=1)
    questions: tuple[Question, ...] = Field(min_length=1)
    satisfaction: Id
    satisfied: tuple[Words, ...] = Field(min_length=1)
    unsatisfied: tuple[Words, ...] = Field(min_length=1)
    unsatisfied_reopens: bool = False
    not_reached: Id | None = Field(
        default=None, description="the outcome it is then closed with; none: its own"
    )
    anonymous: Literal["none", "with_code"] = "none"
    with_code: bool = Field(default=False, description="who is named may answer by the code, without a call")

    def is_answered_with_code(self, *, is_anonymous: bool) -> bool:
        return self.with_code or (is_anonymous and self.anonymous == "with_code")

    @model_validator(mode="after")
    def _one_question_decides(self) -> "CallBack":
        question = next((one for one in self.questions if one.id == self.satisfaction), None)
        if question is None:
            raise ValueError("satisfaction names one of the questions")
        if set(question.choices) != {*self.satisfied, *self.unsatisfied}:
            raise ValueError("each choice of that question is either satisfied or unsatisfied")
        return self


class Outcome(Provision):
    """How a matter may end (办理结果): closed is not solved."""

    id: Id
    label: Words
    solved: bool = False
    needs: tuple[Literal["law", "countersign"], ...] = ()
    call_back: bool = True
    follow_up: bool = Field(default=True, description="whether something is left to complete after the reply")


class Finding(Provision):
    """Whether it was true (是否属实); `clears`: the name of who was reported may be cleared (澄清正名)."""

    id: Id
    label: Words
    clears: bool = False


class Figure(Provision):
    """One rate of the monthly notice; of limits it counts those of one clock, or of several together."""

    id: Id
    label: Words
    rate: Rate
    clock: Id | None = None
    clocks: tuple[Id, ...] = ()

    @property
    def counts(self) -> tuple[Id, ...]:
        """Return the clocks whose limits it counts."""
        return (self.clock,) if self.clock else self.clocks


class Withdrawal(Provision):
    """Whoever reported may take it back; `who` is how the record calls them."""

    who: Words = "反映人"


class Visibility(Provision):
    """What is shown of a place; who reported, the plate and the hour are never shown to a unit."""

    place_sums_from: int = Field(default=5, ge=2)


class Evidence(Provision):
    """An ending that may propose an occurrence under a rule of a scheme; confirmed there.

    All conditions that are given must hold: one of the findings, one of the outcomes, one of the traces, and
    of each named field one of its answers. With clocks, only what was supervised for one of them is a trace.
    """

    scheme: Words
    rule: Id = Field(description="the item of its ledger, as `--describe` of the scheme names it")
    findings: tuple[Id, ...] = ()
    outcomes: tuple[Id, ...] = ()
    traces: tuple[Trace, ...] = ()
    clocks: tuple[Id, ...] = ()
    fields: dict[Id, tuple[Words, ...]] = Field(default_factory=dict)

    @model_validator(mode="after")
    def _on_a_condition(self) -> "Evidence":
        if not (self.findings or self.outcomes or self.traces):
            raise ValueError("give findings, outcomes or traces: not every matter proves something")
        if self.clocks and self.traces != (Trace.SUPERVISED,):
            raise ValueError("clocks belong to the trace supervised alone; the other traces have none")
        return self
