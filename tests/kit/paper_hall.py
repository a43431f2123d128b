"""A survey whose voters took paper, and the clerks who key it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from office.models import User
from office.roles import Role
from surveys import services
from surveys.models import PaperSheet, Survey
from surveys.paper import numbers
from surveys.slips.printed import PrintedSlip
from tests.kit.stored_states import stored
from tests.kit.survey_office import Office, Printed, Voter, office_here, opened


@dataclass
class PaperHall:
    """An open survey, its slips, three clerks and a reviewer."""

    office: Office
    survey: Survey
    slips: Printed
    clerks: list[User] = field(default_factory=list)
    reviewer: User | None = None

    def exchange(self, slip: PrintedSlip, user: User | None = None) -> Any:
        return services.exchange_for_paper(
            survey=self.survey, text=slip.url, acting_user=user or self.office.operator
        )

    def closed_with(self, packets: int, phones: Sequence[Any] = (), kind: str = "private") -> Survey:
        """Close after some voters took paper and others voted on the phone."""
        for slip in self.slips[kind][:packets]:
            self.exchange(slip)
        for slip, answers in zip(self.slips[kind][packets:], phones, strict=False):
            Voter(self.survey, slip).vote(answers)
        return self.office.close(self.survey)

    def labels(self, number: int) -> list[str]:
        made = services.make_labels(survey=self.survey, number=number, acting_user=self.office.operator)
        return [str(one) for one in made]

    def one_sheet(self) -> str:
        """Close with one voter on paper; return the number stuck on one of the sheets."""
        self.closed_with(1)
        return self.labels(1)[0]

    def code(self, department: str, kind: str = "private") -> str:
        key = self.survey.strata.get(kind=kind).key_id
        places = numbers.codes(Survey.objects.get(pk=self.survey.pk).public)
        return next(
            code for code, place in places.items() if (place.key, place.department) == (key, department)
        )

    def key(self, clerk: User, number: str, marks: str, department: str = "d1", **more: Any) -> PaperSheet:
        typed = services.Typed(
            **{"code": self.code(department), "kind": "valid", "marks": marks, **more}  # type: ignore[arg-type]
        )
        return services.key_sheet(survey_id=self.survey.pk, number=number, typed=typed, acting_user=clerk)

    def key_twice(self, number: str, marks: str, department: str = "d1", **more: Any) -> PaperSheet:
        self.key(self.clerks[0], number, marks, department, **more)
        return self.key(self.clerks[1], number, marks, department, **more)

    def finish(self) -> Survey:
        return services.finish_keying(survey=self.survey, acting_user=self.office.operator)


@stored
def paper_hall(slips: int = 20, kinds: tuple[str, ...] = ("private",)) -> PaperHall:
    survey, printed = opened(slips, kinds)
    clerks = [User.objects.create_user(f"clerk{n}", role=Role.PAPER_CLERK) for n in range(3)]
    reviewer = User.objects.create_user("paper-reviewer", role=Role.CENTRE_REVIEWER)
    return PaperHall(office_here(), survey, printed, clerks, reviewer)
