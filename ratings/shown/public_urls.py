from __future__ import annotations

from django.urls import URLPattern, path

from ratings.shown import public_views, screen_views

urlpatterns: list[URLPattern] = [
    path("ratings/", public_views.units, name="public-units"),
    path("ratings/<int:unit_id>/<str:month>/", public_views.unit, name="public-unit"),
    path("ratings/screen/<int:hall_id>/", screen_views.screen, name="screen"),
]
