"""The office's page for importing markers."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evaluations.gathering.sheets.marker_list import MARKERS
from office.imports import short_lists
from office.imports import views as import_views

IMPORT = short_lists.offer(
    MARKERS,
    lead="上传评议人名单，表头为轮次、评议组、姓名、单位、账户。账户留空的用纸质打分表；单位是评议人所在的参评单位，"
    "不列入其打分表。名单中没有的评议人保持不变；从“评议人”列表导出的表格可修改后在此导入。",
    url_name="cockpit:sheets-import",
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_markers(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, IMPORT)
