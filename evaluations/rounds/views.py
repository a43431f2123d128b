"""Making a round, and choosing its departments."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from evaluations.models import Round, SchemeVersion
from evaluations.rounds import services as rounds
from evaluations.rounds.forms import DepartmentsForm, RoundForm
from evaluations.rounds.page import heading
from evaluations.schemes.stored import by_ballot
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

State = Round.State


def new_round(request: HttpRequest) -> HttpResponse:
    user = require(request, "round.edit")
    active = SchemeVersion.objects.filter(is_active=True).order_by("-scheme_id")
    versions = [version for version in active if by_ballot(version)]
    chosen = [version for version in versions if str(version.pk) == request.GET.get("scheme")]
    version = next(iter([*chosen, *versions]), None)
    if version is None:
        messages.error(request, "系统中还没有启用的评价方案，不能新建轮次。请联系系统管理员载入方案。")
        return redirect("cockpit:rounds")
    form = RoundForm(posted(request), version=version)
    if form.is_valid():
        data = form.cleaned_data
        with attempt(request, "已创建轮次。") as done:
            made = rounds.create_round(
                title=data["title"],
                period=form.period(),
                scheme_version=version,
                base_date=data["base_date"],
                persons_public=data["persons_public"],
                persons_public_decision=data["persons_public_decision"],
                options=form.overrides(),
                questions=data["questions"].splitlines(),
                acting_user=user,
            )
        if done:
            return redirect("cockpit:round", made.pk)
    return show(
        request, "evaluations/rounds/new.html", "新建轮次", form=form, version=version, versions=versions
    )


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
