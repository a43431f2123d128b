"""Towns and streets."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet

from departments.access import own_town
from departments.models import Town, TownAlias
from office.models import User
from office.workbench import start_page
from office.workbench.role_admin import RoleAdmin, RoleInline


class TownAliasInline(RoleInline):
    model = TownAlias
    view_action, edit_action = "town.view", "town.edit"


@admin.register(Town)
class TownAdmin(RoleAdmin):
    """Towns and streets (镇街) that organize the sittings (YC-R6)."""

    view_action, edit_action = "town.view", "town.edit"
    list_display = ("name", "order")
    search_fields = ("name", "aliases__name")
    inlines = (TownAliasInline,)

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        own = own_town(user)
        return queryset if own is None else queryset.filter(pk=own)


start_page.add_link(
    "市场主体和镇（街）",
    "查看镇（街）",
    "admin:departments_town_changelist",
    "town.view",
    hint="名称和别名",
    order=30,
    words={"town.edit": "维护镇（街）"},
)
