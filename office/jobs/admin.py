"""The pages of background jobs."""

from __future__ import annotations

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from office.errors import Refused
from office.jobs import services as jobs
from office.models import Job
from office.workbench import start_page
from office.workbench.pages import signed_in
from office.workbench.role_admin import RoleAdmin


@admin.register(Job)
class JobAdmin(RoleAdmin):
    """Background work (后台任务): how far it is, and a second try for what failed."""

    empty_says = "还没有后台任务。生成页面、整理票箱等工作开始以后，进度会列在这里。"
    view_action = "job.view"
    list_display = ("label", "state", "progress", "said", "created_by", "created_at", "finished_at")
    list_filter = ("state",)
    list_select_related = ("created_by",)
    fields = (
        "label",
        "state",
        "progress",
        "said",
        "attempts",
        "starter",
        "created_at",
        "finished_at",
        "trace",
    )
    readonly_fields = fields
    actions = ("retry",)

    @admin.display(description="发起人")
    def starter(self, job: Job) -> str:
        return str(job.created_by or "系统")

    @admin.display(description="任务", ordering="kind")
    def label(self, job: Job) -> str:
        return f"{jobs.LABELS.get(job.kind, '后台任务')}（{job.pk}）"

    @admin.display(description="进度")
    def progress(self, job: Job) -> str:
        if not job.total:
            return "—"
        return format_html(
            '<progress max="{0}" value="{1}"></progress> {1}/{0}', job.total, min(job.done, job.total)
        )

    @admin.display(description="说明")
    def said(self, job: Job) -> str:
        """Say why a job stopped, or what it found; names that only programs read stay away."""
        found = (f"{name}：{value}" for name, value in job.outcome.items() if not name.isascii())
        told = "；".join(one.removesuffix("。") for one in found)
        return (job.state == Job.State.DONE and told) or job.message or "—"

    @admin.action(description="重新运行所选任务", permissions=["retry"])
    def retry(self, request: HttpRequest, queryset: QuerySet[Job]) -> None:
        for job in queryset:
            try:
                jobs.retry(job=job, acting_user=signed_in(request))
            except Refused as refusal:
                self.message_user(request, f"{self.label(job)}：{refusal}", messages.ERROR)
            else:
                self.message_user(request, f"{self.label(job)}：已重新排队。")

    def has_retry_permission(self, request: HttpRequest) -> bool:
        return self._may(request, "job.retry")


start_page.add_link(
    "系统管理",
    "查看后台任务",
    "admin:office_job_changelist",
    "job.view",
    hint="进度、未完成的任务、重新运行",
    order=110,
)
