"""The page of one task, where its owner reports progress (YC-R16)."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.models import Task
from departments.tasks.services import DONE, report_progress, tasks_of
from office import roles
from office.workbench import edit_conflicts
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show


class ProgressForm(forms.Form):
    """How far a task is."""

    percent = forms.IntegerField(
        label="进度（%）", min_value=0, max_value=DONE, help_text="填 100 即为完成。"
    )
    note = forms.CharField(label="进展情况", widget=forms.Textarea(attrs={"rows": 4}), max_length=1000)


def _shown(task: Task) -> list[int]:
    """Values that must not have changed since the page was shown: the latest report."""
    return list(task.progress.order_by("-pk").values_list("pk", flat=True)[:1])


@require_http_methods(["GET", "POST"])
@never_cache
def task(request: HttpRequest, pk: int) -> HttpResponse:
    user = require(request, "task.view")
    may_report = roles.allowed(user, "task.report")
    if request.method == "POST":
        require(request, "task.report")
    found = get_object_or_404(tasks_of(user), pk=pk)
    form = ProgressForm(posted(request), initial={"percent": found.percent})
    if form.is_valid():
        with attempt(request, "已填报进展。") as done, edit_conflicts.unchanged(request, found, _shown):
            report_progress(task=found, **form.cleaned_data, acting_user=user, now=timezone.now())
        if done:
            return redirect("task", found.pk)
    context: dict[str, Any] = {
        "task": found,
        "state": found.state_in_words(timezone.localdate()),
        "progress": found.progress.select_related("by"),
        "form": form,
        "seen_mark": edit_conflicts.page_mark(request, _shown(found)),
        "may_report": may_report,
        "may_edit": roles.allowed(user, "task.edit"),
    }
    return show(request, "departments/tasks/task.html", found.title, **context)
