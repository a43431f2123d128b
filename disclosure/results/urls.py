from django.urls import path

from disclosure.results.views import archive, latest, published

urlpatterns = [
    path("results/", latest, name="results"),
    path("results/all/", archive, name="results-archive"),
    path("results/<int:publication_id>/<str:file>", published, name="published"),
]
