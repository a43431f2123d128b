"""The custodian's page: one file for all rounds, sent byte for byte as it is committed and carried over."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256
from pathlib import Path

from django.http import FileResponse, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

NAME = "custodian.html"
PATH = Path(__file__).with_name(NAME)
"""Not among the static files, which a browser would open on the site instead of keeping."""


def digest() -> str:
    """What the pages say beside it, computed from the file that is sent."""
    return _digest(PATH.stat().st_mtime_ns)


@lru_cache(maxsize=1)
def _digest(written: int) -> str:
    """The file is replaced under a running server by an upgrade; `written` tells one file from the next."""
    return sha256(PATH.read_bytes()).hexdigest()


@require_safe
@cache_control(public=True, max_age=60)
def download(request: HttpRequest) -> FileResponse:
    """For everybody, since anybody may verify; to be kept, since its policy is its own and not the site's."""
    return FileResponse(PATH.open("rb"), as_attachment=True, filename=NAME)
