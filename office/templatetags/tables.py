"""Mending what the stock templates of tables get wrong."""

from __future__ import annotations

import re

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
EMPTY = re.compile(r"<th((?: class=\"[\w -]*\")?)>\s*</th>")


@register.filter
def without_empty_headings(table: SafeString) -> SafeString:
    """Make a heading without a word a plain cell, which no screen reader announces as a heading."""
    return mark_safe(EMPTY.sub(r"<td\1></td>", table))  # noqa: S308 - the template has escaped it already


ANSWERS = {'alt="True"': 'alt="是"', 'alt="False"': 'alt="否"', 'alt="None"': 'alt="未定"'}


@register.filter
def with_yes_and_no(table: SafeString) -> SafeString:
    """Name the stock pictures of yes and no in Chinese."""
    for english, chinese in ANSWERS.items():
        table = mark_safe(table.replace(english, chinese))  # noqa: S308 - the template has escaped it already
    return table
