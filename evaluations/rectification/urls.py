from __future__ import annotations

from evaluations.rectification import item_views, views
from office.workbench.pages import page

urlpatterns = [
    page("rectifications/", views.rectifications, "rectifications"),
    page("rectifications/ledger.xlsx", views.exported, "rectifications-workbook"),
    page("rectifications/own/", views.own, "rectifications-own"),
    page("rectifications/begin/<int:disposition_id>/", views.begin, "rectification-begin"),
    page("rectifications/<int:rectification_id>/", views.rectification, "rectification"),
    page("rectifications/<int:rectification_id>/ledger.xlsx", views.exported_one, "rectification-workbook"),
    page("rectifications/<int:rectification_id>/ledger.pdf", views.printed, "rectification-printed"),
    page("rectifications/items/<int:item_id>/", item_views.item, "rectification-item"),
    page("rectifications/papers/<int:paper_id>/", item_views.paper, "rectification-paper"),
]
