"""Addresses of the round's cockpit, all behind the workbench's login."""

from __future__ import annotations

from evaluations.appeals import views as appeal_views
from evaluations.cockpit import views
from evaluations.gathering import views as gathering_views
from evaluations.polling import custody_views, sitting_views, slips_views
from evaluations.remarks import views as comment_views
from evaluations.results import views as result_views
from evaluations.results import what_if_views
from evaluations.rounds import views as round_views
from office.workbench.pages import page

app_name = "cockpit"


urlpatterns = [
    page("", views.rounds, "rounds"),
    page("new/", round_views.new_round, "new"),
    page("own/", result_views.own, "own"),
    page("appeals/<int:appeal_id>/", appeal_views.appeal, "appeal"),
    page("<int:round_id>/", views.round_page, "round"),
    page("<int:round_id>/edit/", round_views.edit, "edit"),
    page("<int:round_id>/departments/", round_views.departments, "departments"),
    page("<int:round_id>/subjects/", slips_views.subjects, "subjects"),
    page("<int:round_id>/channels/", gathering_views.channels, "channels"),
    page("channels/<int:channel_id>/<slug:act>/", gathering_views.ending, "channel-ending"),
    page("<int:round_id>/slips/", slips_views.slips, "slips"),
    page("<int:round_id>/sittings/", sitting_views.sittings, "sittings"),
    page("<int:round_id>/do/<slug:slug>/", views.act, "act"),
    page("<int:round_id>/rehearsal.txt", custody_views.challenge, "challenge"),
    page("<int:round_id>/bundle.zip", custody_views.bundle, "bundle"),
    page("<int:round_id>/verify.zip", result_views.results_bundle, "results_bundle"),
    page("<int:round_id>/result/", result_views.result, "result"),
    page("<int:round_id>/results/<int:number>/", result_views.result, "earlier_result"),
    page("<int:round_id>/result/<int:department_id>/", result_views.result_department, "result_department"),
    page("<int:round_id>/result/<int:department_id>/sheet/", result_views.score_sheet_page, "score-sheet"),
    page("<int:round_id>/what-if/", what_if_views.what_if_page, "what-if"),
    page("<int:round_id>/what-if.xlsx", what_if_views.what_if_workbook, "what-if-workbook"),
    page("<int:round_id>/comments/", comment_views.overview, "comments"),
    page("<int:round_id>/comments/<int:department_id>/", comment_views.department, "comments_department"),
    page("<int:round_id>/comment/<int:comment_id>/", comment_views.comment, "comment"),
    page("<int:round_id>/correct/", appeal_views.correct, "correct"),
    page("<int:round_id>/appeals/", appeal_views.appeals, "appeals"),
]
