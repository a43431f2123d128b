from __future__ import annotations

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.shown import hall_views

urlpatterns: list[URLPattern] = [
    page("office/ratings/halls/", hall_views.halls, "halls"),
    page("office/ratings/halls/<int:hall_id>/", hall_views.hall, "hall"),
]
