from __future__ import annotations

from django.urls import URLPattern, path

from benefits.portal import claiming, entrance, following

urlpatterns: list[URLPattern] = [
    path("benefits/firm/", entrance.home, name="firm"),
    path("benefits/firm/answer/", entrance.answer, name="firm-answer"),
    path("benefits/firm/out/", entrance.leave, name="firm-out"),
    path("benefits/firm/claims/<int:claim_id>/", following.claim, name="firm-claim"),
    path("benefits/claim/<str:code>/", claiming.claim, name="firm-claim-new"),
]
