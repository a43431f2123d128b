from django.urls import path

from disclosure.results.views import archive, latest, preview, published
from office.workbench.pages import page

urlpatterns = [
    path("results/", latest, name="results"),
    path("results/all/", archive, name="results-archive"),
    path("results/<int:publication_id>/", published, name="published-index"),
    path("results/<int:publication_id>/<str:file>", published, name="published"),
    page("office/results/<int:round_id>/preview/", preview, "publication-preview-index"),
    page("office/results/<int:round_id>/preview/<str:file>", preview, "publication-preview"),
]
