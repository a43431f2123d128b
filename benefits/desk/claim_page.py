"""The page of one claim, for the window, its department and whoever watches (GY-R13, GY-R14)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Max
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.cache import never_cache

from benefits.catalogue.drafting import category_label, in_force
from benefits.claims import papers
from benefits.claims.limits import is_literal, limit_beside
from benefits.claims.queries import claims_for
from benefits.desk.claim_acts import ACTS, Act, Case
from benefits.desk.claim_forms import ClaimForm
from benefits.models import Payment
from benefits.rules import rules
from casework.matters.files import files_for
from casework.matters.state import NEXT, standing
from casework.models import Assignment, Clock, Matter, MatterEvent
from casework.own.standing import Reader, rows_of
from office import roles
from office.errors import Refused
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import require, show


@dataclass(frozen=True)
class Offered:
    act: Act
    form: ClaimForm | None
    bar: str


def the_case(user: User, claim_id: int) -> Case:
    found = claims_for(user).select_related("matter__version", "firm", "version__department", "version__item")
    claim = get_object_or_404(found, pk=claim_id)
    payments = Payment.objects.filter(decision__claim=claim).select_related("decision").order_by("pk")
    return Case(
        claim,
        user,
        timezone.now(),
        list(claim.decisions.select_related("decided_by").order_by("cycle")),
        list(payments.prefetch_related("shares__pool")),
        list(standing(claim.matter).select_related("unit", "matter__version")),
    )


@never_cache
def claim(request: HttpRequest, claim_id: int) -> HttpResponse:
    user = require(request, "benefit.view", "benefit.view_own")
    case = the_case(user, claim_id)
    offered = _offered(request, case)
    if request.method == "POST" and _acted(request, case, offered):
        return redirect("benefits:claim", claim_id)
    one, known = case.claim, rules()[1]
    kind, level = known.kind(one.version.kind), known.level(one.version.level)
    return show(
        request,
        "benefits/desk/claim.html",
        f"{one.matter.number}　{one.firm.name}",
        claim=one,
        matter=one.matter,
        version=one.version,
        rules=known,
        procedure=one.matter.procedure,
        kind=kind,
        level=level,
        category=category_label(one.version),
        is_current=in_force(timezone.localdate()).filter(pk=one.version_id).exists(),
        papers=papers.of_claim(one),
        files_seen=set(files_for(user).filter(matter=one.matter).values_list("pk", flat=True)),
        limit_beside=limit_beside(one, case.now),
        is_literal=is_literal(one),
        **_clocks(case),
        next_ones=[each for each in offered if each.act.is_next],
        other_ones=[each for each in offered if not each.act.is_next],
        next=_next(case),
        case=case,
        unit=next((each.unit for each in case.standing if each.is_lead), None),
        review=getattr(one.matter, "review", None),
        back=_matter_page(case),
        may_claim=roles.allowed(user, "benefit.claim"),
        may_print=roles.allowed(user, "document.view"),
        may_pay=roles.allowed(user, "benefit.pool"),
        may_export=roles.allowed(user, "benefit.export"),
        seen_mark=edit_conflicts.page_mark(request, _seen(one.matter)),
    )


PAYING = {
    Payment.State.WAITING: "资金池补充资金",
    Payment.State.REQUESTED: "资金池管理人员下达支付令",
    Payment.State.ORDERED: "登记银行到账日期",
}


def _next(case: Case) -> str:
    """What comes next, in the words of claims where the matter waits for a decision or for money."""
    state, decision = Matter.State(case.claim.matter.state), case.decision
    if state == Matter.State.ASSIGNED:
        lead = next((one for one in case.standing if one.is_lead), None)
        if lead is not None and lead.state in (Assignment.State.WAITING, Assignment.State.IN_HAND):
            return "主管部门签收交办通知书" if lead.state == Assignment.State.WAITING else "主管部门审核报批"
        return "协办单位提交意见"
    granted = decision if state == Matter.State.REPLIED else None
    if granted is not None and granted.amount is None:
        return "主管部门在生效之日确认生效"
    if granted is not None or case.is_still_due:  # after the end too, where money came back
        going = [PAYING[Payment.State(one.state)] for one in case.payments if one.state in PAYING]
        return going[-1] if going else "主管部门申请支付"
    return NEXT[state].replace("反映人", "企业")


def _matter_page(case: Case) -> str:
    """Where the common steps of the matter are done: the unit's own page, or that of the window."""
    if case.own is not None:
        return reverse("casework:own-assignment", args=[case.own.pk])
    is_seen = roles.allowed(case.user, "matter.view")
    return reverse("casework:matter", args=[case.claim.matter_id]) if is_seen else ""


def _clocks(case: Case) -> dict[str, Any]:
    """The limits as the unit reads them, or all of them for the window and whoever watches."""
    if case.own is not None:
        (row,) = rows_of([case.own], Reader(case.now))
        return {"limits": row.limits, "clocks": []}
    if roles.allowed(case.user, "benefit.view_own"):
        return {"limits": [], "clocks": []}
    rows = Clock.objects.filter(matter=case.claim.matter, cycle=case.claim.matter.times_reopened)
    return {"limits": [], "clocks": [(one, one.is_over(case.now)) for one in rows.order_by("pk")]}


def _seen(one: Matter) -> list[Any]:
    """Every step is an event of the matter; a payment that goes on is none."""
    latest = MatterEvent.objects.filter(matter=one).aggregate(latest=Max("pk"))["latest"]
    payments = Payment.objects.filter(decision__claim__matter=one).order_by("pk")
    return [one.pk, latest, list(payments.values_list("pk", "state"))]


def _offered(request: HttpRequest, case: Case) -> list[Offered]:
    sent = request.POST.get("act") if request.method == "POST" else None
    found = []
    for act in ACTS if case.claim.matter.procedure.is_readable else ():
        if act.concerns(case):
            bar = act.bar(case)
            data = request.POST if sent == act.name else None
            form = None if bar else act.form_class(data, claim=case.claim, prefix=act.name)
            found.append(Offered(act, form, bar))
    return found


def _acted(request: HttpRequest, case: Case, offered: list[Offered]) -> bool:
    """Do the act whose button was pressed; False where its form has faults or it was refused."""
    chosen = next((one for one in offered if one.act.name == request.POST.get("act", "")), None)
    if chosen is None or chosen.form is None:
        why = chosen.bar if chosen else f"申请目前为“{case.claim.matter.get_state_display()}”，不能这样办理"
        with attempt(request, ""):
            raise Refused(why, "请按页面所列的办法办理。")
        return True
    if not chosen.form.is_valid():
        return False
    unchanged = edit_conflicts.unchanged(request, case.claim.matter, _seen)
    with attempt(request, chosen.act.done) as done, unchanged:
        chosen.act.run(case, chosen.form)
    return bool(done)
