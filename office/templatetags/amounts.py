"""Amounts of money in templates, loaded everywhere: `{{ x|yuan }}`, as notices write them: 80,000.00."""

from __future__ import annotations

from decimal import Decimal

from django import template

register = template.Library()


@register.filter
def yuan(amount: Decimal | int | str | None) -> str:
    return "" if amount is None or amount == "" else f"{Decimal(amount):,.2f}"
