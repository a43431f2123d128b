from __future__ import annotations

from django.urls import URLPattern, path

from casework.hearings import promise_views, views, week_views
from office.workbench.pages import page

HERE = "office/matters/hearings/"

urlpatterns: list[URLPattern] = [
    page(HERE, views.hearings, "hearings"),
    page(f"{HERE}new/", views.new_episode, "hearing-new"),
    page(f"{HERE}<int:episode_id>/", views.episode, "hearing"),
    page(f"{HERE}<int:episode_id>/add/<slug:part>/", views.add_to_episode, "hearing-add"),
    page(f"{HERE}votes/<int:vote_id>/", views.confirm_vote, "hearing-vote"),
    page(f"{HERE}promises/", promise_views.promises, "promises"),
    page(f"{HERE}promises/<int:promise_id>/", promise_views.promise, "promise"),
    page(f"{HERE}checks/<int:check_id>/", promise_views.evidence, "promise-evidence"),
    page(f"{HERE}own/", promise_views.own, "promises-own"),
    page(f"{HERE}own/<int:promise_id>/", promise_views.report_promise, "promise-report"),
    page(f"{HERE}own/items/<int:weekly_id>/", promise_views.report_item, "week-report"),
    page(f"{HERE}weeks/", week_views.week, "week-now"),
    page(f"{HERE}weeks/<str:day>/", week_views.week, "week"),
    page(f"{HERE}weeks/<str:day>/assign/", week_views.assign_week, "week-assign"),
    page(f"{HERE}items/<int:weekly_id>/drop/", week_views.drop_item, "week-drop"),
    page(f"{HERE}items/<int:weekly_id>/check/", week_views.check_item, "week-check"),
    page(f"{HERE}months/", week_views.month, "month-now"),
    page(f"{HERE}months/<str:month>/", week_views.month, "month"),
    page(f"{HERE}months/<str:month>/end/", week_views.end_month, "month-end"),
    path("promises/", promise_views.public_promises, name="public-promises"),
    path("promises/<int:promise_id>/", promise_views.public_promise, name="public-promise"),
]
