"""Addresses of sittings, below /office/ and behind its login."""

from django.contrib import admin
from django.urls import path

from surveys import sitting_views

urlpatterns = [
    path("sittings/", admin.site.admin_view(sitting_views.sittings), name="sittings"),
    path(
        "surveys/<int:survey_id>/sittings/new/",
        admin.site.admin_view(sitting_views.new_sitting),
        name="sitting-new",
    ),
    path("sittings/<int:sitting_id>/", admin.site.admin_view(sitting_views.sitting), name="sitting"),
    path(
        "sittings/<int:sitting_id>/change/",
        admin.site.admin_view(sitting_views.change_sitting),
        name="sitting-change",
    ),
    path(
        "sittings/<int:sitting_id>/attendance/",
        admin.site.admin_view(sitting_views.attendance),
        name="sitting-attendance",
    ),
    path(
        "sittings/<int:sitting_id>/files/<str:name>",
        admin.site.admin_view(sitting_views.document),
        name="sitting-file",
    ),
]
