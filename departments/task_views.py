"""The page of one task: what is asked, how far it is, and the owner's report (YC-R16)."""

from __future__ import annotations

from django import forms
from django.contrib import admin, messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.assignments import DONE, report_progress, tasks_of
from departments.models import Task
from office import roles, stale
from office.errors import Refused
from office.models import User


class ProgressForm(forms.Form):
    """How far a task is."""

    percent = forms.IntegerField(
        label="进度（%）", min_value=0, max_value=DONE, help_text="填 100 即为完成。"
    )
    note = forms.CharField(label="进展情况", widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)


def _shown(task: Task) -> list[int]:
    """What a report builds on: the reports before it."""
    return list(task.progress.order_by("-pk").values_list("pk", flat=True)[:1])


@require_http_methods(["GET", "POST"])
@never_cache
def task(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a task to those who may see it, and take the owner's report."""
    user = request.user
    if not isinstance(user, User) or not roles.allowed(user, "task.view"):
        raise PermissionDenied
    may_report = roles.allowed(user, "task.report")
    if request.method == "POST" and not may_report:
        raise PermissionDenied
    found = get_object_or_404(tasks_of(user), pk=pk)
    form = ProgressForm(
        request.POST if request.method == "POST" else None, initial={"percent": found.percent}
    )
    if form.is_valid():
        data = form.cleaned_data

        def report() -> None:
            report_progress(
                task=found,
                percent=data["percent"],
                note=data["note"],
                acting_user=user,
                now=timezone.now(),
            )

        try:
            stale.guarded(request, found, lambda: _shown(found), report)
        except Refused as refusal:
            messages.error(request, str(refusal))
        else:
            messages.success(request, "已填报进展。")
            return redirect("task", found.pk)
    context = {
        **admin.site.each_context(request),
        "title": found.title,
        "task": found,
        "standing": found.standing(timezone.localdate()),
        "progress": found.progress.select_related("by"),
        "form": form,
        "seen_mark": stale.page_mark(request, _shown(found)),
        "may_report": may_report,
        "may_edit": roles.allowed(user, "task.edit"),
    }
    return render(request, "office/task.html", context)
