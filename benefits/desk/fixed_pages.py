"""Lists of firms that get an item without a claim: drawn up, confirmed by another, assigned by a job."""

from __future__ import annotations

from django import forms
from django.core.paginator import Paginator
from django.db.models import Count, Exists, OuterRef, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache

from benefits.catalogue.drafting import in_force
from benefits.claims import fixing
from benefits.matching.conditions import matchable
from benefits.models import Claim, FixedList
from benefits.rules import rules
from office import roles
from office.errors import Refused
from office.jobs import views as job_views
from office.models import Job
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.fields import ConditionalField
from office.workbench.pages import posted, require, show

PER_PAGE = 50


class DrawForm(forms.Form):
    leave_out = forms.CharField(
        label="不列入的企业",
        required=False,
        max_length=20_000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text="符合标签、但由窗口核对不符合的，写统一社会信用代码，一行一个。",
    )


class SettleForm(forms.Form):
    opinion = ConditionalField(
        label="意见",
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text="退回的，写明哪些企业不应列入。",
    )


@never_cache
def fixed_lists(request: HttpRequest) -> HttpResponse:
    """The lists, and the items for which one could be drawn up."""
    user = require(request, "benefit.view")
    found = FixedList.objects.select_related("version__department", "drawn_up_by", "confirmed_by")
    found = found.annotate(size=Count("listed"), left=Count("listed", filter=~Q(listed__left_out="")))
    known = rules()[1]
    kinds = [one.category for one in known.classes.items if one.without_application]
    items = in_force(timezone.localdate()).filter(category__in=kinds).select_related("item", "department")
    return show(
        request,
        "benefits/desk/fixed_lists.html",
        "免申即享名单",
        page=Paginator(found.order_by("-pk"), PER_PAGE).get_page(request.GET.get("page")),
        items=items.order_by("item__code"),
        rules=known,
        may_draw=roles.allowed(user, "benefit.match"),
    )


@never_cache
def fixed_new(request: HttpRequest, version_id: int) -> HttpResponse:
    user = require(request, "benefit.match")
    version = get_object_or_404(in_force(timezone.localdate()).select_related("item"), pk=version_id)
    form = DrawForm(posted(request))
    if form.is_bound and form.is_valid():
        try:
            fixed = fixing.draw_up_list(
                version=version, now=timezone.now(), acting_user=user, **form.cleaned_data
            )
        except Refused as refusal:
            form.add_error(None, str(refusal))
        else:
            return redirect("benefits:fixed-list", fixed.pk)
    today = timezone.localdate()
    firms = fixing.who_fits(version, today).order_by("credit_code")
    (item,) = matchable(today, version.pk) or (None,)
    return show(
        request,
        "benefits/desk/fixed_new.html",
        "拟定名单",
        version=version,
        form=form,
        item=item,
        page=Paginator(firms, PER_PAGE).get_page(request.GET.get("page")),
    )


@never_cache
def fixed_list(request: HttpRequest, list_id: int) -> HttpResponse:
    user = require(request, "benefit.view")
    rows = FixedList.objects.select_related("version__department", "drawn_up_by", "confirmed_by")
    fixed = get_object_or_404(rows, pk=list_id)
    form = SettleForm(posted(request))
    if form.is_bound and form.is_valid():
        confirms = "confirm" in request.POST
        done = attempt(request, "已确认名单，正在交办。" if confirms else "已退回名单。")
        with done, edit_conflicts.unchanged(request, fixed, _state_of):
            fixing.settle_list(
                fixed=fixed,
                confirms=confirms,
                opinion=form.cleaned_data["opinion"],
                now=timezone.now(),
                acting_user=user,
            )
        if done:
            return redirect("benefits:fixed-list", fixed.pk)
    claimed = Claim.objects.filter(from_list=fixed, firm=OuterRef("firm"))
    listed = fixed.listed.select_related("firm").annotate(is_claimed=Exists(claimed))
    left_out = fixed.listed.exclude(left_out="").select_related("firm").order_by("firm__credit_code")
    run = fixing.job_of(fixed)
    is_working = run is not None and run.state in (Job.State.QUEUED, Job.State.RUNNING)
    waits = fixed.state == FixedList.State.DRAWN_UP
    return show(
        request,
        "benefits/desk/fixed_list.html",
        f"{fixed.version.name}免申即享名单",
        fixed=fixed,
        form=form,
        rules=rules()[1],
        mark=edit_conflicts.page_mark(request, _state_of(fixed)),
        page=Paginator(listed.order_by("firm__credit_code"), PER_PAGE).get_page(request.GET.get("page")),
        left_out=Paginator(left_out, PER_PAGE).get_page(request.GET.get("left")),
        claims=Claim.objects.filter(from_list=fixed).count(),
        run=job_views.told(run) if run else None,
        job=run if run and is_working and run.created_by_id == user.pk else None,
        is_working=is_working,
        may_settle=waits and roles.allowed(user, "benefit.match") and fixed.drawn_up_by_id != user.pk,
        waits_for_another=waits and fixed.drawn_up_by_id == user.pk,
    )


def _state_of(fixed: FixedList) -> str:
    return FixedList.objects.values_list("state", flat=True).get(pk=fixed.pk)
