from __future__ import annotations

from django.urls import URLPattern

from benefits.catalogue import item_views, views
from office.workbench.pages import page

HERE = "office/benefits/items/"

urlpatterns: list[URLPattern] = [
    page(HERE, views.items, "items"),
    page(f"{HERE}export/", views.exported, "items-workbook"),
    page(f"{HERE}import/", views.import_view, "import-items"),
    page(f"{HERE}new/", item_views.new, "item-new"),
    page(f"{HERE}<int:item_id>/draft/", item_views.draft, "item-draft"),
    page(f"{HERE}versions/<int:version_id>/", item_views.version, "item-version"),
]
