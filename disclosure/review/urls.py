"""Addresses of the workflow of identity and duties, all behind the workbench's login."""

from __future__ import annotations

from django.contrib import admin
from django.urls import path

from disclosure.review import views

app_name = "review"


urlpatterns = [
    path("", admin.site.admin_view(views.overview), name="overview"),
    path("first/", admin.site.admin_view(views.publish_first), name="first"),
    path("<int:department_id>/", admin.site.admin_view(views.department), name="department"),
    path("<int:department_id>/submit/", admin.site.admin_view(views.submit), name="submit"),
    path("versions/<int:version_id>/<slug:act>/", admin.site.admin_view(views.decide), name="decide"),
    path(
        "versions/<int:version_id>/photos/<int:person_id>.jpg",
        admin.site.admin_view(views.photo),
        name="photo",
    ),
    path("people/<int:person_id>/", admin.site.admin_view(views.person), name="person"),
]
