"""The office's page for importing users."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.accounts import list_import
from office.exports import fonts
from office.imports import short_lists
from office.imports import views as import_views
from office.workbench import start_page

USERS = short_lists.offer(
    list_import.USERS,
    lead="上传用户名单，表头为用户名、姓名、岗位角色、所属单位或镇（街）。只新增，不改动已有用户。"
    "导入后，在“管理用户”中勾选这些用户，发放一次性密码。",
    url_name="import-users",
    warn=fonts.warning,
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_users(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, USERS)


start_page.add_link(
    "系统管理",
    "导入用户",
    "import-users",
    "account.manage",
    hint="用户名、姓名、岗位角色、所属单位，预览无误后导入",
    order=101,
)
