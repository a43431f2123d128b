from django.urls import path

from office.workbench.pages import page
from reports.annexes.views import export_sheets
from reports.results.views import download_ranking

urlpatterns = [
    path("office/results/<int:result_id>/ranking.xlsx", download_ranking, name="ranking-download"),
    page("office/annexes/sheets/", export_sheets, "export-sheets"),
]
