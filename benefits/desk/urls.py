from __future__ import annotations

from django.urls import URLPattern

from benefits.desk import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/benefits/claims/<int:claim_id>/", views.claim, "claim"),
    page("office/benefits/claims/new/", views.claim_new, "claim-new"),
]
