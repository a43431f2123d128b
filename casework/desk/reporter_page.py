"""Look at who reported a matter: with a reason, once, on a page that nothing keeps."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils import timezone
from django.views.decorators.cache import never_cache

from casework.models import Matter, Reporter
from casework.reporters.opening import open_reporter
from departments.models import Department
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show

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
        field.queryset = Department.objects.filter(assignments__matter=matter).distinct()


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
