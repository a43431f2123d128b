"""The page on which an upheld appeal, or a decision to correct what is published, is carried out."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from evaluations.appeals import corrections
from evaluations.appeals.correction_forms import (
    LeaveForm,
    ProposeForm,
    WithdrawForm,
    WithdrawUnitForm,
    channels_to_correct,
)
from evaluations.gathering.services import label_of
from evaluations.models import Appeal, Correction, Result, Round
from evaluations.results.services import current_result, is_gathered_again, uncorrected, upheld_against
from evaluations.rounds.page import heading
from evaluations.schemes.stored import scheme_of
from office import roles
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import require, show

State = Round.State
Data = Mapping[str, Any]
NEXT = "下一步：重新计算，再审定、送达。"


def _withdraw(data: Data, user: User) -> None:
    corrections.withdraw_member(round_member=data["round_member"], reason=data["reason"], acting_user=user)


def _withdraw_unit(data: Data, user: User) -> None:
    corrections.withdraw_unit(round_department=data["unit"], reason=data["unit_reason"], acting_user=user)


def _propose(data: Data, user: User) -> None:
    corrections.propose_correction(
        channel=data["channel"],
        subject=data["subject"],
        reason=data["because"],
        now=timezone.now(),
        acting_user=user,
    )


def _leave(data: Data, user: User) -> None:
    corrections.leave_uncorrected(appeal=data["appeal"], reason=data["why"], acting_user=user)


WAYS: dict[str, tuple[str, str, Callable[[Data, User], None]]] = {
    "member": ("round_member", f"已更正参评名单。{NEXT}", _withdraw),
    "unit": ("unit", f"已将该单位移出参评名单。{NEXT}", _withdraw_unit),
    "propose": ("channel", "已提出更正，等待另一人同意。", _propose),
    "leave": ("why", "已注明不必更正的原因。", _leave),
}
"""What can be done: the field by which its form is told from the others, what is said, the service."""


def correct(request: HttpRequest, round_id: int) -> HttpResponse:
    """Correct the list or the data, or write down why an upheld appeal calls for no correction."""
    user = require(request, "appeal.decide")
    round_ = get_object_or_404(Round.objects.select_related("scheme_version", "survey"), pk=round_id)
    result = _corrected(round_)
    posted_as = next((way for way, (field, *_) in WAYS.items() if field in request.POST), "")
    shown = _forms(request, round_, result, posted_as)
    form = shown.get(posted_as)
    if form is not None and form.is_valid():
        _, said, work = WAYS[posted_as]
        with attempt(request, said) as done:
            work(form.cleaned_data, user)
        if done:
            return redirect(_back(round_, posted_as), round_.pk)
    elif request.method == "POST" and (answered := _answer(request, round_, user)):
        return answered
    rows = Correction.objects.filter(result=result).select_related(
        "channel__round__scheme_version", "subject", "proposed_by", "agreed_by"
    )
    return show(
        request,
        "evaluations/appeals/correct.html",
        "更正结果",
        **{**heading(round_), **shown},
        form=form,
        may_correct=result is not None,
        rows=[(one, label_of(one.channel), _may_agree(one, user)) for one in rows],
        may_drop=roles.allowed(user, "gathering.reopen"),
        gathers=result is not None and is_gathered_again(round_),
        by_ballot_only=not channels_to_correct(round_).exists(),
    )


def _back(round_: Round, way: str) -> str:
    if way == "propose":
        return "cockpit:correct"
    return "cockpit:round" if round_.is_being_corrected else "cockpit:appeals"


def _corrected(round_: Round) -> Result | None:
    """Return the result that may be corrected now; None where there is nothing to correct."""
    if round_.state == State.SERVED:
        result = current_result(round_)
        return result if upheld_against(result).exists() else None
    return current_result(round_) if round_.state == State.PUBLISHED and round_.is_being_corrected else None


def _forms(
    request: HttpRequest, round_: Round, result: Result | None, posted_as: str
) -> dict[str, forms.Form]:
    if result is None:
        return {}
    units = round_.departments.filter(is_judged=True)
    waiting = Appeal.objects.none()
    if round_.state == State.SERVED:
        waiting = uncorrected(result).select_related("round_department")
        units = units.filter(pk__in=upheld_against(result).values("round_department"))

    def filled(way: str) -> Any:
        return request.POST if way == posted_as else None

    found: dict[str, forms.Form] = {}
    if scheme_of(round_).judges_persons:
        found["member"] = WithdrawForm(filled("member"), units=units)
    else:
        found["unit"] = WithdrawUnitForm(filled("unit"), units=units)
    if channels_to_correct(round_).exists():
        found["propose"] = ProposeForm(filled("propose"), round=round_, units=units)
    if waiting.exists():
        found["leave"] = LeaveForm(filled("leave"), appeals=waiting)
    return _with_one_unit(found, units)


def _with_one_unit(found: dict[str, forms.Form], units: Any) -> dict[str, forms.Form]:
    """Where one unit alone can be corrected, it is chosen already."""
    if len(units) == 1:
        for way, field in (("unit", "unit"), ("propose", "subject")):
            if way in found:
                found[way].initial[field] = units[0]
    return found


def _may_agree(one: Correction, user: User) -> bool:
    return (
        one.agreed_by_id is None and one.proposed_by_id != user.pk and roles.allowed(user, "gathering.reopen")
    )


def _answer(request: HttpRequest, round_: Round, user: User) -> HttpResponse | None:
    """Agree to a proposal, or take it off."""
    verb = "agree" if "agree" in request.POST else "drop"
    number = request.POST.get(verb, "")
    if not number.isdigit():
        return None
    rows = Correction.objects.select_related("channel__round")
    one = get_object_or_404(rows, pk=int(number), channel__round=round_)
    said = "已同意。请填报人员更正，另一人确认后办结，再重新计算。" if verb == "agree" else "已撤下。"
    with attempt(request, said) as done:
        if verb == "agree":
            corrections.agree_to_correction(correction=one, now=timezone.now(), acting_user=user)
        else:
            corrections.drop_correction(correction=one, acting_user=user)
    if done and verb == "agree":
        return redirect("cockpit:channels", round_.pk)
    return redirect("cockpit:correct", round_.pk)
