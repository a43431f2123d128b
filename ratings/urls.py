"""Addresses of the room: those of raters, and the workbench's behind its login."""

from __future__ import annotations

from ratings.codes import urls as codes
from ratings.rating import urls as rating

app_name = "ratings"

urlpatterns = [
    *rating.urlpatterns,
    *codes.urlpatterns,
]
