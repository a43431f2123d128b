"""What every public page shares, rendered with or without a request."""

from __future__ import annotations

from django import template
from django.conf import settings

register = template.Library()


@register.inclusion_tag("disclosure/site/_foot.html")
def site_foot() -> dict[str, str]:
    return settings.SITE_FOOT


@register.filter
def at(found: dict[int, list[tuple[str, str]]], key: int) -> list[tuple[str, str]]:
    return found.get(key, [])
