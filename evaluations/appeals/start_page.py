"""Appeals on start pages: upheld ones for the inspectorate, open ones of rounds that they do not stay."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import reverse

from evaluations.models import Appeal, Round
from office import roles
from office.models import User
from office.roles import Role
from office.workbench import start_page

start_page.add_link(
    "结果运用",
    "查看采纳的申诉",
    "cockpit:appeals-upheld",
    "appeal.watch",
    hint="复核结论、更正情况，逐件阅知",
    order=60,
)


@start_page.reminds(Role.INSPECTORATE)
def upheld_appeals(user: User) -> Iterator[start_page.Reminder]:
    waiting = Appeal.objects.filter(state=Appeal.State.UPHELD, watched_by=None)
    if count := waiting.count():
        yield start_page.Reminder(
            f"阅知 {count} 件采纳的申诉", reverse("cockpit:appeals-upheld"), "评价结果因此更正。"
        )


@start_page.reminds(*sorted(roles.PERMISSIONS["appeal.decide"]))
def appeals_after_the_days(user: User) -> Iterator[start_page.Reminder]:
    """Within the days the round itself says what waits; after them nobody looks there any more."""
    ended = (Round.State.APPEALS_ENDED, Round.State.PUBLISHED)
    waiting = Appeal.objects.filter(state=Appeal.State.LODGED, round__state__in=ended)
    numbers = list(waiting.exclude(lodged_by=user).order_by("pk").values_list("pk", flat=True))
    if numbers:
        text = f"{len(numbers)} 件申诉在申诉期结束后仍待复核"
        page = reverse("cockpit:appeal", args=numbers[:1])
        yield start_page.Reminder(text, page, "结果可能因此更正。", is_late=True)
