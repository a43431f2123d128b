"""An admin page that asks the table of roles and writes the audit; every app's admin builds on it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

from django.contrib import admin
from django.contrib.admin.widgets import RelatedFieldWidgetWrapper
from django.core.exceptions import PermissionDenied
from django.core.files import File
from django.db import models, transaction
from django.db.models import QuerySet
from django.db.models.constants import LOOKUP_SEP
from django.db.models.fields.files import FieldFile
from django.forms import BaseInlineFormSet, BaseModelFormSet, ChoiceField, ModelChoiceField, ModelForm
from django.http import FileResponse, HttpRequest, HttpResponse
from django.urls import path

from office import audit, roles
from office.models import User
from office.workbench import edit_conflicts
from office.workbench.paging import FromTheNearerEnd
from office.workbooks.letters import fold, name_dotted

ListExport = Callable[["RoleAdmin", HttpRequest], HttpResponse | FileResponse]
_export: ListExport


def list_export(function: ListExport) -> ListExport:
    """Register the one function that hands out lists as workbooks; `office.exports`, above here, does."""
    global _export  # noqa: PLW0603 - set once, when the house starts
    _export = function
    return function


def plain(value: Any) -> Any:
    """Return `value` as the audit stores it: readable and JSON."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, datetime | date):
        return value.isoformat()
    if isinstance(value, File):  # what was just sent has no readable words of its own
        return value.name if isinstance(value, FieldFile) else "新上传的文件"
    if isinstance(value, QuerySet | list | tuple | set):
        return [plain(item) for item in value]
    return str(value)


def without_icons(field: Any) -> Any:
    """Return a form field without the icons for adding, changing and looking at a choice."""
    if isinstance(getattr(field, "widget", None), RelatedFieldWidgetWrapper):
        widget = field.widget
        widget.can_add_related = widget.can_change_related = False
        widget.can_delete_related = widget.can_view_related = False
    return field


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
        queryset: QuerySet[Any] = super().get_queryset(request)  # type: ignore[misc]
        return self.limit(queryset, request.user) if isinstance(request.user, User) else queryset.none()

    def _may(self, request: HttpRequest, action: str | None) -> bool:
        return action is not None and isinstance(request.user, User) and roles.allowed(request.user, action)

    def has_module_permission(self, request: HttpRequest) -> bool:
        return self._may(request, self.view_action)

    def has_view_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.view_action) or self._may(request, self.edit_action)

    def has_change_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.edit_action)

    def has_add_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        """Allow adding to those who may change, unless the page says otherwise."""
        return self._may(request, self.add_action or self.edit_action)

    def has_delete_permission(self, request: HttpRequest, obj: models.Model | None = None) -> bool:
        return self._may(request, self.delete_action or self.edit_action)


class NamedRows(BaseInlineFormSet):
    """Rows whose controls say to a screen reader what they are; the heading above them does not reach it."""

    def add_fields(self, form: Any, index: int | None) -> None:
        """Name every control; choices of other tables come in a wrapper."""
        super().add_fields(form, index)
        for field in form.fields.values():
            control = getattr(field.widget, "widget", field.widget)
            if not control.is_hidden:
                control.attrs.setdefault("aria-label", str(field.label))


class RoleInline(ByRole, admin.TabularInline):
    """Rows under another page, with the same table of roles."""

    template = "admin/office/rows.html"
    formset = NamedRows
    extra = 0


