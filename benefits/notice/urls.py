from __future__ import annotations

from functools import partial

from django.urls import URLPattern, path

from benefits.notice import views
from office.workbench.pages import page

urlpatterns: list[URLPattern] = [
    path("benefits/notices/", views.public_notices, name="public-notices"),
    path("benefits/notices/<str:month>/", views.public_notice, name="public-notice"),
    page("office/benefits/claims/<int:claim_id>/trail.xlsx", views.claim_trail, "claim-trail"),
    page("office/benefits/notice/", views.running, "notice-running"),
    page("office/benefits/notice/close/", views.close, "notice-close"),
    page("office/benefits/notice/list/", views.behind, "notice-list"),
    page("office/benefits/notice/list.xlsx", partial(views.behind, form="xlsx"), "notice-list-workbook"),
    page("office/benefits/notice/<int:notice_id>/", views.closed, "notice"),
    page("office/benefits/notice/<int:notice_id>/publish/", views.publish, "notice-publish"),
    page("office/benefits/notice/<int:notice_id>/notice.xlsx", views.notice_workbook, "notice-workbook"),
]
