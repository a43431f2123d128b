"""Comments: how far each department is, and the queue of the two persons who deal with them (YC-R8)."""

from __future__ import annotations

from contextlib import AbstractContextManager
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from evaluations.models import Round, RoundDepartment
from evaluations.remarks.forms import ProposalForm, SendBackForm, SeveralForm
from evaluations.remarks.shown import comments_for_department, progress_of
from evaluations.rounds.page import heading
from evaluations.rounds.state import survey_of
from evaluations.rounds.subject_keys import department_key, department_of, is_department
from office import roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show, signed_in
from surveys import services as surveys
from surveys.comments import queries as comment_queries
from surveys.comments.queries import Remark


def overview(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "comment.view")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    context = {
        **heading(round_),
        "summary": progress_of(round_),
        "next": _next(round_, user),
        "may_propose": roles.allowed(user, "comment.propose"),
        "may_approve": roles.allowed(user, "comment.approve"),
    }
    return show(request, "evaluations/remarks/comments.html", "意见建议", **context)


def department(request: HttpRequest, round_id: int, department_id: int) -> HttpResponse:
    user = require(request, "comment.view")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    row = get_object_or_404(RoundDepartment, round=round_, department__id=department_id)
    found = comment_queries.remarks_of(round_.survey, department_key(department_id)) if round_.survey else []
    mine = [one for one in found if _waits_for(one, user)]
    form = SeveralForm(
        posted(request),
        topics=comment_queries.topics_of(round_.survey) if mine and round_.survey else [],
        remarks=[one.pk for one in mine],
    )
    if request.method == "POST" and _settle_several(request, round_, form, user):
        return redirect("cockpit:comments_department", round_.pk, department_id)
    state = request.GET.get("state", "")
    context = {
        **heading(round_),
        "department": row,
        "remarks": [one for one in found if not state or one.state == state],
        "states": comment_queries.STATES,
        "state": state,
        "mine": {one.pk for one in mine},
        "form": form,
        "may_word": bool(mine) and roles.allowed(user, "comment.propose"),
        "may_confirm": bool(mine) and roles.allowed(user, "comment.approve"),
        "comments": comments_for_department(round_, department_id),
        "may_open": _deals_with_comments(user),
    }
    return show(request, "evaluations/remarks/comments_department.html", f"{row.name}：意见建议", **context)


def _waits_for(remark: Remark, user: User) -> bool:
    """Whether this user may decide on the remark now; nobody confirms their own words."""
    if roles.allowed(user, "comment.propose"):
        return remark.state in comment_queries.TO_WORD
    mine = remark.state in comment_queries.TO_CONFIRM and remark.proposed_by != user
    return mine and roles.allowed(user, "comment.approve")


def _settle_several(request: HttpRequest, round_: Round, form: SeveralForm, user: User) -> bool:
    survey = survey_of(round_)
    if roles.allowed(user, "comment.propose"):
        if not form.is_valid():
            return False
        data = form.cleaned_data
        with attempt(request, f"已提交复核 {len(data['chosen'])} 条。") as done:
            surveys.propose_for_several(
                survey=survey,
                comment_ids=data["chosen"],
                topic=data["topic"],
                paraphrase=data["paraphrase"],
                reason=data["reason"],
                acting_user=user,
            )
        return bool(done)
    chosen = [int(pk) for pk in request.POST.getlist("chosen") if pk.isdecimal()]
    with attempt(request, f"已复核 {len(chosen)} 条。") as done:
        surveys.confirm_several(survey=survey, comment_ids=chosen, acting_user=user)
    return bool(done)


def comment(request: HttpRequest, round_id: int, comment_id: int) -> HttpResponse:
    """One person puts the comment in other words, another one confirms; then comes the next comment."""
    user = signed_in(request)
    require(request, "comment.approve" if not roles.allowed(user, "comment.propose") else "comment.propose")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id, survey__isnull=False)
    remark = comment_queries.remark(survey_of(round_), comment_id)
    if remark is None:
        raise Http404
    if roles.allowed(user, "comment.propose"):
        return _propose(request, round_, remark, user)
    return _approve(request, round_, remark, user)


