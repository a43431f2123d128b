"""What one row's page offers a user next, and does when it is sent."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any

from django import forms
from django.http import HttpRequest
from django.shortcuts import get_object_or_404
from django.utils import timezone

from evaluations.consequences.ending import fulfil, lift, note_restored
from evaluations.consequences.forms import CheckForm, FulfilForm, LiftForm, RestoreForm, today_in
from evaluations.consequences.papers import check
from evaluations.consequences.serving import is_served
from evaluations.models import Disposition, DispositionPaper
from evaluations.models.consequences import RUNNING
from office import roles
from office.models import User
from office.workbench.attempt import attempt

State = Disposition.State


@dataclass
class PageOf:
    """The page of one disposition as one user sees it."""

    request: HttpRequest
    one: Disposition
    user: User
    today: date
    forms: dict[str, forms.Form] = field(default_factory=dict)

    def __post_init__(self) -> None:
        sent = self.request.POST.get("act", "")
        kinds: dict[str, type[forms.Form]] = {"fulfil": FulfilForm, "lift": LiftForm, "restore": RestoreForm}
        for name, kind in kinds.items():
            data = self.request.POST if sent == name else None
            self.forms[name] = kind(data, prefix=name)
        today_in(self.forms["fulfil"], "fulfilled_on", self.today)
        today_in(self.forms["lift"], "lifted_on", self.today)

    def act(self) -> bool:
        """Do what was sent; whether it was done."""
        sent, now = self.request.POST.get("act", ""), timezone.now()
        if sent in ("accept", "return"):
            return self._check(sent, now)
        form = self.forms.get(sent)
        if form is None or not form.is_valid():
            return False
        said = {"fulfil": "已登记履行。", "lift": "已登记撤销、解除。", "restore": "已登记恢复情况。"}
        around: dict[str, Any] = {"disposition": self.one, "now": now, "acting_user": self.user}
        with attempt(self.request, said[sent]) as done:
            if sent == "fulfil":
                fulfil(**form.cleaned_data, today=self.today, **around)
            elif sent == "lift":
                lift(**form.cleaned_data, today=self.today, **around)
            else:
                note_restored(**form.cleaned_data, **around)
        return bool(done)

    def _check(self, sent: str, now: datetime) -> bool:
        number = self.request.POST.get("paper", "")
        wanted = int(number) if number.isdecimal() and len(number) < 19 else 0
        found = get_object_or_404(DispositionPaper, disposition=self.one, pk=wanted)
        form = CheckForm(self.request.POST)
        if not form.is_valid():
            return False
        accepted = sent == "accept"
        with attempt(self.request, "已核收。" if accepted else "已退回，等待重新提交。") as done:
            check(
                paper=found,
                accepted=accepted,
                opinion=form.cleaned_data["opinion"],
                now=now,
                today=self.today,
                acting_user=self.user,
            )
        return bool(done)

    def shown(self) -> dict[str, Any]:
        one, user = self.one, self.user
        papers = list(one.papers.select_related("handed_in_by", "checked_by"))
        waiting = any(paper.state != DispositionPaper.State.ACCEPTED for paper in papers)
        may_decide = roles.allowed(user, "register.decide")
        return {
            "forms": self.forms,
            "papers": [(paper, self._may_check(paper), self._is_late(paper)) for paper in papers],
            "check": CheckForm(),
            "may_decide": may_decide and one.state == State.PROPOSED,
            "may_serve": roles.allowed(user, "register.serve") and one.state == State.DECIDED,
            "may_fulfil": roles.allowed(user, "register.check")
            and is_served(one)
            and one.fulfilled_on is None
            and not waiting,
            "may_lift": may_decide and one.state in (State.DECIDED, *RUNNING) and one.points is None,
            "may_restore": may_decide and one.restore_flagged,
            "deciders": roles.in_words("register.decide"),
            "servers": roles.in_words("register.serve"),
            "checkers": roles.in_words("register.check"),
        }

    def _may_check(self, paper: DispositionPaper) -> bool:
        handed = paper.state == DispositionPaper.State.HANDED_IN and paper.handed_in_by_id != self.user.pk
        return handed and is_served(self.one) and roles.allowed(self.user, "register.check")

    def _is_late(self, paper: DispositionPaper) -> bool:
        return is_late(paper, self.today)


def is_late(paper: DispositionPaper, day: date) -> bool:
    waits = paper.state in (DispositionPaper.State.DUE, DispositionPaper.State.RETURNED)
    return bool(waits and paper.due_on and paper.due_on < day)
