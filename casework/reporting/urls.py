from __future__ import annotations

from django.urls import URLPattern, path

from casework.reporting import progress, views

urlpatterns: list[URLPattern] = [
    path("report/", views.start, name="report-start"),
    path("report/progress/", progress.look_up, name="report-progress"),
    path("report/<slug:procedure_id>/", views.report, name="report"),
    path("p/<str:code>/", views.scanned, name="plate"),
    path("p/<str:code>/<slug:procedure_id>/", views.report, name="report-by-plate"),
]
