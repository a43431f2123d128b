"""The yearly account: all units for those inside, its own for a unit, a person's for those who must."""

from __future__ import annotations

from collections.abc import Callable

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_safe

from departments.access import own_units
from departments.models import Department, StaffMember
from evaluations.account import answering, queries, reporting, workbooks
from evaluations.account.forms import ExtractForm, ReportForm
from evaluations.account.reckoning import Account
from evaluations.models import AccountExtract
from office import roles
from office.errors import Refused
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.writing import XLSX

FIRST_YEAR, LAST_YEAR = 2000, 2099


def _year(year: int) -> int:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Http404
    return year


def latest(request: HttpRequest) -> HttpResponse:
    require(request, "yearly.view")
    found = queries.years()
    return redirect("cockpit:account", found[0] if found else timezone.localdate().year)


@require_safe
def own(request: HttpRequest) -> HttpResponse:
    """Lead people of a unit to its account; one who belongs nowhere has none."""
    user = require(request, "yearly.view_own")
    unit = own_units(user).filter(parent=None).first() or own_units(user).first()
    if unit is None:
        return show(request, "evaluations/account/none.html", "本单位年度账目")
    return redirect("cockpit:account-unit", timezone.localdate().year, unit.pk)


@require_safe
def year_page(request: HttpRequest, year: int) -> HttpResponse:
    user = require(request, "yearly.view")
    units = queries.units_in(_year(year))
    return show(
        request,
        "evaluations/account/year.html",
        f"{year}年度账目",
        year=year,
        years=sorted({*queries.years(), year}, reverse=True),
        units=units,
        has_couplings=any(one.kind == "coupling" for unit in units for one in unit.entries),
        has_superiors=any(one.kind == reporting.KIND for unit in units for one in unit.entries),
        may_answer=roles.allowed(user, "yearly.answer"),
    )


def account_for(request: HttpRequest, year: int, department_id: int) -> tuple[User, Account, bool]:
    """The account as who asks may read it, and whether the people may be shown."""
    user = require(request, "yearly.view", "yearly.view_own")
    inside = roles.allowed(user, "yearly.view")
    if not inside and not own_units(user).filter(pk=department_id).exists():
        raise Http404
    unit = get_object_or_404(Department, pk=department_id)
    found = queries.units_in(_year(year), of=Department.objects.filter(pk=department_id))
    account = found[0] if found else Account(unit.pk, unit.name)
    return user, account, any(roles.allowed(user, one) for one in ("yearly.persons", "yearly.persons_own"))


@require_safe
@never_cache
def unit(request: HttpRequest, year: int, department_id: int) -> HttpResponse:
    user, account, with_people = account_for(request, year, department_id)
    return show(
        request,
        "evaluations/account/unit.html",
        f"{account.name}{year}年度账目",
        year=year,
        previous=year - 1,
        next=year + 1,
        account=account,
        people=queries.people_of(department_id, year) if with_people else [],
        with_people=with_people,
        inside=roles.allowed(user, "yearly.view"),
    )


@require_safe
@never_cache
def person(request: HttpRequest, year: int, staff_id: int) -> HttpResponse:
    """A person's year: seen by the inspectorate, the reviewer, the leading group and their own unit's."""
    user = require(request, "yearly.persons", "yearly.persons_own")
    of = None if roles.allowed(user, "yearly.persons") else own_units(user)
    who = get_object_or_404(StaffMember.objects.select_related("department"), pk=staff_id)
    account = queries.person_in(staff_id, _year(year), of=of)
    if account is None and of is not None and not of.filter(pk=who.department_id).exists():
        raise Http404
    return show(
        request,
        "evaluations/account/person.html",
        f"{who.name}{year}年度账目",
        year=year,
        previous=year - 1,
        next=year + 1,
        who=who,
        account=account or Account(who.department_id, who.name, who.pk),
        inside=of is None,
    )


