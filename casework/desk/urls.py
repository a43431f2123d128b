"""Addresses of the window and the centre."""

from __future__ import annotations

from casework.desk import intake, lists, matter_page, reporter_page
from office.workbench.pages import page

urlpatterns = [
    page("office/matters/", lists.matters, "matters"),
    page("office/matters/export/", lists.exported, "matters-workbook"),
    page("office/matters/held/", lists.held, "matters-held"),
    page("office/matters/new/", intake.choose, "intake-choose"),
    page("office/matters/new/<slug:procedure>/", intake.intake, "intake"),
    page("office/matters/new/<slug:procedure>/look/", intake.look_for_duplicates, "intake-look"),
    page("office/matters/by-phone/", reporter_page.by_phone, "matters-by-phone"),
    page("office/matters/<int:matter_id>/", matter_page.matter, "matter"),
    page("office/matters/<int:matter_id>/reporter/", reporter_page.reporter, "matter-reporter"),
]
