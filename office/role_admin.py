"""An admin page that asks the table of roles and writes the audit; every app's admin builds on it."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.core.exceptions import PermissionDenied
from django.db import models, transaction
from django.db.models import QuerySet
from django.forms import BaseModelFormSet, ModelForm
from django.http import HttpRequest, HttpResponse

from office import audit, roles
from office.models import User


def plain(value: Any) -> Any:
    """Return `value` as the audit stores it: readable and JSON."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, QuerySet | list | tuple | set):
        return [plain(item) for item in value]
    return str(value)


class ByRole:
    """Permissions by the table of roles: `view_action`, `edit_action` (None: nobody edits).

    `limit` narrows what a user sees, such as a department's officer to that department; objects
    outside are neither listed nor opened nor changed.
    """

    view_action = ""
    edit_action: str | None = None
    add_action: str | None = None
    delete_action: str | None = None

    def limit(self, queryset: QuerySet[Any], user: User) -> QuerySet[Any]:
        """Narrow `queryset` to what `user` is concerned with; everything by default."""
        return queryset

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        """Return the rows this user is concerned with."""
        queryset: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return self.limit(queryset, request.user) if isinstance(request.user, User) else queryset.none()

    def _may(self, request: HttpRequest, action: str | None) -> bool:
        return action is not None and isinstance(request.user, User) and roles.allowed(request.user, action)

    def has_module_permission(self, request: HttpRequest) -> bool:
        """Show the module to those who may view."""
        return self._may(request, self.view_action)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Allow viewing by the table of roles."""
        return self._may(request, self.view_action) or self._may(request, self.edit_action)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Allow changing by the table of roles."""
        return self._may(request, self.edit_action)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Allow adding to those who may change, unless the page says otherwise."""
        return self._may(request, self.add_action or self.edit_action)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Allow deleting to those who may change, unless the page says otherwise."""
        return self._may(request, self.delete_action or self.edit_action)


class RoleInline(ByRole, admin.TabularInline):
    """Rows under another page, with the same table of roles."""

    extra = 0


class RoleAdmin(ByRole, admin.ModelAdmin):
    """A list and a form for one model, by role, with an audit row in the same transaction."""

    list_per_page = 50
    show_full_result_count = False
    change_list_template = "admin/change_list.html"

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool) -> None:
        """Save and record which fields changed from what to what."""
        before = {name: plain(form.initial.get(name)) for name in form.changed_data} if change else {}
        after = {name: plain(form.cleaned_data.get(name)) for name in form.changed_data}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self._record(
                "修改" if change else "新增", obj, request, self._worded(before), self._worded(after)
            )

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        """Save the rows below and record each one."""
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            for row in formset.new_objects:
                self._record("新增", row, request, {}, {})
            for row, fields in formset.changed_objects:
                self._record("修改", row, request, {}, {"字段": list(fields)})
            for row in formset.deleted_objects:
                self._record("删除", row, request, {}, {})

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        """Record and delete."""
        with transaction.atomic():
            self._record("删除", obj, request, {}, {})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
        """Record and delete each."""
        with transaction.atomic():
            for obj in queryset:
                self._record("删除", obj, request, {}, {})
            super().delete_queryset(request, queryset)

    def log_addition(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write nothing more: the audit has it."""

    def log_change(self, request: HttpRequest, obj: Any, message: Any) -> Any:
        """Write nothing more: the audit has it."""

    def log_deletions(self, request: HttpRequest, queryset: Any) -> Any:
        """Write nothing more: the audit has it."""

    def history_view(self, request: HttpRequest, object_id: str, extra_context: Any = None) -> HttpResponse:
        """Refuse: what happened to an object stands in the audit, which few may read."""
        raise PermissionDenied

    def _worded(self, values: dict[str, Any]) -> dict[str, Any]:
        """Name fields as the user knows them; a password is never written down."""
        fields = {field.name: str(field.verbose_name) for field in self.model._meta.fields}
        return {fields.get(name, name): value for name, value in values.items() if "password" not in name}

    def _record(
        self,
        verb: str,
        obj: models.Model,
        request: HttpRequest,
        before: dict[str, Any],
        after: dict[str, Any],
    ) -> None:
        user = request.user if isinstance(request.user, User) else None
        audit.record(verb, obj, acting_user=user, before=before, after=after)
