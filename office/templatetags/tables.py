"""Mending what the stock templates of tables get wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
EMPTY = re.compile(r"<th((?: class=\"[\w -]*\")?)>\s*</th>")


@register.filter
def found_at(found: Mapping[int, Sequence[str]], key: int) -> Sequence[str]:
    return found.get(key, ())


@register.filter
def without_empty_headings(table: SafeString) -> SafeString:
    """Make a heading without a word a plain cell, which no screen reader announces as a heading."""
    return mark_safe(EMPTY.sub(r"<td\1></td>", table))  # noqa: S308 - the template has escaped it already


MARK = re.compile(r'<img src="[^"]*/icon-(yes|no|unknown)(?:\.\w+)?\.svg" alt="(?:True|False|None)"[^>]*>')
ANSWERS = {"yes": "是", "no": "否", "unknown": "未定"}


@register.filter
def with_yes_and_no(table: SafeString) -> SafeString:
    """Say yes and no in words instead of the stock pictures."""
    said = MARK.sub(lambda mark: ANSWERS[mark[1]], table)
    return mark_safe(said)  # noqa: S308 - the template has escaped it already


HEADING = re.compile(
    r'<th scope="col" class="[^"]*\bcolumn-([\w-]+)[^"]*">.*?<div class="text"><(?:a|span)\b[^>]*>(.*?)</',
    re.DOTALL,
)
CELL = re.compile(r'<td class="field-([\w-]+)([^"]*)">([—-]</td>)?')


@register.filter
def with_labels(table: SafeString) -> SafeString:
    """Tell each cell its heading, for phones, where a list is no table: a row is a few lines of text."""
    headings = dict(HEADING.findall(table))

    def labelled(cell: re.Match[str]) -> str:
        name, others, nothing = cell.groups()
        classes = f"field-{name}{others}{' nothing' if nothing else ''}"
        return f'<td class="{classes}" data-label="{headings.get(name, "")}">{nothing or ""}'

    return mark_safe(CELL.sub(labelled, table))  # noqa: S308 - likewise
