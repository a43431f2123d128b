from __future__ import annotations

from django.urls import URLPattern, path

from casework.lists import case_views, list_views
from office.workbench.pages import page

HERE = "office/matters/lists/"

urlpatterns: list[URLPattern] = [
    page(f"{HERE}cases/", case_views.typical_cases, "typical-cases"),
    page(f"{HERE}cases/new/", case_views.new_case, "typical-case-new"),
    page(f"{HERE}cases/<int:typical_id>/", case_views.typical_case, "typical-case"),
    page(f"{HERE}cases/<int:typical_id>/edit/", case_views.edit_case, "typical-case-edit"),
    page(HERE, list_views.conduct_lists, "conduct-lists"),
    page(f"{HERE}<int:version_id>/", list_views.conduct_list, "conduct-list"),
    page(f"{HERE}entries/<int:entry_id>/", list_views.entry, "conduct-entry"),
    page(f"{HERE}contacts/", list_views.contact_reports, "contacts"),
    page(f"{HERE}contacts/new/", list_views.new_contact, "contact-new"),
    path("cases/", case_views.public_cases, name="public-cases"),
    path("cases/<int:typical_id>/", case_views.public_case, name="public-case"),
    path("lists/", list_views.public_lists, name="public-lists"),
    path("lists/<int:version_id>/", list_views.public_list, name="public-list"),
]
