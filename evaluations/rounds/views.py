"""Making a round, and choosing its departments."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect

from departments.models import Department
from departments.units.groups import groups_in, units_of
from evaluations.models import Round, RoundDepartment, SchemeVersion
from evaluations.rounds import services as rounds
from evaluations.rounds.forms import DepartmentsForm, RoundForm
from evaluations.rounds.page import heading
from evaluations.schemes.groups import groups_of
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
    form = RoundForm(posted(request), version=version, period=request.GET.get("period", ""))
    if form.is_valid():
        with attempt(request, "已创建轮次。") as done:
            made = rounds.create_round(scheme_version=version, acting_user=user, **form.given())
        if done:
            return redirect("cockpit:round", made.pk)
    return show(
        request,
        "evaluations/rounds/new.html",
        "新建轮次",
        form=form,
        version=version,
        versions=versions,
        begins_with=_begins_with(version),
    )


def _begins_with(version: SchemeVersion) -> str:
    """Say in words which units a round of the scheme begins with."""
    scheme = groups_of(version)
    units = units_of(scheme, Department.objects.filter(is_active=True))
    groups = groups_in(scheme.scheme_id, units)
    numbers = Counter(groups.values())
    found = "，".join(f"{words} {numbers[key]} 个" for key, words in scheme.groups.items() if numbers[key])
    if found:
        return f"参评单位按本方案的分组预选：{found}。创建后可在“参评单位”中增减。"
    if units:
        return (
            f"还没有单位列入本方案的分组（{'、'.join(scheme.groups.values())}），"
            f"暂按全部机关部门预选，共 {len(units)} 个。"
            "锁定名单之前，请在“维护单位”中填写分组，或“导入单位名单”。"
        )
    return f"还没有可以参评的{scheme.judges}，请先“导入单位名单”或“导入服务窗口”。"


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
    round_ = get_object_or_404(Round.objects.select_related("scheme_version"), pk=round_id)
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
        **(_boxes_by_group(round_, form) if may_edit else {"groups": _listed_by_group(round_)}),
    }
    context["seen_mark"] = edit_conflicts.page_mark(request, chosen)
    return show(request, "evaluations/rounds/departments.html", "参评单位", **context)


def _boxes_by_group(round_: Round, form: DepartmentsForm) -> dict[str, Any]:
    """The boxes under the groups of the scheme, and those of units it does not know."""
    scheme = groups_of(round_.scheme_version)
    boxes = list(form["departments"])
    units = [box.data["value"].instance for box in boxes]
    groups = groups_in(scheme.scheme_id, units)
    found: dict[str, list[Any]] = {key: [] for key in scheme.groups}
    others: list[Any] = []
    for box, unit in zip(boxes, units, strict=True):
        fits = scheme.takes(unit.kind) and groups[unit.pk] in found
        (found[groups[unit.pk]] if fits else others).append(box)
    ticked = any(box.data["selected"] for box in others)
    shown = [(scheme.groups[key], group) for key, group in found.items() if group]
    return {"groups": shown, "others": others, "others_ticked": ticked or not shown}


def _listed_by_group(round_: Round) -> list[tuple[str, list[RoundDepartment]]]:
    words = groups_of(round_.scheme_version).groups
    found: dict[str, list[RoundDepartment]] = {}
    for row in round_.departments.all():
        found.setdefault(words.get(row.peer_group, row.peer_group), []).append(row)
    return list(found.items())


def chosen_departments(round_: Round) -> list[int]:
    return sorted(round_.departments.values_list("department_id", flat=True))
