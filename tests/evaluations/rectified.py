"""Counties and departments after a round of the 广元 scheme whose appeals ended, and their rectifications."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime, timedelta
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from departments.kinds import StaffKind
from departments.models import Department, Membership, Section, StaffMember
from evaluations import services
from evaluations.models import Disposition, Rectification, RectificationItem
from evaluations.rectification import beginning, closing, planning
from evaluations.rectification.planning import ItemPlan, Problem
from office.models import Holiday, User
from office.roles import Role
from tests.evaluations.county import AFTER_APPEALS, NOW, SERVED
from tests.evaluations.units import UnitsCounty
from tests.kit.people import person
from tests.kit.stored_states import stored

LAST = "乙县"
UNITS = {"县区": ("甲县", LAST, "丙县", "丁县"), "市级部门": ("甲局",)}
WORD = "专项整改"
VOTERS = 32  # enough for what publication shows of a unit
PDF = b"%PDF-1.7 evidence"
WELL = dict.fromkeys(("policy", "service", "solving"), "非常满意")
BADLY = {"policy": "满意", "service": "基本满意", "solving": "不满意"}


def at(text: str) -> datetime:
    """A moment of the county's clock."""
    return timezone.make_aware(datetime.fromisoformat(text))


class Rectified(UnitsCounty):
    """乙县 stands last among the counties; its rectification waits for the decision."""

    def __init__(self) -> None:
        super().__init__("guangyuan-2022", UNITS)
        self.other = person(Role.CENTRE_REVIEWER, "another-reviewer")
        self.officer, self.leader = self.users["department_officer"], self.users["leading_group"]
        self.unit = Department.objects.get(name=LAST)
        Membership.objects.create(user=self.officer, department=self.unit)
        office = Section.objects.create(department=self.unit, name="办公室")
        self.people = [
            StaffMember.objects.create(department=self.unit, section=office, name=name, kind=kind, post=post)
            for name, kind, post in (
                ("乙县长", StaffKind.SUPERVISING_LEADER, "副县长"),
                ("乙主任", StaffKind.SECTION_HEAD, "主任"),
            )
        ]
        for day, name in ((date(2026, 6, 19), "端午节"), (date(2026, 10, 1), "国庆节")):
            Holiday.objects.create(day=day, name=name)

    @property
    def disposition(self) -> Disposition:
        return Disposition.objects.get(department=self.unit, word=WORD)

    def decide(self, on: date) -> Disposition:
        """The body with the power decided; the register has its number."""
        Disposition.objects.filter(pk=self.disposition.pk).update(
            state=Disposition.State.DECIDED,
            body="市政务服务和资源交易中心",
            number="示政务〔2026〕8号",
            decided_on=on,
            decided_by=self.reviewer,
        )
        return self.disposition

    def begin(self, on: date = date(2026, 5, 20), now: datetime | None = None, **given: Any) -> Rectification:
        return beginning.begin_rectification(
            disposition=self.decide(on), now=now or _morning(on), acting_user=self.operator, **given
        )

    def list_problems(self, one: Rectification, *texts: str) -> list[RectificationItem]:
        problems = [Problem(text, source="检查记录") for text in texts]
        return planning.add_problems(
            rectification=one, problems=problems, now=one.begun_at, acting_user=self.operator
        )

    def plan(self, items: Sequence[RectificationItem], due_on: date, by: User | None = None) -> None:
        leader, worker = self.people
        plan = ItemPlan("逐项整改", "办事不再跑第二趟", leader, worker, due_on)
        for item in items:
            planning.plan_item(
                item=item, plan=plan, now=item.rectification.begun_at, acting_user=by or self.officer
            )

    def under_way(self, *texts: str, on: date = date(2026, 5, 20), days: int = 20) -> Rectification:
        """A plan of the unit, accepted by the reviewer on the day of the notice."""
        one = self.begin(on)
        self.plan(self.list_problems(one, *(texts or ("窗口排队时间长",))), on + timedelta(days=days))
        planning.hand_in_plan(rectification=one, now=one.begun_at, acting_user=self.officer)
        planning.accept_plan(rectification=one, opinion="同意", now=one.begun_at, acting_user=self.reviewer)
        one.refresh_from_db()
        return one

    def do(self, item: RectificationItem, now: datetime, by: User | None = None) -> RectificationItem:
        """Report, hand in evidence, ask for the closing."""
        common: dict[str, Any] = {"item": item, "now": now, "acting_user": by or self.officer}
        closing.report_progress(text="已增设窗口", **common)
        closing.hand_in_evidence(file=evidence(), **common)
        return closing.ask_closing(**common)

    def close_all(self, one: Rectification, now: datetime) -> None:
        for item in one.items.all():
            self.do(item, now)
            closing.close_item(item=item, opinion="属实", now=now, acting_user=self.reviewer)


def _morning(day: date) -> datetime:
    return at(f"{day.isoformat()} 09:00")


def evidence(name: str = "现场照片.pdf") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, PDF)


@stored
def rectified_county() -> Rectified:
    county = Rectified()
    county.create(period="2026-2", title="第二次直接评价")
    county.prepare()
    county.open()
    for _ in range(VOTERS):
        county.vote({"甲县": WELL, LAST: BADLY, "丙县": WELL, "丁县": WELL, "甲局": WELL})
    county.close()
    county.tally()
    county.without("answers.realtime")
    county.compute()
    services.sign_off_round(round=county.round, now=NOW, acting_user=county.reviewer)
    services.serve_round(round=county.round, today=SERVED, acting_user=county.operator)
    county.round = services.end_appeals(round=county.round, today=AFTER_APPEALS, acting_user=county.operator)
    return county
