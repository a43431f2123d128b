"""Comments: how far each department is, and the queue of the two persons who deal with them (YC-R8)."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from disclosure.cockpit import comments, steps
from disclosure.cockpit.comment_forms import ProposalForm, SendBackForm
from disclosure.cockpit.views import posted, require, show, user_of
from evaluations.models import Round, RoundDepartment
from evaluations.progress import survey_of
from office import roles, stale
from office.answers import tried
from office.models import User
from surveys import comment_queries, services
from surveys.comment_queries import Remark


def overview(request: HttpRequest, round_id: int) -> HttpResponse:
    """List the departments with comments."""
    user = require(request, "comment.view")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    context = {
        **steps.heading(round_),
        "summary": comments.summary(round_),
        "next": _next(round_, user),
        "may_propose": roles.allowed(user, "comment.propose"),
        "may_approve": roles.allowed(user, "comment.approve"),
    }
    return show(request, "comments", "意见建议", **context)


def department(request: HttpRequest, round_id: int, department_id: int) -> HttpResponse:
    """What was decided on the comments of one department, and what its people read of them."""
    user = require(request, "comment.view")
    round_ = get_object_or_404(Round.objects.select_related("survey"), pk=round_id)
    row = get_object_or_404(RoundDepartment, round=round_, department__id=department_id)
    found = comment_queries.remarks_of(round_.survey, f"d{department_id}") if round_.survey else []
    context = {
        **steps.heading(round_),
        "department": row,
        "remarks": found,
        "comments": comments.shown_to_department(round_, department_id),
        "may_open": _deals_with_comments(user),
    }
    return show(request, "comments_department", f"{row.name}：意见建议", **context)


def comment(request: HttpRequest, round_id: int, comment_id: int) -> HttpResponse:
    """One comment: one person puts it in other words, another one confirms; then comes the next."""
    user = user_of(request)
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
        if tried(
            request,
            lambda: _unchanged(
                request,
                round_,
                remark,
                lambda: (
                    services.propose_paraphrase(**common, paraphrase=data["paraphrase"])
                    if data["paraphrase"]
                    else services.propose_withholding(**common, reason=data["reason"])
                ),
            ),
            "已提交复核。",
        ):
            return _go_on(round_, user, after=remark.pk)
    return _show(request, round_, remark, proposal=None if remark.is_settled else form)


def _approve(request: HttpRequest, round_: Round, remark: Remark, user: User) -> HttpResponse:
    survey = survey_of(round_)
    sending_back = request.method == "POST" and "confirm" not in request.POST
    form = SendBackForm(request.POST if sending_back else None)
    if request.method == "POST" and not sending_back:
        if tried(
            request,
            lambda: _unchanged(
                request,
                round_,
                remark,
                lambda: services.confirm_comment(survey=survey, comment_id=remark.pk, acting_user=user),
            ),
            "已复核。",
        ):
            return _go_on(round_, user, after=remark.pk)
    elif form.is_valid():
        note = form.cleaned_data["note"]
        if tried(
            request,
            lambda: _unchanged(
                request,
                round_,
                remark,
                lambda: services.send_back_comment(
                    survey=survey, comment_id=remark.pk, note=note, acting_user=user
                ),
            ),
            "已退回经办人。",
        ):
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


def _unchanged(request: HttpRequest, round_: Round, remark: Remark, work: Callable[[], None]) -> None:
    """Do `work` unless the comment was put in other words since: nobody confirms what they did not read."""

    def now() -> list[Any]:
        return _worded(comment_queries.remark(survey_of(round_), remark.pk) or remark)

    stale.guarded(request, round_, now, work)


def _worded(remark: Remark) -> list[Any]:
    return [remark.state, remark.topic, remark.paraphrase, remark.reason]


def _show(request: HttpRequest, round_: Round, remark: Remark, **more: object) -> HttpResponse:
    around = {**steps.heading(round_), "remark": remark, "department_id": remark.department[1:]}
    around["seen_mark"] = stale.page_mark(request, _worded(remark))
    return show(request, "comment", f"{remark.department_name}：{remark.kind_in_words}", **around, **more)


def _go_on(round_: Round, user: User, *, after: int) -> HttpResponse:
    if pk := _next(round_, user, after=after):
        return redirect("cockpit:comment", round_.pk, pk)
    return redirect("cockpit:comments", round_.pk)


def _next(round_: Round, user: User, *, after: int = 0) -> int | None:
    """The comment that this user deals with next."""
    if round_.survey is None:
        return None
    if roles.allowed(user, "comment.propose"):
        return comment_queries.next_to_word(round_.survey, after=after)
    if roles.allowed(user, "comment.approve"):
        return comment_queries.next_to_confirm(round_.survey, after=after, not_by=user.pk)
    return None


def _deals_with_comments(user: User) -> bool:
    return roles.allowed(user, "comment.propose") or roles.allowed(user, "comment.approve")
