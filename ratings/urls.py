"""Addresses of the room: those of raters, and the workbench's behind its login."""

from __future__ import annotations

from ratings.codes import urls as codes
from ratings.incoming import urls as incoming
from ratings.judging import urls as judging
from ratings.rating import urls as rating
from ratings.shown import hall_urls as hall
from ratings.shown import public_urls as public
from ratings.shown import urls as shown
from ratings.tickets import urls as tickets
from ratings.watching import urls as watching

app_name = "ratings"

urlpatterns = [
    *rating.urlpatterns,
    *hall.urlpatterns,
    *codes.urlpatterns,
    *tickets.urlpatterns,
    *incoming.urlpatterns,
    *judging.urlpatterns,
    *shown.urlpatterns,
    *watching.urlpatterns,
    *public.urlpatterns,
]
