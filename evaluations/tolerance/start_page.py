"""Tolerance and clearing on start pages: the ways there, what waits, what runs late."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from evaluations.models import Clearing, Disposition, ToleranceCase
from office.models import User
from office.roles import Role
from office.workbench import start_page

start_page.add_link(
    "结果运用",
    "查看容错申请",
    "cockpit:tolerance",
    "tolerance.view",
    hint="风险报备、申请、逐项认定和决定",
    order=61,
)
start_page.add_link(
    "结果运用",
    "查看澄清正名",
    "cockpit:clearings",
    "clearing.view",
    hint="期限、方式、回访",
    order=62,
    words={"clearing.keep": "办理澄清正名"},
)
start_page.add_link(
    "本单位",
    "风险报备和容错申请",
    "cockpit:tolerance",
    "tolerance.apply",
    hint="决策之前报备，处置中申请容错",
    order=40,
)


@start_page.reminds(Role.INSPECTORATE, Role.LEADING_GROUP)
def cases_to_decide(user: User) -> Iterator[start_page.Reminder]:
    if count := ToleranceCase.objects.filter(state=ToleranceCase.State.APPLIED).count():
        note = "由有干部管理权限的机关决定后，登记文号和认定情况。"
        yield start_page.Reminder(f"{count} 件容错申请待决定", reverse("cockpit:tolerance"), note)


@start_page.reminds(Role.CENTRE_REVIEWER)
def results_to_correct(user: User) -> Iterator[start_page.Reminder]:
    """What was exempted while the result that proposed it still stands."""
    tolerated = ToleranceCase.objects.filter(
        state=ToleranceCase.State.EXEMPT, disposition__result__replaced_by=None
    ).exclude(disposition__state__in=[Disposition.State.SET_ASIDE, Disposition.State.WITHDRAWN])
    if count := tolerated.count():
        note = "积分、亮牌和结果只由新的结果改变，请在轮次页面办理更正。"
        yield start_page.Reminder(f"{count} 件已容错的处置，结果尚未更正", reverse("cockpit:tolerance"), note)


@start_page.reminds(Role.CENTRE_REVIEWER, Role.INSPECTORATE)
def names_to_clear(user: User) -> Iterator[start_page.Reminder]:
    today, page = timezone.localdate(), reverse("cockpit:clearings")
    found = Clearing.objects.aggregate(
        waiting=Count("pk", filter=Q(state=Clearing.State.OPEN)),
        late=Count("pk", filter=Q(state=Clearing.State.OPEN, due_on__lt=today)),
        visits=Count("pk", filter=Q(state=Clearing.State.CLEARED, visit_due_on__lte=today)),
    )
    if found["waiting"]:
        note = f"其中 {found['late']} 件已逾期。" if found["late"] else "请在期限内澄清。"
        yield start_page.Reminder(f"{found['waiting']} 件澄清正名待办", page, note, bool(found["late"]))
    if found["visits"]:
        note = "由澄清登记人以外的人员回访。"
        yield start_page.Reminder(f"{found['visits']} 件澄清已到回访日期", page, note)
