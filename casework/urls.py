"""Addresses of the room: the workbench's behind its login, and those of reporters and readers."""

from __future__ import annotations

from casework.desk import urls as desk
from casework.figures import urls as figures
from casework.hearings import urls as hearings
from casework.incoming import urls as incoming
from casework.lists import urls as lists
from casework.matters import file_views
from casework.officers import urls as officers
from casework.own import urls as own
from casework.plates import urls as plates
from casework.procedures import urls as procedures
from casework.reporters import views as reporters
from casework.reporting import urls as reporting
from casework.watching import urls as watching

app_name = "casework"

urlpatterns = [
    *desk.urlpatterns,
    *own.urlpatterns,
    *watching.urlpatterns,
    *incoming.urlpatterns,
    *figures.urlpatterns,
    *hearings.urlpatterns,
    *lists.urlpatterns,
    *officers.urlpatterns,
    *plates.urlpatterns,
    *procedures.urlpatterns,
    *reporting.urlpatterns,
    *file_views.urlpatterns,
    *reporters.urlpatterns,
]
