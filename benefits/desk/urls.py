from __future__ import annotations

from django.urls import URLPattern

from benefits.desk import views
from benefits.desk.claim_new import claim_new
from benefits.desk.paper_check import claim_papers
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    page("office/benefits/claims/<int:claim_id>/", views.claim, "claim"),
    page("office/benefits/claims/new/", claim_new, "claim-new"),
    page("office/benefits/claims/<int:claim_id>/papers/", claim_papers, "claim-papers"),
]
