"""Matters of the walk's county in the states that pages show, officers with a visit, a plate, a month."""

from __future__ import annotations

from datetime import date
from typing import Any

from casework.figures.closing import close_month
from casework.figures.months import Month
from casework.matters import acceptance, lateness, merging, transferring
from casework.models import Assignment, Matter, MatterFile, ProcedureVersion, VisitProblem
from casework.officers import codes, linking, objects, questionnaires, visiting
from casework.officers.problems import Heard
from casework.plates import placing
from departments.models import Department, Membership
from office.models import User
from office.roles import Role
from office.workbooks.credit_codes import check_character
from tests.casework.desk import UNRESOLVED, Desk, at
from tests.walk.checks import ATTACK

REPORTER = {"name": "示例反映人", "phone": "13800000000"}
CAME, LATER, END = "2026-03-02T09:00", "2026-03-17T09:00", "2026-04-01T09:00"
FIRM = "91411121MA0000001"


class Matters:
    """What addresses name, and further addresses of pages that look different in each state."""

    def __init__(self, walkers: dict[Role, User]) -> None:
        self.desk = Desk()
        self.walkers = walkers
        for role in (Role.DEPARTMENT_OFFICER, Role.DEPARTMENT_REVIEWER):
            Membership.objects.create(user=walkers[role], department=self.desk.unit)
        self.values: dict[str, Any] = {}
        self.more: dict[str, list[str]] = {}
        self.handle()
        self.visit()
        self.attack()

    def handle(self) -> None:
        desk = self.desk
        plate = placing.make_plates(
            places=["示例大厅"], kind="hall", valid_from=date(2026, 1, 1), acting_user=desk.operator
        )[0]
        given = desk.assigned(CAME, "yellow", **REPORTER)
        answered = desk.assigned(CAME, "yellow", **REPORTER)
        desk.reply(desk.sign(answered, "2026-03-03T09:00"), "2026-03-04T09:00")
        closed = desk.assigned(CAME, "yellow", **REPORTER)
        desk.reply(desk.sign(closed, "2026-03-03T09:00"), "2026-03-04T09:00")
        desk.complete(closed, "2026-03-04T10:00")
        ended = desk.close(closed.matter, "2026-03-05T10:00", finding=self._finding(closed))
        referred = lateness.refer(
            matter=desk.assigned(CAME, "yellow").matter,
            reason="承办单位逾期",
            now=at(LATER),
            acting_user=desk.operator,
        )
        shown = [given.matter, answered.matter, ended, referred, self._refusing(), self._held()]
        shown += [self._transferred(), self._merged(given.matter)]
        versions = list(ProcedureVersion.objects.filter(is_active=True))
        others = [one for one in versions if one.procedure_id != UNRESOLVED]
        shown += [desk.register(CAME, one.procedure_id).matter for one in others]
        version = desk.version()
        month = close_month(
            version=version, month=Month(2026, 3), reason="", now=at(END), acting_user=desk.operator
        )
        self.values |= {
            "matter_id": given.matter_id,
            "referred_id": referred.pk,
            "assignment_id": given.pk,
            "file_id": self._photo(given).pk,
            "plate_id": plate.pk,
            "code": plate.code,
            "procedure": UNRESOLVED,
            "procedure_id": UNRESOLVED,
            "procedure_version": version.pk,
            "month_id": month.pk,
        }
        asked = f"procedure={UNRESOLVED}&month=2026-03"
        figure = f"{asked}&figure={version.procedure.figures[0].id}"
        limit = f"{asked}&clock={version.procedure.clocks[0].id}&count=3"
        self.more = {
            "casework:matter": [f"/office/matters/{one.pk}/" for one in shown],
            "casework:own-assignment": [f"/office/matters/own/{one.pk}/" for one in (answered, closed)],
            "casework:own-assignments": ["/office/matters/own/?done=1"],
            "casework:intake": [f"/office/matters/new/{one.procedure_id}/" for one in others],
            "casework:procedure": [f"/office/matters/procedures/{one.pk}/" for one in others],
            "casework:matter-figures": [f"/office/matters/figures/?{asked}"],
            "casework:matter-figure-list": [f"/office/matters/figures/list/?{figure}"],
            "casework:matter-figure-workbook": [f"/office/matters/figures/list.xlsx?{figure}"],
            "casework:matter-causes": [f"/office/matters/figures/causes/?{asked}"],
            "casework:matter-what-if": [f"/office/matters/figures/what-if/?{limit}"],
            "casework:matters-watched": ["/office/matters/watched/?month=2026-03"],
            "casework:plates-posters": [f"/office/matters/plates/posters.pdf?plate={plate.pk}"],
        }

    def _finding(self, one: Assignment) -> str:
        return next((each.id for each in one.matter.procedure.findings), "")

    def _refusing(self) -> Matter:
        matter = self.desk.register(CAME, **REPORTER).matter
        refusal = matter.procedure.intake.refusals[0].id
        told = {"refusal": refusal, "reason": "已经法院受理", "now": at(CAME)}
        return acceptance.propose_refusal(matter=matter, acting_user=self.desk.clerk, **told)

    def _held(self) -> Matter:
        matter = self.desk.register(CAME, **REPORTER).matter
        Matter.objects.filter(pk=matter.pk).update(state=Matter.State.HELD)
        return matter

    def _transferred(self) -> Matter:
        matter = self.desk.register(CAME, **REPORTER).matter
        rule = matter.procedure.transfer
        if rule is not None:
            transferring.transfer_matter(
                matter=matter,
                to=next(iter(rule.to)),
                reason="涉嫌犯罪",
                letter_number="移〔2026〕1号",
                now=at(CAME),
                acting_user=self.desk.operator,
            )
        return matter

    def _merged(self, into: Matter) -> Matter:
        matter = self.desk.register(CAME, **REPORTER).matter
        merging.merge_matter(matter=matter, into=into, now=at(CAME), acting_user=self.desk.operator)
        return matter

    def _photo(self, given: Assignment) -> MatterFile:
        """A row alone: files are cleared after each test, so the page says that it is not there."""
        told = {"kind": MatterFile.Kind.PROOF, "name": "佐证照片1.jpg", "added_on": date(2026, 3, 2)}
        return MatterFile.objects.create(
            matter=given.matter, assignment=given, file="matters/gone.jpg", **told
        )

    def visit(self) -> None:
        """A firm with its officer, who is the walker of that role; a visit, a problem, a questionnaire."""
        centre, user = self.desk.operator, self.walkers[Role.SERVICE_OFFICER]
        officer = linking.appoint_officer(user=user, unit=self.desk.unit, acting_user=centre)
        firm = objects.keep_object(
            covered=None,
            kind="enterprise",
            name="示例企业",
            credit_code=FIRM + check_character(FIRM),
            active_from=date(2025, 1, 1),
            acting_user=centre,
        )
        linking.link_officer(covered=firm, officer=officer, from_day=date(2025, 1, 1), acting_user=centre)
        heard = Heard(title="证照难办", text="材料反复补正。", level="hard")
        told = visiting.Told(
            on=date(2026, 3, 2), way="on_site", met="principal", topics=["business"], heard=heard
        )
        visit = visiting.enter_visit(
            covered=firm, told=told, officer=officer, now=at("2026-03-02T16:00"), acting_user=user
        )
        questionnaires.make_questionnaire(
            title="企业调查表", lines="办事方便吗：方便、不方便\n有何建议", now=at(CAME), acting_user=centre
        )
        self.values |= {
            "covered_id": firm.pk,
            "officer_id": officer.pk,
            "visit_id": visit.pk,
            "problem_id": VisitProblem.objects.get(visit=visit).pk,
            "firm_code": codes.plain(codes.give_code(covered=firm, now=at(CAME), acting_user=centre)),
        }

    def attack(self) -> None:
        """Every text that people write of a matter attacks the page that shows it."""
        texts = ("title", "text", "higher_number", "refusal_reason", "opinion", "referred_why")
        for one in Matter.objects.all():
            said = dict.fromkeys(texts, f"{ATTACK}{one.pk}")
            Matter.objects.filter(pk=one.pk).update(**said)
        Assignment.objects.update(demands=ATTACK, reply=ATTACK, law=ATTACK, completion=ATTACK)
        Department.objects.filter(pk=self.desk.unit.pk).update(name=f"县甲局{ATTACK}")
