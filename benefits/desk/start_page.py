"""Claims on start pages: what a department has to decide and request, what the pool's keepers have to pay."""

from __future__ import annotations

from collections.abc import Iterator

from django.db.models import Count, Q
from django.urls import reverse

from benefits.claims.queries import claims_for
from benefits.desk.claims_list import MONEY, MONEY_IS
from benefits.models import Payment
from benefits.rules import rules
from casework.procedures.stored import in_use
from office.models import User
from office.roles import CENTRE, DEPARTMENT
from office.workbench import start_page

State = Payment.State


@start_page.reminds(*DEPARTMENT)
def claims_wait(user: User) -> Iterator[start_page.Reminder]:
    address, own = reverse("benefits:claims"), claims_for(user).order_by().values("pk")
    notes = {"decide": "请按申请当日有效的办事指南审批。", "request": "请在申请页面申请支付。"}
    for name, note in notes.items():
        if count := own.filter(**MONEY_IS[name]()).distinct().count():
            yield start_page.Reminder(f"{count} 件惠企申请{MONEY[name]}", f"{address}?money={name}", note)


@start_page.reminds(*CENTRE)
def payments_wait(user: User) -> Iterator[start_page.Reminder]:
    """Few queries, whatever their number; what the user decided is ordered by others."""
    address = reverse("benefits:payments")
    own = Q(decision__decided_by=user)
    found = Payment.objects.filter(state__in=(State.REQUESTED, State.ORDERED, State.WAITING)).aggregate(
        requested=Count("pk", filter=Q(state=State.REQUESTED) & ~own),
        ordered=Count("pk", filter=Q(state=State.ORDERED)),
        waiting=Count("pk", filter=Q(state=State.WAITING)),
    )
    if not any(found.values()):
        return
    procedure_id, known = rules()
    notes = {
        "requested": ("待下达支付令", in_use(procedure_id).procedure.clock(known.pool.clock).says),
        "ordered": ("待登记到账日期", "按财政的答复逐笔登记或者导入。"),
        "waiting": ("待资金", "请与财政部门联系补充资金池。"),
    }
    for state, (words, note) in notes.items():
        if count := found[state]:
            yield start_page.Reminder(f"{count} 笔兑现支付{words}", f"{address}?state={state}", note)


start_page.add_link(
    "惠企政策",
    "惠企申请",
    "benefits:claims",
    "benefit.view",
    hint="按最先到期的排列，审批、兑现、待资金",
    order=20,
)
start_page.add_link(
    "惠企政策",
    "本单位的惠企申请",
    "benefits:claims",
    "benefit.view_own",
    hint="审批、申请支付、确认生效",
    order=20,
)
start_page.add_link(
    "惠企政策",
    "兑现支付",
    "benefits:payments",
    "benefit.view",
    hint="待资金、支付令、到账日期",
    order=30,
    words={"benefit.pool": "办理兑现支付"},
)
start_page.add_link(
    "惠企政策", "资金池", "benefits:pools", "benefit.view", hint="预算、补充、余额、年终结账", order=40
)
