"""The list of notices: the centre sees who has not signed for what, a unit its own; what went outside."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.urls import reverse
from django.utils import timezone
from django.utils.html import format_html

from departments.models import Notice, Nudge
from departments.notices.access import readable_by
from departments.notices.start_page import LIST
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin

WAITING = Q(received_at=None, taken_back_at=None)


class ReceiptFilter(admin.SimpleListFilter):
    title = "签收"
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        return [("waiting", "待签收"), ("late", "逾期未签收"), ("received", "已签收"), ("back", "已收回")]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Notice]) -> QuerySet[Notice]:
        chosen = {
            "waiting": WAITING,
            "late": WAITING & Q(due_on__lt=timezone.localdate()),
            "received": Q(received_at__isnull=False),
            "back": Q(taken_back_at__isnull=False),
        }.get(self.value() or "")
        return queryset.filter(chosen) if chosen else queryset


@admin.register(Notice)
class NoticeAdmin(RoleAdmin):
    """Notices with who signed for them and when (通知); nobody changes one."""

    view_action = "notice.view"
    empty_says = "还没有通知。送达单位的事项会列在这里。"
    list_display = (
        "what",
        "addressee_name",
        "sent_at",
        "due_on",
        "how_it_stands",
        "received_by",
        "received_at",
    )
    list_display_links = None
    list_select_related = ("department", "user", "received_by")
    list_filter = (ReceiptFilter, "kind", ("department", admin.RelatedOnlyFieldListFilter))
    search_fields = ("subject", "kind", "department__name", "user__first_name")
    export_columns = (
        "kind",
        "subject",
        "addressee_name",
        "sent_at",
        "due_on",
        "how_it_stands",
        "received_by",
        "received_at",
    )
    fields = (
        "kind",
        "subject",
        "department",
        "user",
        "sent_by",
        "sent_at",
        "due_on",
        "received_by",
        "received_at",
    )

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        return readable_by(user)

    @admin.display(description="通知", ordering="kind")
    def what(self, notice: Notice) -> str:
        return format_html('<a href="{}">{}</a>', reverse("notice", args=[notice.pk]), notice)

    @admin.display(description="送达", ordering="department__order")
    def addressee_name(self, notice: Notice) -> str:
        return notice.addressee

    @admin.display(description="状态", ordering="received_at")
    def how_it_stands(self, notice: Notice) -> str:
        return notice.state_in_words(timezone.localdate())


@admin.register(Nudge)
class NudgeAdmin(RoleAdmin):
    """Words sent outside (外发提醒): to whom, and why not."""

    view_action = "nudge.view"
    empty_says = "还没有外发提醒。部署时配置邮件服务器或即时通讯地址以后，发送情况列在这里。"
    list_display = ("channel", "user", "state", "due_at", "tries", "sent_at", "fault")
    list_select_related = ("user",)
    list_filter = ("state", "channel")
    search_fields = ("user__username", "user__first_name")


start_page.add_link(
    "任务",
    "查看通知",
    LIST,
    "notice.view",
    hint="送达、签收期限、签收人",
    words={"notice.view_all": "查看通知和签收"},
)
start_page.add_link(
    "系统管理",
    "查看外发提醒",
    "admin:departments_nudge_changelist",
    "nudge.view",
    hint="邮件和即时通讯的发送情况",
)
