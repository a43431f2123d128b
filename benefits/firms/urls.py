from __future__ import annotations

from django.urls import URLPattern

from benefits.firms import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [page("office/benefits/firms/import/", views.register, "import-firms")]
