"""Addresses of the round's cockpit, all behind the workbench's login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from disclosure.cockpit import (
    comment_views,
    custody_views,
    preparing_views,
    result_views,
    sitting_views,
    views,
)

app_name = "cockpit"


def page(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    """Return a page that asks for a login first."""
    return path(route, admin.site.admin_view(view), name=name)


urlpatterns = [
    page("", views.rounds, "rounds"),
    page("new/", views.new_round, "new"),
    page("own/", result_views.own, "own"),
    page("appeals/<int:appeal_id>/", result_views.appeal, "appeal"),
    page("<int:round_id>/", views.round_page, "round"),
    page("<int:round_id>/departments/", views.departments, "departments"),
    page("<int:round_id>/subjects/", preparing_views.subjects, "subjects"),
    page("<int:round_id>/slips/", preparing_views.slips, "slips"),
    page("<int:round_id>/sittings/", sitting_views.sittings, "sittings"),
    page("<int:round_id>/do/<slug:slug>/", views.act, "act"),
    page("<int:round_id>/rehearsal.txt", custody_views.challenge, "challenge"),
    page("<int:round_id>/bundle.zip", custody_views.bundle, "bundle"),
    page("<int:round_id>/verify.zip", custody_views.results_bundle, "results_bundle"),
    page("<int:round_id>/result/", result_views.result, "result"),
    page("<int:round_id>/result/<int:department_id>/", result_views.result_department, "result_department"),
    page("<int:round_id>/comments/", comment_views.overview, "comments"),
    page("<int:round_id>/comments/<int:department_id>/", comment_views.department, "comments_department"),
    page("<int:round_id>/comment/<int:comment_id>/", comment_views.comment, "comment"),
    page("<int:round_id>/correct/", result_views.correct, "correct"),
    page("<int:round_id>/appeals/", result_views.appeals, "appeals"),
]
