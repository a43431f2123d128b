"""The office's page for importing supervising leaders."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.supervision import list_import
from office.imports import short_lists
from office.imports import views as import_views
from office.workbench import start_page

SUPERVISION = short_lists.offer(
    list_import.SUPERVISION,
    lead="上传各科（室）分管负责人名单，表头为单位、科（室）、分管负责人。"
    "空白处和名单中没有的科（室）保持不变；从“维护科（室）职责”导出的表格可修改后在此导入。",
    url_name="import-supervision",
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_supervision(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, SUPERVISION)


start_page.add_link(
    "单位和人员",
    "导入分管负责人",
    "import-supervision",
    "roster.import",
    hint="单位、科（室）、分管负责人，预览无误后导入",
    order=31,
)
