from office.workbench.pages import page
from reports.annexes.views import export_sheets
from reports.results.views import download_ranking

urlpatterns = [
    page("office/results/<int:result_id>/ranking.xlsx", download_ranking, "ranking-download"),
    page("office/annexes/sheets/", export_sheets, "export-sheets"),
]
