"""Fields of the desk's forms: units by name, and what a procedure asks."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django import forms
from django.db.models import Q

from casework.procedure.parts import IntakeField
from departments.kinds import WITHIN_A_UNIT
from departments.models import Department

DateInput = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
MOST_NAMED = 5


def area(rows: int) -> forms.Textarea:
    return forms.Textarea(attrs={"rows": rows})


def units_of(kinds: Iterable[str]) -> list[Department]:
    """Return the units of these kinds that are in scope, for a list to choose from by typing."""
    return list(Department.objects.filter(is_active=True, kind__in=list(kinds)).select_related("parent"))


def responsible_units() -> list[Department]:
    """Return the units that matters are assigned to: whole ones, not their sections and windows."""
    rows = Department.objects.filter(is_active=True).exclude(kind__in=WITHIN_A_UNIT)
    return list(rows.select_related("parent"))


class UnitInput(forms.TextInput):
    """A line with the names to choose from (`list`): typing searches, without a mouse."""

    def __init__(self, names_id: str) -> None:
        super().__init__(attrs={"list": names_id, "autocomplete": "off"})


class UnitField(forms.CharField):
    """A unit written by its name, another name it has, or a part of the name that fits only one."""

    def __init__(self, *, units: list[Department], names_id: str, **options: Any) -> None:
        super().__init__(widget=UnitInput(names_id), max_length=80, **options)
        self.units = units

    def clean(self, value: Any) -> Any:
        text = super().clean(value)
        return self._found(text) if text else None

    def _found(self, text: str) -> Department:
        if exact := [one for one in self.units if one.name == text]:
            return exact[0]
        if not (like := [one for one in self.units if text in one.name]):
            aliases = Q(aliases__name__contains=text)
            known = {one.pk: one for one in self.units}
            rows = Department.objects.filter(aliases, pk__in=known).values_list("pk", flat=True).distinct()
            like = [known[pk] for pk in rows]
        if len(like) == 1:
            return like[0]
        if not like:
            raise forms.ValidationError(f"没有找到“{text}”，请输入名称中的几个字后从列表中选择。")
        named = "、".join(one.name for one in like[:MOST_NAMED])
        raise forms.ValidationError(f"名称中有“{text}”的不止一个：{named}等，请写全。")


def asked(one: IntakeField) -> forms.Field:
    """Return the form field for one thing that a procedure asks."""
    common: dict[str, Any] = {"label": one.label, "required": one.required, "help_text": one.hint}
    if one.type == "text":
        return forms.CharField(max_length=500, widget=area(2), **common)
    if one.type == "number":
        return forms.IntegerField(min_value=0, max_value=999_999, **common)
    if one.type == "date":
        return forms.DateField(widget=DateInput, **common)
    if one.type == "choice":
        return forms.ChoiceField(choices=_choices(one.choices), **common)
    if one.type == "yes_no":
        return forms.ChoiceField(choices=_choices(("是", "否")), **common)
    return forms.CharField(max_length=200, **common)


def _choices(words: Iterable[str]) -> list[tuple[str, str]]:
    return [("", "请选择"), *((word, word) for word in words)]
