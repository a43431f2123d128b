"""Addresses of the round's cockpit, all behind the workbench's login."""

from __future__ import annotations

from evaluations.account import urls as account
from evaluations.appeals import correction_views
from evaluations.appeals import views as appeal_views
from evaluations.cockpit import views
from evaluations.consequences import own_views as own_register_views
from evaluations.consequences import views as register_views
from evaluations.gathering import views as gathering_views
from evaluations.gathering.draws import views as draw_views
from evaluations.gathering.entries import taking_views
from evaluations.gathering.entries import views as entry_views
from evaluations.gathering.interviews import draw_views as interview_draw_views
from evaluations.gathering.interviews import views as interview_views
from evaluations.gathering.ledger import duty_views, proposal_views
from evaluations.gathering.ledger import views as ledger_views
from evaluations.gathering.sheets import urls as sheets
from evaluations.planning import views as planning_views
from evaluations.polling import custody_views, sitting_views, slips_views
from evaluations.rectification import urls as rectification
from evaluations.remarks import views as comment_views
from evaluations.results import analysis_views, what_if_views
from evaluations.results import views as result_views
from evaluations.rounds import views as round_views
from evaluations.tolerance import urls as tolerance
from office.workbench.pages import page

app_name = "cockpit"


urlpatterns = [
    page("", views.rounds, "rounds"),
    page("calendar/", planning_views.year, "calendar"),
    page("new/", round_views.new_round, "new"),
    page("own/", result_views.own, "own"),
    *account.urlpatterns,
    page("consequences/", register_views.register, "register"),
    page("consequences/register.xlsx", register_views.workbook, "register-workbook"),
    page("consequences/decide/", register_views.decision, "register-decide"),
    page("consequences/serve/", register_views.service, "register-serve"),
    page("consequences/own/", own_register_views.own_register, "register-own"),
    page("consequences/<int:disposition_id>/", register_views.disposition, "disposition"),
    page("consequences/papers/<int:paper_id>/", register_views.paper, "disposition-paper"),
    page("appeals/<int:appeal_id>/", appeal_views.appeal, "appeal"),
    page("appeals/papers/<int:paper_id>/", appeal_views.paper, "appeal-paper"),
    page("appeals/upheld/", appeal_views.upheld, "appeals-upheld"),
    page("<int:round_id>/", views.round_page, "round"),
    page("<int:round_id>/edit/", round_views.edit, "edit"),
    page("<int:round_id>/next/", planning_views.follow, "follow"),
    page("<int:round_id>/departments/", round_views.departments, "departments"),
    page("<int:round_id>/subjects/", slips_views.subjects, "subjects"),
    page("<int:round_id>/draws/", draw_views.draws, "draws"),
    page("<int:round_id>/draws/<int:draw_id>/invitations.pdf", draw_views.invitations, "draw-invitations"),
    page("<int:round_id>/channels/", gathering_views.channels, "channels"),
    page("channels/<int:channel_id>/<slug:act>/", gathering_views.ending, "channel-ending"),
    page("ledgers/", ledger_views.index, "ledgers"),
    page("ledgers/own/", duty_views.own, "duties-own"),
    page("ledgers/import/", ledger_views.import_ledger, "import-ledger"),
    page("ledgers/entries/<int:occurrence_id>/", ledger_views.entry, "ledger-entry"),
    page("ledgers/entries/<int:occurrence_id>/evidence/", ledger_views.evidence, "ledger-evidence"),
    page("ledgers/channels/<int:channel_id>/", ledger_views.channel, "ledger-channel"),
    page("ledgers/of/<slug:scheme_id>/", ledger_views.ledger, "ledger"),
    page("ledgers/of/<slug:scheme_id>/proposals/", proposal_views.proposed, "ledger-proposals"),
    page("ledgers/of/<slug:scheme_id>/new/", ledger_views.enter, "ledger-new"),
    page("ledgers/of/<slug:scheme_id>/cost.json", ledger_views.cost, "ledger-cost"),
    page("ledgers/of/<slug:scheme_id>/ledger.xlsx", ledger_views.export, "ledger-export"),
    page("ledgers/of/<slug:scheme_id>/duties/", ledger_views.calendar, "ledger-duties"),
    *sheets.urlpatterns,
    *rectification.urlpatterns,
    *tolerance.urlpatterns,
    page("entries/<int:channel_id>/", entry_views.entries, "entries"),
    page("entries/<int:channel_id>/ratings/", taking_views.taken, "ratings-taken"),
    page("entries/<int:channel_id>/indicators/", entry_views.indicators, "entries-indicators"),
    page("entries/<int:channel_id>/list.xlsx", entry_views.exported, "entries-workbook"),
    page("entries/<int:channel_id>/import/", entry_views.imported, "entries-import"),
    page("interviews/<int:channel_id>/", interview_views.interviews, "interviews"),
    page("interviews/<int:channel_id>/arrange/", interview_views.arrange, "interviews-arrange"),
    page("interviews/<int:channel_id>/draw/<int:draw_id>/", interview_draw_views.listing, "interviews-draw"),
    page("interview/<int:interview_id>/replace/", interview_draw_views.replace, "interview-replace"),
    page("interviews/<int:channel_id>/list.xlsx", interview_views.exported, "interviews-workbook"),
    page("interviews/<int:channel_id>/import/", interview_views.imported, "interviews-import"),
    page("interviews/<int:channel_id>/units/<int:subject_id>/", interview_views.unit, "interviews-unit"),
    page("interview/<int:interview_id>/", interview_views.interview, "interview"),
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
    page("<int:round_id>/clauses/", result_views.clauses, "clauses"),
    page("<int:round_id>/analysis/", analysis_views.analysis, "analysis"),
    page("<int:round_id>/analysis.xlsx", analysis_views.workbook, "analysis-workbook"),
    page("<int:round_id>/analysis.pdf", analysis_views.paper, "analysis-paper"),
    page("<int:round_id>/what-if/", what_if_views.what_if_page, "what-if"),
    page("<int:round_id>/what-if.xlsx", what_if_views.what_if_workbook, "what-if-workbook"),
    page("<int:round_id>/comments/", comment_views.overview, "comments"),
    page("<int:round_id>/comments/<int:department_id>/", comment_views.department, "comments_department"),
    page("<int:round_id>/comment/<int:comment_id>/", comment_views.comment, "comment"),
    page("<int:round_id>/correct/", correction_views.correct, "correct"),
    page("<int:round_id>/appeals/", appeal_views.appeals, "appeals"),
]
