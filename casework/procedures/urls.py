from __future__ import annotations

from django.urls import URLPattern

from casework.procedures import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/matters/procedures/", views.procedures, "procedures"),
    page("office/matters/procedures/<int:version_id>/", views.procedure, "procedure"),
]
