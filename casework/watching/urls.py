from __future__ import annotations

from django.urls import URLPattern

from casework.watching import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/matters/watched/", views.watched, "matters-watched"),
    page("office/matters/referred/", views.referred, "matters-referred"),
    page("office/matters/referred/<int:matter_id>/", views.decide, "matter-decide"),
]
