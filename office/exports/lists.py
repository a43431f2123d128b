"""Export a list as a workbook: a short one at once, a long one by a job.

The job writes the file into a private folder under its own number; only the user who asked may take it,
for a week.
"""

from __future__ import annotations

from datetime import timedelta
from tempfile import TemporaryFile
from typing import Any

from django.apps import apps
from django.conf import settings
from django.contrib import admin, messages
from django.contrib.admin.options import IncorrectLookupParameters
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.http import FileResponse, HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect

from office import audit
from office.errors import Refused
from office.files import stored
from office.jobs import services as jobs
from office.models import Job, User
from office.workbench.pages import require
from office.workbench.role_admin import list_export
from office.workbooks import writing as exports
from office.workbooks.sheets import silently

KEPT_DAYS = 7
KIND = "office.export_list"


@list_export
def hand_out(model_admin: Any, request: HttpRequest) -> HttpResponse | FileResponse:
    """Send a short list at once; have a job write a long one and redirect to the exports."""
    user = require(request, model_admin.export_action)
    try:
        changelist, queryset, rows = _list(model_admin, request)
    except Refused as refusal:
        model_admin.message_user(request, str(refusal), messages.ERROR)
        return redirect(f"admin:{model_admin.opts.app_label}_{model_admin.opts.model_name}_changelist")
    if rows > settings.EXPORT_ROWS_AT_ONCE:
        start(model_admin=model_admin, query=request.GET.urlencode(), acting_user=user)
        return redirect("admin:exports")
    content = TemporaryFile()  # noqa: SIM115 - the response closes it
    columns = _columns(model_admin, request)
    count = exports.list_as_workbook(model_admin, columns, queryset, target=content, progress=silently)
    content.seek(0)
    _record(model_admin, changelist, count, user)
    name = f"{model_admin.opts.verbose_name_plural}.xlsx"
    return FileResponse(content, as_attachment=True, filename=name, content_type=exports.XLSX)


def start(*, model_admin: Any, query: str, acting_user: User) -> Job:
    address = audit.client_address.get()
    arguments = {
        "model": model_admin.opts.label,
        "query": query,
        "user": acting_user.pk,
        "role": acting_user.role,
        "address": address,
        "title": str(model_admin.opts.verbose_name_plural),
    }
    with transaction.atomic():
        return jobs.enqueue("office.export_list", arguments, acting_user=acting_user)


@jobs.handles("office.export_list", "导出列表")
def export_list(arguments: dict[str, Any], progress: jobs.Progress) -> dict[str, Any]:
    """Write the list as the asking user sees it now; rename the file when complete."""
    forget_old()
    model_admin: Any = admin.site.get_model_admin(apps.get_model(arguments["model"]))
    request = HttpRequest()
    request.method = "GET"
    request.GET = QueryDict(arguments["query"])
    request.user = User.objects.get(pk=arguments["user"])
    try:
        user = require(request, model_admin.export_action)
    except PermissionDenied as error:
        raise Refused("您的岗位角色已没有导出这一列表的权限") from error
    changelist, queryset, _ = _list(model_admin, request)
    with stored.workshop() as work:
        columns = _columns(model_admin, request)
        with (work / "list.xlsx").open("wb") as target:
            count = exports.list_as_workbook(model_admin, columns, queryset, target=target, progress=progress)
        stored.put_file(stored.private(), name_of(progress.job_id), work / "list.xlsx")
    address = audit.client_address.set(arguments["address"])
    try:
        _record(model_admin, changelist, count, user)
    finally:
        audit.client_address.reset(address)
    return {"列表": arguments["title"], "行数": count}


def name_of(job_id: int) -> str:
    """The stored name of a job's workbook."""
    return f"exports/{job_id}.xlsx"


def forget_old() -> None:
    """Remove exports that nobody has asked for in time."""
    stored.forget(stored.private(), "exports", older_than=timedelta(days=KEPT_DAYS))


def as_filtered(model_admin: Any, request: HttpRequest) -> tuple[Any, str]:
    """Return the rows of a list as filtered, and in words by what, for whoever may take the list."""
    require(request, model_admin.export_action)
    changelist, queryset, _ = _list(model_admin, request)
    return queryset, exports.chosen_filters(changelist)


def _list(model_admin: Any, request: HttpRequest) -> tuple[Any, Any, int]:
    try:
        changelist = model_admin.get_changelist_instance(request)
        queryset = changelist.get_queryset(request)
    except IncorrectLookupParameters as error:
        raise Refused("筛选条件有误", "请重新筛选后再导出。") from error
    rows = queryset.count()
    if rows > settings.EXPORT_MOST_ROWS:
        title = model_admin.opts.verbose_name_plural
        raise Refused(f"{title}超过 {settings.EXPORT_MOST_ROWS} 行", "请先筛选，再分批导出。")
    return changelist, queryset, rows


def _columns(model_admin: Any, request: HttpRequest) -> list[str]:
    shown = [name for name in model_admin.get_list_display(request) if name != "action_checkbox"]
    return list(model_admin.export_columns) or shown


def _record(model_admin: Any, changelist: Any, count: int, user: User) -> None:
    told = {"列表": str(model_admin.opts.verbose_name_plural), "行数": count}
    if filters := exports.chosen_filters(changelist):
        told["筛选"] = filters
    with transaction.atomic():
        audit.record("导出", user, acting_user=user, after=told)
