"""The ledger on start pages: the way to it, what waits for a second person, what is overdue."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.urls import reverse
from django.utils import timezone

from departments.access import own_unit
from evaluations.gathering.ledger.book import ledgers
from evaluations.gathering.ledger.overdue import Expected, expected
from evaluations.models import MatterProposal, Occurrence
from office.models import User
from office.roles import Role
from office.workbench import start_page

MOST_TOLD = 3


@start_page.reminds(Role.CENTRE_REVIEWER)
def entries_wait(user: User) -> Iterator[start_page.Reminder]:
    waiting = Occurrence.objects.filter(state=Occurrence.State.ENTERED).exclude(entered_by=user)
    if count := waiting.count():
        note = "确认之后才计分；有误的注明原因撤回。"
        yield start_page.Reminder(f"{count} 件台账记录待确认", reverse("cockpit:ledgers"), note)


@start_page.reminds(Role.CENTRE_REVIEWER)
def matters_propose(user: User) -> Iterator[start_page.Reminder]:
    """What ended matters propose, by scheme."""
    waiting = MatterProposal.objects.filter(state=MatterProposal.State.WAITING).values_list("scheme_id")
    counts = Counter(scheme_id for (scheme_id,) in waiting)
    for ledger in ledgers() if counts else []:
        if count := counts[ledger.scheme_id]:
            page = reverse("cockpit:ledger-proposals", args=[ledger.scheme_id])
            note = f"{ledger.scheme.title}：计入台账，或者写明理由不计入。"
            yield start_page.Reminder(f"{count} 条事项线索待处理", page, note)


@start_page.reminds(Role.CENTRE_OPERATOR)
def duties_to_note(user: User) -> Iterator[start_page.Reminder]:
    """What is overdue and neither noted as come nor proposed as an entry, by scheme."""
    today = timezone.localdate()
    by_ledger: dict[str, list[Expected]] = {}
    for one in expected(today):
        if one.waits_for_the_centre(today):
            by_ledger.setdefault(one.ledger.scheme_id, []).append(one)
    for scheme_id, late in by_ledger.items():
        units = Counter(one.words for one in late)
        said = "、".join(f"{words} {number} 个单位" for words, number in list(units.items())[:MOST_TOLD])
        rest = f"等 {len(units)} 项" if len(units) > MOST_TOLD else ""
        page = f"{reverse('cockpit:ledger-duties', args=[scheme_id])}?month={late[0].due_on:%Y-%m}"
        text = f"定期报送逾期，登记或提出台账记录：{late[0].ledger.scheme.title}"
        yield start_page.Reminder(text, page, f"{said}{rest}。", is_late=True)


@start_page.reminds(Role.DEPARTMENT_OFFICER)
def duties_to_hand_in(user: User) -> Iterator[start_page.Reminder]:
    today, unit = timezone.localdate(), own_unit(user)
    late = [one for one in expected(today, unit=unit) if one.is_late(today)] if unit else []
    if late:
        said = "、".join(one.words for one in late[:MOST_TOLD])
        rest = f"等 {len(late)} 项" if len(late) > MOST_TOLD else ""
        note = f"{said}{rest}。请报评价中心。"
        text = f"{len(late)} 项定期报送已逾期"
        yield start_page.Reminder(text, reverse("cockpit:duties-own"), note, is_late=True)


start_page.add_link(
    "本单位",
    "查看定期报送",
    "cockpit:duties-own",
    "result.view_own",
    hint="应报的材料、期限和登记情况",
    order=70,
)
start_page.add_link(
    "评价轮次",
    "查看工作台账",
    "cockpit:ledgers",
    "round.view",
    hint="扣分、加分、一票否决全年逐件登记，定期报送",
    order=20,
    words={"gathering.enter": "登记工作台账", "gathering.settle": "确认工作台账"},
)
