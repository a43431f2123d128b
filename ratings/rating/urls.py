from __future__ import annotations

from django.urls import URLPattern, path

from ratings.rating import views

urlpatterns: list[URLPattern] = [
    path("r/<str:code>/", views.rate, name="rate"),
]
