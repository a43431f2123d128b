"""The office's page for importing service windows."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.windows import list_import
from office.imports import short_lists
from office.imports import views as import_views
from office.workbench import start_page

WINDOWS = short_lists.offer(
    list_import.WINDOWS,
    lead="上传服务窗口名单，表头须有办事大厅、窗口号、窗口名称、进驻单位，可有办理事项、在用。名单中有新的大厅时一并新增，"
    "每个窗口同时列为评价对象。空白处和名单中没有的窗口保持不变；从“维护服务窗口”导出的表格可修改后在此导入。",
    url_name="import-windows",
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_windows(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, WINDOWS)


start_page.add_link(
    "单位和人员",
    "导入服务窗口",
    "import-windows",
    "window.import",
    hint="办事大厅、窗口号、窗口名称、进驻单位、办理事项",
    order=44,
)
