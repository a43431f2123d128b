from __future__ import annotations

from django.urls import URLPattern, path

from casework.officers import own_views, public_views, rules, views
from office.workbench.pages import page

HERE = "office/matters/officers/"

PAGES = (
    ("", views.overview, "officers"),
    ("coverage.xlsx", views.exported, "officers-workbook"),
    ("objects/", views.covered_objects, "covered-objects"),
    ("objects/import/", views.import_objects, "import-covered-objects"),
    ("objects/new/", views.edit_object, "covered-object-new"),
    ("objects/<int:covered_id>/", views.covered_object, "covered-object"),
    ("objects/<int:covered_id>/edit/", views.edit_object, "covered-object-edit"),
    ("objects/<int:covered_id>/code/", views.give_code, "covered-object-code"),
    ("objects/<int:covered_id>/visit/", own_views.visit, "officer-visit"),
    ("objects/<int:covered_id>/questionnaire/", own_views.ask, "officer-ask"),
    ("people/", views.officers, "officers-list"),
    ("people/<int:officer_id>/", views.officer, "officer"),
    ("questionnaire/", views.questionnaire, "firm-questionnaire"),
    ("mine/", own_views.mine, "officer-mine"),
    ("problems/", own_views.problem_list, "visit-problems"),
    ("problems/<int:problem_id>/", own_views.problem, "visit-problem"),
    ("photos/<int:visit_id>/", own_views.photo, "visit-photo"),
)

urlpatterns: list[URLPattern] = [
    *(page(f"{HERE}{route}", rules.needed(view), name) for route, view, name in PAGES),
    path("visits/", public_views.enter, name="firm-enter"),
    path("visits/<slug:code>/", public_views.firm, name="firm"),
]
