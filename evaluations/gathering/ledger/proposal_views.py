"""What ended matters propose for a ledger: the reviewer takes it over or sets it aside."""

from __future__ import annotations

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from evaluations.gathering.ledger import proposals
from evaluations.gathering.ledger.book import find_ledger
from evaluations.models import MatterProposal
from office import roles
from office.workbench.attempt import attempt
from office.workbench.pages import require, show

MOST_SETTLED = 50


def proposed(request: HttpRequest, scheme_id: str) -> HttpResponse:
    user = require(request, "round.view")
    ledger = find_ledger(scheme_id)
    if ledger is None:
        raise Http404
    if request.method == "POST":
        require(request, "gathering.settle")
        one = get_object_or_404(MatterProposal, pk=_number(request), scheme_id=scheme_id)
        now = timezone.now()
        if "take" in request.POST:
            with attempt(request, "已计入台账。"):
                proposals.take_over(proposal=one, now=now, acting_user=user)
        else:
            with attempt(request, "已列为不计入台账。"):
                reason = request.POST.get("reason", "")
                proposals.set_aside(proposal=one, reason=reason, now=now, acting_user=user)
        return redirect(request.path)
    rules = ledger.rules
    settled = MatterProposal.objects.filter(scheme_id=scheme_id).exclude(state=proposals.State.WAITING)
    settled = settled.select_related("matter__version", "department", "settled_by")
    return show(
        request,
        "evaluations/gathering/ledger/proposals.html",
        "事项提出的线索",
        ledger=ledger,
        waiting=[(one, rules.get(f"item:{one.rule}")) for one in proposals.waiting_for(scheme_id)],
        settled=[(one, rules.get(f"item:{one.rule}")) for one in settled[:MOST_SETTLED]],
        may_settle=roles.allowed(user, "gathering.settle"),
    )


def _number(request: HttpRequest) -> int:
    text = request.POST.get("proposal", "")
    return int(text) if text.isdecimal() and len(text) < 19 else 0
