"""A scheme (评价方案): a policy as data. ``loading`` reads it."""

from functools import cached_property
from typing import Any

from pydantic import Field, model_validator

from evaluations.scoring.appealing import AS_BEFORE, Appeals
from evaluations.scoring.consequences import Consequence, Streaks, Target
from evaluations.scoring.duties import Duty
from evaluations.scoring.duties import faults_of as faults_of_duties
from evaluations.scoring.gathering import Gathering, Need, faults_of, needs_of
from evaluations.scoring.grades import Grades
from evaluations.scoring.measures import Measure
from evaluations.scoring.measures import faults_of as faults_of_measures
from evaluations.scoring.options import Option, Reading
from evaluations.scoring.ranking import Ranking
from evaluations.scoring.scales import Scale
from evaluations.scoring.steps import AnyStep
from evaluations.scoring.tolerating import Tolerance
from office.definitions.numbers import plain
from office.definitions.rule import WHOLE, Id, Number, Part, Points, Rule, Words


class PolicyDocument(Part):
    """The document that the scheme turns into numbers; cited, never copied."""

    title: Words
    number: str | None = None
    date: Words
    issuer: Words


class Cadence(Rule):
    """How often a round is held."""

    rounds_per_year: int | None = Field(default=None, ge=1)


class Group(Part):
    """A peer group (系列): compared among itself, or together with other groups of the same ``pool``."""

    label: Words
    pool: str | None = None
    count: int | None = Field(default=None, ge=1)


class Role(Part):
    """A kind of person; ``target`` says which consequences address persons of this kind."""

    label: Words
    target: Target | None = None


class Subjects(Rule):
    """What is judged, in which peer groups, and which roles the members of a subject have."""

    label: Words
    count: int | None = None
    groups: dict[str, Group] = {}
    roles: dict[Id, Role] = {}


class Score(Part):
    """Which steps give the total of a subject, section and member, and its number of decimals."""

    subject: Id
    section: Id | None = None
    member: tuple[Id, ...] = ()
    places: int = Field(default=2, ge=0, le=6)


class Veto(Rule):
    """Events that fix the grade whatever the score (一票否决)."""

    grade: Words
    events: dict[Id, Words] = Field(min_length=1)


class Approval(Rule):
    """Who approves a checked result before it is served, where the text asks for it; it touches no score."""

    by: Words


class Strata(Rule):
    """Who is asked, in which shares, and by how many percentage points the returns may differ unremarked.

    ``beside`` names the step whose figure, weighted by these shares, is shown beside the score, never
    instead of it.
    """

    shares: dict[str, Number] = Field(min_length=1)
    tolerance: Points
    beside: Id | None = None

    @model_validator(mode="after")
    def _shares_sum(self) -> "Strata":
        if (total := sum(self.shares.values())) != WHOLE:
            raise ValueError(f"the shares sum to {plain(total)}; they must sum to 100")
        return self


class Scheme(Part):
    """A whole policy with every option decided (``loading.Policy`` has them open)."""

    id: Words
    title: Words
    document: PolicyDocument
    effective_from: Words
    requirements: tuple[Words, ...] = ()
    cadence: Cadence
    subjects: Subjects
    strata: Strata | None = None
    options: dict[Id, Option] = {}
    answer_scales: dict[Id, Scale] = {}
    steps: tuple[AnyStep, ...] = Field(min_length=1)
    score: Score
    veto: Veto | None = None
    grades: Grades | None = None
    ranking: Ranking | None = None
    consequences: tuple[Consequence, ...] = ()
    measures: tuple[Measure, ...] = ()
    streaks: Streaks | None = None
    gathering: tuple[Gathering, ...] = ()
    duties: tuple[Duty, ...] = ()
    approval: Approval | None = None
    appeals: Appeals | None = None
    tolerance: Tolerance | None = None
    readings: tuple[Reading, ...] = ()

    @model_validator(mode="after")
    def _gathered(self) -> "Scheme":
        if self.gathering and (problems := faults_of(self.gathering, needs_of(self.steps))):
            raise ValueError(f"gathering: {'; '.join(problems)}")
        return self

    @model_validator(mode="after")
    def _duties_have_items(self) -> "Scheme":
        items = (item for step in self.steps for item in step.needs().occurrences)
        if self.duties and (problems := faults_of_duties(self.duties, items)):
            raise ValueError(f"duties: {'; '.join(problems)}")
        return self

    @model_validator(mode="after")
    def _measures_cover_proposals(self) -> "Scheme":
        if self.measures and (problems := faults_of_measures(self.measures, self.consequences)):
            raise ValueError(f"measures: {'; '.join(problems)}")
        return self

    @property
    def appealing(self) -> Appeals:
        return self.appeals or AS_BEFORE

    def needs(self) -> list[tuple[Need, Gathering | None]]:
        """What a round must gather, each with the scheme's rule for it (None: the usual channels)."""
        rules = {rule.need: rule for rule in self.gathering}
        return [(need, rules.get(need.key)) for need in needs_of(self.steps)]

    @property
    def judges_persons(self) -> bool:
        return bool(self.score.member)

    @cached_property
    def _steps_by_id(self) -> dict[str, Any]:
        return {step.id: step for step in self.steps}

    def step(self, step_id: str) -> AnyStep:
        found: AnyStep = self._steps_by_id[step_id]
        return found

    def role_label(self, role: str) -> str:
        return self.subjects.roles[role].label

    def pool_of(self, group: str) -> str:
        """The name of the pool in which subjects of this group are ranked."""
        within = self.ranking.within if self.ranking else "group"
        if within == "group":
            return group
        known = self.subjects.groups.get(group)
        return (known.pool if known and known.pool else group) if within == "pool" else "全部"
