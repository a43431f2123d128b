"""Addresses of the room: the public catalogue, the firms' pages, and the workbench's behind its login."""

from __future__ import annotations

from benefits.desk import urls as desk
from benefits.incoming import urls as incoming
from benefits.notice import urls as notice
from benefits.public import urls as public

app_name = "benefits"

urlpatterns = [
    *public.urlpatterns,
    *desk.urlpatterns,
    *incoming.urlpatterns,
    *notice.urlpatterns,
]
