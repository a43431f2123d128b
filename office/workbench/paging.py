"""Paginator that reads late pages in reverse order, so that the last is as fast as the first."""

from __future__ import annotations

from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import QuerySet


class FromTheNearerEnd(Paginator):
    """Reads a page from whichever end is nearer: the last page of 200,000 rows costs as much as the first.

    The admin's lists always have a complete order, so turning it around yields the same rows.
    """

    object_list: QuerySet[Any]

    def page(self, number: Any) -> Page[Any]:
        number = self.validate_number(number)
        first = (number - 1) * self.per_page
        last = min(first + self.per_page, self.count)
        if first + last <= self.count:
            return super().page(number)
        rows = self.object_list.reverse()[self.count - last : self.count - first]
        return Page(list(rows)[::-1], number, self)


class KeysFirst(FromTheNearerEnd):
    """Finds the keys of a page's rows before it reads them: of 90,000 rows that are sorted, 50 are joined.

    Pays where the order follows no index and a row brings others along.
    """

    def page(self, number: Any) -> Page[Any]:
        rows = self.object_list
        self.object_list = rows.values_list("pk", flat=True)
        try:
            keys = super().page(number)
        finally:
            self.object_list = rows
        return Page(list(rows.filter(pk__in=list(keys.object_list))), keys.number, self)
