"""Rectifications on start pages: of the unit, the centre, the leading group."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

from django.urls import reverse
from django.utils import timezone

from evaluations.models import Rectification
from evaluations.rectification import beginning, queries
from evaluations.rectification.case import Act, ItemState, State
from evaluations.rectification.standing import late_ones, seen_with_items, standings, waiting_for
from office.models import User
from office.roles import CENTRE, DEPARTMENT, Role
from office.workbench import start_page

MOST_TOLD = 5


@start_page.reminds(*DEPARTMENT, Role.TOWN_ORGANIZER)
def own_rectifications(user: User) -> Iterator[start_page.Reminder]:
    """What the own unit has to hand in or to finish, with the last chase."""
    rows = queries.rectifications_for(user).filter(state__in=(State.PLANNING, State.UNDER_WAY))
    for one in standings(seen_with_items(rows), timezone.now())[:MOST_TOLD]:
        open_ones = [each.item for each in one.items if each.item.state == ItemState.OPEN]
        if one.one.state == State.UNDER_WAY and not open_ones:
            continue
        what = "报送整改方案" if one.one.state == State.PLANNING else f"完成整改 {len(open_ones)} 项"
        due: date | datetime = one.due_at
        if one.one.state == State.UNDER_WAY:
            due = min(item.due_on for item in open_ones if item.due_on)
        chased = [act for act in (Act.TO_LEADING_GROUP, Act.SUPERVISED, Act.CHASED) if act in one.acts]
        said = f"{one.late}，" if one.late else ""
        note = f"已{Act(chased[0]).label}。" if chased and one.late else ""
        yield start_page.Reminder(
            f"{said}{what}：{one.one.disposition.word}",
            reverse("cockpit:rectification", args=[one.one.pk]),
            note,
            is_late=bool(one.late),
            until=due,
        )


@start_page.reminds(*CENTRE)
def rectifications_wait(user: User) -> Iterator[start_page.Reminder]:
    """Plans and requests to check, what is late, what nobody looked back at, decisions to begin."""
    address = reverse("cockpit:rectifications")
    waiting = waiting_for(user, timezone.localdate())
    if count := waiting.plans:
        yield start_page.Reminder(f"{count} 份整改方案待审核", f"{address}?state={State.HANDED_IN}")
    if count := waiting.requests:
        note = "查看佐证材料，销号或者退回。"
        yield start_page.Reminder(
            f"{count} 项整改申请销号，待核验", f"{address}?state={State.UNDER_WAY}", note
        )
    if late := late_ones(Rectification.objects.all(), timezone.now()) if waiting.maybe_late else []:
        next_steps = [
            f"{one.one.department}{one.late}，{one.what_follows}" for one in late if one.what_follows
        ]
        note = "；".join(next_steps[:MOST_TOLD]) + "。" if next_steps else "都已催办或督办。"
        yield start_page.Reminder(f"{len(late)} 个单位整改逾期", f"{address}?late=late", note, is_late=True)
    if count := waiting.look_backs:
        note = "查看整改是否巩固，不合格的重新整改。"
        yield start_page.Reminder(f"{count} 项整改应回头看", f"{address}?late=look_back", note)
    if count := beginning.to_begin().count():
        yield start_page.Reminder(f"{count} 项处置决定应启动整改", address)


@start_page.reminds(Role.LEADING_GROUP)
def brought_before_the_leading_group(user: User) -> Iterator[start_page.Reminder]:
    submitted = Rectification.objects.filter(
        state__in=(State.PLANNING, State.UNDER_WAY), events__act=Act.TO_LEADING_GROUP
    ).distinct()
    if late := late_ones(submitted, timezone.now()):
        said = "；".join(f"{one.one.department}{one.late}" for one in late[:MOST_TOLD])
        page = f"{reverse('cockpit:rectifications')}?late=late"
        yield start_page.Reminder(
            f"{len(late)} 个单位整改逾期，评价中心提交", page, f"{said}。", is_late=True
        )


start_page.add_link(
    "结果运用",
    "查看整改",
    "cockpit:rectifications",
    "rectification.view",
    hint="方案、措施、佐证、销号、回头看",
    order=45,
    words={"rectification.check": "办理整改"},
)
start_page.add_link(
    "本单位",
    "查看和填报整改",
    "cockpit:rectifications-own",
    "rectification.view_own",
    hint="问题、措施、时限、佐证和销号",
    order=65,
)
