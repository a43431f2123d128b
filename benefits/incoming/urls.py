from __future__ import annotations

from django.urls import URLPattern

from benefits.incoming import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [page("office/benefits/incoming/", views.import_page, "import-claims")]
