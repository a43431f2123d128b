"""Pages of what comes from platforms above: the two imports, and the number of a matter of ours."""

from __future__ import annotations

from functools import partial
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils import timezone

from casework.incoming import services
from casework.incoming.headings import HOTLINE, PROVINCE
from casework.incoming.reading import LONGEST_NUMBER
from casework.matters.queries import matters_for
from office.imports import definition as imports
from office.imports import views as import_views
from office.models import User
from office.workbench.attempt import attempt
from office.workbench.pages import posted, require, show
from office.workbooks.sheets import ReportProgress

URL_NAMES = {HOTLINE: "casework:import-hotline", PROVINCE: "casework:import-province"}
LEADS = {
    HOTLINE: "上传12345热线平台导出的工单。",
    PROVINCE: "上传省营商环境投诉举报平台等上级平台导出的事项。",
}
RULES = (
    "按上级平台编号匹配：没有的新增；已有的只更新上级平台的状态和办结日期，不重复登记。"
    "表头至少有编号、受理时间、内容；姓名、电话、企业、证件、地址各栏读入后密封，不在预览中显示。"
    "有误的行略过，更正后再次上传即可补上。"
)


class ProcedureField(forms.CharField):
    """Which procedure the rows are registered under; a select, because the list is short."""

    def __init__(self, channel: str) -> None:
        self.channel = channel
        choices = [(one.procedure_id, one.procedure.desk) for one in services.importable(channel)]
        super().__init__(label="办理规程", widget=forms.Select(choices=choices))

    def clean(self, value: Any) -> str:
        chosen = str(super().clean(value))
        if chosen not in {one.procedure_id for one in services.importable(self.channel)}:
            raise ValidationError("请选择办理规程。")
        return chosen


def _preview(
    channel: str, content: bytes, option: Any, user: User, progress: ReportProgress
) -> imports.Preview:
    plan = services.preview_incoming(
        content=content,
        channel=channel,
        procedure_id=str(option),
        now=timezone.now(),
        acting_user=user,
        progress=progress,
    )
    counts = plan.counts()
    return imports.Preview(
        digest=plan.digest(),
        headings=list(counts),
        rows=[(plan.version.procedure.desk, list(counts.values()))],
        notes=plan.notes,
        faults=plan.faults,
        changes=list(plan.in_words()),
        change_count=len(plan.new) + len(plan.changes),
        writes=plan.writes,
    )


def _run(channel: str, agreed: imports.Agreed, user: User, progress: ReportProgress) -> str:
    plan = services.import_incoming(
        content=agreed.content,
        file_name=agreed.file_name,
        channel=channel,
        procedure_id=str(agreed.option),
        now=timezone.now(),
        acting_user=user,
        expected_digest=agreed.digest,
        progress=progress,
    )
    said = "，".join(f"{done} {count}" for done, count in plan.counts().items())
    return f"已导入“{plan.version.procedure.desk}”：{said}。"


def _offered(channel: str) -> imports.Import:
    return imports.offer(
        imports.Import(
            title=f"导入{services.WHAT[channel]}",
            lead=LEADS[channel] + RULES,
            action="matter.import",
            url_name=URL_NAMES[channel],
            option="",
            asks=partial(ProcedureField, channel),
            faults_stop=lambda _: False,
            preview=partial(_preview, channel),
            run=partial(_run, channel),
            holds_persons=True,
        )
    )


IMPORTS = {channel: _offered(channel) for channel in (HOTLINE, PROVINCE)}


def import_page(request: HttpRequest, channel: str) -> HttpResponse:
    return import_views.page(request, IMPORTS[channel])


class NumberForm(forms.Form):
    """The number that the platform above gave."""

    number = forms.CharField(label="上级平台编号", max_length=LONGEST_NUMBER)


def higher_number(request: HttpRequest, matter_id: int) -> HttpResponse:
    """Enter the number above for a matter that was registered here first."""
    user = require(request, "matter.register")
    matter = get_object_or_404(matters_for(user), pk=matter_id)
    form = NumberForm(posted(request), initial={"number": matter.higher_number})
    if form.is_bound and form.is_valid():
        with attempt(request, "已登记上级平台编号。") as done:
            services.enter_higher_number(
                matter=matter, number=form.cleaned_data["number"], now=timezone.now(), acting_user=user
            )
        if done:
            return redirect(request.path)
    record = getattr(matter, "higher", None)
    return show(
        request,
        "casework/incoming/higher_number.html",
        "上级平台编号",
        matter=matter,
        record=record,
        form=form,
    )
