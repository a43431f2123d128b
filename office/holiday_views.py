"""The office's page for importing the calendar."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from office import holidays, import_views, imports
from office.models import User
from office.workbooks import Step


def _preview(content: bytes, option: bool, user: User, step: Step) -> imports.Preview:
    plan = holidays.preview_holidays(content=content, acting_user=user)
    counts = plan.counts()
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[("节假日", list(counts.values()))],
        faults=plan.faults,
        changes=plan.changes,
        writes=bool(plan.new or plan.altered),
    )


def _run(agreed: imports.Agreed, user: User, step: Step) -> str:
    plan = holidays.import_holidays(
        content=agreed.content, file_name=agreed.file_name, expected_digest=agreed.digest, acting_user=user
    )
    return "节假日已导入：" + "，".join(f"{what} {count}" for what, count in plan.counts().items()) + "。"


HOLIDAYS = imports.offer(
    imports.Import(
        title="导入节假日",
        lead="上传国务院办公厅公布的节假日和调休安排，表头为日期、名称、是否上班。工作簿中没有的日期保持不变。",
        action="calendar.edit",
        url_name="admin:import-holidays",
        option="",
        faults_stop=lambda _: True,
        preview=_preview,
        run=_run,
    )
)


@require_http_methods(["GET", "POST"])
@never_cache
def import_holidays(request: HttpRequest) -> HttpResponse:
    """Upload, preview, import."""
    return import_views.page(request, HOLIDAYS)
