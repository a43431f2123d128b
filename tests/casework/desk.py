"""A small county with its desks: units, users of every role, the steps of a matter as one call each."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.management import call_command
from django.utils import timezone

from casework.matters import acceptance, assigning, calling, closing, handling
from casework.matters.registration import Receipt, Reported, register_matter
from casework.matters.state import to_be_called
from casework.models import Assignment, Matter, ProcedureVersion
from casework.procedures.stored import in_use, load_procedures
from departments.models import Department, Membership
from office.models import User
from office.roles import Role
from tests.kit.stored_states import stored

UNRESOLVED = "wuyang-unresolved-matters"
SAYS = {"number": "1", "date": "2026-03-02", "yes_no": "是"}


def at(text: str) -> datetime:
    """Return a moment of the county, written as `2026-02-13T15:30`."""
    return timezone.make_aware(datetime.fromisoformat(text))


class Desk:
    """Two units with their people, a clerk, the centre; each step is one call."""

    def __init__(self) -> None:
        call_command("seed_calendar", verbosity=0)
        load_procedures()
        self.users = {role: User.objects.create_user(role.value, role=role) for role in Role}
        self.clerk = self.users[Role.WINDOW_CLERK]
        self.operator = self.users[Role.CENTRE_OPERATOR]
        self.reviewer = self.users[Role.CENTRE_REVIEWER]
        self.leader = self.users[Role.LEADING_GROUP]
        self.inspector = self.users[Role.INSPECTORATE]
        self.unit = Department.objects.create(name="县甲局", order=1)
        self.other_unit = Department.objects.create(name="县乙局", order=2)
        self.officer = self.users[Role.DEPARTMENT_OFFICER]
        self.unit_reviewer = self.users[Role.DEPARTMENT_REVIEWER]
        self.other_officer = User.objects.create_user("other_officer", role=Role.DEPARTMENT_OFFICER)
        for user, unit in (
            (self.officer, self.unit),
            (self.unit_reviewer, self.unit),
            (self.other_officer, self.other_unit),
        ):
            Membership.objects.create(user=user, department=unit)

    def version(self, procedure_id: str = UNRESOLVED) -> ProcedureVersion:
        return in_use(procedure_id)

    def register(
        self, when: str, procedure_id: str = UNRESOLVED, *, held: str = "", **reported: Any
    ) -> Receipt:
        version = self.version(procedure_id)
        told: dict[str, Any] = {
            "source": next(iter(version.procedure.intake.channels)),
            "title": "食品经营许可变更多次退件",
            "text": "三次到窗口，每次被告知缺少不同的材料。",
            "fields": {
                one.id: one.choices[0] if one.choices else SAYS.get(one.type, "测试填写")
                for one in version.procedure.intake.fields
                if one.required
            },
            **reported,
        }
        return register_matter(
            version=version, reported=Reported(**told), now=at(when), acting_user=self.clerk, held=held
        )

    def accept(self, matter: Matter, when: str) -> Matter:
        return acceptance.accept_matter(matter=matter, now=at(when), acting_user=self.operator)

    def judge(self, matter: Matter, category: str, when: str) -> Matter:
        return acceptance.judge_matter(
            matter=matter, category=category, opinion="情况属实", now=at(when), acting_user=self.operator
        )

    def assign(self, matter: Matter, when: str, *units: Department) -> list[Assignment]:
        return assigning.assign_matter(
            matter=matter, units=units or (self.unit,), now=at(when), acting_user=self.operator
        )

    def assigned(
        self, when: str, category: str = "", procedure_id: str = UNRESOLVED, **reported: Any
    ) -> Assignment:
        """Register, accept, judge and assign at one moment."""
        matter = self.register(when, procedure_id, **reported).matter
        matter = self.accept(matter, when)
        matter = self.judge(matter, category or matter.category, when)
        return self.assign(matter, when)[0]

    def sign(self, assignment: Assignment, when: str) -> Assignment:
        return assigning.sign_for_assignment(assignment=assignment, now=at(when), acting_user=self.officer)

    def reply(self, assignment: Assignment, when: str, outcome: str = "solved", **more: Any) -> Assignment:
        told = {"reply": "已一次性告知并当场办结。", "outcome": outcome, **more}
        return handling.reply_to_assignment(
            assignment=assignment, now=at(when), acting_user=self.officer, **told
        )

    def complete(self, assignment: Assignment, when: str) -> Assignment:
        return handling.complete_assignment(
            assignment=assignment, completion="已办成，证照已送达。", now=at(when), acting_user=self.officer
        )

    def call(self, matter: Matter, when: str, answer: str = "满意", *, is_reached: bool = True) -> None:
        """Call back with an answer on whether the reporter is satisfied."""
        rule = matter.procedure.call_back
        answers = {rule.satisfaction: answer} if rule and answer else {}
        calling.note_call(
            matter=matter,
            way="电话",
            is_reached=is_reached,
            answers=answers,
            now=at(when),
            acting_user=self.operator,
        )

    def close(self, matter: Matter, when: str, outcome: str = "solved", finding: str = "") -> Matter:
        """Close; whoever waits for a call is called first, and satisfied."""
        matter.refresh_from_db()
        rule = matter.procedure.call_back
        if matter.state == Matter.State.CALLING and rule:
            for one in to_be_called(matter):
                self.call(one, when, rule.satisfied[0])
        return closing.close_matter(
            matter=matter, outcome=outcome, finding=finding, now=at(when), acting_user=self.operator
        )


@stored
def ready() -> Desk:
    """Return a desk that is built once a session."""
    return Desk()
