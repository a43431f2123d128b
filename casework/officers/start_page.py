"""Officers on start pages: what is not linked or visited, for the centre; what waits, for an officer."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from casework.models import CoveredObject, OfficerLink, Visit
from casework.officers import linking, problems, rules
from casework.officers.coverage import coverage
from casework.officers.quarters import Quarter
from office import dates
from office.errors import Refused
from office.models import User
from office.roles import CENTRE, Role
from office.workbench import start_page

start_page.add_link(
    "事项办理",
    "查看首席服务官覆盖情况",
    "casework:officers",
    "officer.view",
    hint="挂联率、走访覆盖率、缺口名单、频繁走访",
    order=60,
)
start_page.add_link(
    "事项办理",
    "查看挂联对象",
    "casework:covered-objects",
    "officer.view",
    hint="规上企业、重点街区、特色园区",
    order=61,
    words={"officer.edit": "维护挂联对象"},
)
start_page.add_link(
    "事项办理",
    "查看首席服务官名单",
    "casework:officers-list",
    "officer.view",
    hint="挂联、离任和接任",
    order=62,
    words={"officer.edit": "维护首席服务官名单"},
)
start_page.add_link(
    "事项办理",
    "录入走访",
    "casework:officer-mine",
    "officer.own",
    hint="我的挂联对象、走访和调查表",
    order=60,
)
start_page.add_link(
    "事项办理", "跟进走访问题", "casework:visit-problems", "officer.own", hint="登记本人所做的工作", order=61
)


@start_page.reminds(*CENTRE)
def unlinked_objects(user: User) -> Iterator[start_page.Reminder]:
    """Objects that nobody is linked with, from the minute after the handover's limit."""
    now = timezone.now()
    today = timezone.localdate(now)
    listed = list(CoveredObject.objects.filter(active_from__lte=today, ended_on=None).order_by("pk"))
    if not listed:
        return
    try:
        stored = rules.in_use().rules
    except Refused:
        return
    links: dict[int, list[OfficerLink]] = {}
    for link in OfficerLink.objects.filter(from_day__lte=today):
        links.setdefault(link.object_id, []).append(link)
    alone = [one for one in listed if not linking.standing_at(links.get(one.pk, ()), now, stored).is_linked]
    if alone:
        yield start_page.Reminder(
            f"{len(alone)} 个挂联对象无人挂联",
            f"{reverse('casework:officers')}#gaps",
            f"{alone[0]}{'等' if len(alone) > 1 else ''}，请安排首席服务官。",
            is_late=True,
        )
    if denied := Visit.objects.filter(
        answer=Visit.Answer.FALSE, counts_on__gte=Quarter.of(today).first
    ).count():
        address = f"{reverse('casework:officers')}#denied"
        yield start_page.Reminder(f"{denied} 次走访被企业否认", address, "请核实，核实以前不计入。")


@start_page.reminds(Role.SERVICE_OFFICER)
def my_quarter(user: User) -> Iterator[start_page.Reminder]:
    """What is to be visited before the quarter ends, and problems that go on."""
    now = timezone.now()
    try:
        stored = rules.in_use().rules
    except Refused:
        return
    quarter = Quarter.of(timezone.localdate(now))
    found = coverage(quarter, stored=stored, now=now)
    mine = next((one for one in found.officers if one.officer.user_id == user.pk), None)
    if mine is not None and mine.missing:
        yield start_page.Reminder(
            f"本季度还有 {len(mine.missing)} 个挂联对象没有走访",
            reverse("casework:officer-mine"),
            f"请在{dates.day(quarter.last)}以前上门走访并录入。",
        )
    if count := problems.problems_for(user).filter(matter__closed_at=None).count():
        yield start_page.Reminder(
            f"{count} 个走访问题正在办理",
            reverse("casework:visit-problems"),
            "跟进办理，登记本人所做的工作。",
        )
