"""Import registers of firms; lists and pages of firms stand with the desk, which knows their claims."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpRequest, HttpResponse
from django.utils import timezone

from benefits.firms.register_import import day_of_list, import_register, preview_register
from benefits.rules import rules
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbooks.sheets import ReportProgress

LEAD = (
    "上传市场监管、统计、税务等部门的企业名册。表头至少有企业名称、统一社会信用代码；可以有状态（存续、注销）和各项标签，"
    "列名写标签的名称。以后的名册更新以前名册的标签；企业填报、窗口登记在名册日期当天或者以后的保留不改，预览中列出不同之处。"
)


def day_field() -> forms.CharField:
    widget = forms.DateInput(attrs={"type": "date"})
    return forms.CharField(label="名册日期（所载数据的日期）", widget=widget, initial=_today)


def _today() -> str:
    return timezone.localdate().isoformat()


def _preview(content: bytes, option: Any, user: User, progress: ReportProgress) -> imports.Preview:
    listed_on = day_of_list(str(option), timezone.localdate())
    plan = preview_register(content=content, listed_on=listed_on, acting_user=user, progress=progress)
    counts = plan.counts()
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[("企业名册", list(counts.values()))],
        notes=plan.all_notes(),
        faults=plan.faults,
        changes=plan.changes,
        change_count=plan.change_count,
        writes=plan.writes,
    )


def _run(agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = import_register(
        content=agreed.content,
        file_name=agreed.file_name,
        listed_on=day_of_list(str(agreed.option), timezone.localdate()),
        acting_user=user,
        expected_digest=agreed.digest,
        progress=progress,
    )
    said = "，".join(f"{what} {count}" for what, count in plan.counts().items())
    return f"企业名册已导入：{said}。请重新匹配，推送名单才会更新。"


REGISTER = imports.offer(
    imports.Import(
        title="导入企业名册",
        lead=f"{LEAD}标签：{'、'.join(one.label for one in rules()[1].labels.items)}。",
        action="benefit.match",
        url_name="benefits:import-firms",
        leads_to="benefits:firms",
        leads_to_label="打开企业列表",
        option="",
        asks=day_field,
        faults_stop=lambda _: True,
        preview=_preview,
        run=_run,
    )
)


def register(request: HttpRequest) -> HttpResponse:
    return import_views.page(request, REGISTER)
