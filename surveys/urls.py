"""The voters' addresses and the office's page of slips."""

from django.urls import include, path

from office.workbench.pages import page
from surveys.box import control_views
from surveys.respondents import entity_views, supervisor_views
from surveys.slips import returned_views
from surveys.slips import views as office_views
from surveys.voting import tracker_views, views

urlpatterns = [
    path("v/", views.ballot_page, name="ballot"),
    path("v/form/<slug:key_id>.json", views.ballot_form, name="ballot-form"),
    path("v/redeem", views.redeem, name="ballot-redeem"),
    path("v/cast", views.cast, name="ballot-cast"),
    path("b/<slug:public_id>/trackers.json", views.trackers, name="ballot-trackers"),
    path("b/<slug:public_id>/trackers.bin", tracker_views.tracker_table, name="ballot-tracker-table"),
    page("office/import/entities/", entity_views.import_entities, "import-entities"),
    page("office/import/supervisors/", supervisor_views.import_supervisors, "import-supervisors"),
    page("office/surveys/slips/", office_views.surveys, "survey-slips-list"),
    page("office/surveys/<int:survey_id>/slips/", office_views.slips, "survey-slips"),
    page("office/surveys/slips/<int:batch_id>.pdf", office_views.print_slips, "survey-slips-pdf"),
    page("office/surveys/controls/", control_views.control_list, "survey-controls-list"),
    page("office/surveys/<int:survey_id>/controls/", control_views.controls, "survey-controls"),
    page(
        "office/surveys/<int:survey_id>/explanations.json", control_views.explanations, "survey-explanations"
    ),
    page("office/surveys/<int:survey_id>/returned/", returned_views.returned_slips, "survey-returned"),
    path("office/", include("surveys.sittings.urls")),
    path("office/surveys/", include("surveys.paper.urls")),
]
