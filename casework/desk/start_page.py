"""The window and the centre on their start pages: what is due, late, held, to confirm and to call."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse
from django.utils import timezone

from casework.matters.state import OPEN, State
from casework.models import Matter
from office.models import User
from office.roles import CENTRE, Role
from office.workbench import start_page


@start_page.reminds(*CENTRE, Role.WINDOW_CLERK)
def matters_wait(user: User) -> Iterator[start_page.Reminder]:
    """One query, whatever their number."""
    address, found = reverse("casework:matters"), _counted(user)
    if count := found["late"]:
        yield start_page.Reminder(
            f"{count} 件事项已逾期", f"{address}?late=late", "请催办或督办。", is_late=True
        )
    if count := found["today"]:
        yield start_page.Reminder(f"{count} 件事项今天到期", f"{address}?late=today")
    if count := found["held"]:
        note = "核实是否重复提交，放行或者不予受理。"
        yield start_page.Reminder(f"{count} 件事项待核", reverse("casework:matters-held"), note)
    if count := found["refusing"]:
        note = "由提出人以外的人员审核。"
        yield start_page.Reminder(f"{count} 件不予受理待审核", f"{address}?state={State.REFUSING}", note)
    for state, words in WAITING.items():
        if count := found[state.value]:
            yield start_page.Reminder(f"{count} 件事项{words}", f"{address}?state={state}")


WAITING = {
    State.REGISTERED: "待受理",
    State.ACCEPTED: "待研判",
    State.JUDGED: "待交办",
    State.COMPLETED: "待告知反映人",
    State.CALLING: "待回访",
    State.CLOSING: "待办结",
}


def _counted(user: User) -> dict[str, int]:
    now = timezone.localtime().replace(second=0, microsecond=0)
    end = now.replace(hour=23, minute=59)
    at = {state.value: Count("pk", filter=Q(state=state)) for state in WAITING}
    return Matter.objects.filter(state__in=OPEN).aggregate(
        late=Count("pk", filter=Q(next_due_at__lt=now)),
        today=Count("pk", filter=Q(next_due_at__gte=now, next_due_at__lte=end)),
        held=Count("pk", filter=Q(state=State.HELD)),
        refusing=Count("pk", filter=Q(state=State.REFUSING) & ~Q(refusal_proposed_by=user)),
        **at,
    )


start_page.add_link(
    "事项办理",
    "登记事项",
    "casework:intake-choose",
    "matter.register",
    hint="窗口、电话、信函和上级平台转来的",
    order=10,
)
start_page.add_link(
    "事项办理",
    "查看事项",
    "casework:matters",
    "matter.view",
    hint="按最先到期的排列，受理、研判、交办、回访、办结",
    order=20,
    words={"matter.run": "办理事项"},
)
start_page.add_link(
    "事项办理",
    "按电话查找事项",
    "casework:matters-by-phone",
    "reporter.open",
    hint="同一电话反映过的事项，不打开反映人身份",
    order=30,
)
