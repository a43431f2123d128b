"""Where a user belongs, on the page of the account."""

from __future__ import annotations

from typing import Any

from django.contrib import admin
from django.core.exceptions import ValidationError

from departments.models import Membership
from office.accounts.admin import UserAdmin
from office.roles import DEPARTMENT, Role
from office.workbench.role_admin import NamedRows, RoleInline


class BelongsSomewhere(NamedRows):
    """Refuse a user whose role is bound to a department or a town and who has none."""

    def clean(self) -> None:
        """Ask by the role that is being saved."""
        super().clean()
        if any(self.errors) or not self.instance.is_active:  # who is retired needs no place
            return
        given = next((form.cleaned_data for form in self.forms if hasattr(form, "cleaned_data")), {})
        if self.instance.role in DEPARTMENT and not given.get("department"):
            raise ValidationError(f"{self.instance.get_role_display()}须填写所属单位。")
        if self.instance.role == Role.TOWN_ORGANIZER and not given.get("town"):
            raise ValidationError(f"{self.instance.get_role_display()}须填写所属镇（街）。")


class MembershipInline(RoleInline):
    """Where a user belongs (用户归属)."""

    model = Membership
    formset = BelongsSomewhere
    verbose_name = "所属单位或镇（街）：部门经办、部门审核填单位，镇街组织员填镇（街），其他岗位不填"
    extra = 1
    view_action = edit_action = "account.manage"
    max_num = 1
    can_delete = False


@admin.display(description="所属单位")
def unit_of(user: Any) -> str:
    found = getattr(user, "membership", None)
    return str(found.department or found.town or "—") if found else "—"


if MembershipInline not in UserAdmin.inlines:
    UserAdmin.inlines.append(MembershipInline)
    UserAdmin.list_display = (*UserAdmin.list_display[:2], unit_of, *UserAdmin.list_display[2:])
    UserAdmin.list_select_related = ("membership__department", "membership__town")
