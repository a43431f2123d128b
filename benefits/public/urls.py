from __future__ import annotations

from django.urls import URLPattern, path

from benefits.public import views

urlpatterns: list[URLPattern] = [
    path("benefits/", views.catalogue, name="catalogue"),
    path("benefits/items/<str:code>/", views.item, name="item"),
    path("benefits/items/<str:code>/<int:number>/", views.item, name="item-of-number"),
]
