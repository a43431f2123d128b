from __future__ import annotations

from django.urls import URLPattern

from benefits.desk import firm_pages, fixed_pages, match_pages
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/benefits/firms/", firm_pages.firms, "firms"),
    page("office/benefits/firms/new/", firm_pages.firm_new, "firm-new"),
    page("office/benefits/firms/<int:firm_id>/", firm_pages.firm, "firm-page"),
    page("office/benefits/firms/<int:firm_id>/code/", firm_pages.code, "firm-code"),
    page("office/benefits/matching/", match_pages.matching, "matching"),
    page("office/benefits/matching/<int:version_id>/", match_pages.pushing, "pushing"),
    page("office/benefits/matching/<int:version_id>/export/", match_pages.workbook, "pushing-workbook"),
    page("office/benefits/lists/", fixed_pages.fixed_lists, "fixed-lists"),
    page("office/benefits/lists/new/<int:version_id>/", fixed_pages.fixed_new, "fixed-list-new"),
    page("office/benefits/lists/<int:list_id>/", fixed_pages.fixed_list, "fixed-list"),
]