class RoleAdmin(ByRole, admin.ModelAdmin):
    """A list and a form for one model, by role, with an audit row in the same transaction."""

    list_per_page = 50
    show_full_result_count = False
    paginator = FromTheNearerEnd
    change_list_template = "admin/change_list.html"
    export_action: str | None = None  # who may take the list as a workbook; unsaid: who may view it
    export_columns: tuple[str, ...] = ()  # unsaid: those of the list
    empty_says = ""  # what an empty list says of its next step; unsaid: to add one

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.export_action = self.export_action or self.view_action

    def get_urls(self) -> list[Any]:
        name = f"{self.opts.app_label}_{self.opts.model_name}_export"
        export = path("export/", self.admin_site.admin_view(self.export_view), name=name)
        return [export, *super().get_urls()]

    def get_action_choices(self, request: HttpRequest, default_choices: Any = None) -> Any:
        return super().get_action_choices(request, default_choices or [("", "请选择")])

    def get_search_results(self, request: HttpRequest, queryset: QuerySet[Any], search_term: str) -> Any:
        """Look for what is stored, whatever dot or look-alike character was typed."""
        return super().get_search_results(request, queryset, name_dotted(fold(search_term)))

    def changelist_view(self, request: HttpRequest, extra_context: Any = None) -> HttpResponse:
        offered = {
            "title": str(self.opts.verbose_name_plural),
            "offers_export": self._may(request, self.export_action),
        }
        return super().changelist_view(request, {**offered, **(extra_context or {})})

    def changeform_view(
        self,
        request: HttpRequest,
        object_id: str | None = None,
        form_url: str = "",
        extra_context: Any = None,
    ) -> HttpResponse:
        verb = "新增" if object_id is None else "修改" if self._may(request, self.edit_action) else "查看"
        title = {"title": f"{verb}{self.opts.verbose_name}"}
        return super().changeform_view(request, object_id, form_url, {**title, **(extra_context or {})})

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """Return the object; for a form that comes back, locked and as it is stored by then."""
        found = super().get_object(request, object_id, from_field)
        if found is not None and edit_conflicts.SEEN in request.POST:
            edit_conflicts.lock(found)
            found = super().get_object(request, object_id, from_field)
        return found

    def get_form(self, request: HttpRequest, obj: Any = None, change: bool = False, **kwargs: Any) -> Any:
        """Return the form; one that is sent refuses when somebody else changed the object meanwhile."""
        form = super().get_form(request, obj, change=change, **kwargs)
        if not change or obj is None or edit_conflicts.SEEN not in request.POST:
            return form
        told = edit_conflicts.refusal(self, request, obj, form.base_fields)
        metaclass: Any = type(form)
        return metaclass(form.__name__, (edit_conflicts.RefusesStale, form), {"told": told})

    def render_change_form(self, request: HttpRequest, context: Any, *args: Any, **kwargs: Any) -> Any:
        form, obj = context["adminform"].form, context.get("original")
        context["told_off"] = bool(getattr(form, "told", ""))
        if request.POST.get(edit_conflicts.SEEN):
            context["seen_mark"] = request.POST[edit_conflicts.SEEN]
        elif obj is not None and self.has_change_permission(request, obj):
            context["seen_mark"] = edit_conflicts.edit_mark(self, request, obj, form.fields)
        return super().render_change_form(request, context, *args, **kwargs)

    def lookup_allowed(self, lookup: str, value: str, request: HttpRequest) -> bool:
        """Filter a list only by what the page offers: any other column could be read out letter by letter."""
        first = lookup.partition(LOOKUP_SEP)[0]
        columns = {"pk", *(field.name for field in self.opts.get_fields())}
        return (first not in columns or first in self._offered()) and super().lookup_allowed(
            lookup, value, request
        )

    def _offered(self) -> set[str]:
        named = [entry[0] if isinstance(entry, tuple) else entry for entry in self.list_filter]
        words = [str(getattr(entry, "parameter_name", entry)) for entry in [*named, self.date_hierarchy]]
        return {word.partition(LOOKUP_SEP)[0] for word in words}

    def export_view(self, request: HttpRequest) -> HttpResponse | FileResponse:
        return _export(self, request)

    def save_model(self, request: HttpRequest, obj: models.Model, form: ModelForm[Any], change: bool) -> None:
        before = _values(form, "initial") if change else {}
        with transaction.atomic():
            super().save_model(request, obj, form, change)
            self._record("修改" if change else "新增", obj, request, before, _values(form, "cleaned_data"))

    def save_formset(
        self, request: HttpRequest, form: ModelForm[Any], formset: BaseModelFormSet[Any, Any], change: bool
    ) -> None:
        numbers = {id(row.instance): row.instance.pk for row in formset.forms}
        with transaction.atomic():
            super().save_formset(request, form, formset, change)
            forms = {id(row.instance): row for row in formset.forms}
            for row in formset.new_objects:
                self._record("新增", row, request, {}, _values(forms[id(row)], "cleaned_data"))
            for row, _ in formset.changed_objects:
                changed = forms[id(row)]
                self._record(
                    "修改", row, request, _values(changed, "initial"), _values(changed, "cleaned_data")
                )
            for row in formset.deleted_objects:
                row.pk = numbers[id(row)]  # deletion took it, the audit names it
                self._record("删除", row, request, {}, {})

    def delete_model(self, request: HttpRequest, obj: models.Model) -> None:
        with transaction.atomic():
            self._record("删除", obj, request, {}, {})
            super().delete_model(request, obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Any]) -> None:
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
        """Refuse: the audit has the history, and few may read it."""
        raise PermissionDenied

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


def _values(form: ModelForm[Any], source: str) -> dict[str, Any]:
    """Return the changed fields of a form as the audit tells them: named and worded as on the page."""
    values = getattr(form, source)
    return {
        _label(form, name): _worded(form, name, values.get(name))
        for name in form.changed_data
        if "password" not in name and name != "DELETE"
    }


def _label(form: ModelForm[Any], name: str) -> str:
    field = next((field for field in form._meta.model._meta.fields if field.name == name), None)
    return str(field.verbose_name) if field is not None else str(form.fields[name].label or name)


def _worded(form: ModelForm[Any], name: str, value: Any) -> Any:
    """Word a value: a choice by its label, another object by its name instead of its number."""
    field = form.fields[name]
    if isinstance(field, ModelChoiceField) and value is not None and not hasattr(value, "__iter__"):
        chosen = value if isinstance(value, models.Model) else field.queryset.filter(pk=value).first()  # type: ignore[union-attr]
        return str(chosen) if chosen is not None else plain(value)
    if isinstance(field, ChoiceField) and isinstance(value, str | int):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return plain(value)
