"""Addresses of sittings, below /office/ and behind its login."""

from office.workbench.pages import page
from surveys.sittings import views as sitting_views

urlpatterns = [
    page("sittings/", sitting_views.sittings, "sittings"),
    page("surveys/<int:survey_id>/sittings/new/", sitting_views.new_sitting, "sitting-new"),
    page("sittings/<int:sitting_id>/", sitting_views.sitting, "sitting"),
    page("sittings/<int:sitting_id>/change/", sitting_views.change_sitting, "sitting-change"),
    page("sittings/<int:sitting_id>/attendance/", sitting_views.attendance, "sitting-attendance"),
    page("sittings/<int:sitting_id>/files/<str:name>", sitting_views.document, "sitting-file"),
]
