from django.contrib import admin
from django.urls import path

from reports.blank_sheet_views import export_sheets
from reports.views import download_ranking

urlpatterns = [
    path("office/results/<int:result_id>/ranking.xlsx", download_ranking, name="ranking-download"),
    path("office/annexes/sheets/", admin.site.admin_view(export_sheets), name="export-sheets"),
]