def _propose(request: HttpRequest, round_: Round, remark: Remark, user: User) -> HttpResponse:
    survey = survey_of(round_)
    initial = {"topic": remark.topic, "paraphrase": remark.paraphrase, "reason": remark.reason}
    form = ProposalForm(posted(request), topics=comment_queries.topics_of(survey), initial=initial)
    if form.is_valid():
        data = form.cleaned_data
        common = {"survey": survey, "comment_id": remark.pk, "topic": data["topic"], "acting_user": user}
        with attempt(request, "已提交复核。") as done, _unchanged(request, round_, remark):
            if data["paraphrase"]:
                surveys.propose_paraphrase(**common, paraphrase=data["paraphrase"])
            else:
                surveys.propose_withholding(**common, reason=data["reason"])
        if done:
            return _go_on(round_, user, after=remark.pk)
    return _show(request, round_, remark, proposal=None if remark.is_settled else form)


def _approve(request: HttpRequest, round_: Round, remark: Remark, user: User) -> HttpResponse:
    survey = survey_of(round_)
    sending_back = request.method == "POST" and "confirm" not in request.POST
    form = SendBackForm(request.POST if sending_back else None)
    if request.method == "POST" and not sending_back:
        with attempt(request, "已复核。") as done, _unchanged(request, round_, remark):
            surveys.confirm_comment(survey=survey, comment_id=remark.pk, acting_user=user)
        if done:
            return _go_on(round_, user, after=remark.pk)
    elif form.is_valid():
        note = form.cleaned_data["note"]
        with attempt(request, "已退回经办人。") as done, _unchanged(request, round_, remark):
            surveys.send_back_comment(survey=survey, comment_id=remark.pk, note=note, acting_user=user)
        if done:
            return _go_on(round_, user, after=remark.pk)
    is_proposed, own = remark.state == "proposed", remark.proposed_by == user
    return _show(
        request,
        round_,
        remark,
        can_settle=is_proposed and not own,
        own_proposal=is_proposed and own,
        send_back=form if is_proposed or remark.is_settled else None,
    )


def _unchanged(request: HttpRequest, round_: Round, remark: Remark) -> AbstractContextManager[None]:
    """Nobody confirms words they did not read."""

    def shown(kept: Round) -> list[Any]:
        return _worded(comment_queries.remark(survey_of(kept), remark.pk) or remark)

    return edit_conflicts.unchanged(request, round_, shown)


def _worded(remark: Remark) -> list[Any]:
    return [remark.state, remark.topic, remark.paraphrase, remark.reason]


def _show(request: HttpRequest, round_: Round, remark: Remark, **more: Any) -> HttpResponse:
    about = department_of(remark.department) if is_department(remark.department) else None
    around = {**heading(round_), "remark": remark, "department_id": about}
    around["seen_mark"] = edit_conflicts.page_mark(request, _worded(remark))
    return show(
        request,
        "evaluations/remarks/comment.html",
        f"{remark.department_name}：{remark.kind_in_words}",
        **around,
        **more,
    )


def _go_on(round_: Round, user: User, *, after: int) -> HttpResponse:
    if pk := _next(round_, user, after=after):
        return redirect("cockpit:comment", round_.pk, pk)
    return redirect("cockpit:comments", round_.pk)


def _next(round_: Round, user: User, *, after: int = 0) -> int | None:
    if round_.survey is None:
        return None
    if roles.allowed(user, "comment.propose"):
        return comment_queries.next_to_word(round_.survey, after=after)
    if roles.allowed(user, "comment.approve"):
        return comment_queries.next_to_confirm(round_.survey, after=after, not_by=user.pk)
    return None


def _deals_with_comments(user: User) -> bool:
    return roles.allowed(user, "comment.propose") or roles.allowed(user, "comment.approve")
