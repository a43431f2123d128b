from django.urls import path

from reports.views import download_ranking

urlpatterns = [
    path("office/results/<int:result_id>/ranking.xlsx", download_ranking, name="ranking-download"),
]
