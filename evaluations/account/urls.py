"""Addresses of the yearly account, below the cockpit's."""

from __future__ import annotations

from evaluations.account import views
from office.workbench.pages import page

urlpatterns = [
    page("account/", views.latest, "account-latest"),
    page("account/own/", views.own, "account-own"),
    page("account/<int:year>/", views.year_page, "account"),
    page("account/<int:year>/account.xlsx", views.year_workbook, "account-workbook"),
    page("account/<int:year>/appraisals.xlsx", views.appraisals_workbook, "account-appraisals"),
    page("account/<int:year>/units/<int:department_id>/", views.unit, "account-unit"),
    page(
        "account/<int:year>/units/<int:department_id>/account.xlsx",
        views.unit_workbook,
        "account-unit-workbook",
    ),
    page("account/<int:year>/people/<int:staff_id>/", views.person, "account-person"),
    page("account/<int:year>/superiors/", views.superiors, "account-superiors"),
    page("account/<int:year>/superiors/package.xlsx", views.package_workbook, "account-package"),
    page("account/extracts/", views.extracts, "account-extracts"),
    page("account/extracts/new/", views.new_extract, "account-extract-new"),
    page("account/extracts/<int:extract_id>/", views.extract, "account-extract"),
]
