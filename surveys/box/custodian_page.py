"""The custodian's page: one file for all rounds, sent byte for byte as it is committed and carried over."""

from __future__ import annotations

from functools import lru_cache
from hashlib import sha256

from django.conf import settings
from django.http import FileResponse, HttpRequest
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

NAME = "custodian.html"
PATH = settings.BASE_DIR / "static" / "custodian" / NAME


@lru_cache(maxsize=1)
def digest() -> str:
    """What the pages say beside it, computed from the file that is sent."""
    return sha256(PATH.read_bytes()).hexdigest()


@require_safe
@cache_control(public=True, max_age=60)
def download(request: HttpRequest) -> FileResponse:
    """For everybody, since anybody may verify; to be kept, since its policy is its own and not the site's."""
    return FileResponse(PATH.open("rb"), as_attachment=True, filename=NAME)
