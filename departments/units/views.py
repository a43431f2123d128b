"""The office's page for importing units."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from departments.units import list_import
from office.imports import short_lists
from office.imports import views as import_views
from office.workbench import start_page

UNITS = short_lists.offer(
    list_import.UNITS,
    lead="上传参评单位名单，表头须有单位名称，可有科（室）、单位类别、分组（系列）、评价方案、所属单位、上级主管部门、别名、机构序列。"
    "分组也可以写在单位上方的一行，例如“一、县（区）8个”。空白处和名单中没有的单位保持不变；"
    "从“维护单位”导出的表格可修改后在此导入。",
    url_name="import-units",
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_units(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, UNITS)


start_page.add_link(
    "单位和人员",
    "导入单位名单",
    "import-units",
    "department.edit",
    hint="各类单位、科室，分组，上级主管部门，预览无误后导入",
    order=41,
)
