"""The office's page for importing supervisors."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from office.exports import fonts
from office.imports import short_lists
from office.imports import views as import_views
from surveys.respondents import supervisor_import

SUPERVISORS = short_lists.offer(
    supervisor_import.SUPERVISORS,
    lead="上传监督员名单，表头为姓名、所在单位；另可有所属地区、联系电话、聘期开始、聘期结束、在任。"
    "姓名和所在单位都相同的，视为同一人；名单中没有的监督员保持不变。从“维护监督员”导出的表格可修改后在此导入。",
    url_name="import-supervisors",
    warn=fonts.warning,
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_supervisors(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, SUPERVISORS)
