"""Addresses of the approval of identity and duties, all behind the login of the office."""

from __future__ import annotations

from disclosure.approval import views
from office.workbench.pages import page

app_name = "review"

urlpatterns = [
    page("", views.overview, "overview"),
    page("first/", views.publish_first, "first"),
    page("<int:department_id>/", views.department, "department"),
    page("<int:department_id>/submit/", views.submit, "submit"),
    page("versions/<int:version_id>/<slug:act>/", views.decide, "decide"),
    page("versions/<int:version_id>/photos/<int:person_id>.jpg", views.photo, "photo"),
    page("people/<int:person_id>/", views.person, "person"),
]