def _workbook(name: str, made: Callable[[], bytes]) -> HttpResponse:
    try:
        content = made()
    except Refused as refusal:
        raise Http404(str(refusal)) from refusal
    disposition = content_disposition_header(True, f"{name}.xlsx") or "attachment"
    return HttpResponse(
        content, content_type=XLSX, headers={"Content-Disposition": disposition, "Cache-Control": "no-store"}
    )


@require_safe
def year_workbook(request: HttpRequest, year: int) -> HttpResponse:
    user = require(request, "yearly.view")
    return _workbook(f"{year}年度账目", lambda: workbooks.year_of_units(year=_year(year), acting_user=user))


@require_safe
def appraisals_workbook(request: HttpRequest, year: int) -> HttpResponse:
    user = require(request, "yearly.view")
    return _workbook(f"{year}年考核挂钩", lambda: workbooks.appraisals(year=_year(year), acting_user=user))


@require_safe
def unit_workbook(request: HttpRequest, year: int, department_id: int) -> HttpResponse:
    user, account, with_people = account_for(request, year, department_id)
    return _workbook(
        f"{account.name}{year}年度账目",
        lambda: workbooks.unit_of_year(account=account, year=year, with_people=with_people, acting_user=user),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def superiors(request: HttpRequest, year: int) -> HttpResponse:
    """What each superior body gets, and the record that it was handed over."""
    user = require(request, "yearly.view")
    if request.method == "POST":
        require(request, "yearly.report")
    data = posted(request)
    form = ReportForm(data, initial={"sent_on": timezone.localdate()})
    if data is not None and form.is_valid():
        with attempt(request, "已登记报送。") as done:
            reporting.record_handing_over(
                year=_year(year), **form.cleaned_data, now=timezone.now(), acting_user=user
            )
        if done:
            return redirect("cockpit:account-superiors", year)
    return show(
        request,
        "evaluations/account/superiors.html",
        f"{year}年报送上级主管部门",
        year=year,
        packages=reporting.packages(_year(year)),
        form=form,
        chosen=data.get("body", "") if data is not None else "",
        blank=ReportForm(initial={"sent_on": timezone.localdate()}),
        may_report=roles.allowed(user, "yearly.report"),
    )


@require_safe
def package_workbook(request: HttpRequest, year: int) -> HttpResponse:
    require(request, "yearly.view")
    body = request.GET.get("body", "")
    return _workbook(
        f"报送{body}{year}年考核评议结果", lambda: reporting.workbook(reporting.package_of(_year(year), body))
    )


@require_safe
@never_cache
def extracts(request: HttpRequest) -> HttpResponse:
    user = require(request, "yearly.persons")
    rows = AccountExtract.objects.select_related("made_by")[:200]
    return show(
        request,
        "evaluations/account/extracts.html",
        "任职查询回复",
        extracts=rows,
        may_answer=roles.allowed(user, "yearly.answer"),
    )


@require_http_methods(["GET", "HEAD", "POST"])
@never_cache
def new_extract(request: HttpRequest) -> HttpResponse:
    user = require(request, "yearly.answer")
    form = ExtractForm(posted(request), initial={"asked_on": timezone.localdate()})
    if form.is_valid():
        with attempt(request, "已登记查询，回复内容见下。") as done:
            made = answering.answer(request=form.request(), now=timezone.now(), acting_user=user)
        if done:
            return redirect("cockpit:account-extract", made.pk)
    return show(request, "evaluations/account/new_extract.html", "登记任职查询", form=form)


@require_safe
@never_cache
def extract(request: HttpRequest, extract_id: int) -> HttpResponse:
    """The answer as it was given."""
    require(request, "yearly.persons")
    found = get_object_or_404(AccountExtract.objects.select_related("made_by"), pk=extract_id)
    return show(
        request,
        "evaluations/account/extract.html",
        f"任职查询回复 {found.register_number}",
        extract=found,
        parts=[(heading, found.content.get(heading, [])) for heading in answering.HEADINGS.values()],
        is_empty=not any(found.content.values()),
    )
