"""Addresses of the paper ballot, all behind the workbench's login."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.urls import URLPattern, path

from surveys import keying_views, paper_views


def page(route: str, view: Callable[..., Any], name: str) -> URLPattern:
    """Return a page that asks for a login first."""
    return path(route, admin.site.admin_view(view), name=name)


urlpatterns = [
    page("paper/", paper_views.surveys, "survey-paper-list"),
    page("paper/<int:stratum_id>.pdf", paper_views.packet, "survey-paper-packet"),
    page("<int:survey_id>/paper/", paper_views.paper, "survey-paper"),
    page("<int:survey_id>/paper/exchange/", paper_views.exchange, "survey-paper-exchange"),
    page("<int:survey_id>/paper/labels.pdf", paper_views.labels, "survey-paper-labels"),
    page("<int:survey_id>/paper/aside/", paper_views.set_aside, "survey-paper-aside"),
    page("<int:survey_id>/paper/finish/", paper_views.finish, "survey-paper-finish"),
    page("<int:survey_id>/paper/keying/", keying_views.page, "survey-paper-keying"),
    page("<int:survey_id>/paper/form.json", keying_views.form, "survey-paper-form"),
    page("<int:survey_id>/paper/sheet.json", keying_views.sheet, "survey-paper-sheet"),
    page("<int:survey_id>/paper/save.json", keying_views.save, "survey-paper-save"),
]
