"""Addresses of the paper ballot, all behind the workbench's login."""

from __future__ import annotations

from office.workbench.pages import page
from surveys.paper import data_entry_views
from surveys.paper import views as paper_views

urlpatterns = [
    page("paper/", paper_views.surveys, "survey-paper-list"),
    page("paper/<int:stratum_id>.pdf", paper_views.packet, "survey-paper-packet"),
    page("<int:survey_id>/paper/", paper_views.paper, "survey-paper"),
    page("<int:survey_id>/paper/exchange/", paper_views.exchange, "survey-paper-exchange"),
    page("<int:survey_id>/paper/labels.pdf", paper_views.labels, "survey-paper-labels"),
    page("<int:survey_id>/paper/aside/", paper_views.set_aside, "survey-paper-aside"),
    page("<int:survey_id>/paper/finish/", paper_views.finish, "survey-paper-finish"),
    page("<int:survey_id>/paper/keying/", data_entry_views.page, "survey-paper-keying"),
    page("<int:survey_id>/paper/form.json", data_entry_views.form, "survey-paper-form"),
    page("<int:survey_id>/paper/sheet.json", data_entry_views.sheet, "survey-paper-sheet"),
    page("<int:survey_id>/paper/save.json", data_entry_views.save, "survey-paper-save"),
]
