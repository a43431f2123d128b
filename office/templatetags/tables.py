"""Mending what the stock templates of tables get wrong."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from django import template
from django.utils.safestring import SafeString, mark_safe

register = template.Library()
EMPTY = re.compile(r"<th((?: class=\"[\w -]*\")?)>\s*</th>")


@register.filter
def found_at(found: Mapping[int, Sequence[object]], key: int) -> Sequence[object]:
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
CELL = re.compile(r'<td class="field-([\w-]+)([^"]*)">(.*?)</td>', re.DOTALL)
TAG = re.compile(r"<[^>]+>")
NEEDS_NO_HEADING = re.compile(r"[^\d\W].*", re.DOTALL)
"""Words say what they are; figures, days, yes and no do not."""


def _kind_of(said: str) -> str:
    if said in ("", "—", "-"):
        return " nothing"
    if said in ANSWERS.values():
        return " yes" if said == ANSWERS["yes"] else ""
    return " says-itself" if NEEDS_NO_HEADING.fullmatch(said) else ""


@register.filter
def with_labels(table: SafeString) -> SafeString:
    """Tell each cell its heading, for phones, where a list is no table: a row is two lines of text."""
    headings = dict(HEADING.findall(table))

    def labelled(cell: re.Match[str]) -> str:
        name, others, content = cell.groups()
        classes = f"field-{name}{others}{_kind_of(TAG.sub('', content).strip())}"
        return f'<td class="{classes}" data-label="{headings.get(name, "")}">{content}</td>'

    return mark_safe(CELL.sub(labelled, table))  # noqa: S308 - likewise
