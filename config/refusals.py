"""What is answered instead of a page: inside the office with its frame and a way back."""

from __future__ import annotations

import sys

from django.conf import settings
from django.contrib import admin
from django.http import HttpRequest, HttpResponse
from django.middleware.csrf import REASON_BAD_ORIGIN
from django.shortcuts import render
from django.template import loader
from django.views import defaults

from office import trace
from office.errors import is_disk_full, is_folder_away
from office.middleware import OFFICE
from office.workbench.pages import show


def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_in_office(request):
        return show(
            request,
            "office/workbench/refused.html",
            "您的岗位角色不能查看这个页面",
            status=403,
            why="未作任何更改。如需查看，请联系系统管理员核对岗位角色。",
        )
    return defaults.permission_denied(request, exception)


def not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    if _is_in_office(request):
        return show(
            request,
            "office/workbench/refused.html",
            "没有找到这个页面",
            status=404,
            why="内容可能已经删除或移动，也可能不属于您的单位或镇（街）。",
        )
    return defaults.page_not_found(request, exception)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """Say which it is: a page that is too old, or an address nobody has named to the software."""
    context = {"origin": settings.PUBLIC_ORIGIN, "foreign": reason.startswith(FOREIGN)}
    return render(request, "403_csrf.html", context, status=403)


def server_error(request: HttpRequest) -> HttpResponse:
    """Say of a full disk or a folder that is away what it is; every other fault has the page of faults.

    None asks the database or anything else that may be what fails. The number finds the line of the log.
    """
    fault = sys.exception()
    name = "500.html"
    if is_disk_full(fault):
        name = "503_disk.html"
    elif is_folder_away(fault):
        name = "503_files.html"
    page = loader.get_template(name).render({"number": trace.number()[:SHOWN]})
    return HttpResponse(page, status=int(name[:3]))


SHOWN = 12  # characters of the number: enough to find it, few enough to say over the telephone
FOREIGN = REASON_BAD_ORIGIN.partition("%")[0]


def _is_in_office(request: HttpRequest) -> bool:
    return request.path.startswith(OFFICE) and hasattr(request, "user") and admin.site.has_permission(request)
