"""The voters' addresses and the office's page of slips."""

from django.contrib import admin
from django.urls import include, path

from surveys import (
    control_views,
    entity_views,
    office_views,
    returned_views,
    supervisor_views,
    tracker_views,
    views,
)

urlpatterns = [
    path("v/", views.ballot_page, name="ballot"),
    path("v/form/<slug:key_id>.json", views.ballot_form, name="ballot-form"),
    path("v/redeem", views.redeem, name="ballot-redeem"),
    path("v/cast", views.cast, name="ballot-cast"),
    path("b/<slug:public_id>/trackers.json", views.trackers, name="ballot-trackers"),
    path("b/<slug:public_id>/trackers.bin", tracker_views.tracker_table, name="ballot-tracker-table"),
    path(
        "office/import/entities/",
        admin.site.admin_view(entity_views.import_entities),
        name="import-entities",
    ),
    path(
        "office/import/supervisors/",
        admin.site.admin_view(supervisor_views.import_supervisors),
        name="import-supervisors",
    ),
    path("office/surveys/slips/", admin.site.admin_view(office_views.surveys), name="survey-slips-list"),
    path(
        "office/surveys/<int:survey_id>/slips/",
        admin.site.admin_view(office_views.slips),
        name="survey-slips",
    ),
    path(
        "office/surveys/slips/<int:batch_id>.pdf",
        admin.site.admin_view(office_views.print_slips),
        name="survey-slips-pdf",
    ),
    path(
        "office/surveys/controls/",
        admin.site.admin_view(control_views.control_list),
        name="survey-controls-list",
    ),
    path(
        "office/surveys/<int:survey_id>/controls/",
        admin.site.admin_view(control_views.controls),
        name="survey-controls",
    ),
    path(
        "office/surveys/<int:survey_id>/explanations.json",
        admin.site.admin_view(control_views.explanations),
        name="survey-explanations",
    ),
    path(
        "office/surveys/<int:survey_id>/returned/",
        admin.site.admin_view(returned_views.returned_slips),
        name="survey-returned",
    ),
    path("office/", include("surveys.sitting_urls")),
    path("office/surveys/", include("surveys.paper_urls")),
]
