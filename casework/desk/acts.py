"""What may be done with a matter now: each act has its small form, its service and who may do it."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any, ClassVar

from django import forms

from casework.matters import parties
from casework.matters.beside import Step
from casework.matters.state import OVER, State
from casework.models import Assignment, Clock, Matter
from casework.procedure import Procedure
from casework.procedure.words import Stage
from departments.access import belongs_to
from office import roles
from office.models import User

RUNNING = (Clock.State.RUNNING, Clock.State.STOPPED)


@dataclass(frozen=True)
class Case:
    """A matter as one user sees it, read once for all acts of its page."""

    matter: Matter
    user: User
    now: datetime
    assignments: list[Assignment]
    clocks: list[Clock]

    @property
    def procedure(self) -> Procedure:
        return self.matter.procedure

    @property
    def state(self) -> State:
        return State(self.matter.state)

    @property
    def given(self) -> list[Assignment]:
        """The assignments of the present turn that were not given up."""
        turn = self.matter.times_reopened
        return [one for one in self.assignments if one.cycle == turn and one.state not in OVER]

    @property
    def running(self) -> list[Clock]:
        return [one for one in self.clocks if one.state in RUNNING]

    @cached_property
    def is_own(self) -> bool:
        """Whether the user belongs to a unit that the matter is about or was given to."""
        units = {self.matter.about_id, *(one.unit_id for one in self.assignments)}
        return any(unit is not None and belongs_to(self.user, unit) for unit in units)


class ActForm(forms.Form):
    """The form of an act; it asks what the procedure of the case says."""

    def __init__(self, *args: Any, case: Case, **options: Any) -> None:
        super().__init__(*args, **options)
        self.case = case
        self.prepare()

    def prepare(self) -> None:
        """Fill in choices and words that hang on the case."""


class Act(ABC):
    """One thing to do; `stage` says whose turn it is, a `step` that a room keeps beside is done there."""

    name: ClassVar[str]
    label: ClassVar[str]
    done: ClassVar[str]
    hint: ClassVar[str] = ""
    is_next: ClassVar[bool] = False
    stage: ClassVar[Stage | None] = None
    step: ClassVar[Step | None] = None
    action: ClassVar[str] = "matter.run"
    form_class: ClassVar[type[ActForm]] = ActForm

    @abstractmethod
    def fits(self, case: Case) -> bool:
        """Whether the procedure and the state allow it now, whoever does it."""

    def bar(self, case: Case) -> str:
        """Return who may do it instead of this user; empty: this user may."""
        if not roles.allowed(case.user, self.action):
            return f"由{roles.in_words(self.action)}办理"
        if self.stage and not parties.may_act(case.user, case.procedure, self.stage):
            return f"由{parties.in_words(case.procedure.stage(self.stage).who)}办理"
        return "涉及您所在的单位，由其他人员办理" if case.is_own else ""

    def form(self, case: Case, data: Any = None) -> ActForm:
        return self.form_class(data, case=case, prefix=self.name)

    @abstractmethod
    def run(self, case: Case, told: dict[str, Any], common: dict[str, Any]) -> None:
        """Call the service; `common` holds `now` and `acting_user`."""


@dataclass(frozen=True)
class Offered:
    """An act as the page shows it: with its form, or with who may do it."""

    act: Act
    form: ActForm | None
    bar: str = ""


def choices(pairs: Any) -> list[tuple[str, str]]:
    return [("", "请选择"), *pairs]


def reason_field(label: str, hint: str = "", longest: int = 500) -> forms.CharField:
    area = forms.Textarea(attrs={"rows": 2})
    return forms.CharField(label=label, max_length=longest, widget=area, help_text=hint)


class AssignmentForm(ActForm):
    """A form about one of the assignments that fit; with a single one there is nothing to choose."""

    assignment: Any

    def fitting(self) -> list[Assignment]:
        return self.case.given

    def prepare(self) -> None:
        rows = {str(one.pk): one for one in self.fitting()}
        field = forms.TypedChoiceField(
            label="承办单位",
            choices=[(key, one.unit.name) for key, one in rows.items()],
            coerce=rows.__getitem__,
            widget=forms.Select if len(rows) > 1 else forms.HiddenInput,
            initial=next(iter(rows), None),
        )
        self.fields = {"assignment": field, **self.fields}
