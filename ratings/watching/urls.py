from __future__ import annotations

from django.urls import URLPattern

from office.workbench.pages import page
from ratings.watching import views

urlpatterns: list[URLPattern] = [
    page("office/ratings/watch/", views.watch, "watch"),
]
