"""Making a round, and choosing its departments."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from evaluations.models import Round, SchemeVersion
from evaluations.rounds import services as rounds
from evaluations.rounds.forms import DepartmentsForm, RoundForm
from evaluations.rounds.page import heading
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

State = Round.State


def new_round(request: HttpRequest) -> HttpResponse:
    user = require(request, "round.edit")
    versions = list(SchemeVersion.objects.filter(is_active=True).order_by("-scheme_id"))
    chosen = [version for version in versions if str(version.pk) == request.GET.get("scheme")]
    version = next(iter([*chosen, *versions]), None)
    if version is None:
        messages.error(request, "系统中还没有启用的评价方案，不能新建轮次。请联系系统管理员载入方案。")
        return redirect("cockpit:rounds")
    form = RoundForm(posted(request), version=version)
    if form.is_valid():
        with attempt(request, "已创建轮次。") as done:
            made = rounds.create_round(scheme_version=version, acting_user=user, **form.given())
        if done:
            return redirect("cockpit:round", made.pk)
    return show(
        request, "evaluations/rounds/new.html", "新建轮次", form=form, version=version, versions=versions
    )


def edit(request: HttpRequest, round_id: int) -> HttpResponse:
    """Change what a round was created with; possible until its slips are made."""
    user = require(request, "round.edit")
    round_ = get_object_or_404(Round.objects.select_related("scheme_version"), pk=round_id)
    if round_.state not in (State.DRAFT, State.FROZEN):
        messages.error(request, "本轮次已制票或已作废，轮次信息不能再改。")
        return redirect("cockpit:round", round_.pk)
    version = round_.scheme_version
    form = RoundForm(posted(request), version=version, kept=round_)
    if form.is_valid():
        with (
            attempt(request, "已修改轮次。") as done,
            edit_conflicts.unchanged(request, round_, _as_created),
        ):
            rounds.edit_round(round=round_, acting_user=user, **form.given())
        if done:
            return redirect("cockpit:round", round_.pk)
    around = {**heading(round_), "form": form, "version": version, "versions": []}
    around["seen_mark"] = edit_conflicts.page_mark(request, _as_created(round_))
    return show(request, "evaluations/rounds/new.html", "修改轮次", **around)


def _as_created(round_: Round) -> list[Any]:
    """Values that must not have changed since the page was shown."""
    return [str(value) for value in Round.objects.values_list().get(pk=round_.pk)]


def departments(request: HttpRequest, round_id: int) -> HttpResponse:
    user = require(request, "round.view")
    round_ = get_object_or_404(Round, pk=round_id)
    chosen = chosen_departments(round_)
    may_edit = roles.allowed(user, "round.edit") and round_.state in (State.DRAFT, State.FROZEN)
    form = DepartmentsForm(posted(request), initial={"departments": chosen})
    if request.method == "POST" and form.is_valid():
        ids = [department.pk for department in form.cleaned_data["departments"]]
        said = f"已选定 {len(ids)} 个参评单位。下一步：锁定参评名单。"
        with attempt(request, said) as done, edit_conflicts.unchanged(request, round_, chosen_departments):
            rounds.choose_departments(round=round_, department_ids=ids, acting_user=user)
        if done:
            return redirect("cockpit:round", round_.pk)
    context = {
        **heading(round_),
        "form": form,
        "may_edit": may_edit,
        "rows": round_.departments.all(),
    }
    context["seen_mark"] = edit_conflicts.page_mark(request, chosen)
    return show(request, "evaluations/rounds/departments.html", "参评单位", **context)


def chosen_departments(round_: Round) -> list[int]:
    return sorted(round_.departments.values_list("department_id", flat=True))
