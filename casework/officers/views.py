"""The centre's pages about officers: coverage of a quarter, the list, an object, the officers."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Paginator
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from casework.models import CoveredObject, FirmQuestionnaire, OfficerLink, ServiceOfficer
from casework.officers import codes, linking, list_import, objects, questionnaires, rules
from casework.officers.coverage import Coverage, coverage
from casework.officers.forms import (
    EndLinkForm,
    EndObjectForm,
    LeaveForm,
    LinkForm,
    ObjectForm,
    OfficerForm,
    QuestionnaireForm,
    initial_of,
)
from casework.officers.quarters import Quarter, latest
from casework.officers.workbooks import coverage_as_workbook
from casework.plates import qr
from office import roles
from office.errors import Refused
from office.imports import short_lists
from office.imports import views as import_views
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

PER_PAGE = 50
QUARTERS = 8
MOST_VISITS = 200
FOLDER = "casework/officers"

OBJECTS = short_lists.offer(
    list_import.OBJECTS,
    lead="上传挂联对象名单，表头为类别、名称、统一社会信用代码、镇（街）、地址、纳入日期、退出日期。"
    "类别填写规上企业、重点街区或者特色园区；空白处和名单中没有的对象保持不变。",
    url_name="casework:import-covered-objects",
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_objects(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, OBJECTS)


def _asked(request: HttpRequest) -> tuple[Quarter, Coverage]:
    now = timezone.now()
    present = Quarter.of(timezone.localdate(now))
    quarter = Quarter.of_key(request.GET.get("quarter", "")) or present
    quarter = min(quarter, present)
    return quarter, coverage(quarter, stored=rules.in_use().rules, now=now)


@require_safe
@never_cache
def overview(request: HttpRequest) -> HttpResponse:
    """Two figures of a quarter, their gaps by name, officers, what was too much and what was denied."""
    user = require(request, "officer.view")
    quarter, found = _asked(request)
    return show(
        request,
        f"{FOLDER}/coverage.html",
        "首席服务官覆盖情况",
        found=found,
        quarter=quarter,
        quarters=latest(timezone.localdate(), QUARTERS),
        rules=rules.in_use().rules,
        may_edit=roles.allowed(user, "officer.edit"),
    )


@require_safe
@never_cache
def exported(request: HttpRequest) -> HttpResponse:
    require(request, "officer.view")
    quarter, found = _asked(request)
    return import_views.workbook_answer(coverage_as_workbook(found), f"首席服务官覆盖情况（{quarter}）.xlsx")


@require_safe
@never_cache
def covered_objects(request: HttpRequest) -> HttpResponse:
    user = require(request, "officer.view")
    stored = rules.in_use().rules
    kind, said = request.GET.get("kind", ""), request.GET.get("q", "").strip()[:100]
    rows = CoveredObject.objects.select_related("town")
    if stored.kind(kind):
        rows = rows.filter(kind=kind)
    if said:
        rows = rows.filter(name__contains=said) | rows.filter(credit_code=said.upper())
    links = OfficerLink.objects.select_related("officer__user", "officer__unit", "deputy__user")
    page = Paginator(rows.prefetch_related(Prefetch("links", links)), PER_PAGE).get_page(
        request.GET.get("page")
    )
    now = timezone.now()
    listed = [
        (one, stored.label_of_kind(one.kind), linking.standing_at(one.links.all(), now, stored))
        for one in page
    ]
    return show(
        request,
        f"{FOLDER}/objects.html",
        "挂联对象",
        page=page,
        listed=listed,
        kinds=stored.kinds,
        kind=kind,
        said=said,
        may_edit=roles.allowed(user, "officer.edit"),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def edit_object(request: HttpRequest, covered_id: int = 0) -> HttpResponse:
    user = require(request, "officer.edit")
    covered = get_object_or_404(CoveredObject, pk=covered_id) if covered_id else None
    form = ObjectForm(
        posted(request), rules=rules.in_use().rules, initial=initial_of(covered) if covered else {}
    )
    if request.method == "POST" and form.is_valid():
        with attempt(request, "已保存。") as done:
            covered = objects.keep_object(covered=covered, **form.cleaned_data, acting_user=user)
        if done and covered:
            return redirect("casework:covered-object", covered.pk)
    title = f"修改：{covered}" if covered else "新增挂联对象"
    return show(
        request, f"{FOLDER}/form.html", title, form=form, button="保存", back="casework:covered-objects"
    )


@require_http_methods(["GET", "POST"])
@never_cache
def covered_object(request: HttpRequest, covered_id: int) -> HttpResponse:
    """An object with its officers and visits; the centre links, ends links, takes it off the list."""
    user = require(request, "officer.view")
    covered = get_object_or_404(CoveredObject.objects.select_related("town"), pk=covered_id)
    may_edit = roles.allowed(user, "officer.edit")
    people = ("officer__user", "officer__unit", "deputy__user", "deputy__unit")
    links = list(covered.links.select_related(*people))
    stored = rules.in_use().rules
    standing = linking.standing_at(links, timezone.now(), stored)
    shown: dict[str, Any] = {}
    if may_edit:
        shown = _forms(request, covered, links)
        if request.method == "POST":
            _object_posted(request, covered, shown)
            return redirect("casework:covered-object", covered.pk)
    visits = covered.visits.select_related("officer__user", "officer__unit", "unit", "problem__matter")
    return show(
        request,
        f"{FOLDER}/object.html",
        covered.name,
        covered=covered,
        kind=stored.label_of_kind(covered.kind),
        standing=standing,
        links=links,
        visits=visits[:MOST_VISITS],
        answers=covered.answers.select_related("questionnaire", "officer__user", "officer__unit")[:PER_PAGE],
        may_edit=may_edit,
        may_enter=roles.allowed(user, "officer.visit"),
        **shown,
    )


def _forms(request: HttpRequest, covered: CoveredObject, links: list[OfficerLink]) -> dict[str, Any]:
    """The forms of an object's page, each sent by itself."""
    sent = request.POST.get("do", "")
    running = next((one for one in links if one.to_day is None), None)
    forms: dict[str, Any] = {}
    if covered.ended_on is None:
        if running is None:
            forms["link_form"] = LinkForm(request.POST if sent == "link" else None)
            forms["end_form"] = EndObjectForm(request.POST if sent == "end" else None)
        else:
            rows = OfficerLink.objects.filter(object=covered, to_day=None)
            forms["unlink_form"] = EndLinkForm(
                request.POST if sent == "unlink" else None, links=rows, initial={"link": running}
            )
    return forms


