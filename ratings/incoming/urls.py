from __future__ import annotations

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.incoming import views

urlpatterns: list[URLPattern] = [
    page("office/ratings/served/", views.served, "served"),
    page("office/ratings/served/import/", views.import_served, "import-served"),
    page("office/ratings/tickets/import/", views.import_cases, "import-cases"),
    page("office/ratings/province/", views.import_province, "import-province"),
]
