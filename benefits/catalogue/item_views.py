"""One version of an item: its guide, what differs from the one before, and what may be done with it."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from benefits.catalogue import drafting
from benefits.catalogue.forms import (
    MORE_ROWS,
    MOST_ROWS,
    Conditions,
    EndForm,
    GuideForm,
    Papers,
    ReturnForm,
    initial_of,
)
from benefits.catalogue.listing import items_for, standing
from benefits.catalogue.words import Vocabulary, amount, differences, share, told, with_all
from benefits.models import BenefitItem, ItemVersion
from departments.access import belongs_to, own_department
from departments.models import Department
from office import roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

State = ItemVersion.State


def _shown(item: BenefitItem) -> list[Any]:
    """What the pages of an item show to be changed: each version, where it stands and what it says."""
    words = Vocabulary.stored()
    found = with_all(ItemVersion.objects.filter(item=item).order_by("number"))
    return [[one.number, one.state, one.returned_why, one.ended_on, told(one, words)] for one in found]


@never_cache
def version(request: HttpRequest, version_id: int) -> HttpResponse:
    user = require(request, "benefit.view", "benefit.view_own")
    found = get_object_or_404(with_all(items_for(user)), pk=version_id)
    act = request.POST.get("act", "")
    return_form = ReturnForm(posted(request) if act == "return" else None)
    end_form = EndForm(posted(request) if act == "end" else None, initial={"ended_on": timezone.localdate()})
    if request.method == "POST" and _did(request, found, act, user, {"return": return_form, "end": end_form}):
        return redirect("benefits:item-version", found.pk)
    today, words = timezone.localdate(), Vocabulary.stored()
    versions = list(with_all(items_for(user).filter(item=found.item)).order_by("-number"))
    before = next((one for one in versions if one.number < found.number), None)
    mine = drafting.drafts_for(user, found.department_id)
    other = found.drafted_by_id != user.pk and not belongs_to(user, found.department_id)
    approver = roles.allowed(user, "benefit.approve")
    context: dict[str, Any] = {
        "version": found,
        "words": words,
        "standing": standing(found, today),
        "category": words.categories.get(found.category, ""),
        "kind": words.kinds.get(found.kind, ""),
        "ceiling": amount(found.ceiling),
        "level": words.levels.get(found.level, ""),
        "limit": f"{found.limit_count} {words.units.get(found.limit_unit, '')}" if found.limit_count else "",
        "conditions": [(one, words.condition(one)) for one in found.conditions.all()],
        "shares": "、".join(share(one, words) for one in found.level_shares.all()),
        "before": before,
        "differences": differences(before, found, words),
        "versions": [(one, standing(one, today)) for one in versions],
        "is_last": found.pk == versions[0].pk,
        "may_edit": mine and found.state == State.DRAFT,
        "may_begin": mine and found.state in drafting.TOLD and found.pk == versions[0].pk,
        "may_settle": approver and found.state == State.SUBMITTED and other,
        "own_draft": approver and found.state == State.SUBMITTED and not other,
        "return_form": return_form,
        "end_form": end_form if approver and found.state == State.PUBLISHED else None,
        "mark": edit_conflicts.page_mark(request, _shown(found.item)),
    }
    return show(request, "benefits/catalogue/version.html", f"{found.item} {found.name}", **context)


def _did(
    request: HttpRequest, found: ItemVersion, act: str, user: User, forms_of: dict[str, forms.Form]
) -> bool:
    form, today = forms_of.get(act), timezone.localdate()
    said = {
        "hand_in": "已提交审核。",
        "approve": "已审核通过并发布。",
        "return": "已退回修改。",
        "end": "已停止。",
    }
    if act not in said or (form is not None and not form.is_valid()):
        return False
    with attempt(request, said[act]) as done, edit_conflicts.unchanged(request, found.item, _shown):
        if act == "hand_in":
            drafting.hand_in(version=found, acting_user=user)
        elif act == "end":
            drafting.end_version(version=found, today=today, acting_user=user, **forms_of["end"].cleaned_data)
        else:
            why = forms_of["return"].cleaned_data["why"] if act == "return" else ""
            drafting.settle_version(
                version=found, approves=act == "approve", why=why, today=today, acting_user=user
            )
    return bool(done)


@never_cache
def new(request: HttpRequest) -> HttpResponse:
    user = require(request, "benefit.draft")
    return _form(request, user, None)


@never_cache
def draft(request: HttpRequest, item_id: int) -> HttpResponse:
    """Change the draft of an item, or begin its next version with all that the last one says."""
    user = require(request, "benefit.draft")
    item = get_object_or_404(BenefitItem, pk__in=items_for(user).filter(item=item_id).values("item"))
    return _form(request, user, item)


def _units(user: User) -> QuerySet[Department]:
    own = own_department(user)
    units = Department.objects.bodies().filter(is_active=True)
    return units if own is None else Department.objects.filter(pk=own)


def _form(request: HttpRequest, user: User, item: BenefitItem | None) -> HttpResponse:
    words, units = Vocabulary.stored(), _units(user)
    last = with_all(ItemVersion.objects.filter(item=item)).order_by("number").last() if item else None
    said, conditions, papers = initial_of(last, words) if last else ({}, [], [])
    if last is None and (only := units.first()) and own_department(user) is not None:
        said = {"department": only.pk}
    if last is not None and last.state in drafting.TOLD:
        said["valid_from"] = None  # a new version begins on a day of its own
    data = _with_more_rows(request) if request.method == "POST" else None
    form = GuideForm(data, initial=said, words=words, units=units, item=item)
    rows = Conditions(data, initial=conditions, prefix="conditions", form_kwargs={"words": words})
    needed = Papers(data, initial=papers, prefix="papers")
    if request.method == "POST" and not _more(request) and _saved(request, form, rows, needed, user):
        code = item.code if item is not None else form.cleaned_data["code"].strip()
        newest = ItemVersion.objects.filter(item__code=code).order_by("number").last()
        return redirect("benefits:item-version", newest.pk if newest else 0)
    context: dict[str, Any] = {
        "form": form,
        "conditions": rows,
        "papers": needed,
        "item": item,
        "last": last,
        "is_edit": last is not None and last.state == State.DRAFT,
        "mark": edit_conflicts.page_mark(request, _shown(item)) if item else "",
    }
    title = "新增事项" if item is None else f"起草 {item} {last.name if last else ''}"
    is_faulty = request.method == "POST" and not _more(request)
    return show(request, "benefits/catalogue/form.html", title, status=422 if is_faulty else 200, **context)


def _more(request: HttpRequest) -> bool:
    return request.POST.get("act") in ("more_conditions", "more_papers")


def _with_more_rows(request: HttpRequest) -> Any:
    """Return what was sent, with more empty rows of the kind that was asked for: works without script."""
    data = request.POST.copy()
    if _more(request):
        name = f"{request.POST['act'].removeprefix('more_')}-TOTAL_FORMS"
        count = data.get(name, "")
        if count.isdecimal() and len(count) < 4:
            data[name] = str(min(int(count) + MORE_ROWS, MOST_ROWS))
    return data


def _saved(request: HttpRequest, form: GuideForm, conditions: Any, papers: Any, user: User) -> bool:
    if not all([form.is_valid(), conditions.is_valid(), papers.is_valid()]):
        return False
    found = form.draft(conditions, papers)
    if not form.tell(found):
        return False
    hands_in = request.POST.get("act") == "hand_in"
    said = "已保存并提交审核。" if hands_in else "已保存草稿。"
    with attempt(request, said) as done:
        if form.item is None:
            _write(found, user, hands_in=hands_in)
        else:
            with edit_conflicts.unchanged(request, form.item, _shown):
                _write(found, user, hands_in=hands_in)
    return bool(done)


def _write(found: drafting.Draft, user: User, *, hands_in: bool) -> None:
    with transaction.atomic():
        version = drafting.draft_version(draft=found, acting_user=user)
        if hands_in:
            drafting.hand_in(version=version, acting_user=user)
