"""The list of markers: looked at, searched and taken out as a workbook; changed on the panel's page."""

from __future__ import annotations

from django.contrib import admin

from evaluations.models import Marker
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin


@admin.register(Marker)
class MarkerAdmin(RoleAdmin):
    """Markers (评议人) of all rounds."""

    empty_says = "还没有评议人。在取数渠道的打分表页面逐个新增，或用工作簿导入。"
    view_action = "round.view"
    list_display = ("round_title", "panel_label", "name", "unit", "account_name", "way")
    list_filter = ("way", ("panel__channel__round", admin.RelatedOnlyFieldListFilter))
    list_select_related = ("unit", "account", "panel__channel__round")
    search_fields = ("name", "unit__name")
    ordering = ("panel__channel__round_id", "panel_id", "id")
    fields = readonly_fields = ("round_title", "panel_label", "name", "unit", "account_name", "way")

    @admin.display(description="轮次")
    def round_title(self, marker: Marker) -> str:
        return marker.panel.channel.round.title

    @admin.display(description="评议组")
    def panel_label(self, marker: Marker) -> str:
        return marker.panel.label

    @admin.display(description="账户")
    def account_name(self, marker: Marker) -> str:
        return marker.account.username if marker.account else "—"


start_page.add_link(
    "评价轮次",
    "评议人名单",
    "admin:evaluations_marker_changelist",
    "round.view",
    hint="打分表由谁填写",
    order=46,
)
