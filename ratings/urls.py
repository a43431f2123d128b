"""Addresses of the room: those of raters, and the workbench's behind its login."""

from __future__ import annotations

from ratings.rating import urls as rating
from ratings.shown import public_urls as public

app_name = "ratings"

urlpatterns = [
    *rating.urlpatterns,
    *public.urlpatterns,
]
