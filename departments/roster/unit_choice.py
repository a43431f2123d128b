"""A form that offers the units whose roster somebody may see."""

from __future__ import annotations

from typing import Any

from django import forms

from departments.roster.annexes import departments_open_to
from office.models import User


class UnitChoiceForm(forms.Form):
    """For forms with a field `department`: a department's people are offered their own only."""

    def __init__(self, *args: Any, user: User) -> None:
        super().__init__(*args)
        field = self.fields["department"]
        if isinstance(field, forms.ModelChoiceField):
            field.queryset = departments_open_to(user)
