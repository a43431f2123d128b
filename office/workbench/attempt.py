"""Call a service from a page: success or refusal becomes a message on the next page."""

from __future__ import annotations

from types import TracebackType
from typing import Self

from django.contrib import messages
from django.http import HttpRequest

from office.errors import Refused


class attempt:  # noqa: N801 - a context manager, read as a verb
    """`with attempt(request, "已保存。") as done: …` says `done` or the refusal; afterwards `if done: …`."""

    def __init__(self, request: HttpRequest, done: str) -> None:
        self._request, self._done, self._succeeded = request, done, False

    def __enter__(self) -> Self:
        return self

    def __bool__(self) -> bool:
        return self._succeeded

    def __exit__(
        self, kind: type[BaseException] | None, fault: BaseException | None, trace: TracebackType | None
    ) -> bool:
        if fault is None:
            messages.success(self._request, self._done)
            self._succeeded = True
        elif isinstance(fault, Refused):
            messages.error(self._request, str(fault))
        return fault is None or isinstance(fault, Refused)
