"""The bodies that issue papers, kept by the centre."""

from __future__ import annotations

from django.contrib import admin

from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin
from reports.models import IssuingBody


@admin.register(IssuingBody)
class IssuingBodyAdmin(RoleAdmin):
    """Names, 代字 and red heads (制文机关)."""

    empty_says = "还没有制文机关。请先登记机关名称和代字，才能制发公文。"
    view_action, edit_action = "document.view", "document.bodies"
    list_display = ("name", "code", "red_head", "printed_by", "is_active")
    list_filter = ("red_head", "is_active")


start_page.add_link(
    "结果运用",
    "查看公文",
    "documents",
    "document.view",
    hint="通报、通知书、决定书、记录，按文号查找和下载",
    order=90,
)
start_page.add_link(
    "本单位",
    "查看本单位公文",
    "documents",
    "document.view_own",
    hint="通报、通知书、决定书，签收和下载",
    order=90,
)
start_page.add_link(
    "系统管理",
    "查看制文机关",
    "admin:reports_issuingbody_changelist",
    "document.view",
    hint="机关名称、代字，哪些机关可以使用红头",
    order=125,
    words={"document.bodies": "维护制文机关"},
)
