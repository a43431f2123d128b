"""Look at who reported a matter, with a reason and once; find by a phone, without opening anything."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.desk.filters import with_what_a_row_shows
from casework.desk.rows import Row, row_of
from casework.models import Matter, Reporter
from casework.reporters.opening import RUNNING, open_reporter
from casework.reporters.sealing import phone_mark
from departments.models import Department
from office import audit
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

MOST_SHOWN = 100
LABELS = {"name": "姓名", "phone": "联系电话", "firm": "企业名称", "more": "其他"}


class OpeningForm(forms.Form):
    reason = forms.CharField(
        label="查看理由",
        max_length=200,
        widget=forms.Textarea(attrs={"rows": 2, "autofocus": True}),
        help_text="写明为什么需要知道反映人身份，例如：按规程回访。不写姓名和电话；纪检监察按月查阅。",
    )
    given_to = forms.ModelChoiceField(
        label="提供给承办单位", queryset=Department.objects.none(), required=False, empty_label="不提供"
    )

    def __init__(self, *args: Any, matter: Matter, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["given_to"]
        running = matter.assignments.filter(state__in=RUNNING)
        field.queryset = Department.objects.filter(pk__in=running.values("unit"))


class PhoneForm(forms.Form):
    phone = forms.CharField(
        label="反映人电话",
        max_length=30,
        widget=forms.TextInput(attrs={"inputmode": "tel", "autocomplete": "off", "autofocus": True}),
        help_text="只比对加密的印记，不打开身份；每次查找都有记录，不记录号码。",
    )

    def clean_phone(self) -> str:
        mark = phone_mark(self.cleaned_data["phone"])
        if not mark:
            raise forms.ValidationError("请填写电话号码。")
        return mark


@never_cache
def reporter(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Ask why; then show name and phone this once."""
    user = require(request, "reporter.open")
    rows = Reporter.objects.select_related("matter__version")
    kept = get_object_or_404(rows, matter=matter_id)
    form = OpeningForm(posted(request), matter=kept.matter)
    found: dict[str, str] = {}
    if form.is_valid():
        with attempt(request, "已记录本次查看。"):
            found = open_reporter(reporter=kept, **form.cleaned_data, now=timezone.now(), acting_user=user)
    response = show(
        request,
        "casework/desk/reporter.html",
        f"查看反映人身份：{kept.matter.number}",
        matter=kept.matter,
        reporter=kept,
        form=form,
        found=[(LABELS[name], value) for name, value in found.items() if value],
    )
    response["Cache-Control"] = "no-store"
    return response


@never_cache
def by_phone(request: HttpRequest) -> HttpResponse:
    """Find what was reported from a phone; the number travels in the form alone, never in an address."""
    user = require(request, "reporter.open")
    form, rows = PhoneForm(posted(request)), None
    if form.is_valid():
        rows = _found(form.cleaned_data["phone"], user)
    response = show(request, "casework/desk/by_phone.html", "按电话查找事项", form=form, rows=rows)
    response["Cache-Control"] = "no-store"
    return response


@transaction.atomic
def _found(mark: str, user: User) -> list[Row]:
    rows = Matter.objects.filter(reporter__phone_mark=mark).order_by("-pk")
    now = timezone.now()
    found = [row_of(one, now) for one in with_what_a_row_shows(rows)[:MOST_SHOWN]]
    audit.record("按电话查找事项", user, acting_user=user, after={"件数": len(found)})
    return found
