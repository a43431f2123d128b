"""Addresses of the room: the public catalogue, the firms' pages, and the workbench's behind its login."""

from __future__ import annotations

from benefits.catalogue import urls as catalogue
from benefits.desk import firm_urls as desk_of_firms
from benefits.desk import urls as desk
from benefits.firms import urls as firms
from benefits.incoming import urls as incoming
from benefits.notice import urls as notice
from benefits.portal import urls as portal
from benefits.public import urls as public

app_name = "benefits"

urlpatterns = [
    *public.urlpatterns,
    *catalogue.urlpatterns,
    *firms.urlpatterns,
    *desk_of_firms.urlpatterns,
    *portal.urlpatterns,
    *desk.urlpatterns,
    *incoming.urlpatterns,
    *notice.urlpatterns,
]
