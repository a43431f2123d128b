"""Form fields with a meaning of their own."""

from __future__ import annotations

from typing import Any

from django import forms


class ConditionalField(forms.CharField):
    """A line that is needed in some cases only: its help text says in which, its label not “可不填”."""

    is_conditional = True

    def __init__(self, **options: Any) -> None:
        super().__init__(required=False, **options)
