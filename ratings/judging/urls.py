from __future__ import annotations

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.judging import views

urlpatterns: list[URLPattern] = [
    page("office/ratings/held/", views.held, "held"),
    page("office/ratings/held/<int:code_id>/", views.held_group, "held-group"),
    page("office/ratings/judgments/", views.judgments, "judgments"),
    page("office/ratings/<int:rating_id>/", views.rating, "rating"),
]
