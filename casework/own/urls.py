from __future__ import annotations

from django.urls import URLPattern

from casework.own import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/matters/own/", views.assignments, "own-assignments"),
    page("office/matters/own/<int:assignment_id>/", views.assignment, "own-assignment"),
]
