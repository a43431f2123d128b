"""What a page answers after it called a service."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.http import HttpRequest

from office.errors import Refused


def tried(request: HttpRequest, work: Callable[[], Any], done: str) -> bool:
    """Call a service once; say what it did or why it refused."""
    try:
        work()
    except Refused as refusal:
        messages.error(request, str(refusal))
        return False
    messages.success(request, done)
    return True
