"""What was served on a unit, as its own people read it on a phone: to sign for, to hand papers in."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from evaluations.consequences.acts import is_late
from evaluations.consequences.forms import PaperForm
from evaluations.consequences.papers import hand_in
from evaluations.consequences.reach import of_persons_there, own
from evaluations.consequences.serving import is_served, receive
from evaluations.models import Disposition, DispositionPaper
from evaluations.models.consequences import SERVED
from office.files import papers
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import require, show

State, Paper = Disposition.State, DispositionPaper.State


def own_register(request: HttpRequest) -> HttpResponse:
    user = require(request, "register.view_own")
    today = timezone.localdate()
    if request.method == "POST" and _act(request, user):
        return redirect("cockpit:register-own")
    rows = own(user).on(today).prefetch_related("papers")
    return show(
        request,
        "evaluations/consequences/own.html",
        "本单位处置事项",
        rows=[_row(one, today) for one in rows],
        of_persons=of_persons_there(user),
        form=PaperForm(),
        files=papers.says(),
    )


def _row(one: Any, today: Any) -> dict[str, Any]:
    return {
        "one": one,
        "state": State(one.state_now).label,
        "may_sign": one.waits_for_receipt,
        "papers": [
            {
                "paper": paper,
                "may_hand_in": one.state in SERVED and paper.state in (Paper.DUE, Paper.RETURNED),
                "is_late": is_served(one) and is_late(paper, today),
            }
            for paper in one.papers.all()
        ],
    }


def _act(request: HttpRequest, user: User) -> bool:
    now, today = timezone.now(), timezone.localdate()
    if key := _number(request.POST.get("receive", "")):
        found = get_object_or_404(own(user), pk=key)
        with attempt(request, "已签收。") as done:
            receive(disposition=found, now=now, today=today, acting_user=user)
        return bool(done)
    wanted = _number(request.POST.get("paper", ""))
    paper = get_object_or_404(DispositionPaper, pk=wanted, disposition__in=own(user))
    with attempt(request, "已提交，等待核收。") as done:
        hand_in(paper=paper, file=request.FILES.get("file"), now=now, acting_user=user)
    return bool(done)


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 19 else 0
