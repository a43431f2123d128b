from office.workbench.pages import page
from reports.annexes.views import export_sheets
from reports.results import views

urlpatterns = [
    page("office/results/<int:result_id>/ranking.xlsx", views.download_ranking, "ranking-download"),
    page("office/results/<int:result_id>/ranking.pdf", views.download_ranking_pdf, "ranking-pdf"),
    page("office/results/<int:result_id>/sheets/<slug:form>/", views.download_score_sheets, "score-sheets"),
    page(
        "office/results/<int:result_id>/sheets/<int:department_id>/<slug:form>/",
        views.download_score_sheet,
        "score-sheet-file",
    ),
    page("office/annexes/sheets/", export_sheets, "export-sheets"),
]
