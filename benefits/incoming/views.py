"""The page that takes in the export of the platform above."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from benefits.incoming import services
from benefits.incoming.rows import WHAT
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbooks.sheets import ReportProgress

LEAD = (
    "上传省惠企政策平台等上级平台导出的申请。按上级平台编号匹配：没有的新增；已有的只更新上级平台的状态和办结日期。"
    "本地已经登记的同一企业、同一事项、同一日的申请补记编号，不重复计数。"
    "表头至少有编号、申请时间、统一社会信用代码、事项名称；联系人、电话各栏不读入。"
    "有误的行略过，更正后再次上传即可补上。"
)


def _preview(content: bytes, option: Any, user: User, progress: ReportProgress) -> imports.Preview:
    plan = services.preview_claims(content=content, now=timezone.now(), acting_user=user, progress=progress)
    counts = plan.counts()
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[("申请", list(counts.values()))],
        notes=plan.notes,
        faults=plan.faults,
        changes=list(plan.in_words()),
        change_count=len(plan.new) + len(plan.changes),
        writes=plan.writes,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = services.import_claims(
        content=agreed.content,
        file_name=agreed.file_name,
        now=timezone.now(),
        acting_user=user,
        expected_digest=agreed.digest,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
    return f"已导入{WHAT}：{said}。"


CLAIMS = imports.offer(
    imports.Import(
        title=f"导入{WHAT}",
        lead=LEAD,
        action="benefit.import",
        url_name="benefits:import-claims",
        leads_to="benefits:claims",
        leads_to_label="打开惠企申请",
        option="",
        faults_stop=lambda _: False,
        preview=_preview,
        run=_run,
        holds_persons=True,
    )
)


def import_page(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, CLAIMS)