def _object_posted(request: HttpRequest, covered: CoveredObject, forms: dict[str, Any]) -> None:
    user = require(request, "officer.edit")
    sent = request.POST.get("do", "")
    form = forms.get(f"{sent}_form")
    if sent == "kill":
        with attempt(request, "确认码已停用。"):
            codes.kill_code(covered=covered, acting_user=user)
    elif form is not None and form.is_valid():
        data = form.cleaned_data
        with attempt(request, "已登记。"):
            if sent == "link":
                linking.link_officer(covered=covered, **data, acting_user=user)
            elif sent == "unlink":
                linking.end_link(**data, acting_user=user)
            else:
                objects.end_object(covered=covered, **data, acting_user=user)
    else:
        with attempt(request, ""):
            raise Refused("没有填写完整", "请补填后重新提交。")


@require_POST
@never_cache
def give_code(request: HttpRequest, covered_id: int) -> HttpResponse:
    """Hand out a code: the paper is the answer itself, because nothing that could print it again is kept."""
    user = require(request, "officer.edit")
    covered = get_object_or_404(CoveredObject, pk=covered_id)
    with attempt(request, "已发放新的确认码，原来的确认码同时停用。请立即打印。") as done:
        code = codes.give_code(covered=covered, now=timezone.now(), acting_user=user)
    if not done:
        return redirect("casework:covered-object", covered.pk)
    return show(
        request,
        f"{FOLDER}/code.html",
        "企业确认码",
        covered=covered,
        code=code,
        address=codes.address_of(""),
        picture=qr.drawn(codes.address_of(code), "企业确认二维码"),
    )


@require_http_methods(["GET", "POST"])
@never_cache
def officers(request: HttpRequest) -> HttpResponse:
    user = require(request, "officer.view")
    may_edit = roles.allowed(user, "officer.edit")
    form = OfficerForm(posted(request)) if may_edit else None
    if request.method == "POST":
        require(request, "officer.edit")
        if form is not None and form.is_valid():
            with attempt(request, "已登记。") as done:
                linking.appoint_officer(**form.cleaned_data, acting_user=user)
            if done:
                return redirect("casework:officers-list")
    links = OfficerLink.objects.filter(to_day=None).select_related("object")
    rows = ServiceOfficer.objects.select_related("user", "unit").prefetch_related(Prefetch("links", links))
    return show(
        request,
        f"{FOLDER}/officers.html",
        "首席服务官名单",
        status=422 if form is not None and form.errors else 200,
        page=Paginator(rows, PER_PAGE).get_page(request.GET.get("page")),
        form=form,
        most=rules.in_use().rules.links.objects_each,
    )


@require_http_methods(["GET", "POST"])
@never_cache
def officer(request: HttpRequest, officer_id: int) -> HttpResponse:
    user = require(request, "officer.view")
    rows = ServiceOfficer.objects.select_related("user", "unit")
    found = get_object_or_404(rows, pk=officer_id)
    may_edit = roles.allowed(user, "officer.edit") and found.left_on is None
    form = LeaveForm(posted(request)) if may_edit else None
    if request.method == "POST":
        require(request, "officer.edit")
        if form is not None and form.is_valid():
            with attempt(request, "已登记离任，挂联已解除。请在期限内安排接任。") as done:
                linking.leave_post(officer=found, **form.cleaned_data, acting_user=user)
            if done:
                return redirect("casework:officer", found.pk)
    return show(
        request,
        f"{FOLDER}/officer.html",
        str(found),
        officer=found,
        links=found.links.select_related("object"),
        visits=found.visits.select_related("object", "problem__matter")[:MOST_VISITS],
        form=form,
    )


@require_http_methods(["GET", "POST"])
@never_cache
def questionnaire(request: HttpRequest) -> HttpResponse:
    """The questionnaire in use, its former versions, and the form of the next one."""
    user = require(request, "officer.view")
    may_edit = roles.allowed(user, "officer.edit")
    former = questionnaires.active()
    form = QuestionnaireForm(posted(request), former=former) if may_edit else None
    if request.method == "POST":
        require(request, "officer.edit")
        if form is not None and form.is_valid():
            with attempt(request, "已启用新的一版调查表，以前的答复保留原版本。") as done:
                questionnaires.make_questionnaire(**form.cleaned_data, now=timezone.now(), acting_user=user)
            if done:
                return redirect("casework:firm-questionnaire")
    return show(
        request,
        f"{FOLDER}/questionnaire.html",
        "需求调查表",
        former=former,
        questions=questionnaires.questions_of(former) if former else [],
        versions=FirmQuestionnaire.objects.all()[:QUARTERS],
        form=form,
    )
