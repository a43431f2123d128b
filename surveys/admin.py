"""The office's view of surveys: state, turnout of yesterday, slips; never a ballot, never a live count."""

from __future__ import annotations

from django.contrib import admin
from django.urls import reverse
from django.utils.html import format_html

from office import dates
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, RoleInline
from surveys import queries
from surveys.models import Stratum, Survey
from surveys.respondents import entity_admin, supervisor_admin  # noqa: F401 - register themselves
from surveys.respondents.pools import admin as pool_admin  # noqa: F401 - registers itself


class StratumInline(RoleInline):
    model = Stratum
    view_action = "survey.view"
    fields = ("name", "share", "key_id")
    readonly_fields = fields
    can_delete = False


@admin.register(Survey)
class SurveyAdmin(RoleAdmin):
    empty_says = "还没有评价表。评价中心在轮次中制票以后，评价表会列在这里。"
    view_action = "survey.view"
    list_display = ("title", "public_id", "state", "voters", "slips")
    export_columns = ("title", "public_id", "state", "voters")
    fields = (
        "title",
        "public_id",
        "state",
        "key_on_server",
        "closes",
        "voters",
        "slips",
        "fingerprint",
        "code_root",
        "faults",
    )
    readonly_fields = fields
    inlines = (StratumInline,)

    @admin.display(description="参评人数")
    def voters(self, survey: Survey) -> str:
        known = queries.turnout_in(survey.turnout)
        if known.as_of is None:
            return "评价开始后，每日夜间更新一次"
        return f"约{known.total}人（截至{dates.day(known.as_of)}，向下取整到十位）"

    @admin.display(description="凭条")
    def slips(self, survey: Survey) -> str:
        address = reverse("survey-slips", args=[survey.pk])
        return format_html('<a href="{}">查看批次</a>', address)

    @admin.display(description="清点核对")
    def faults(self, survey: Survey) -> str:
        if survey.state != Survey.State.COUNTED:
            return "计票后显示"
        broken = len(survey.controls["faults"])
        said = f"{len(survey.controls['checked'])}项核对"
        return f"{said}，{broken}项不相符，已由具名人员说明" if broken else f"{said}全部相符"


start_page.add_link(
    "评价轮次",
    "印制凭条",
    "survey-slips-list",
    "slip.print",
    hint="按镇（街）和类别印制、下载",
    order=40,
)
start_page.add_link(
    "监督核查",
    "核对票箱和凭条",
    "survey-controls-list",
    "control.view",
    hint="逐批次核对，说明不相符的数字",
    order=40,
)
start_page.add_link(
    "评价轮次",
    "换领纸质票",
    "survey-paper-list",
    "paper.exchange",
    hint="凭未用的凭条换领，印制纸质票",
    order=42,
)
start_page.add_link(
    "评价轮次",
    "录入纸质票",
    "survey-paper-list",
    "paper.key",
    hint="截止评价后，两人分别录入",
    order=43,
)
start_page.add_link(
    "评价轮次",
    "核对纸质票",
    "survey-paper-list",
    "paper.decide",
    hint="测评表与换领份数核对，裁定不一致的录入",
    order=44,
)
